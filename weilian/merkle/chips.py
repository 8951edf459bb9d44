"""The tree of a batch whose items carry chips: their keys are the chips' own, not derived.

The leaves are an item's with `KeyKind.CHIP`, in the order of the rows, filled up to a power of two
as those of `batch_tree` are. Salts and padding follow from the batch's secret; there are no codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from eth_utils.address import to_canonical_address

from weilian.address import to_address
from weilian.hashing import Rows
from weilian.keys import item_salt
from weilian.merkle.batch_tree import (
    ItemIndexError,
    ProofKeys,
    TreeHead,
    UnknownSerialError,
    proof_of,
)
from weilian.merkle.item_proof import ItemProof
from weilian.merkle.items import (
    CHIP_LEAF_TYPES,
    ItemRecord,
    KeyKind,
    item_leaves,
    padding_commitments,
    serial_commitment,
)
from weilian.merkle.nodes import EmptyTreeError, MerkleError, levels
from weilian.merkle.standard import StandardMerkleTree
from weilian.serials import Serials

_KIND_SHIFT = 160


class DuplicateChipError(MerkleError):
    """One chip on two items."""

    def __init__(self, address: str, first: int, second: int) -> None:
        super().__init__(
            f"items {first} and {second} have the same chip {address}; each item needs its own"
        )


@dataclass(frozen=True, slots=True)
class ChipTree:
    """Items with chips and the tree over them, in memory."""

    head: TreeHead
    items: tuple[ItemRecord, ...]
    levels: Sequence[Rows]
    padding: Rows
    """Commitments of the leaves behind the last item."""

    @classmethod
    def of(cls, head: TreeHead, rows: Sequence[tuple[str, str]], batch_secret: bytes) -> Self:
        """Build the tree of rows (serial, chip's address).

        `head.count` must be their number. Raises EmptyTreeError, SerialError,
        DuplicateSerialError, AddressError and DuplicateChipError.
        """
        if not rows or head.count != len(rows):
            raise EmptyTreeError
        Serials.of([serial for serial, _ in rows]).check_unique()
        keys = ProofKeys.of(batch_secret)
        items = tuple(_item(keys, index, *row) for index, row in enumerate(rows))
        _check_chips(items)
        padding = padding_commitments(keys.padding, head.count, (1 << head.depth) - head.count)
        return cls(head, items, levels(_leaves(head, items, padding)), padding)

    @property
    def root(self) -> bytes:
        """The 32-byte root that is registered on chain."""
        return self.levels[-1].tobytes()

    @property
    def count(self) -> int:
        """How many items the batch has, without the padding."""
        return self.head.count

    def proof(self, index: int) -> list[bytes]:
        """Return the siblings from the item at `index` up to the root; raise ItemIndexError."""
        if not 0 <= index < self.count:
            raise ItemIndexError(index, self.count)
        return [row[(index >> height) ^ 1].tobytes() for height, row in enumerate(self.levels[:-1])]

    def item_proof(self, serial: str, gtin: str, lot: str) -> ItemProof:
        """Make the public proof file of one item; `gtin` has 14 digits.

        Raises UnknownSerialError, and ItemProofError where GTIN and lot are not this batch's.
        """
        item = next((item for item in self.items if item.serial == serial), None)
        if item is None:
            raise UnknownSerialError(serial)
        path = self.proof(item.index)
        return proof_of(self.head, self.root, item, path, gtin=gtin, lot=lot, key_kind=KeyKind.CHIP)

    def standard_tree(self) -> StandardMerkleTree:
        """Return the same tree as a StandardMerkleTree with its values."""
        head = (self.head.chain_id, self.head.registry, self.head.batch_id)
        kind = KeyKind.CHIP.number << _KIND_SHIFT
        values = [
            (*head, item.index, item.serial_commitment, kind | int(item.claim_key, 16))
            for item in self.items
        ]
        for index, commitment in enumerate(self.padding, start=self.count):
            values.append((*head, index, commitment.tobytes(), 0))
        return StandardMerkleTree.of(values, CHIP_LEAF_TYPES, sort_leaves=False)


def _item(keys: ProofKeys, index: int, serial: str, chip: str) -> ItemRecord:
    salt = item_salt(keys.salts, serial)
    return ItemRecord(index, serial, salt, serial_commitment(salt, serial), to_address(chip))


def _check_chips(items: Sequence[ItemRecord]) -> None:
    seen: dict[str, int] = {}
    for item in items:
        if item.claim_key in seen:
            raise DuplicateChipError(item.claim_key, seen[item.claim_key], item.index)
        seen[item.claim_key] = item.index


def _leaves(head: TreeHead, items: Sequence[ItemRecord], padding: Rows) -> Rows:
    commitments = _rows([item.serial_commitment for item in items])
    chips = _rows([to_canonical_address(item.claim_key) for item in items])
    made = item_leaves(head.prefix, 0, commitments, chips, KeyKind.CHIP)
    blank = np.zeros((len(padding), chips.shape[1]), np.uint8)
    return np.concatenate([made, item_leaves(head.prefix, head.count, padding, blank)])


def _rows(values: Sequence[bytes]) -> Rows:
    return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), -1)
