"""GTIN, lot and serial as validated values (GS1 General Specifications)."""

import string
from dataclasses import dataclass

from biip.checksums import gs1_standard_check_digit

from weilian.errors import WeilianError

CHARSET_82 = frozenset(string.ascii_letters + string.digits + "!\"%&'()*+,-./:;<=>?_")
"""The GS1 AI encodable character set 82 (General Specifications, figure 7.11-1)."""

MAX_LENGTH = 20
_GTIN_LENGTHS = (8, 12, 13, 14)
_DIGITS = frozenset(string.digits)


class Gs1Error(WeilianError, ValueError):
    """An identity that GS1 does not allow; `rule` says what is wrong without the value."""

    name = "value"

    def __init__(self, value: str, rule: str) -> None:
        super().__init__(f"{self.name} {value!r}: {rule}")
        self.rule = rule


class GtinError(Gs1Error):
    """A GTIN that cannot exist."""

    name = "GTIN"


class LotError(Gs1Error):
    """A lot (AI 10) that GS1 does not allow."""

    name = "lot"


class SerialError(Gs1Error):
    """A serial (AI 21) that GS1 does not allow."""

    name = "serial"


@dataclass(frozen=True, slots=True, order=True)
class Gtin:
    """A GTIN-8, -12, -13 or -14 with a right check digit, held as 14 digits."""

    value: str

    def __post_init__(self) -> None:
        if len(self.value) not in _GTIN_LENGTHS or not set(self.value) <= _DIGITS:
            raise GtinError(self.value, "it must have 8, 12, 13 or 14 digits and nothing else")
        padded = self.value.zfill(14)
        if not int(padded):
            raise GtinError(self.value, "all zeros identify nothing")
        right = gs1_standard_check_digit(padded[:-1])
        if int(padded[-1]) != right:
            raise GtinError(self.value, f"check digit {padded[-1]} is wrong, it should be {right}")
        object.__setattr__(self, "value", padded)

    @classmethod
    def from_int(cls, number: int) -> "Gtin":
        """Read the number that stands on chain (uint64)."""
        return cls(f"{number:014d}")

    def __int__(self) -> int:
        return int(self.value)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class Lot:
    """A batch or lot number (AI 10): 1 to 20 characters of set 82."""

    value: str

    def __post_init__(self) -> None:
        _check_ai82(self.value, LotError)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class Serial:
    """A serial number (AI 21): 1 to 20 characters of set 82."""

    value: str

    def __post_init__(self) -> None:
        _check_ai82(self.value, SerialError)

    def __str__(self) -> str:
        return self.value


def _check_ai82(value: str, error: type[Gs1Error]) -> None:
    for position, character in enumerate(value, start=1):
        if character not in CHARSET_82:
            raise error(value, f"character {character!r} at place {position} is not in GS1 set 82")
    if not 1 <= len(value) <= MAX_LENGTH:
        raise error(value, f"it has {len(value)} characters, it must have 1 to {MAX_LENGTH}")
