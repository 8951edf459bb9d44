"""What the public proof files have in common: the batch they are of, and how they are written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from eth_utils.address import is_checksum_address
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
from weilian.merkle.items import issuer_of, leaf_prefix, product_hash
from weilian.merkle.nodes import MAX_DEPTH, MerkleError, parse_node


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

GtinText = Annotated[str, AfterValidator(lambda value: Gtin(value).value)]
"""A GTIN, read in any length and kept as 14 digits."""

LotText = Annotated[str, AfterValidator(lambda value: Lot(value).value)]
"""A lot (AI 10)."""

SerialText = Annotated[str, AfterValidator(lambda value: Serial(value).value)]
"""A serial (AI 21)."""

Index = Annotated[int, Field(ge=0, lt=2**MAX_DEPTH)]
"""The place of an item in its batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFile:
    """Which batch a proof is of, by the root that is registered for it."""

    __pydantic_config__ = ConfigDict(strict=True, extra="forbid")
    error: ClassVar[type[MerkleError]]
    """What a malformed file raises."""

    chain_id: Annotated[int, Field(gt=0, lt=2**64)]
    registry: Address
    batch_id: Node
    gtin: GtinText
    lot: LotText
    count: Annotated[int, Field(gt=0, le=2**MAX_DEPTH)]
    root: Node

    @property
    def issuer(self) -> str:
        """The issuer's address, which is the front of the batch id."""
        return issuer_of(self.batch_id)

    @property
    def prefix(self) -> bytes:
        """The first three words of each leaf of the batch."""
        return leaf_prefix(self.chain_id, self.registry, self.batch_id)

    def check_product(self) -> None:
        """Raise the file's error unless GTIN and lot are those that the batch id names."""
        if self.batch_id[20:] != product_hash(int(self.gtin), self.lot):
            raise self.error(f"GTIN {self.gtin} and lot {self.lot!r} do not give its batch id")

    def check_root(self, root: bytes) -> None:
        """Raise the file's error unless its path led to its root."""
        if root != self.root:
            raise self.error(f"its path does not lead to the root 0x{self.root.hex()}")

    def to_json(self) -> str:
        """Return the text of the proof file."""
        return self._adapter().dump_json(self, indent=2).decode() + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a proof file; raise the file's error if it is malformed. Follow with `check`."""
        try:
            made: Self = cls._adapter().validate_json(text)
        except ValidationError as error:
            raise cls.error(describe_validation(error)) from error
        return made

    def save(self, path: Path) -> None:
        """Write the proof file; raises FileWriteError."""
        write_atomic(path, self.to_json().encode())

    @classmethod
    def _adapter(cls) -> TypeAdapter[Any]:
        name = cls.__name__
        if name not in _ADAPTERS:
            _ADAPTERS[name] = TypeAdapter(cls)
        return _ADAPTERS[name]


_ADAPTERS: dict[str, TypeAdapter[Any]] = {}
"""Made once for each kind of file: making one takes longer than reading a file."""
