"""GS1 Digital Link URIs of items (ISO/IEC 18975; GS1 Digital Link Standard: URI Syntax).

The outer label carries `https://<domain>/01/<gtin>/10/<lot>/21/<serial>`. The hidden label adds the
claim code as the fragment, which a browser never sends to a server. Links with other keys are
`LinkUri`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self, TypeVar
from urllib.parse import quote, unquote

from weilian.gs1.errors import DigitalLinkError, Gs1Error
from weilian.gs1.identifiers import Gtin, Lot, Serial
from weilian.gs1.link_text import CANONICAL_DOMAIN, DOMAIN_RULE, LinkText, Pair, is_domain
from weilian.gs1.percent_encoding import encode

__all__ = ["CANONICAL_DOMAIN", "DigitalLink", "DigitalLinkError"]

_GTIN_14 = re.compile(r"[0-9]{14}")
_QUALIFIERS = ("10", "21")

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """The address of a product, a lot or one item, and the hidden code where one was scanned."""

    gtin: Gtin
    lot: Lot | None = None
    serial: Serial | None = None
    domain: str = CANONICAL_DOMAIN
    hidden_code: str | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not is_domain(self.domain):
            raise DigitalLinkError(self.domain, f"{DOMAIN_RULE}, at place 1")

    @classmethod
    def parse(cls, text: str, *, allow_aliases: bool = False) -> Self:
        """Read a Digital Link; the query is ignored, as it identifies nothing.

        The right-most key counts, so a path stem before it may hold anything. `allow_aliases` takes
        the deprecated names, as `/gtin/`. Raises DigitalLinkError, GtinError, LotError or
        SerialError; positions count in the link.
        """
        link = LinkText.parse(text, allow_aliases=allow_aliases)
        key = link.path[0]
        if key.code != "01" or not _GTIN_14.fullmatch(key.raw):
            link.refuse(key.value_place, "it needs '/01/' followed by a GTIN of 14 digits")
        qualifiers = _qualifiers(link)
        return cls(
            gtin=_valued(Gtin, key),
            lot=_valued(Lot, qualifiers["10"]) if "10" in qualifiers else None,
            serial=_valued(Serial, qualifiers["21"]) if "21" in qualifiers else None,
            domain=link.domain,
            hidden_code=unquote(link.fragment) or None,
        )

    def __str__(self) -> str:
        return f"https://{self.domain}{self.path}"

    @property
    def path(self) -> str:
        """The path below the domain, percent-encoded, with the keys in the standard's order."""
        return "".join(f"/{key}/{encode(value)}" for key, value in self._elements())

    @property
    def canonical(self) -> str:
        """The same identity under https://id.gs1.org."""
        return f"https://{CANONICAL_DOMAIN}{self.path}"

    @property
    def human_readable(self) -> list[str]:
        """The human-readable interpretation (HRI), one `(01)...` for each element."""
        return [f"({key}){value}" for key, value in self._elements()]

    def with_code(self, code: str) -> str:
        """Build the link of the hidden label: whoever reads it can claim the item."""
        return f"{self}#{quote(code, safe='')}"

    def _elements(self) -> Iterator[tuple[str, str]]:
        yield "01", self.gtin.value
        if self.lot:
            yield "10", self.lot.value
        if self.serial:
            yield "21", self.serial.value


def _qualifiers(link: LinkText) -> dict[str, Pair]:
    found: dict[str, Pair] = {}
    for pair in link.path[1:]:
        if pair.code not in _QUALIFIERS or any(earlier >= pair.code for earlier in found):
            rule = f"key '{pair.code}' cannot stand there; only /10/<lot> and then /21/<serial>"
            link.refuse(pair.place, rule)
        found[pair.code] = pair
    return found


def _valued(kind: Callable[[str], _Value], pair: Pair) -> _Value:
    try:
        return kind(pair.value)
    except Gs1Error as error:
        place = pair.place_of(error.position - 1) + 1
        raise type(error)(error.value, error.rule, place) from None
