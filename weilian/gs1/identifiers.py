"""GTIN, GLN, SSCC, lot and serial as validated values (GS1 General Specifications)."""

import re
from dataclasses import dataclass

from weilian.gs1.charsets import NUMERIC, SET_82
from weilian.gs1.check_digits import check_digit_flaw
from weilian.gs1.errors import (
    Flaw,
    GlnError,
    Gs1Error,
    GtinError,
    LotError,
    SerialError,
    SsccError,
)

__all__ = [
    "CHARSET_82",
    "MAX_LENGTH",
    "Gln",
    "Gs1Error",
    "Gtin",
    "GtinError",
    "Lot",
    "LotError",
    "Serial",
    "SerialError",
    "Sscc",
]

CHARSET_82 = frozenset(SET_82.characters)
"""The GS1 AI encodable character set 82 (General Specifications, figure 7.11-1)."""

MAX_LENGTH = 20
_GTIN_LENGTHS = (8, 12, 13, 14)
_GLN_LENGTH = 13
_SSCC_LENGTH = 18
_AI82_TEXT = re.compile(f"[{re.escape(SET_82.characters)}]{{1,{MAX_LENGTH}}}")


@dataclass(frozen=True, slots=True, order=True)
class Gtin:
    """A GTIN-8, -12, -13 or -14 with a right check digit, held as 14 digits."""

    value: str

    def __post_init__(self) -> None:
        value = self.value
        found = NUMERIC.flaw(value)
        if found or len(value) not in _GTIN_LENGTHS:
            place = (found.offset if found else min(len(value), _GTIN_LENGTHS[-1])) + 1
            rule = "it must have 8, 12, 13 or 14 digits and nothing else"
            raise GtinError(value, rule, place)
        if not int(value):
            raise GtinError(value, "all zeros identify nothing")
        _raise_check_digit(value, GtinError)
        object.__setattr__(self, "value", value.zfill(_GTIN_LENGTHS[-1]))

    @classmethod
    def from_int(cls, number: int) -> "Gtin":
        """Read the number that stands on chain (uint64)."""
        return cls(f"{number:014d}")

    @property
    def length(self) -> int:
        """The digits of the shortest GTIN that this is: 8, 12, 13 or 14."""
        significant = len(self.value.lstrip("0"))
        return next(length for length in _GTIN_LENGTHS if significant <= length)

    @property
    def short(self) -> str:
        """The GTIN-8, -12, -13 or -14 without the zeros in front that make it 14 digits."""
        return self.value[-self.length :]

    @property
    def gtin8(self) -> str | None:
        """The GTIN-8, if it is one."""
        return self._as(8)

    @property
    def gtin12(self) -> str | None:
        """The GTIN-12, as on a UPC-A barcode, if its number is that short."""
        return self._as(12)

    @property
    def gtin13(self) -> str | None:
        """The GTIN-13, as on an EAN-13 barcode, if its number is that short."""
        return self._as(13)

    def __int__(self) -> int:
        return int(self.value)

    def __str__(self) -> str:
        return self.value

    def _as(self, length: int) -> str | None:
        return self.value[-length:] if self.length <= length else None


@dataclass(frozen=True, slots=True, order=True)
class Gln:
    """A Global Location Number of 13 digits with a right check digit, of a place or a party."""

    value: str

    def __post_init__(self) -> None:
        _check_digits(self.value, _GLN_LENGTH, GlnError)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class Sscc:
    """A Serial Shipping Container Code of 18 digits with a right check digit."""

    value: str

    def __post_init__(self) -> None:
        _check_digits(self.value, _SSCC_LENGTH, SsccError)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class Lot:
    """A batch or lot number (AI 10): 1 to 20 characters of set 82."""

    value: str

    def __post_init__(self) -> None:
        if not _AI82_TEXT.fullmatch(self.value):
            raise _ai82_error(self.value, LotError)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class Serial:
    """A serial number (AI 21): 1 to 20 characters of set 82."""

    value: str

    def __post_init__(self) -> None:
        if not _AI82_TEXT.fullmatch(self.value):
            raise _ai82_error(self.value, SerialError)

    def __str__(self) -> str:
        return self.value


def _ai82_error(value: str, error: type[Gs1Error]) -> Gs1Error:
    found = SET_82.flaw(value)
    if found:
        place = found.offset + 1
        character = value[found.offset]
        return error(value, f"character {character!r} at place {place} is not in GS1 set 82", place)
    place = min(len(value), MAX_LENGTH) + 1
    return error(value, f"it has {len(value)} characters, it must have 1 to {MAX_LENGTH}", place)


def _check_digits(value: str, length: int, error: type[Gs1Error]) -> None:
    found = NUMERIC.flaw(value)
    if found:
        raise error.of(value, found)
    if len(value) != length:
        rule = f"it has {len(value)} digits, it must have {length}"
        raise error.of(value, Flaw(min(len(value), length), rule))
    _raise_check_digit(value, error)


def _raise_check_digit(value: str, error: type[Gs1Error]) -> None:
    found = check_digit_flaw(value)
    if found:
        raise error(value, found.rule, found.offset + 1)
