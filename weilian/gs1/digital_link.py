"""GS1 Digital Link URIs of items (ISO/IEC 18975; GS1 Digital Link Standard: URI Syntax).

The outer label carries `https://<domain>/01/<gtin>/10/<lot>/21/<serial>`. The hidden label adds the
claim code as the fragment, which a browser never sends to a server.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, quote, unquote, urlsplit

from weilian.errors import WeilianError
from weilian.gs1.identifiers import Gtin, Lot, Serial

CANONICAL_DOMAIN = "id.gs1.org"
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(/[A-Za-z0-9._~-]+)*")
_ALIASES = {"gtin": "01", "cpv": "22", "lot": "10", "ser": "21"}


class DigitalLinkError(WeilianError, ValueError):
    """A text that is no Digital Link of an item; the fragment is never repeated."""

    def __init__(self, value: str, rule: str) -> None:
        super().__init__(f"Digital Link {value.partition('#')[0]!r}: {rule}")


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """The address of a product, a lot or one item, and the hidden code where one was scanned."""

    gtin: Gtin
    lot: Lot | None = None
    serial: Serial | None = None
    domain: str = CANONICAL_DOMAIN
    hidden_code: str | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _DOMAIN.fullmatch(self.domain):
            raise DigitalLinkError(
                self.domain, "the domain must look like 'example.com' or 'example.com/path'"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a Digital Link; the query is ignored, as it identifies nothing.

        The right-most `/01/` counts, so a path stem before it may hold anything. Raises
        DigitalLinkError, GtinError, LotError or SerialError.
        """
        parts = _split(text)
        segments = parts.path.split("/")[1:]
        start = _key_position(text, segments)
        qualifiers = _qualifiers(text, segments[start + 2 :])
        return cls(
            gtin=Gtin(segments[start + 1]),
            lot=Lot(qualifiers["10"]) if "10" in qualifiers else None,
            serial=Serial(qualifiers["21"]) if "21" in qualifiers else None,
            domain="/".join([parts.netloc, *segments[:start]]),
            hidden_code=unquote(parts.fragment) or None,
        )

    def __str__(self) -> str:
        return f"https://{self.domain}{self.path}"

    @property
    def path(self) -> str:
        """The path below the domain, percent-encoded, with the keys in the standard's order."""
        return "".join(f"/{key}/{quote(value, safe='')}" for key, value in self._elements())

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


def _split(text: str) -> SplitResult:
    if not text.startswith(("https://", "http://")):
        raise DigitalLinkError(text, "it must start with 'https://' in lower case")
    try:
        return urlsplit(text)
    except ValueError as error:
        raise DigitalLinkError(text, str(error)) from error


def _key_position(text: str, segments: list[str]) -> int:
    for position in range(len(segments) - 2, -1, -1):
        if segments[position] == "01" and re.fullmatch(r"\d{14}", segments[position + 1], re.A):
            return position
    for alias in _ALIASES:
        if alias in segments:
            raise _deprecated(text, alias)
    raise DigitalLinkError(text, "it needs '/01/' followed by a GTIN of 14 digits")


def _qualifiers(text: str, segments: list[str]) -> dict[str, str]:
    if len(segments) % 2:
        raise DigitalLinkError(text, f"key '{segments[-1]}' at the end has no value")
    found: dict[str, str] = {}
    for key, value in zip(segments[::2], segments[1::2], strict=True):
        if key in _ALIASES:
            raise DigitalLinkError(
                text, f"the alias '{key}' is deprecated, write '{_ALIASES[key]}'"
            )
        if key not in ("10", "21") or any(earlier >= key for earlier in found):
            raise DigitalLinkError(
                text, f"key '{key}' cannot stand there; only /10/<lot> and then /21/<serial>"
            )
        found[key] = unquote(value)
    return found


def _deprecated(text: str, alias: str) -> DigitalLinkError:
    return DigitalLinkError(text, f"the alias '{alias}' is deprecated, write '{_ALIASES[alias]}'")
