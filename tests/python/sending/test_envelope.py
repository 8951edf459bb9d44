import pickle

import pytest
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from tests.python.sending.conftest import KEY
from weilian.chain import LocalSigner
from weilian.sending import FastSigner, WalletSigner
from weilian.sending.envelope import Envelope, Fees, transaction_hash
from weilian.sending.errors import SigningKeyError, TransactionFieldError

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
keys = st.integers(1, ORDER - 1).map(lambda number: number.to_bytes(32))
words = st.integers(0, 2**256 - 1)
small = st.integers(0, 2**64 - 2)
lengths = st.sampled_from([0, 1, 2, 54, 55, 56, 57, 255, 256, 257, 66_000])
contents = st.one_of(st.binary(max_size=300), lengths.map(lambda n: b"\x7f" * n))


@st.composite
def envelopes(draw):
    low, high = sorted((draw(words), draw(words)))
    to = draw(st.one_of(st.just(b""), st.binary(min_size=20, max_size=20)))
    sizes = (draw(st.integers(1, 2**64 - 1)), draw(small), Fees(high, low), draw(small))
    return Envelope(*sizes, to, draw(words), draw(contents))


@given(keys, envelopes())
def test_sign__any_fields__equals_eth_account(key, envelope):
    theirs = Account.from_key(key).sign_transaction(
        {
            "type": 2,
            "chainId": envelope.chain_id,
            "nonce": envelope.nonce,
            "maxFeePerGas": envelope.fees.max_fee,
            "maxPriorityFeePerGas": envelope.fees.priority_fee,
            "gas": envelope.gas,
            "to": envelope.to,
            "value": envelope.value,
            "data": envelope.data,
        }
    )

    raw = FastSigner(key).sign(envelope)

    assert raw == bytes(theirs.raw_transaction)
    assert transaction_hash(raw) == theirs.hash.to_0x_hex()


@given(keys, envelopes())
def test_sign__by_a_wallet__equals_the_fast_signer(key, envelope):
    wallet = WalletSigner(LocalSigner(Account.from_key(key)))

    assert wallet.sign(envelope) == FastSigner(key).sign(envelope)
    assert wallet.address == FastSigner(key).address


@given(keys)
def test_address__any_key__equals_eth_account(key):
    assert FastSigner(key).address == Account.from_key(key).address


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("chain_id", 2**64),
        ("nonce", 2**64 - 1),
        ("nonce", -1),
        ("fees", Fees(1, 2)),
        ("fees", Fees(2**256, 1)),
        ("gas", 2**64),
        ("value", 2**256),
        ("to", b"\x01" * 19),
    ],
)
def test_sign__field_out_of_range__raises(signer, field, value):
    good = {"chain_id": 1, "nonce": 0, "fees": Fees(2, 1), "gas": 0, "to": b"", "value": 0}

    with pytest.raises(TransactionFieldError, match="must be"):
        signer.sign(Envelope(**{**good, "data": b"", field: value}))


@pytest.mark.parametrize("key", [b"", bytes(32), b"\x01" * 31, b"\x01" * 33, b"\xff" * 32])
def test_signer__bytes_that_are_no_key__raises_without_showing_them(key):
    with pytest.raises(SigningKeyError) as caught:
        FastSigner(key)

    assert caught.value.__context__ is None
    assert not key or key.hex() not in str(caught.value)


def test_signer__shown_or_pickled__keeps_its_key(signer):
    shown = repr(signer) + str(signer)

    assert KEY.hex() not in shown
    assert signer.address in shown
    with pytest.raises(TypeError):
        pickle.dumps(signer)
