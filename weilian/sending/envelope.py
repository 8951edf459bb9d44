"""Transactions of EIP-1559, encoded and signed: no node, no file, no clock.

Twenty times as fast as eth-account and equal to it byte by byte: the signature is libsecp256k1's,
the hash tiny-keccak's, and the encoding knows that a transaction has nine fields in one level.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn, Protocol

from coincurve import PrivateKey
from eth_utils.address import to_canonical_address

from weilian.address import to_address
from weilian.chain.signer import Signer
from weilian.hashing import keccak256
from weilian.sending.errors import SigningKeyError, TransactionFieldError

_TYPE = b"\x02"
_NO_ACCESS_LIST = b"\xc0"
_SHORT = 56
"""Bytes from which on RLP writes the length of a length."""

_MAX_NONCE = 2**64 - 2
"""EIP-2681."""

_MAX_UINT64 = 2**64 - 1
_MAX_UINT256 = 2**256 - 1


@dataclass(frozen=True, slots=True)
class Fees:
    """What is offered for one unit of gas, in wei: at most, and to the block's maker."""

    max_fee: int
    priority_fee: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """The fields of one transaction. `to` has 20 bytes, or none to create a contract."""

    chain_id: int
    nonce: int
    fees: Fees
    gas: int
    to: bytes
    value: int
    data: bytes

    def check(self) -> None:
        """Raise TransactionFieldError for a field that no chain would take."""
        limits = (
            ("chain id", self.chain_id, _MAX_UINT64),
            ("nonce", self.nonce, _MAX_NONCE),
            ("max fee", self.fees.max_fee, _MAX_UINT256),
            ("priority fee", self.fees.priority_fee, self.fees.max_fee),
            ("gas", self.gas, _MAX_UINT64),
            ("value", self.value, _MAX_UINT256),
        )
        for name, number, limit in limits:
            if not 0 <= number <= limit:
                raise TransactionFieldError(name, number, f"0 to {limit}")
        if len(self.to) not in (0, 20):
            raise TransactionFieldError("to", len(self.to), "20 bytes, or none")


class EnvelopeSigner(Protocol):
    """An account that signs what is sent, wherever its key is."""

    @property
    def address(self) -> str:
        """Checksum address."""

    def sign(self, envelope: Envelope) -> bytes:
        """Return the transaction ready to be sent."""


class FastSigner:
    """Signs for one account whose key is in memory; the key is shown nowhere and not pickled."""

    __slots__ = ("_key", "address")

    def __init__(self, key: bytes) -> None:
        """Take the 32 bytes of a secp256k1 key; raises SigningKeyError, which does not show it."""
        try:
            secret = PrivateKey(bytes(key))
        except (ValueError, TypeError):
            secret = None
        if secret is None or len(key) != 32:
            raise SigningKeyError
        self._key = secret
        public = secret.public_key.format(compressed=False)
        self.address: str = to_address(f"0x{keccak256(public[1:])[-20:].hex()}")

    def __repr__(self) -> str:
        return f"FastSigner({self.address})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signer stays in the process that holds its key")

    def sign(self, envelope: Envelope) -> bytes:
        """Return the transaction ready to be sent; raise TransactionFieldError."""
        envelope.check()
        fields = _fields(envelope)
        signature = self._key.sign_recoverable(keccak256(_TYPE + _list(fields)), hasher=None)
        parity, r, s = signature[64], signature[:32], signature[32:64]
        tail = _number(parity) + _text(r.lstrip(b"\0")) + _text(s.lstrip(b"\0"))
        return _TYPE + _list(fields + tail)


@dataclass(frozen=True, slots=True)
class WalletSigner:
    """Any signer of the suite, such as a wallet that keeps its key to itself."""

    signer: Signer

    @property
    def address(self) -> str:
        """Checksum address."""
        return self.signer.address

    def sign(self, envelope: Envelope) -> bytes:
        """Return the transaction ready to be sent; raise TransactionFieldError."""
        envelope.check()
        fields: dict[str, Any] = {
            "type": 2,
            "chainId": envelope.chain_id,
            "nonce": envelope.nonce,
            "maxFeePerGas": envelope.fees.max_fee,
            "maxPriorityFeePerGas": envelope.fees.priority_fee,
            "gas": envelope.gas,
            "value": envelope.value,
            "data": f"0x{envelope.data.hex()}",
        }
        if envelope.to:
            fields["to"] = to_address(f"0x{envelope.to.hex()}")
        return self.signer.sign(fields)


def transaction_hash(raw: bytes) -> str:
    """Return the hash by which a signed transaction is known, as 0x and 64 hex digits."""
    return f"0x{keccak256(raw).hex()}"


@lru_cache(maxsize=1024)  # many tasks go to few contracts
def canonical(address: str) -> bytes:
    """Return the 20 bytes of an address; raise AddressError."""
    return to_canonical_address(to_address(address))


def _fields(envelope: Envelope) -> bytes:
    return b"".join(
        (
            _number(envelope.chain_id),
            _number(envelope.nonce),
            _number(envelope.fees.priority_fee),
            _number(envelope.fees.max_fee),
            _number(envelope.gas),
            _text(envelope.to),
            _number(envelope.value),
            _text(envelope.data),
            _NO_ACCESS_LIST,
        )
    )


def _number(value: int) -> bytes:
    return _text(value.to_bytes((value.bit_length() + 7) // 8))


def _text(value: bytes) -> bytes:
    if len(value) == 1 and value[0] < 0x80:
        return value
    return _head(0x80, len(value)) + value


def _list(content: bytes) -> bytes:
    return _head(0xC0, len(content)) + content


def _head(offset: int, length: int) -> bytes:
    if length < _SHORT:
        return bytes((offset + length,))
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((offset + _SHORT - 1 + len(size),)) + size
