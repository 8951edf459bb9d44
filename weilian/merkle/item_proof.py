"""The public proof file of one item: all a shopper needs to check it against the chain."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from weilian.merkle.items import KeyKind, item_leaf, serial_commitment
from weilian.merkle.nodes import MAX_DEPTH, MerkleError, process_proof
from weilian.merkle.proof_file import Address, Index, Node, ProofFile, SerialText


class ItemProofError(MerkleError):
    """A proof file that is malformed or proves nothing."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"item proof: {rule}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProof(ProofFile):
    """One item, its place in a batch, and the path to the batch's root on chain."""

    error: ClassVar[type[MerkleError]] = ItemProofError

    serial: SerialText
    index: Index
    salt: Node
    serial_commitment: Node
    claim_key: Address
    proof: Annotated[tuple[Node, ...], Field(max_length=MAX_DEPTH)]
    key_kind: KeyKind = KeyKind.HIDDEN_CODE

    @property
    def leaf(self) -> bytes:
        """The hash of this item's leaf."""
        return item_leaf(
            self.prefix, self.index, self.serial_commitment, self.claim_key, self.key_kind
        )

    def check(self) -> None:
        """Recompute batch name, commitment, leaf and root; raise ItemProofError if one differs.

        This shows that the file is whole. That its root is the registered one, only the chain says.
        """
        if self.index >= self.count:
            raise ItemProofError(f"index {self.index} is outside a batch of {self.count} items")
        self.check_product()
        if self.serial_commitment != serial_commitment(self.salt, self.serial):
            raise ItemProofError(f"serial {self.serial!r} and the salt do not give its commitment")
        if len(self.proof) != (self.count - 1).bit_length():
            raise ItemProofError(
                f"{len(self.proof)} nodes do not fit a batch of {self.count} items"
            )
        self.check_root(process_proof(self.leaf, self.proof))
