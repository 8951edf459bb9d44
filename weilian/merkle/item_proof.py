"""The public proof file of one item: all a shopper needs to check it against the chain."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from eth_utils.address import is_checksum_address, to_checksum_address
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
)

from weilian.errors import describe_validation
from weilian.files import write_atomic
from weilian.gs1 import Gtin, Lot, Serial
from weilian.merkle.items import item_leaf, leaf_prefix, product_hash, serial_commitment
from weilian.merkle.nodes import MerkleError, parse_node, process_proof

MAX_DEPTH = 32


class ItemProofError(MerkleError):
    """A proof file that is malformed or proves nothing."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"item proof: {rule}")


def _checked_address(value: str) -> str:
    if not is_checksum_address(value):
        raise ValueError("must be a checksum address")
    return value


Node = Annotated[
    bytes, BeforeValidator(parse_node), PlainSerializer(lambda node: f"0x{node.hex()}")
]
"""32 bytes, `0x` hex in JSON."""

Address = Annotated[str, AfterValidator(_checked_address)]
"""A checksum address."""

SerialText = Annotated[str, AfterValidator(lambda value: Serial(value).value)]
"""A serial (AI 21)."""


@dataclass(frozen=True, slots=True)
class ItemProof:
    """One item, its place in a batch, and the path to the batch's root on chain."""

    __pydantic_config__ = ConfigDict(strict=True, extra="forbid")

    chain_id: Annotated[int, Field(gt=0, lt=2**64)]
    registry: Address
    batch_id: Node
    gtin: Annotated[str, AfterValidator(lambda value: Gtin(value).value)]
    lot: Annotated[str, AfterValidator(lambda value: Lot(value).value)]
    serial: SerialText
    index: Annotated[int, Field(ge=0, lt=2**MAX_DEPTH)]
    salt: Node
    serial_commitment: Node
    claim_key: Address
    proof: Annotated[tuple[Node, ...], Field(max_length=MAX_DEPTH)]
    count: Annotated[int, Field(gt=0, le=2**MAX_DEPTH)]
    root: Node

    @property
    def issuer(self) -> str:
        """The issuer's address, which is the front of the batch id."""
        return to_checksum_address(self.batch_id[:20])

    @property
    def leaf(self) -> bytes:
        """The hash of this item's leaf."""
        prefix = leaf_prefix(self.chain_id, self.registry, self.batch_id)
        return item_leaf(prefix, self.index, self.serial_commitment, self.claim_key)

    def check(self) -> None:
        """Recompute batch name, commitment, leaf and root; raise ItemProofError if one differs.

        This shows that the file is whole. That its root is the registered one, only the chain says.
        """
        if self.index >= self.count:
            raise ItemProofError(f"index {self.index} is outside a batch of {self.count} items")
        if self.batch_id[20:] != product_hash(int(self.gtin), self.lot):
            raise ItemProofError(f"GTIN {self.gtin} and lot {self.lot!r} do not give its batch id")
        if self.serial_commitment != serial_commitment(self.salt, self.serial):
            raise ItemProofError(f"serial {self.serial!r} and the salt do not give its commitment")
        if len(self.proof) != (self.count - 1).bit_length():
            raise ItemProofError(
                f"{len(self.proof)} nodes do not fit a batch of {self.count} items"
            )
        if process_proof(self.leaf, self.proof) != self.root:
            raise ItemProofError(f"its path does not lead to the root 0x{self.root.hex()}")

    def to_json(self) -> str:
        """Return the text of the proof file."""
        return _ADAPTER.dump_json(self, indent=2).decode() + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a proof file; raise ItemProofError if it is malformed. Follow with `check`."""
        try:
            return _ADAPTER.validate_json(text)  # type: ignore[return-value]  # the class itself
        except ValidationError as error:
            raise ItemProofError(describe_validation(error)) from error

    def save(self, path: Path) -> None:
        """Write the proof file."""
        write_atomic(path, self.to_json().encode())


_ADAPTER = TypeAdapter(ItemProof)
