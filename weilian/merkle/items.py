"""What stands in the leaf of one item, and how a batch is named.

A leaf is (uint256 chainId, address registry, bytes32 batchId, uint256 index, bytes32
serialCommitment, address claimKey). The serial is hidden behind a salt, so that a leaf or a proof
tells nothing about items other than the one it is shown for.
"""

from dataclasses import dataclass

from eth_abi.abi import encode
from eth_utils.address import to_canonical_address

from weilian.hashing import keccak256

LEAF_TYPES = ("uint256", "address", "bytes32", "uint256", "bytes32", "address")
_ISSUER_LENGTH = 20
_LOT_LENGTH = 20


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One item of a batch as its issuer knows it; `claim_key` is a checksum address."""

    index: int
    serial: str
    salt: bytes
    serial_commitment: bytes
    claim_key: str


def batch_id(issuer: str, gtin: int, lot: str) -> bytes:
    """Name a batch: the issuer's 20 bytes, then 12 bytes of the hash of GTIN and lot.

    The issuer in front makes it impossible to register a batch under somebody else's name.
    """
    return to_canonical_address(issuer) + product_hash(gtin, lot)


def product_hash(gtin: int, lot: str) -> bytes:
    """Return the last 12 bytes of a batch id, from keccak256(abi.encode(uint64, bytes20 lot))."""
    return keccak256(encode(("uint64", "bytes20"), (gtin, lot_bytes(lot))))[: 32 - _ISSUER_LENGTH]


def lot_bytes(lot: str) -> bytes:
    """Return a lot as it goes on chain: its at most 20 ASCII characters, the rest zero."""
    return lot.encode("ascii").ljust(_LOT_LENGTH, b"\0")


def serial_commitment(salt: bytes, serial: str) -> bytes:
    """Hide a serial: keccak256(abi.encode(bytes32 salt, string serial))."""
    # NOTE: packed by hand, as eth_abi takes ten times as long and a batch has a million of these.
    # The words are salt, offset of the text, its length, and the text (at most 20 characters).
    text = serial.encode("ascii")
    return keccak256(salt + _word(64) + _word(len(text)) + text.ljust(32, b"\0"))


def leaf_prefix(chain_id: int, registry: str, batch: bytes) -> bytes:
    """Encode the first three words of a leaf, equal for all items of a batch."""
    return encode(LEAF_TYPES[:3], (chain_id, registry, batch))


def item_leaf(prefix: bytes, index: int, commitment: bytes, claim_key: str) -> bytes:
    """Hash a leaf as `standard_leaf` does, from the words of `leaf_prefix` and the item's own."""
    words = prefix + _word(index) + commitment + _word(int(claim_key, 16))
    return keccak256(keccak256(words))


def _word(number: int) -> bytes:
    return number.to_bytes(32)
