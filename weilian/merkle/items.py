"""What stands in the leaf of one item, and how a batch is named.

A leaf is (uint256 chainId, address registry, bytes32 batchId, uint256 index, bytes32
serialCommitment, uint256 key), where key is keyKind << 160 | claimKey. The serial is hidden behind
a salt, so that a leaf or a proof tells nothing about items other than the one it is shown for.

Leaves are made in rows, one for each item, as a batch has a million of them. Arrays hold bytes
(uint8); their first axis is the items.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from eth_abi.abi import encode
from eth_utils.address import to_canonical_address, to_checksum_address

from weilian.hashing import Rows, keccak256, keccak256_rows
from weilian.serials import SERIAL_WIDTH, SerialColumn, bytes_of

LEAF_TYPES = ("uint256", "address", "bytes32", "uint256", "bytes32", "address")
"""Of an item with a hidden code, whose kind is 0: its last word is the address alone."""

CHIP_LEAF_TYPES = (*LEAF_TYPES[:-1], "uint256")
"""Of an item whose key is in a chip."""

ADDRESS_LENGTH = 20
_ISSUER_LENGTH = 20
_LOT_LENGTH = 20
_WORD = 32


class KeyKind(StrEnum):
    """What holds the key of an item: a code under a scratch layer, or a chip that signs anew."""

    HIDDEN_CODE = "hidden-code"
    CHIP = "chip"

    @property
    def number(self) -> int:
        """The kind's number in the contracts."""
        return list(KeyKind).index(self)


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One item of a batch as its issuer knows it; `claim_key` is a checksum address."""

    index: int
    serial: str
    salt: bytes = field(repr=False)
    serial_commitment: bytes
    claim_key: str


def batch_id(issuer: str, gtin: int, lot: str) -> bytes:
    """Name a batch: the issuer's 20 bytes, then 12 bytes of the hash of GTIN and lot.

    The issuer in front makes it impossible to register a batch under somebody else's name.
    """
    return to_canonical_address(issuer) + product_hash(gtin, lot)


def issuer_of(batch_id: bytes) -> str:
    """Return the issuer's address, which is the front of a batch id."""
    return to_checksum_address(batch_id[:_ISSUER_LENGTH])


def product_hash(gtin: int, lot: str) -> bytes:
    """Return the last 12 bytes of a batch id, from keccak256(abi.encode(uint64, bytes20 lot))."""
    return keccak256(encode(("uint64", "bytes20"), (gtin, lot_bytes(lot))))[: 32 - _ISSUER_LENGTH]


def lot_bytes(lot: str) -> bytes:
    """Return a lot as it goes on chain: its at most 20 ASCII characters, the rest zero."""
    return lot.encode("ascii").ljust(_LOT_LENGTH, b"\0")


def serial_commitments(salts: Rows, serials: SerialColumn) -> Rows:
    """Hide serials: keccak256(abi.encode(bytes32 salt, string serial)), (n, 32) from (n, 32)."""
    # NOTE: the words are salt, offset of the text, its length, and the text in one word.
    rows = np.zeros((len(serials), 4 * _WORD), np.uint8)
    rows[:, :_WORD] = salts
    rows[:, 2 * _WORD - 1] = 2 * _WORD
    rows[:, 3 * _WORD - 1] = np.char.str_len(serials)
    rows[:, 3 * _WORD : 3 * _WORD + SERIAL_WIDTH] = bytes_of(serials)
    return keccak256_rows(rows)


def serial_commitment(salt: bytes, serial: str) -> bytes:
    """Hide one serial, as `serial_commitments` does."""
    column = np.array([serial.encode("ascii")], dtype=f"S{SERIAL_WIDTH}")
    return serial_commitments(np.frombuffer(salt, np.uint8)[None], column).tobytes()


def leaf_prefix(chain_id: int, registry: str, batch: bytes) -> bytes:
    """Encode the first three words of a leaf, equal for all items of a batch."""
    return encode(LEAF_TYPES[:3], (chain_id, registry, batch))


def item_leaves(
    prefix: bytes,
    first: int,
    commitments: Rows,
    claim_keys: Rows,
    key_kind: KeyKind = KeyKind.HIDDEN_CODE,
) -> Rows:
    """Hash the leaves of the items from index `first` on as `standard_leaf` does.

    `commitments` (n, 32) and `claim_keys` (n, 20), the addresses; `prefix` is `leaf_prefix`.
    """
    count, head = len(commitments), len(prefix)
    rows = np.zeros((count, head + 3 * _WORD), np.uint8)
    rows[:, :head] = np.frombuffer(prefix, np.uint8)
    indexes = np.arange(first, first + count, dtype=">u8")
    rows[:, head + _WORD - 8 : head + _WORD] = indexes.view(np.uint8).reshape(count, 8)
    rows[:, head + _WORD : head + 2 * _WORD] = commitments
    rows[:, -ADDRESS_LENGTH:] = claim_keys
    rows[:, -ADDRESS_LENGTH - 1] = key_kind.number
    return keccak256_rows(rows, times=2)


def item_leaf(
    prefix: bytes,
    index: int,
    commitment: bytes,
    claim_key: str,
    key_kind: KeyKind = KeyKind.HIDDEN_CODE,
) -> bytes:
    """Hash one leaf; `claim_key` is an address."""
    row = np.frombuffer(commitment, np.uint8)[None]
    key = np.frombuffer(to_canonical_address(claim_key), np.uint8)[None]
    return item_leaves(prefix, index, row, key, key_kind).tobytes()


def padding_commitments(label: bytes, first: int, count: int) -> Rows:
    """Return (count, 32) commitments of leaves behind the last item, which nobody can claim.

    keccak256(label, uint256 index): whoever does not know `label` (32 bytes) cannot tell such a
    leaf from an item's.
    """
    rows = np.zeros((count, len(label) + _WORD), np.uint8)
    rows[:, : len(label)] = np.frombuffer(label, np.uint8)
    indexes = np.arange(first, first + count, dtype=">u8")
    rows[:, -8:] = indexes.view(np.uint8).reshape(count, 8)
    return keccak256_rows(rows)


def item_id(batch_id: bytes, index: int) -> bytes:
    """Return the id of an item: keccak256(abi.encode(bytes32 batchId, uint32 index))."""
    return keccak256(encode(("bytes32", "uint32"), (batch_id, index)))
