r"""GS1 element strings: what barcodes carry (General Specifications, 7.8) and people read.

The readable form puts each application identifier in brackets: `(01)09521234001010(10)LOT-1`. As
values may hold brackets too, an opening bracket that belongs to a value is written `\(`; the
backslash is in no GS1 character set. In barcodes FNC1, which scanners send as the separator GS
(0x1D), ends each value whose length is not predefined.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, NoReturn, Self

from weilian.gs1.application_identifiers import ApplicationIdentifier, code_lengths, table
from weilian.gs1.elements import (
    Element,
    Misfit,
    find_misfit,
    find_repetition,
    find_unmeasured,
)
from weilian.gs1.errors import ElementStringError, Flaw

SEPARATOR = "\x1d"
"""FNC1 as scanners send it."""

SYMBOLOGIES = ("]C1", "]e0", "]d2", "]Q3", "]J1")
"""Symbology identifiers of GS1-128, GS1 DataBar, GS1 DataMatrix, GS1 QR Code and GS1 DotCode."""

_BRACKETED_CODE = re.compile(r"\(([0-9]{2,4})\)")
_OPENING = re.compile(r"(?<!\\)\(")
_CODE_BEGINNING = re.compile(r"[0-9]{2}")


class _Read(NamedTuple):
    """An element as it stands in a text: offsets count from 0, `raw` is not yet unescaped."""

    identifier: ApplicationIdentifier
    start: int
    value_start: int
    raw: str


@dataclass(frozen=True, slots=True)
class ElementString:
    """Elements that describe one physical thing, each application identifier once."""

    elements: tuple[Element, ...]

    @classmethod
    def parse(cls, text: str, *, check_pairs: bool = True) -> Self:
        """Read either form: with brackets if the text begins with one, else as scanned.

        `check_pairs` asks that required elements are there and excluded ones are not; leave it out
        where one carrier of several was read. Raises ElementStringError.
        """
        if text.startswith("("):
            return cls.parse_brackets(text, check_pairs=check_pairs)
        return cls.parse_scan(text, check_pairs=check_pairs)

    @classmethod
    def parse_brackets(cls, text: str, *, check_pairs: bool = True) -> Self:
        """Read the form with brackets; raises ElementStringError."""
        return cls._of(text, list(_read_brackets(text)), check_pairs)

    @classmethod
    def parse_scan(cls, text: str, *, check_pairs: bool = True) -> Self:
        """Read what a scanner sent, with or without symbology identifier.

        Raises ElementStringError.
        """
        return cls._of(text, list(_read_scan(text)), check_pairs)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], *, check_pairs: bool = True) -> Self:
        """Make an element string of codes and values.

        Raises ElementStringError, whose position counts in the form with brackets.
        """
        text = "".join(f"({code}){_escaped(value)}" for code, value in pairs)
        return cls.parse_brackets(text, check_pairs=check_pairs)

    @classmethod
    def _of(cls, text: str, reads: list[_Read], check_pairs: bool) -> Self:
        elements = [_element(text, read) for read in reads]
        if not elements:
            _refuse(text, 0, "it is empty")
        _refuse_misfit(text, reads, find_repetition(elements))
        if check_pairs:
            _refuse_misfit(text, reads, find_misfit(elements) or find_unmeasured(elements))
        return cls(tuple(dict.fromkeys(elements)))

    def __str__(self) -> str:
        return self.bracketed

    def __getitem__(self, code: str) -> str:
        return self.values[code]

    def __contains__(self, code: str) -> bool:
        return code in self.values

    @property
    def values(self) -> dict[str, str]:
        """The values by their application identifiers' codes."""
        return {element.code: element.value for element in self.elements}

    @property
    def bracketed(self) -> str:
        r"""The form with brackets; brackets that belong to values are written `\(`."""
        return "".join(f"({each.code}){_escaped(each.value)}" for each in self.elements)

    @property
    def human_readable(self) -> list[str]:
        """The human-readable interpretation (HRI), one `(01)...` for each element."""
        return [str(element) for element in self.elements]

    def in_message_order(self) -> Self:
        """Put elements of predefined length first, so that fewest separators are needed."""
        return type(self)(tuple(sorted(self.elements, key=lambda e: e.identifier.separated)))

    def scanned(self, symbology: str = "") -> str:
        """Return what a scanner would send, after one of SYMBOLOGIES if it is given.

        Raises ElementStringError for another symbology.
        """
        if symbology not in ("", *SYMBOLOGIES):
            _refuse(symbology, 0, _symbology_rule(symbology))
        ended = [f"{each.code}{each.value}{SEPARATOR}" for each in self.elements]
        kept = [
            text if each.identifier.separated else text.removesuffix(SEPARATOR)
            for each, text in zip(self.elements, ended, strict=True)
        ]
        return symbology + "".join(kept).removesuffix(SEPARATOR)


def _escaped(value: str) -> str:
    return value.replace("(", r"\(")


def _read_brackets(text: str) -> Iterator[_Read]:
    place = 0
    while place < len(text):
        code = _BRACKETED_CODE.match(text, place)
        if not code:
            rule = r"an application identifier in brackets must stand here, as (01)"
            _refuse(text, place, rule + r"; write \( for a bracket inside a value")
        following = _OPENING.search(text, code.end())
        end = following.start() if following else len(text)
        identifier = _identifier(text, code[1], place + 1)
        yield _Read(identifier, place, code.end(), text[code.end() : end])
        place = end


def _read_scan(text: str) -> Iterator[_Read]:
    place = 0
    if text.startswith("]"):
        if not text.startswith(SYMBOLOGIES):
            _refuse(text, 0, _symbology_rule(text[:3]))
        place = 3
    # NOTE: some scanners send the first FNC1 of a symbol, too.
    place += text.startswith(SEPARATOR, place)
    while place < len(text):
        if not _CODE_BEGINNING.match(text, place):
            _refuse(text, place, "an application identifier must stand here")
        length = code_lengths().get(text[place : place + 2], 2)
        identifier = _identifier(text, text[place : place + length], place)
        start = place + length
        end = _value_end(text, start, identifier)
        yield _Read(identifier, place, start, text[start:end])
        place = end + text.startswith(SEPARATOR, end)


def _value_end(text: str, start: int, identifier: ApplicationIdentifier) -> int:
    if not identifier.separated:
        return min(start + identifier.longest, len(text))
    end = text.find(SEPARATOR, start)
    return end if end >= 0 else len(text)


def _identifier(text: str, code: str, place: int) -> ApplicationIdentifier:
    known = table().get(code)
    if known is None:
        _refuse(text, place, f"GS1 has not assigned the application identifier {code!r}")
    return known


def _element(text: str, read: _Read) -> Element:
    value = read.raw.replace(r"\(", "(")
    found = read.identifier.flaw(value)
    if found:
        # NOTE: each escaped bracket before the place makes the text longer than the value.
        escapes = value[: found.offset].count("(") if text.startswith("(") else 0
        place = read.value_start + found.offset + escapes
        _refuse(text, place, f"AI ({read.identifier.code}): {found.rule}")
    return Element(read.identifier, value)


def _refuse_misfit(text: str, reads: list[_Read], misfit: Misfit | None) -> None:
    if misfit:
        _refuse(text, reads[misfit.index].start, misfit.rule)


def _symbology_rule(symbology: str) -> str:
    return f"symbology {symbology!r} carries no element strings, {', '.join(SYMBOLOGIES)} do"


def _refuse(text: str, offset: int, rule: str) -> NoReturn:
    raise ElementStringError.of(text, Flaw(offset, rule))
