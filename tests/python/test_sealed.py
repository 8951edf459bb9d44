import traceback

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage import encrypt, x25519

from weilian.errors import WeilianError
from weilian.sealed import (
    IdentityKeyError,
    NoRecipientError,
    RecipientKeyError,
    SealError,
    check_recipient,
    open_sealed,
    read_sealed,
    recipient_of,
    seal_to,
    write_sealed,
)

KEY = x25519.Identity.generate()
PUBLIC = str(KEY.to_public())
SURROGATE = "tea\udcffhouse"
BAD_KEYS = {
    "empty": "",
    "no code": "AGE-SECRET-KEY-1TEAHOUSE",
    "cut off": str(KEY)[:-1],
    "public": PUBLIC,
    "no text": SURROGATE,
    "two lines": "tea\nhouse",
}
BAD_RECIPIENTS = {"empty": "", "start": "age1x", "no text": SURROGATE, "cut off": PUBLIC[:-1]}
SECRETS = {
    "plain": str(KEY),
    "after a space": f" {KEY}",
    "small letters": str(KEY).lower(),
    "after a name": f"key: {KEY}",
}


@pytest.fixture
def sealed(tmp_path):
    """Return a file sealed to KEY."""
    path = tmp_path / "a.age"
    path.write_bytes(seal_to(b"leaves", [PUBLIC]))
    return path


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """Return a file sealed with the passphrase 'tea'."""
    path = tmp_path_factory.mktemp("locked") / "a.age"
    write_sealed(path, b"leaves", "tea")
    return path


def told(error):
    return "".join(traceback.format_exception(error))


def test_open_sealed__its_key__opens_it(sealed):
    assert open_sealed(sealed, str(KEY)) == b"leaves"
    assert recipient_of(str(KEY)) == PUBLIC == check_recipient(PUBLIC)


@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=BAD_KEYS)
def test_recipient_of__no_secret_key__is_refused_without_it(key):
    with pytest.raises(IdentityKeyError, match="the secret key given is no age identity") as raised:
        recipient_of(key)

    assert not key or key not in told(raised.value).replace("AGE-SECRET-KEY-1...", "")
    assert "house" not in told(raised.value).lower()


@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=BAD_KEYS)
def test_open_sealed__no_secret_key__is_refused(sealed, key):
    with pytest.raises(IdentityKeyError, match="give the line 'AGE-SECRET-KEY-1"):
        open_sealed(sealed, key)


def test_open_sealed__another_key__is_told_in_one_line(sealed):
    with pytest.raises(SealError, match=r"cannot be opened with this key \(No matching keys.*\)$"):
        open_sealed(sealed, str(x25519.Identity.generate()))


def test_seal_to__nobody__is_refused():
    with pytest.raises(NoRecipientError, match="name one at least"):
        seal_to(b"leaves", [])


@pytest.mark.parametrize("text", BAD_RECIPIENTS.values(), ids=BAD_RECIPIENTS)
def test_check_recipient__none_at_all__names_it(text):
    with pytest.raises(RecipientKeyError, match="is no age recipient; give the public key") as told:
        check_recipient(text)

    assert repr(text) in str(told.value)


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_check_recipient__secret_key__is_not_repeated(text):
    with pytest.raises(RecipientKeyError) as raised:
        check_recipient(text)

    assert str(KEY)[16:].lower() not in told(raised.value).lower()


def test_read_sealed__passphrase_that_is_no_text__is_refused_without_it(locked):
    with pytest.raises(SealError, match="the passphrase holds bytes that are no UTF-8") as raised:
        read_sealed(locked, SURROGATE)

    assert "house" not in told(raised.value)


def test_write_sealed__passphrase_that_is_no_text__writes_nothing(tmp_path):
    with pytest.raises(SealError, match="the passphrase holds bytes that are no UTF-8") as raised:
        write_sealed(tmp_path / "a", b"leaves", SURROGATE)

    assert "house" not in told(raised.value)
    assert not list(tmp_path.iterdir())


def test_read_sealed__far_too_much_work__is_told_in_one_line(locked, tmp_path):
    magic, stanza, rest = locked.read_bytes().split(b"\n", 2)
    stanza = stanza.rpartition(b" ")[0] + b" 40"
    (tmp_path / "a").write_bytes(b"\n".join((magic, stanza, rest)))

    with pytest.raises(SealError, match=r"\(Excessive work .* take around \d+ seconds\)$") as told:
        read_sealed(tmp_path / "a", "tea")

    assert str(told.value).isprintable()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 190), st.binary(max_size=40))
def test_open_sealed__any_damage__is_told_in_one_line(tmp_path_factory, place, noise):
    path = tmp_path_factory.mktemp("damage") / "a.age"
    data = bytes(encrypt(b"leaves", [KEY.to_public()]))
    path.write_bytes(data[:place] + noise)

    with pytest.raises(WeilianError) as raised:
        open_sealed(path, str(KEY))

    assert str(raised.value).isprintable()
