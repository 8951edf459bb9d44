import stat
import time

import numpy as np
import pytest
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF, scrypt
from eth_account import Account
from eth_utils.address import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from tests.python.gs1.test_identifiers import ai82_text
from weilian.files import ExistingFileError
from weilian.keys import (
    BrandSeed,
    CodeError,
    SeedError,
    batch_secret,
    check_code_length,
    claim_address,
    claim_addresses,
    claim_key,
    hkdf_sha256,
    item_code,
    item_codes,
    item_salt,
    read_code,
    read_key,
    salt_key,
)
from weilian.sealed import SealedFileError, SealError, write_sealed

SECRET = bytes(range(32))
REGISTRY = f"0x{'11' * 20}"
CODE = item_code(SECRET, "A1")


@pytest.fixture(scope="module")
def seed_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("seed") / "brand.age"
    BrandSeed(SECRET).save(path, "four words of tea")
    return path


def test_hkdf_sha256__rfc_5869_case_3__gives_its_okm():
    okm = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"

    assert hkdf_sha256(b"\x0b" * 22, b"").hex() == okm


@given(st.binary(min_size=1, max_size=80), st.binary(max_size=80), st.integers(1, 32))
def test_hkdf_sha256__any_input__equals_pycryptodome(key, info, length):
    assert hkdf_sha256(key, info, length) == HKDF(key, length, b"", SHA256, context=info)


def test_seed__saved_and_loaded__is_the_same_and_private(seed_file):
    loaded = BrandSeed.load(seed_file, "four words of tea")

    assert loaded == BrandSeed(SECRET)
    assert stat.S_IMODE(seed_file.stat().st_mode) == 0o600
    assert SECRET not in seed_file.read_bytes()
    assert repr(loaded) == "BrandSeed()"


def test_save__file_exists__refuses_and_leaves_it(seed_file):
    before = seed_file.read_bytes()

    with pytest.raises(ExistingFileError, match=r"brand\.age exists already"):
        BrandSeed.generate().save(seed_file, "other")

    assert seed_file.read_bytes() == before
    assert list(seed_file.parent.iterdir()) == [seed_file]


def test_load__wrong_passphrase__one_sentence(seed_file):
    with pytest.raises(SealError, match=r"brand\.age: wrong passphrase$"):
        BrandSeed.load(seed_file, "five words of tea")


def test_load__missing_file__one_sentence(tmp_path):
    with pytest.raises(SealedFileError, match=r"none\.age: there is no such file$"):
        BrandSeed.load(tmp_path / "none.age", "x")


def test_load__folder__one_sentence(tmp_path):
    with pytest.raises(SealedFileError, match="Is a directory"):
        BrandSeed.load(tmp_path, "x")


def test_load__plain_file__one_sentence(tmp_path):
    (tmp_path / "seed").write_bytes(SECRET)

    with pytest.raises(SealError, match="not an age file"):
        BrandSeed.load(tmp_path / "seed", "x")


def test_load__damaged_file__is_refused(seed_file, tmp_path):
    damaged = tmp_path / "damaged.age"
    damaged.write_bytes(seed_file.read_bytes()[:-1])

    with pytest.raises(SealError, match=r"damaged\.age"):
        BrandSeed.load(damaged, "four words of tea")


def test_load__wrong_length__one_sentence(tmp_path):
    write_sealed(tmp_path / "short.age", b"x" * 31, "p")

    with pytest.raises(SealError, match="a brand seed has 32 bytes, this one has 31"):
        BrandSeed.load(tmp_path / "short.age", "p")


def test_save__empty_passphrase__is_refused(tmp_path):
    with pytest.raises(SealError, match="the passphrase is empty"):
        BrandSeed.generate().save(tmp_path / "s.age", "")


def test_brand_seed__wrong_length__raises():
    with pytest.raises(SeedError, match="32 bytes, this one has 16"):
        BrandSeed(b"x" * 16)


def test_derivation__known_seed__stays_the_same_for_ever():
    secret = batch_secret(BrandSeed(SECRET), 1, REGISTRY, b"\x01" * 32)

    assert secret.hex() == "40290bec1a44bc0143be6b98486ae215121486f005b9e422555cd80fb2abe403"
    assert (
        item_salt(salt_key(secret), "A1").hex()
        == "c5254ef5d08726dedafe1b5f44acb97a5a461e90d1f12e3c461e9a0d40026b97"
    )
    assert item_code(secret, "A1") == "XD9W2JZ7S473QDPZZ0GDRSG4AN"
    assert claim_address(item_code(secret, "A1")) == "0x24a1616d2408eda6143CB452B03D61Dd7882eD1C"


def test_derivation__other_seed_place_batch_or_serial__gives_other_secrets():
    seed, other = BrandSeed(SECRET), f"0x{'22' * 20}"
    secrets = [
        batch_secret(seed, 1, REGISTRY, bytes(32)),
        batch_secret(seed, 1, REGISTRY, bytes([1]) * 32),
        batch_secret(seed, 11155111, REGISTRY, bytes(32)),
        batch_secret(seed, 1, other, bytes(32)),
        batch_secret(BrandSeed(b"s" * 32), 1, REGISTRY, bytes(32)),
    ]
    codes = {item_code(secret, serial) for secret in secrets for serial in ("A1", "A2")}
    keys = {key for code in codes for key in (claim_key(code), read_key(code))}

    assert len(codes) == 10
    assert len(keys) == 20


def test_claim_address__any_code__is_that_of_eth_account():
    assert claim_address(CODE) == Account.from_key(claim_key(CODE)).address


def test_claim_key__candidate_outside_the_curve__next_counter_is_taken(monkeypatch):
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    candidates = iter([bytes(32), order.to_bytes(32), (order - 1).to_bytes(32)])
    monkeypatch.setattr("weilian.keys._expand", lambda *_: next(candidates))

    assert claim_key(CODE) == (order - 1).to_bytes(32)


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=16, max_size=51), st.data())
def test_read_code__as_people_type__is_the_same_code(code, data):
    loose = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(
        data.draw(st.sampled_from(loose.get(c, c + c.lower())))
        + data.draw(st.sampled_from(["", " ", "-"]))
        for c in code
    )

    assert read_code(typed) == code


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("7JG6YJJ875DQYFQ", "has 15 characters \\(75 bits\\); it must have 16 to 51"),
        ("123456789012", "at least 80 bits"),
        ("U" * 26, "has 'U' at place 1"),
        ("7JG6YJJ875DQYFQ6茶", "has '茶' at place 17"),
        ("", "has 0 characters"),
        ("0" * 52, "has 52 characters"),
    ],
)
def test_read_code__not_a_code__error_names_the_place(text, message):
    with pytest.raises(CodeError, match=message):
        read_code(text)


def test_read_code__error__never_repeats_the_code():
    with pytest.raises(CodeError) as caught:
        claim_key("7JG6YJJ875DQ*")

    assert "7JG6" not in str(caught.value)


SALT = bytes(range(32, 64))
SHORT = "7JG6YJJ875"


def test_claim_key__short_code_without_salt__is_refused():
    with pytest.raises(CodeError, match=r"has 10 characters \(50 bits\); it must have 16 to 51"):
        claim_key(SHORT)


def test_claim_key__short_code__comes_from_scrypt_with_the_salt():
    material = scrypt(SHORT, b"weilian/short/v1" + SALT, 32, N=1 << 17, r=8, p=1)

    assert claim_key(SHORT, SALT) == hkdf_sha256(material, b"weilian/claim/v1\0")
    assert read_key(SHORT, SALT) == hkdf_sha256(material, b"weilian/read/v1")
    assert claim_key(SHORT, bytes(32)) != claim_key(SHORT, SALT)


def test_claim_key__code_of_80_bits__needs_no_salt_and_heeds_none():
    assert claim_key("7JG6YJJ875DQYFQ6", SALT) == claim_key("7JG6YJJ875DQYFQ6")


@pytest.mark.parametrize("text", ["123456789", "7JG6YJJ87"])
def test_claim_key__code_below_50_bits__is_refused_also_with_salt(text):
    with pytest.raises(CodeError, match=r"has 9 characters \(45 bits\); it must have 10 to 51"):
        claim_key(text, SALT)


@pytest.mark.parametrize(
    ("length", "is_allowed"), [(9, False), (10, True), (51, True), (52, False)]
)
def test_check_code_length__short_ones_asked_for__both_ends(length, is_allowed):
    if is_allowed:
        check_code_length(length, allow_short=True)
    else:
        with pytest.raises(CodeError, match=f"has {length} characters"):
            check_code_length(length, allow_short=True)


@pytest.mark.parametrize(("length", "is_allowed"), [(12, False), (15, False), (16, True)])
def test_check_code_length__by_default__80_bits_are_the_least(length, is_allowed):
    if is_allowed:
        check_code_length(length)
    else:
        with pytest.raises(CodeError, match=r"at least 80 bits"):
            check_code_length(length)


@given(st.lists(ai82_text, min_size=1, max_size=8), st.integers(16, 51))
def test_item_codes__many_at_once__are_those_of_single_items(serials, length):
    codes = item_codes(SECRET, [serial.encode() for serial in serials], length)

    assert codes == [item_code(SECRET, serial, length) for serial in serials]
    assert {len(code) for code in codes} == {length}


def test_claim_addresses__many_at_once__are_those_of_single_codes():
    codes = item_codes(SECRET, [b"A", b"B", b"C"])
    salts = np.zeros((3, 32), np.uint8)

    made = [to_checksum_address(bytes(row)) for row in claim_addresses(codes, salts)]

    assert made == [claim_address(code) for code in codes]


def test_item_code__any_serial__has_26_characters_of_crockford():
    assert len(CODE) == 26
    assert read_code(CODE) == CODE


def test_claim_address__a_thousand_items__take_well_under_two_seconds():
    start = time.process_time()

    for number in range(1_000):
        claim_address(item_code(SECRET, f"S{number}"))

    assert time.process_time() - start < 2
