"""The Merkle tree of a batch: one leaf for each item, in the order of the items.

Leaves keep their order, so the path of a leaf tells its index, and ranges of items stay together.
The tree is filled up to a power of two with leaves nobody can claim; then all proofs of a batch
have the same length, siblings do not tell how many items there are, and any aligned range of
leaves is a sub-tree of its own.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from eth_utils.address import to_checksum_address

from weilian.address import ZERO_ADDRESS
from weilian.hashing import Rows
from weilian.keys import (
    claim_addresses,
    item_codes,
    item_salt,
    item_salts,
    padding_label,
    salt_key,
)
from weilian.merkle.item_proof import ItemProof
from weilian.merkle.items import (
    ADDRESS_LENGTH,
    LEAF_TYPES,
    ItemRecord,
    KeyKind,
    item_leaves,
    leaf_prefix,
    padding_commitments,
    serial_commitment,
    serial_commitments,
)
from weilian.merkle.nodes import EmptyTreeError, MerkleError, levels, parent_row
from weilian.merkle.standard import StandardMerkleTree
from weilian.progress import Progress
from weilian.serials import Serials

Order: TypeAlias = npt.NDArray[np.intp] | npt.NDArray[np.uint32]

_BLOCK = 1 << 12
_CHECK_NODES = 1 << 18


class UnknownSerialError(MerkleError, LookupError):
    """A serial that the batch does not have."""

    def __init__(self, serial: str) -> None:
        super().__init__(f"serial {serial!r} is not in this batch")


class ItemIndexError(MerkleError, IndexError):
    """An index that the batch does not have."""

    def __init__(self, index: int, count: int) -> None:
        super().__init__(f"there is no item {index}; the batch has items 0 to {count - 1}")


class ProofKeysMissingError(MerkleError):
    """A tree was opened without the keys that its salts follow from."""

    def __init__(self) -> None:
        super().__init__("the salts of this tree need its proof keys: open it with them")


class TreeDamagedError(MerkleError):
    """A tree whose parts do not belong together."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"this tree was changed or damaged: {rule}")


@dataclass(frozen=True, slots=True)
class ProofKeys:
    """What salts and padding follow from: whoever has them can make proofs, but no codes."""

    salts: bytes = field(repr=False)
    padding: bytes = field(repr=False)

    @classmethod
    def of(cls, batch_secret: bytes) -> "ProofKeys":
        """Derive them from the secret of a batch."""
        return cls(salt_key(batch_secret), padding_label(batch_secret))


@dataclass(frozen=True, slots=True)
class TreeHead:
    """Which batch a tree is of: what every leaf of it begins with."""

    chain_id: int
    registry: str
    batch_id: bytes
    count: int

    @property
    def depth(self) -> int:
        """How many nodes a proof has: log2 of the number of leaves."""
        return (self.count - 1).bit_length()

    @property
    def prefix(self) -> bytes:
        """The first three words of each leaf."""
        return leaf_prefix(self.chain_id, self.registry, self.batch_id)


def proof_of(
    head: TreeHead,
    root: bytes,
    item: ItemRecord,
    path: Sequence[bytes],
    *,
    gtin: str,
    lot: str,
    key_kind: KeyKind = KeyKind.HIDDEN_CODE,
) -> ItemProof:
    """Make the public proof file of an item from its path; raise ItemProofError if it is wrong."""
    made = ItemProof(
        chain_id=head.chain_id,
        registry=head.registry,
        batch_id=head.batch_id,
        gtin=gtin,
        lot=lot,
        serial=item.serial,
        index=item.index,
        salt=item.salt,
        serial_commitment=item.serial_commitment,
        claim_key=item.claim_key,
        proof=tuple(path),
        count=head.count,
        root=root,
        key_kind=key_kind,
    )
    made.check()
    return made


@dataclass(frozen=True, eq=False)
class BatchTree:
    """The items of a batch and the tree over them, in memory or mapped from a file.

    Build with `build_batch_tree`, or open with `weilian.merkle.tree_file.open_tree`.
    """

    head: TreeHead
    serials: Serials
    order: Order
    """Indexes in ascending order of the serials."""

    claim_keys: Rows
    """Addresses, (n, 20)."""

    levels: Sequence[Rows]
    """The leaves, the nodes above them, and so on to the root."""

    keys: ProofKeys | None = None

    @property
    def root(self) -> bytes:
        """The 32-byte root that is registered on chain."""
        return self.levels[-1].tobytes()

    @property
    def count(self) -> int:
        """How many items the batch has, without the padding."""
        return self.head.count

    @property
    def depth(self) -> int:
        """How many nodes a proof has."""
        return self.head.depth

    def with_keys(self, keys: ProofKeys) -> "BatchTree":
        """Return the same tree with the keys that proofs need."""
        return replace(self, keys=keys)

    def index_of(self, serial: str) -> int:
        """Find the index of a serial; raise UnknownSerialError."""
        place = bisect_left(range(self.count), serial, key=self._ranked)
        if place == self.count or self._ranked(place) != serial:
            raise UnknownSerialError(serial)
        return int(self.order[place])

    def item(self, serial: str) -> ItemRecord:
        """Find an item by its serial; raise UnknownSerialError or ProofKeysMissingError."""
        return self.item_at(self.index_of(serial))

    def item_at(self, index: int) -> ItemRecord:
        """Return the item at an index; raise ItemIndexError or ProofKeysMissingError."""
        self._check_index(index)
        serial = self._serial(index)
        salt = item_salt(self._keys.salts, serial)
        return ItemRecord(
            index=index,
            serial=serial,
            salt=salt,
            serial_commitment=serial_commitment(salt, serial),
            claim_key=to_checksum_address(self.claim_keys[index].tobytes()),
        )

    def items(self) -> Iterator[ItemRecord]:
        """Yield all items in their order."""
        return map(self.item_at, range(self.count))

    def proof(self, index: int) -> list[bytes]:
        """Return the siblings from the item at `index` up to the root."""
        self._check_index(index)
        return [row[(index >> height) ^ 1].tobytes() for height, row in enumerate(self.levels[:-1])]

    def item_proof(self, serial: str, gtin: str, lot: str) -> ItemProof:
        """Make the public proof file of one item; `gtin` has 14 digits.

        Raises UnknownSerialError, ProofKeysMissingError, and ItemProofError where GTIN and lot are
        not this batch's or the tree was changed.
        """
        item = self.item(serial)
        return proof_of(self.head, self.root, item, self.proof(item.index), gtin=gtin, lot=lot)

    def standard_tree(self) -> StandardMerkleTree:
        """Return the same tree as a StandardMerkleTree with its values, for small trees.

        Raises ProofKeysMissingError.
        """
        head = (self.head.chain_id, self.head.registry, self.head.batch_id)
        values = [
            (*head, item.index, item.serial_commitment, item.claim_key) for item in self.items()
        ]
        missing = len(self.levels[0]) - self.count
        padding = padding_commitments(self._keys.padding, self.count, missing)
        for index, commitment in enumerate(padding, start=self.count):
            values.append((*head, index, commitment.tobytes(), ZERO_ADDRESS))
        return StandardMerkleTree.of(values, LEAF_TYPES, sort_leaves=False)

    def check(self) -> None:
        """Hash everything again and compare; raise TreeDamagedError for the first difference.

        Without keys the nodes are compared with their children and the order with the serials; with
        them also the leaves with the items and the padding.
        """
        for height, (row, above) in enumerate(pairwise(self.levels), start=1):
            for start in range(0, len(row), _CHECK_NODES):
                made = parent_row(row[start : start + _CHECK_NODES])
                self._compare(made, above, start // 2, f"node {{}} of level {height}")
        if not np.array_equal(self.order, self.serials.order()):
            raise TreeDamagedError("its serials are not in the order that it names")
        if self.keys is not None:
            self._check_leaves(self.keys)

    def check_items(self, first: int, made: "DerivedItems") -> None:
        """Compare items that were derived again, from index `first` on; raise TreeDamagedError."""
        self._compare(made.claim_keys, self.claim_keys, first, "the claim key of item {}")
        self._compare(made.leaves, self.levels[0], first, "the leaf of item {}")

    def _check_leaves(self, keys: ProofKeys) -> None:
        for first in range(0, self.count, _CHECK_NODES):
            serials = self.serials[first : first + _CHECK_NODES].column
            salts = item_salts(keys.salts, serials.tolist())
            commitments = serial_commitments(salts, serials)
            claim_keys = self.claim_keys[first : first + len(serials)]
            made = item_leaves(self.head.prefix, first, commitments, claim_keys)
            self._compare(made, self.levels[0], first, "item {}")
        missing = len(self.levels[0]) - self.count
        padding = padding_leaves(self.head, keys.padding, self.count, missing)
        self._compare(padding, self.levels[0], self.count, "leaf {}")

    def _compare(self, made: Rows, kept: Rows, first: int, what: str) -> None:
        wrong = np.flatnonzero((made != kept[first : first + len(made)]).any(axis=1))
        if len(wrong):
            raise TreeDamagedError(f"{what.format(first + int(wrong[0]))} was changed")

    def _ranked(self, rank: int) -> str:
        index = int(self.order[rank])
        if index >= self.count:
            raise TreeDamagedError(f"its order names item {index} of {self.count}")
        return self._serial(index)

    def _serial(self, index: int) -> str:
        try:
            return self.serials[index]
        except UnicodeDecodeError as error:
            raise TreeDamagedError(f"the serial of item {index} is not ASCII") from error

    @property
    def _keys(self) -> ProofKeys:
        if self.keys is None:
            raise ProofKeysMissingError
        return self.keys

    def _check_index(self, index: int) -> None:
        if not 0 <= index < self.count:
            raise ItemIndexError(index, self.count)


@dataclass(frozen=True, slots=True)
class DerivedItems:
    """What follows from serials and a batch secret: codes, claim keys (n, 20), leaves (n, 32)."""

    codes: list[str] = field(repr=False)
    claim_keys: Rows
    leaves: Rows


def derive_items(
    head: TreeHead, first: int, serials: Serials, batch_secret: bytes, code_length: int
) -> DerivedItems:
    """Derive the items from index `first` on; raises CodeError for a length nobody may use."""
    texts = serials.column.tolist()
    salts = item_salts(salt_key(batch_secret), texts)
    codes = item_codes(batch_secret, texts, code_length)
    claim_keys = claim_addresses(codes, salts)
    commitments = serial_commitments(salts, serials.column)
    return DerivedItems(codes, claim_keys, item_leaves(head.prefix, first, commitments, claim_keys))


def padding_leaves(head: TreeHead, label: bytes, first: int, count: int) -> Rows:
    """Return the (count, 32) leaves behind the last item, from index `first` on."""
    commitments = padding_commitments(label, first, count)
    return item_leaves(head.prefix, first, commitments, np.zeros((count, ADDRESS_LENGTH), np.uint8))


def build_batch_tree(
    chain_id: int,
    registry: str,
    batch_id: bytes,
    serials: Sequence[str],
    batch_secret: bytes,
    progress: Progress | None = None,
    *,
    code_length: int = 26,
) -> BatchTree:
    """Derive salt, code and claim key of each serial and build the tree over them, in memory.

    `progress` is called with (items done, items in all). Raises SerialError,
    DuplicateSerialError, EmptyTreeError or CodeError.
    """
    column = Serials.of(serials)
    if not len(column):
        raise EmptyTreeError
    column.check_unique()
    head = TreeHead(chain_id, to_checksum_address(registry), batch_id, len(column))
    parts = []
    for first in range(0, head.count, _BLOCK):
        part = column[first : first + _BLOCK]
        parts.append(derive_items(head, first, part, batch_secret, code_length))
        if progress:
            progress(first + len(part), head.count)
    keys = ProofKeys.of(batch_secret)
    padding = padding_leaves(head, keys.padding, head.count, (1 << head.depth) - head.count)
    return BatchTree(
        head,
        column,
        column.order(),
        np.concatenate([part.claim_keys for part in parts]),
        levels(np.concatenate([*(part.leaves for part in parts), padding])),
        keys,
    )
