"""Elements, application identifiers with their values, and which of them go together.

Source: General Specifications, 4.13 (required) and 4.14 (excluded) associations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from weilian.gs1.application_identifiers import ApplicationIdentifier

_TRADE_ITEMS = ("01", "02")
_VARIABLE = "9"
_MEASURE_FAMILIES = ("31", "32", "35", "36")
_TRADE_MEASURES = ("30", *_MEASURE_FAMILIES, "8001")


@dataclass(frozen=True, slots=True)
class Element:
    """An application identifier and a value that it allows.

    Raises ElementValueError. `str()` is the human-readable interpretation, as `(10)LOT-1`.
    """

    identifier: ApplicationIdentifier
    value: str

    def __post_init__(self) -> None:
        self.identifier.check(self.value)

    @classmethod
    def of(cls, code: str, value: str) -> Self:
        """Make an element; raises ApplicationIdentifierError or ElementValueError."""
        return cls(ApplicationIdentifier.of(code), value)

    @property
    def code(self) -> str:
        """The application identifier's code."""
        return self.identifier.code

    def __str__(self) -> str:
        return f"({self.code}){self.value}"


@dataclass(frozen=True, slots=True)
class Misfit:
    """An element that does not go with the others; `index` counts from 0."""

    index: int
    rule: str


def find_misfit(elements: Sequence[Element]) -> Misfit | None:
    """Return the first element that lacks another, or that must not stand beside another."""
    codes = [element.code for element in elements]
    for index, element in enumerate(elements):
        rule = _excluded(element, codes) or _missing(element, codes)
        if rule:
            return Misfit(index, rule)
    return None


def find_repetition(elements: Sequence[Element]) -> Misfit | None:
    """Return the first element whose application identifier had another value before."""
    values: dict[str, str] = {}
    for index, element in enumerate(elements):
        first = values.setdefault(element.code, element.value)
        if first != element.value:
            return Misfit(
                index, f"AI ({element.code}) occurs with another value, {first!r}, before"
            )
    return None


def find_unmeasured(elements: Sequence[Element]) -> Misfit | None:
    """Return a GTIN of variable measure, which begins with 9, where no measure is told."""
    codes = [element.code for element in elements]
    if any(code.startswith(_TRADE_MEASURES) for code in codes):
        return None
    for index, element in enumerate(elements):
        if element.code in _TRADE_ITEMS and element.value.startswith(_VARIABLE):
            rule = f"AI ({element.code}) with a GTIN that begins with 9 needs a measure, as (3103)"
            return Misfit(index, rule)
    return None


def _excluded(element: Element, codes: Sequence[str]) -> str | None:
    for beginning in element.identifier.never:
        other = _beside(element.code, beginning, codes)
        if other:
            return f"AI ({element.code}) must not stand beside ({other})"
    return None


def _missing(element: Element, codes: Sequence[str]) -> str | None:
    needs = element.identifier.needs
    if not needs or any(_all_beside(element.code, group, codes) for group in needs):
        return None
    wanted = " or ".join(" with ".join(map(_shown, group)) for group in needs)
    return f"AI ({element.code}) must stand beside {wanted}"


def _all_beside(code: str, beginnings: Sequence[str], codes: Sequence[str]) -> bool:
    return all(_beside(code, beginning, codes) for beginning in beginnings)


def _beside(code: str, beginning: str, codes: Sequence[str]) -> str | None:
    # NOTE: an element is not its own companion, even where it begins as wanted.
    return next((c for c in codes if c != code and c.startswith(beginning)), None)


def _shown(beginning: str) -> str:
    return f"({beginning}nn)" if beginning in _MEASURE_FAMILIES else f"({beginning})"
