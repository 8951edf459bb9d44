"""A batch described instead of listed: product, how many items, how their serials are drawn."""

from datetime import date
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from weilian.batchfile import BatchFile, read_batch_file, read_date
from weilian.errors import WeilianError, describe_validation
from weilian.gs1 import Gtin, Lot, Serial
from weilian.progress import Progress
from weilian.serials import RANDOM_LENGTH, SERIAL_WIDTH, SerialRule

MAX_ITEMS = (1 << 32) - 1
MIN_RANDOM_LENGTH = 12
"""60 bits, and a hundred million items still differ by themselves nearly always."""

SUFFIXES = (".yaml", ".yml")


class BatchSpecError(WeilianError, ValueError):
    """A description that does not describe a batch."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{path.name}: {rule}")


def _prefix(value: str) -> str:
    return Serial(value).value if value else value


def _date(value: object) -> object:
    # NOTE: YAML itself reads 2026-05-20 as a date; text in quotes comes here too.
    return read_date(value) if isinstance(value, str) else value


_Prefix = Annotated[str, AfterValidator(_prefix)]
_Date = Annotated[date | None, BeforeValidator(_date)]


class _Random(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    length: Annotated[int, Field(ge=MIN_RANDOM_LENGTH, le=SERIAL_WIDTH)] = RANDOM_LENGTH
    prefix: _Prefix = ""


class _Sequence(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    digits: Annotated[int, Field(ge=1, le=SERIAL_WIDTH)]
    start: Annotated[int, Field(ge=0)] = 1
    prefix: _Prefix = ""


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
    count: Annotated[int, Field(ge=1, le=MAX_ITEMS)]
    production_date: _Date = None
    expiry_date: _Date = None
    serials: _Serials = _Serials()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        produced, expiry = self.production_date, self.expiry_date
        if produced and expiry and expiry <= produced:
            raise ValueError(f"expiry_date must be after the production date {produced}")
        counted = self.serials.sequence
        if counted and len(str(counted.start + self.count - 1)) > counted.digits:
            raise ValueError(f"{self.count} serials do not fit in {counted.digits} digits")
        chosen = counted or self.serials.random or _Random()
        width = chosen.digits if isinstance(chosen, _Sequence) else chosen.length
        if len(chosen.prefix) + width > SERIAL_WIDTH:
            raise ValueError(
                f"prefix {chosen.prefix!r} and {width} characters are more than the "
                f"{SERIAL_WIDTH} of a serial"
            )
        return self

    def rule(self) -> SerialRule:
        """Return how the serials are drawn; at random if nothing is said."""
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
    try:
        spec = _Spec.model_validate(yaml.safe_load(path.read_bytes()))
    except OSError as error:
        raise BatchSpecError(path, error.strerror or str(error)) from error
    except yaml.YAMLError as error:
        raise BatchSpecError(path, f"not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise BatchSpecError(path, describe_validation(error)) from error
    return BatchFile(
        Gtin(spec.gtin), Lot(spec.lot), spec.production_date, spec.expiry_date, spec.rule()
    )


def read_batch(path: Path, progress: Progress | None = None) -> BatchFile:
    """Read a batch from its list (CSV) or from its description (.yaml, .yml)."""
    if path.suffix.lower() in SUFFIXES:
        return read_batch_spec(path)
    return read_batch_file(path, progress)
