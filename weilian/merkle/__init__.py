"""Merkle trees equal to OpenZeppelin's `standard-v1`, and the trees of items built on them."""

from weilian.merkle.batch_tree import BatchTree, build_batch_tree
from weilian.merkle.item_proof import ItemProof, ItemProofError
from weilian.merkle.items import ItemRecord, batch_id
from weilian.merkle.multiproof import MultiProof
from weilian.merkle.nodes import MerkleError, process_proof
from weilian.merkle.standard import StandardMerkleTree

__all__ = [
    "BatchTree",
    "ItemProof",
    "ItemProofError",
    "ItemRecord",
    "MerkleError",
    "MultiProof",
    "StandardMerkleTree",
    "batch_id",
    "build_batch_tree",
    "process_proof",
]
