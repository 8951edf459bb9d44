"""Small JSON files that people hand to each other: read strictly, written whole or not at all."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from pydantic import ConfigDict, TypeAdapter, ValidationError

from weilian.errors import WeilianError, describe_validation
from weilian.files import write_atomic


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonFile:
    """The base of dataclasses that are files; a subclass names the `error` of a bad file."""

    __pydantic_config__ = ConfigDict(strict=True, extra="forbid")
    error: ClassVar[type[WeilianError]]
    noun: ClassVar[str]
    """What messages call the file."""

    mode: ClassVar[int] = 0o644
    """The permissions of the file."""

    def to_json(self) -> str:
        """Return the file's text."""
        return TypeAdapter(type(self)).dump_json(self, indent=2).decode() + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read the file's text; raise the file's error if it is malformed."""
        try:
            return TypeAdapter(cls).validate_json(text)
        except ValidationError as error:
            raise cls.error(f"{cls.noun}: {describe_validation(error)}") from error

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file; raise the file's error if it cannot be read or is malformed."""
        try:
            return cls.from_json(path.read_bytes())
        except OSError as error:
            raise cls.error(f"cannot read the {cls.noun} {path}: {error.strerror}") from error

    def save(self, path: Path) -> None:
        """Write the file; raises FileWriteError."""
        write_atomic(path, self.to_json().encode(), mode=self.mode)
