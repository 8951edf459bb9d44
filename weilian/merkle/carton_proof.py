"""The public proof file of a carton: neighbouring items of a batch, shown by one multiproof."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import ConfigDict, Field

from weilian.merkle.batch_tree import BatchTree
from weilian.merkle.items import item_leaf, serial_commitment
from weilian.merkle.multiproof import MultiProof, MultiProofError, range_proof
from weilian.merkle.nodes import MAX_DEPTH, MerkleError
from weilian.merkle.proof_file import Address, Index, Node, ProofFile, SerialText

MAX_CARTON = 4096
"""Items of one file: more are a pallet, which is several cartons."""


class CartonProofError(MerkleError):
    """A carton's proof file that is malformed, or proves nothing."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"carton proof: {rule}")


@dataclass(frozen=True, slots=True)
class CartonItem:
    """What of an item is needed to hash its leaf, and to tell its serial."""

    __pydantic_config__ = ConfigDict(strict=True, extra="forbid")

    serial: SerialText
    salt: Node
    claim_key: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class CartonProof(ProofFile):
    """The items from index `first` on, and the path from their leaves to the batch's root.

    `proof` and `flags` are what OpenZeppelin's `MerkleProof.multiProofVerify` takes, with the
    leaves in the order of the items.
    """

    error: ClassVar[type[MerkleError]] = CartonProofError

    first: Index
    items: Annotated[tuple[CartonItem, ...], Field(min_length=1, max_length=MAX_CARTON)]
    proof: Annotated[tuple[Node, ...], Field(max_length=2 * MAX_DEPTH)]
    flags: Annotated[tuple[bool, ...], Field(max_length=MAX_CARTON + 2 * MAX_DEPTH)]

    @classmethod
    def of(cls, tree: BatchTree, first: int, last: int, gtin: str, lot: str) -> Self:
        """Prove the items from index `first` to `last`, itself included; `gtin` has 14 digits.

        Raises ItemIndexError, ProofKeysMissingError and CartonProofError.
        """
        if not 0 < last - first + 1 <= MAX_CARTON:
            raise CartonProofError(f"items {first} to {last}: it must be 1 to {MAX_CARTON} items")
        records = [tree.item_at(index) for index in range(first, last + 1)]
        path = range_proof(tree.levels, first, len(records))
        made = cls(
            chain_id=tree.head.chain_id,
            registry=tree.head.registry,
            batch_id=tree.head.batch_id,
            gtin=gtin,
            lot=lot,
            count=tree.count,
            root=tree.root,
            first=first,
            items=tuple(CartonItem(item.serial, item.salt, item.claim_key) for item in records),
            proof=path.proof,
            flags=path.flags,
        )
        made.check()
        return made

    @property
    def leaves(self) -> tuple[bytes, ...]:
        """The leaves of the items, in their order."""
        prefix = self.prefix
        return tuple(
            item_leaf(prefix, index, serial_commitment(item.salt, item.serial), item.claim_key)
            for index, item in enumerate(self.items, start=self.first)
        )

    def check(self) -> None:
        """Recompute batch name, leaves and root; raise CartonProofError if one differs.

        This shows that the file is whole. That its root is the registered one, only the chain says.
        """
        end = self.first + len(self.items)
        if end > self.count:
            raise CartonProofError(f"item {end - 1} is outside a batch of {self.count} items")
        self.check_product()
        try:
            root = MultiProof(
                tuple(range(self.first, end)), self.leaves, self.proof, self.flags
            ).root()
        except MultiProofError as error:
            raise CartonProofError(str(error)) from error
        self.check_root(root)
