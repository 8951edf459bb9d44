"""A batch described instead of listed: product, how many items, how their serials are drawn."""

from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

from weilian.batchfile import BatchFile, expiry_flaw, read_batch_file, read_date
from weilian.errors import WeilianError
from weilian.gs1 import Gtin, Lot
from weilian.progress import Progress
from weilian.serials import RANDOM_LENGTH, SerialRule
from weilian.yamlfile import read_yaml

SUFFIXES = (".yaml", ".yml")


class BatchSpecError(WeilianError, ValueError):
    """A description that does not describe a batch."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{path.name}: {rule}")


def _date(value: object) -> object:
    return read_date(value) if isinstance(value, str) else value


_Date = Annotated[date | None, BeforeValidator(_date)]


class _Random(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    length: int = RANDOM_LENGTH
    prefix: str = ""


class _Sequence(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    digits: int
    start: int = 1
    prefix: str = ""


class _Serials(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    random: _Random | None = None
    sequence: _Sequence | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.random and self.sequence:
            raise ValueError("choose one of random and sequence")
        return self


class _Spec(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    gtin: Annotated[str, AfterValidator(lambda value: Gtin(value).value)]
    lot: Annotated[str, AfterValidator(lambda value: Lot(value).value)]
    count: int
    production_date: _Date = None
    expiry_date: _Date = None
    serials: _Serials = _Serials()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if flaw := expiry_flaw(self.production_date, self.expiry_date):
            raise ValueError(f"expiry_date {flaw}")
        self.rule()
        return self

    def rule(self) -> SerialRule:
        """Return how the serials are drawn; at random if nothing is said.

        Raises SerialRuleError and SerialError.
        """
        counted = self.serials.sequence
        if counted:
            return SerialRule(
                self.count, counted.prefix, digits=counted.digits, start=counted.start
            )
        chosen = self.serials.random or _Random()
        return SerialRule(self.count, chosen.prefix, chosen.length)


def read_batch_spec(path: Path) -> BatchFile:
    """Read a YAML description; raises BatchSpecError.

    `gtin` (text), `lot`, `count`, and if wanted `production_date`, `expiry_date`, `serials`:
    `random: {length, prefix}` (what is taken if nothing is said) or `sequence: {prefix, start,
    digits}`, which tells everyone how many items there are.
    """
    spec = read_yaml(path, _Spec, BatchSpecError)
    return BatchFile(
        Gtin(spec.gtin), Lot(spec.lot), spec.production_date, spec.expiry_date, spec.rule()
    )


def read_batch(path: Path, progress: Progress | None = None) -> BatchFile:
    """Read a batch from its list (CSV) or from its description (.yaml, .yml)."""
    if path.suffix.lower() in SUFFIXES:
        return read_batch_spec(path)
    return read_batch_file(path, progress)
