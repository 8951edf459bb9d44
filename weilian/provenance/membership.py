"""Whether an item is a member of a batch: the rules of ItemLib."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from eth_abi.abi import encode

from weilian.hashing import keccak256
from weilian.merkle.items import item_id
from weilian.merkle.nodes import process_proof
from weilian.provenance.terms import Reason

_LEAF_TYPES = ("uint256", "address", "bytes32", "uint32", "bytes32", "uint256")
_KIND_PLACE = 160


class KeyKind(IntEnum):
    """What holds the key of an item."""

    HIDDEN_CODE = 0
    CHIP = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One item as its leaf shows it; `claim_key` is the address of its key."""

    batch_id: bytes
    index: int
    serial_commitment: bytes
    claim_key: str
    key_kind: KeyKind = KeyKind.HIDDEN_CODE

    @property
    def id(self) -> bytes:
        """The id of the item."""
        return item_id(self.batch_id, self.index)


@dataclass(frozen=True, slots=True)
class Ground:
    """What every leaf is bound to: the chain and the address of the provenance registry."""

    chain_id: int
    registry: str

    def leaf(self, item: Item) -> bytes:
        """Hash an item, twice so that no inner node can pass for a leaf."""
        key = item.key_kind << _KIND_PLACE | int(item.claim_key, 16)
        words = (item.batch_id, item.index, item.serial_commitment, key)
        inner = keccak256(encode(_LEAF_TYPES, (self.chain_id, self.registry, *words)))
        return keccak256(inner)


def flaw_of(
    ground: Ground, item: Item, proof: Sequence[bytes], root: bytes, count: int
) -> Reason | None:
    """Say why an item is no member of the batch with this root; None if it is one."""
    if count == 0:
        return Reason.BATCH_UNKNOWN
    if item.index >= count:
        return Reason.INDEX_OUT_OF_RANGE
    if len(proof) != (count - 1).bit_length():
        return Reason.PROOF_LENGTH
    return None if process_proof(ground.leaf(item), proof) == root else Reason.PROOF_INVALID
