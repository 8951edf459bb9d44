"""EPC URNs (EPC Tag Data Standard 2.0) and Digital Links, each from the other.

A URN tells where the company prefix ends and a Digital Link does not, so a URN becomes a link
always and a link becomes a URN only with the length of the prefix.
"""

import re
from collections.abc import Iterable
from typing import NoReturn

from weilian.gs1.application_identifiers import ApplicationIdentifier
from weilian.gs1.canonical_link import canonical_link
from weilian.gs1.charsets import NUMERIC
from weilian.gs1.content_rules import RULES
from weilian.gs1.digital_link import DigitalLink
from weilian.gs1.elements import Element
from weilian.gs1.epc_schemes import (
    ANY,
    FINEST_QUALIFIERS,
    IN_KEY,
    PIECE_LENGTH,
    PREFIX_LENGTHS,
    SCHEMES,
    Scheme,
)
from weilian.gs1.errors import EpcError, Flaw
from weilian.gs1.link_uri import LinkUri
from weilian.gs1.percent_encoding import decode, encoded_offset, half_escape_flaw

__all__ = ["canonical_link", "from_urn", "to_urn"]

_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.+)", re.DOTALL)
_PATTERN = "idpat"
_RESERVED = re.compile(r'["&/<>?#]')
_TO_ESCAPE = re.compile(r'["%&/<>?#]')
_LONGEST_TEXT_KEY = 30


class _UrnParts:
    """The parts of a URN with their offsets, to be read from the left."""

    def __init__(self, urn: str, start: int, scheme: Scheme) -> None:
        self.urn = urn
        self.scheme = scheme
        # NOTE: dots separate the parts; only the last may hold one itself.
        self.raw = urn[start:].split(".", scheme.part_count - 1)
        self.places = [
            start + sum(len(part) + 1 for part in self.raw[:n]) for n in range(len(self.raw))
        ]
        if len(self.raw) != scheme.part_count:
            rule = f"{scheme.name} needs {scheme.part_count} parts with dots between them"
            self.refuse(len(urn), rule)

    def refuse(self, offset: int, rule: str) -> NoReturn:
        raise EpcError.of(self.urn, Flaw(offset, rule))

    def digits(self, index: int, noun: str, lengths: Iterable[int]) -> str:
        text, place = self.raw[index], self.places[index]
        found = NUMERIC.flaw(text)
        if found:
            self.refuse(place + found.offset, f"{noun}: {found.rule}")
        allowed = list(lengths)
        if len(text) not in allowed:
            shown = f"{allowed[0]} to {allowed[-1]}" if len(allowed) > 1 else f"{allowed[0]}"
            self.refuse(place, f"the {noun} has {len(text)} digits, it must have {shown}")
        return text

    def text(self, index: int) -> str:
        raw, place = self.raw[index], self.places[index]
        reserved = _RESERVED.search(raw)
        if reserved:
            rule = f"{reserved[0]!r} must be escaped, as {_escape(reserved[0])}"
            self.refuse(place + reserved.start(), rule)
        half_escape = half_escape_flaw(raw)
        if half_escape:
            self.refuse(place + half_escape.offset, half_escape.rule)
        return decode(raw)

    def place_of(self, index: int, offset: int) -> int:
        """Return where a character of an unescaped part stands."""
        return self.places[index] + encoded_offset(self.raw[index], offset)


def from_urn(urn: str) -> LinkUri:
    """Read an EPC URN of any GS1 scheme as the Digital Link that means the same.

    Patterns (`idpat`) may have `*` for every serial; they become links without one. Raises
    EpcError, whose position counts in the URN.
    """
    shaped = _URN.match(urn)
    if not shaped:
        raise EpcError.of(urn, Flaw(0, "it must look like urn:epc:id:sgtin:9521234.000101.S1"))
    kind, name = shaped[1], shaped[2]
    scheme = SCHEMES.get(name)
    if scheme is None:
        raise EpcError.of(urn, Flaw(shaped.start(2), f"{name!r} is no scheme of GS1 keys"))
    if kind not in (scheme.kind, _PATTERN):
        rule = f"{name} is written urn:epc:{scheme.kind}:{name}"
        raise EpcError.of(urn, Flaw(shaped.start(1), rule))
    parts = _UrnParts(urn, shaped.start(3), scheme)
    values = [*_prefix_and_reference(parts), *_pieces(parts)]
    elements = scheme.elements(values, _serial(parts, kind))
    key, *qualifiers = [_element(parts, code, value) for code, value in elements]
    return LinkUri(key, tuple(qualifiers))


def to_urn(link: LinkUri | DigitalLink | str, company_prefix_length: int | None = None) -> str:
    """Write the identity of a Digital Link as an EPC URN, by its finest qualifier.

    What has no serial becomes a pattern with `*`. The length of the GS1 Company Prefix, 6 to 12
    digits, is no part of a link and must be given. Raises DigitalLinkError for a text that is no
    link and EpcError for what has no URN; its position counts in the link.
    """
    uri = link if isinstance(link, LinkUri) else LinkUri.parse(str(link))
    place = len(uri.domain) + len(f"https:///{uri.key.code}/")
    if company_prefix_length is None:
        _refuse(uri, place, "give company_prefix_length, 6 to 12: a Digital Link does not tell it")
    if company_prefix_length not in PREFIX_LENGTHS:
        _refuse(uri, place, f"company_prefix_length {company_prefix_length} must be 6 to 12")
    scheme, serial = _scheme_of(uri, place)
    parts, tail = scheme.parts(uri.key.value, company_prefix_length)
    _check_text_key(uri, scheme, parts, place)
    told = serial or tail or scheme.absent
    shown = list(map(_escape, [*parts, told] if told else parts))
    if scheme.serial is None or told:
        return f"urn:epc:{scheme.kind}:{scheme.name}:{'.'.join(shown)}"
    return f"urn:epc:{_PATTERN}:{scheme.name}:{'.'.join([*shown, ANY])}"


def _prefix_and_reference(parts: _UrnParts) -> list[str]:
    prefix = parts.digits(0, "company prefix", PREFIX_LENGTHS)
    if parts.scheme.digits is not None:
        length = parts.scheme.digits - len(prefix)
        return [prefix, parts.digits(1, "reference", [length])]
    reference = parts.text(1)
    if not 1 <= len(reference) <= _LONGEST_TEXT_KEY - len(prefix):
        rule = f"prefix and reference have {len(prefix + reference)} characters, more than the"
        rule = f"{rule} prefix and at most {_LONGEST_TEXT_KEY} are needed"
        parts.refuse(parts.places[1], rule)
    return [prefix, reference]


def _pieces(parts: _UrnParts) -> list[str]:
    indices = range(2, 2 + parts.scheme.pieces)
    pieces = [parts.digits(index, "piece or total", [PIECE_LENGTH]) for index in indices]
    found = RULES["piece"]("".join(pieces)) if pieces else None
    if found:
        parts.refuse(parts.places[2], found.rule)
    return pieces


def _serial(parts: _UrnParts, kind: str) -> str | None:
    if kind == _PATTERN:
        if parts.scheme.serial is None or parts.raw[-1] != ANY:
            parts.refuse(parts.places[-1], "a pattern must end in a serial '*'")
        return None
    if parts.scheme.serial is None:
        return None
    serial = parts.text(-1)
    if not serial:
        parts.refuse(len(parts.urn), "the serial is empty")
    return serial


def _element(parts: _UrnParts, code: str, value: str) -> Element:
    known = ApplicationIdentifier.of(code)
    found = known.flaw(value)
    if found:
        place = _place_in_urn(parts, code, value, found.offset)
        parts.refuse(place, f"AI ({code}): {found.rule}")
    return Element(known, value)


def _place_in_urn(parts: _UrnParts, code: str, value: str, offset: int) -> int:
    if code != parts.scheme.key:
        return parts.place_of(-1, offset)
    if parts.scheme.serial == IN_KEY:
        return parts.place_of(-1, max(offset - len(value) + len(parts.text(-1)), 0))
    if parts.scheme.digits is None:
        return parts.place_of(1, max(offset - len(parts.raw[0]), 0))
    return parts.places[1]


def _scheme_of(uri: LinkUri, place: int) -> tuple[Scheme, str]:
    values = {each.code: each.value for each in uri.qualifiers}
    finest = next((c for c in FINEST_QUALIFIERS.get(uri.key.code, ()) if c in values), None)
    for scheme in SCHEMES.values():
        if scheme.key == uri.key.code and _says(scheme, finest, values):
            break
    else:
        qualifiers = "".join(f" with ({code})" for code in values)
        _refuse(uri, place, f"there is no EPC scheme for ({uri.key.code}){qualifiers}")
    serial = values[finest] if finest else ""
    if serial and serial == scheme.absent:
        _refuse(uri, place, f"extension {serial!r} means none in a URN")
    return scheme, serial


def _says(scheme: Scheme, finest: str | None, values: Iterable[str]) -> bool:
    """Tell whether the scheme's URN leaves nothing unsaid; a serial implies lot and variant."""
    if finest not in (None, scheme.serial):
        return False
    implied = {finest, "22", "10"} if finest == "21" else {finest, "22"}
    return set(values) <= implied


def _check_text_key(uri: LinkUri, scheme: Scheme, parts: list[str], place: int) -> None:
    if scheme.digits is not None:
        return
    prefix, reference = parts[0], parts[1]
    found = NUMERIC.flaw(prefix)
    if found or not reference:
        rule = f"it has no company prefix {prefix!r} of digits with a reference behind it"
        _refuse(uri, place, rule)


def _escape(part: str) -> str:
    return _TO_ESCAPE.sub(lambda character: f"%{ord(character[0]):02X}", part)


def _refuse(uri: LinkUri, offset: int, rule: str) -> NoReturn:
    raise EpcError.of(str(uri), Flaw(offset, rule))
