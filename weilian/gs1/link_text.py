"""The parts of a Digital Link as they stand in its text: domain, path, query, fragment.

Sources: GS1 Digital Link Standard: URI Syntax 1.6 (ISO/IEC 18975), RFC 3986.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, NoReturn, Self

from weilian.gs1.application_identifiers import aliases, table
from weilian.gs1.errors import DigitalLinkError, Flaw
from weilian.gs1.percent_encoding import decode, encoded_offset, half_escape_flaw

CANONICAL_DOMAIN = "id.gs1.org"
DOMAIN_RULE = "the domain must look like 'example.com' or 'example.com/path'"

_PATH_CHARACTER = r"[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}"
_DOMAIN = re.compile(
    rf"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{{1,5}})?(/(?:{_PATH_CHARACTER})+)*", re.ASCII
)
_SCHEME = re.compile(r"https?://")
_STRANGE = re.compile(r"[^A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]")
_PARAMETER = re.compile(r"[^&;]+")
_NEEDS_KEY = "it needs a GS1 key, as '/01/' followed by a GTIN of 14 digits"


def is_domain(text: str) -> bool:
    """Tell whether a text can stand between `https://` and the path of keys."""
    return bool(_DOMAIN.fullmatch(text))


class Pair(NamedTuple):
    """A code and its value, still percent-encoded, with their offsets in the link's text."""

    code: str
    raw: str
    place: int
    value_place: int

    @property
    def value(self) -> str:
        """The value without percent-encoding."""
        return decode(self.raw)

    def place_of(self, offset: int) -> int:
        """Return where in the link's text a character of the decoded value stands."""
        return self.value_place + encoded_offset(self.raw, offset)


class _Segment(NamedTuple):
    text: str
    place: int


@dataclass(frozen=True, slots=True)
class LinkText:
    """A Digital Link taken apart, its values not judged yet.

    `text` lacks the fragment, which may be a secret; `domain` has the stem of the path; `path`
    begins with the key, and all its codes are known.
    """

    text: str
    domain: str
    path: tuple[Pair, ...]
    query: str
    query_place: int
    fragment: str

    @classmethod
    def parse(cls, text: str, *, allow_aliases: bool = False) -> Self:
        """Take a link apart at the right-most key of its path; raises DigitalLinkError."""
        link, _, fragment = text.partition("#")
        scheme = _SCHEME.match(link)
        if not scheme:
            _refuse(link, 0, "it must start with 'https://' in lower case")
        strange = _STRANGE.search(link)
        if strange:
            _refuse(link, strange.start(), f"character {strange[0]!r} must be percent-encoded")
        half_escape = half_escape_flaw(link)
        if half_escape:
            raise DigitalLinkError.of(link, half_escape)
        address, _, query = link.partition("?")
        segments = list(_segments(address, scheme.end()))
        key = _find_key(link, segments, allow_aliases)
        domain = "/".join(segment.text for segment in segments[:key])
        if not is_domain(domain):
            _refuse(link, scheme.end(), f"{DOMAIN_RULE}, in lower case")
        path = tuple(_pairs(segments[key:]))
        return cls(link, domain, path, query, len(address) + 1, fragment)

    def parameters(self) -> Iterator[Pair]:
        """Yield the parameters of the query; those without `=` or without a name have no code."""
        for found in _PARAMETER.finditer(self.query):
            name, equals, value = found[0].partition("=")
            place = self.query_place + found.start()
            if equals and name:
                yield Pair(name, value.replace("+", " "), place, place + len(name) + 1)
            else:
                yield Pair("", found[0], place, place)

    def refuse(self, place: int, rule: str) -> NoReturn:
        """Raise DigitalLinkError for what stands at an offset of the text."""
        _refuse(self.text, place, rule)


def _segments(address: str, start: int) -> Iterator[_Segment]:
    for text in address[start:].split("/"):
        yield _Segment(text, start)
        start += len(text) + 1


def _pairs(segments: list[_Segment]) -> Iterator[Pair]:
    for key, value in zip(segments[::2], segments[1::2], strict=True):
        yield Pair(aliases().get(key.text, key.text), value.text, key.place, value.place)


def _find_key(link: str, segments: list[_Segment], allow_aliases: bool) -> int:
    """Walk back from the end in pairs to the first that is a key, as only then stems may be any."""
    if not segments[-1].text and len(segments) > 1:
        _refuse(link, segments[-1].place, "the path must not end in '/'")
    for index in range(len(segments) - 2, 0, -2):
        segment = segments[index]
        if segment.text in aliases() and not allow_aliases:
            raise _alias_error(link, segment)
        known = table().get(aliases().get(segment.text, segment.text))
        if known is None:
            break
        if known.qualifiers is not None:
            return index
    raise _keyless_error(link, segments)


def _keyless_error(link: str, segments: list[_Segment]) -> DigitalLinkError:
    for index, segment in enumerate(segments[1:-1], start=1):
        known = table().get(segment.text)
        if known and known.qualifiers is not None and not known.flaw(segments[index + 1].text):
            return _tail_error(link, segments[index:])
    for segment in segments[1:]:
        if segment.text in aliases():
            return _alias_error(link, segment)
    return DigitalLinkError.of(link, Flaw(len(link), _NEEDS_KEY))


def _tail_error(link: str, tail: list[_Segment]) -> DigitalLinkError:
    """Say what is wrong behind a key."""
    if len(tail) % 2:
        rule = f"key '{tail[-1].text}' at the end has no value"
        return DigitalLinkError.of(link, Flaw(tail[-1].place, rule))
    strange = next(segment for segment in tail[2::2] if segment.text not in table())
    rule = f"key '{strange.text}' is no application identifier"
    return DigitalLinkError.of(link, Flaw(strange.place, rule))


def _alias_error(link: str, segment: _Segment) -> DigitalLinkError:
    rule = f"the alias '{segment.text}' is deprecated, write '{aliases()[segment.text]}'"
    return DigitalLinkError.of(link, Flaw(segment.place, rule))


def _refuse(text: str, offset: int, rule: str) -> NoReturn:
    raise DigitalLinkError.of(text, Flaw(offset, rule))
