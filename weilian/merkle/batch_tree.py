"""The Merkle tree of a batch: one leaf for each item, in the order of the items.

Leaves keep their order, so the path of a leaf tells its index, and ranges of items stay together.
The tree is filled up to a power of two with leaves nobody can claim; then all proofs of a batch
have the same length, and siblings do not tell how many items there are.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from eth_utils.address import to_checksum_address
from pydantic import BaseModel, ConfigDict, ValidationError

from weilian.address import ZERO_ADDRESS
from weilian.errors import describe_validation
from weilian.files import write_atomic
from weilian.gs1 import Serial
from weilian.hashing import keccak256
from weilian.keys import claim_address, hkdf_sha256, item_code, item_salt
from weilian.merkle.item_proof import Address, ItemProof, Node, SerialText
from weilian.merkle.items import (
    LEAF_TYPES,
    ItemRecord,
    item_leaf,
    leaf_prefix,
    serial_commitment,
)
from weilian.merkle.nodes import (
    EmptyTreeError,
    MerkleError,
    build_nodes,
    parse_node,
    proof_of,
)
from weilian.merkle.standard import StandardMerkleTree
from weilian.progress import Progress, counted


class DuplicateSerialError(MerkleError):
    """A serial that two items of a batch would have."""

    def __init__(self, serial: str) -> None:
        super().__init__(f"serial {serial!r} occurs twice; serials of a batch must differ")


class UnknownSerialError(MerkleError, LookupError):
    """A serial that the batch does not have."""

    def __init__(self, serial: str) -> None:
        super().__init__(f"serial {serial!r} is not in this batch")


class ItemIndexError(MerkleError, IndexError):
    """An index that the batch does not have."""

    def __init__(self, index: int, count: int) -> None:
        super().__init__(f"there is no item {index}; the batch has items 0 to {count - 1}")


class BatchTreeError(MerkleError):
    """A saved batch tree that is not one, or that somebody changed."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"batch tree: {rule}")


class _SavedItem(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    index: int
    serial: SerialText
    salt: Node


class _SavedBatch(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    chain_id: int
    registry: Address
    batch_id: Node
    tree: dict[str, Any]
    items: list[_SavedItem]


@dataclass(frozen=True)
class BatchTree:
    """The items of a batch and the tree over them. Build with `build_batch_tree` or `load`."""

    chain_id: int
    registry: str
    batch_id: bytes
    items: Sequence[ItemRecord]
    padding: Sequence[bytes]
    """The commitments of the leaves behind the last item."""

    @property
    def root(self) -> bytes:
        """The 32-byte root that is registered on chain."""
        return self._nodes[0]

    @property
    def count(self) -> int:
        """How many items the batch has, without the padding."""
        return len(self.items)

    @property
    def depth(self) -> int:
        """How many nodes a proof has: log2 of the number of leaves."""
        return (self.count + len(self.padding)).bit_length() - 1

    def item(self, serial: str) -> ItemRecord:
        """Find an item by its serial; raise UnknownSerialError."""
        try:
            return self.items[self._index_of[serial]]
        except KeyError as error:
            raise UnknownSerialError(serial) from error

    def proof(self, index: int) -> list[bytes]:
        """Return the siblings from the item at `index` up to the root."""
        if not 0 <= index < self.count:
            raise ItemIndexError(index, self.count)
        return proof_of(self._nodes, len(self._nodes) - 1 - index)

    def item_proof(self, serial: str, gtin: str, lot: str) -> ItemProof:
        """Make the public proof file of one item; `gtin` has 14 digits.

        Raises UnknownSerialError, and ItemProofError where GTIN and lot are not this batch's.
        """
        item = self.item(serial)
        made = ItemProof(
            chain_id=self.chain_id,
            registry=self.registry,
            batch_id=self.batch_id,
            gtin=gtin,
            lot=lot,
            serial=item.serial,
            index=item.index,
            salt=item.salt,
            serial_commitment=item.serial_commitment,
            claim_key=item.claim_key,
            proof=tuple(self.proof(item.index)),
            count=self.count,
            root=self.root,
        )
        made.check()
        return made

    def standard_tree(self) -> StandardMerkleTree:
        """Return the same tree as a StandardMerkleTree with its values."""
        head = (self.chain_id, self.registry, self.batch_id)
        values = [
            (*head, item.index, item.serial_commitment, item.claim_key) for item in self.items
        ]
        for index, commitment in enumerate(self.padding, start=self.count):
            values.append((*head, index, commitment, ZERO_ADDRESS))
        last = len(self._nodes) - 1
        positions = range(last, last - len(values), -1)
        return StandardMerkleTree(LEAF_TYPES, values, self._nodes, positions)

    def save(self, path: Path) -> None:
        """Write tree, serials and salts as JSON, mode 0600: with the salts, proofs can be made."""
        saved = {
            "chain_id": self.chain_id,
            "registry": self.registry,
            "batch_id": f"0x{self.batch_id.hex()}",
            "tree": self.standard_tree().dump(),
            "items": [
                {"index": item.index, "serial": item.serial, "salt": f"0x{item.salt.hex()}"}
                for item in self.items
            ],
        }
        write_atomic(path, json.dumps(saved).encode(), mode=0o600)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote and check every hash; raise BatchTreeError or MerkleError."""
        try:
            saved = _SavedBatch.model_validate_json(path.read_bytes())
        except OSError as error:
            raise BatchTreeError(f"cannot read {path}: {error.strerror or error}") from error
        except ValidationError as error:
            raise BatchTreeError(describe_validation(error)) from error
        standard = StandardMerkleTree.load(saved.tree)
        if standard.types != LEAF_TYPES:
            raise BatchTreeError(f"leaves are ({', '.join(standard.types)}), not those of items")
        indexes = [item.index for item in saved.items]
        if not indexes or indexes != list(range(min(len(indexes), len(standard)))):
            raise BatchTreeError("the items must be listed in order, one for each index from 0")
        rows = [(parse_node(value[4]), value[5]) for value in standard.values]
        items = [_restore(item, *row) for item, row in zip(saved.items, rows, strict=False)]
        padding = [commitment for commitment, _ in rows[len(items) :]]
        tree = cls(saved.chain_id, saved.registry, saved.batch_id, items, padding)
        if tree.root != standard.root:
            raise BatchTreeError("the items do not give the root of its tree")
        return tree

    @cached_property
    def _nodes(self) -> list[bytes]:
        prefix = leaf_prefix(self.chain_id, self.registry, self.batch_id)
        leaves = [
            item_leaf(prefix, item.index, item.serial_commitment, item.claim_key)
            for item in self.items
        ]
        for index, commitment in enumerate(self.padding, start=self.count):
            leaves.append(item_leaf(prefix, index, commitment, ZERO_ADDRESS))
        return build_nodes(leaves)

    @cached_property
    def _index_of(self) -> dict[str, int]:
        return {item.serial: item.index for item in self.items}


def build_batch_tree(
    chain_id: int,
    registry: str,
    batch_id: bytes,
    serials: Sequence[str],
    batch_secret: bytes,
    progress: Progress | None = None,
) -> BatchTree:
    """Derive salt, code and claim key of each serial and build the tree over them.

    `progress` is called with (items done, items in all). Raises SerialError,
    DuplicateSerialError or EmptyTreeError.
    """
    _check_serials(serials)
    items = []
    for index, serial in enumerate(counted(serials, progress)):
        salt = item_salt(batch_secret, serial)
        items.append(
            ItemRecord(
                index=index,
                serial=serial,
                salt=salt,
                serial_commitment=serial_commitment(salt, serial),
                claim_key=claim_address(item_code(batch_secret, serial)),
            )
        )
    padding = _padding(batch_secret, len(serials))
    return BatchTree(chain_id, to_checksum_address(registry), batch_id, items, padding)


def _check_serials(serials: Sequence[str]) -> None:
    if not serials:
        raise EmptyTreeError
    seen: set[str] = set()
    for serial in serials:
        Serial(serial)
        if serial in seen:
            raise DuplicateSerialError(serial)
        seen.add(serial)


def _padding(batch_secret: bytes, count: int) -> list[bytes]:
    label = hkdf_sha256(batch_secret, b"weilian/padding/v1")
    leaves = 1 << (count - 1).bit_length()
    return [keccak256(label + index.to_bytes(32)) for index in range(count, leaves)]


def _restore(saved: _SavedItem, commitment: bytes, claim_key: str) -> ItemRecord:
    if commitment != serial_commitment(saved.salt, saved.serial):
        raise BatchTreeError(f"serial {saved.serial!r} and its salt do not give its commitment")
    return ItemRecord(saved.index, saved.serial, saved.salt, commitment, claim_key)
