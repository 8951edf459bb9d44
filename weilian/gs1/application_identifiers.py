"""Application identifiers (AIs): what each is called, how its value looks, what goes with it.

Titles and the need for separators come from biip; what it lacks is in application_identifiers.yaml.
Source: GS1 General Specifications, section 3.2.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

import yaml
from biip.gs1_application_identifiers import GS1ApplicationIdentifier

from weilian.gs1.charsets import CHARACTER_SETS, CharacterSet
from weilian.gs1.content_rules import RULES, Rule
from weilian.gs1.errors import ApplicationIdentifierError, ElementValueError, Flaw

_PART = re.compile(r"(\[)?([NXYZ])(\.\.)?(\d+)((?: [a-z-]+)*)\]?")
_DECIMAL_FAMILIES = ("31", "32", "33", "34", "35", "36", "39")


@dataclass(frozen=True, slots=True)
class Part:
    """A component of a value, such as N13 with a check digit."""

    characters: CharacterSet
    shortest: int
    longest: int
    optional: bool
    rules: tuple[Rule, ...]

    @classmethod
    def parse(cls, text: str) -> "Part":
        """Read the notation of application_identifiers.yaml, as `[N..12]`."""
        shaped = _PART.fullmatch(text)
        if not shaped:
            raise ApplicationIdentifierError(text, "this is no part of a value, at place 1")
        bracket, letter, open_length, length, rules = shaped.groups()
        return cls(
            characters=CHARACTER_SETS[letter],
            shortest=1 if open_length else int(length),
            longest=int(length),
            optional=bool(bracket),
            rules=tuple(RULES[name] for name in rules.split()),
        )

    def flaw(self, text: str) -> Flaw | None:
        """Say what is wrong with the part of a value that this describes."""
        if len(text) < self.shortest:
            rule = f"its last part has {len(text)} characters, it must have {self.shortest}"
            return Flaw(len(text), rule)
        found = self.characters.flaw(text)
        for rule_of in self.rules:
            found = found or rule_of(text)
        return found


@dataclass(frozen=True, slots=True, repr=False)
class ApplicationIdentifier:
    """One row of the GS1 table.

    `needs` are alternatives of codes that must stand beside it, `never` codes that must not; both
    hold beginnings of codes. `qualifiers` are the alternative chains that may follow it in a
    Digital Link where it is a primary key, else None. `separated` tells whether FNC1 must follow.
    """

    code: str
    parts: tuple[Part, ...]
    needs: tuple[tuple[str, ...], ...]
    never: tuple[str, ...]
    qualifiers: tuple[tuple[str, ...], ...] | None
    is_attribute: bool
    title: str
    description: str
    separated: bool
    shortest: int
    longest: int

    @classmethod
    def of(cls, code: str) -> "ApplicationIdentifier":
        """Look up a code; raises ApplicationIdentifierError."""
        known = table().get(code)
        if known is None:
            raise ApplicationIdentifierError(code, "GS1 has not assigned it, at place 1")
        return known

    def __repr__(self) -> str:
        return f"ApplicationIdentifier.of({self.code!r})"

    @property
    def decimal_places(self) -> int | None:
        """How many digits of a measure, an amount or a percentage stand after the point."""
        return int(self.code[3]) if self.code.startswith(_DECIMAL_FAMILIES) else None

    def flaw(self, value: str) -> Flaw | None:
        """Say what is wrong with a value, if anything is."""
        if not self.shortest <= len(value) <= self.longest:
            return Flaw(min(len(value), self.longest), self._length_rule(len(value)))
        start = 0
        for part in self.parts:
            text = value[start : start + part.longest]
            if not text and part.optional:
                break
            found = part.flaw(text)
            if found:
                return found.after(start)
            start += len(text)
        return None

    def check(self, value: str) -> None:
        """Raise ElementValueError for a value that is not allowed."""
        found = self.flaw(value)
        if found:
            place = found.offset + 1
            raise ElementValueError(
                value, f"{found.rule}, at place {place} of AI ({self.code})", place
            )

    def _length_rule(self, length: int) -> str:
        allowed = f"{self.shortest} to {self.longest}"
        if self.shortest == self.longest:
            allowed = str(self.longest)
        return f"it has {length} characters, it must have {allowed}"


@cache
def table() -> dict[str, ApplicationIdentifier]:
    """Return all application identifiers by code, in the order of codes."""
    text = resources.files(__package__).joinpath("application_identifiers.yaml").read_text("utf-8")
    found = {row.code: row for entry in yaml.safe_load(text) for row in _rows(entry)}
    return dict(sorted(found.items()))


@cache
def code_lengths() -> dict[str, int]:
    """Return how long a code is, by its first two digits."""
    return {code[:2]: len(code) for code in table()}


@cache
def aliases() -> dict[str, str]:
    """Return the codes behind the deprecated names that Digital Links once had."""
    text = resources.files(__package__).joinpath("application_identifiers.yaml").read_text("utf-8")
    entries = [entry for entry in yaml.safe_load(text) if "alias" in entry]
    return {alias: entry["codes"] for entry in entries for alias in entry["alias"].split()}


def _rows(entry: dict[str, Any]) -> Iterator[ApplicationIdentifier]:
    parts = tuple(Part.parse(text) for text in entry["parts"].split(", "))
    for code in _codes(entry["codes"]):
        known = GS1ApplicationIdentifier.extract(code)
        yield ApplicationIdentifier(
            code=code,
            parts=parts,
            needs=tuple(tuple(group.split("+")) for group in entry.get("needs", "").split()),
            never=_never(code, entry.get("never", "")),
            qualifiers=_chains(entry["key"]) if "key" in entry else None,
            is_attribute=entry.get("query", True),
            title=known.data_title,
            description=known.description,
            separated=known.separator_required,
            shortest=sum(part.shortest for part in parts if not part.optional),
            longest=sum(part.longest for part in parts),
        )


def _codes(patterns: str) -> Iterator[str]:
    for pattern in patterns.split():
        choices = [
            range(int(first), int(last) + 1) if first else digit
            for first, last, digit in re.findall(r"\[(\d)-(\d)\]|(\d)", pattern)
        ]
        yield from ("".join(map(str, digits)) for digits in product(*choices))


def _never(code: str, listed: str) -> tuple[str, ...]:
    return (code[:3],) if listed == "family" else tuple(listed.split())


def _chains(listed: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(chain.split()) for chain in listed.split("|"))
