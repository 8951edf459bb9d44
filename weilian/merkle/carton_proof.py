"""The public proof file of a carton: neighbouring items of a batch, shown by one multiproof."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError

from weilian.errors import describe_validation
from weilian.files import write_atomic
from weilian.gs1 import Gtin, Lot
from weilian.merkle.batch_tree import BatchTree
from weilian.merkle.item_proof import MAX_DEPTH, Address, Node, SerialText
from weilian.merkle.items import item_leaf, leaf_prefix, product_hash, serial_commitment
from weilian.merkle.multiproof import MultiProof, MultiProofError, range_proof
from weilian.merkle.nodes import MerkleError

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


@dataclass(frozen=True, slots=True)
class CartonProof:
    """The items from index `first` on, and the path from their leaves to the batch's root.

    `proof` and `flags` are what OpenZeppelin's `MerkleProof.multiProofVerify` takes, with the
    leaves in the order of the items.
    """

    __pydantic_config__ = ConfigDict(strict=True, extra="forbid")

    chain_id: Annotated[int, Field(gt=0, lt=2**64)]
    registry: Address
    batch_id: Node
    gtin: Annotated[str, AfterValidator(lambda value: Gtin(value).value)]
    lot: Annotated[str, AfterValidator(lambda value: Lot(value).value)]
    count: Annotated[int, Field(gt=0, le=2**MAX_DEPTH)]
    root: Node
    first: Annotated[int, Field(ge=0, lt=2**MAX_DEPTH)]
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
        prefix = leaf_prefix(self.chain_id, self.registry, self.batch_id)
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
        if self.batch_id[20:] != product_hash(int(self.gtin), self.lot):
            raise CartonProofError(
                f"GTIN {self.gtin} and lot {self.lot!r} do not give its batch id"
            )
        try:
            root = MultiProof(
                tuple(range(self.first, end)), self.leaves, self.proof, self.flags
            ).root()
        except MultiProofError as error:
            raise CartonProofError(str(error)) from error
        if root != self.root:
            raise CartonProofError(f"its path does not lead to the root 0x{self.root.hex()}")

    def to_json(self) -> str:
        """Return the text of the proof file."""
        return _ADAPTER.dump_json(self, indent=2).decode() + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a proof file; raise CartonProofError if it is malformed. Follow with `check`."""
        try:
            return _ADAPTER.validate_json(text)  # type: ignore[return-value]  # the class itself
        except ValidationError as error:
            raise CartonProofError(describe_validation(error)) from error

    def save(self, path: Path) -> None:
        """Write the proof file."""
        write_atomic(path, self.to_json().encode())


_ADAPTER = TypeAdapter(CartonProof)
