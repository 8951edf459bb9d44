"""EPC URNs and any Digital Link, brought into the one form that two parties can compare.

The form is the constrained canonical Digital Link of CBV 2.0 (event hash, rules 17 and 18): domain
id.gs1.org, no query, and only the key with its finest qualifier. EPC schemes: Tag Data Standard.
"""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from biip.checksums import gs1_standard_check_digit

from weilian.gs1.digital_link import CANONICAL_DOMAIN

_URN = re.compile(r"urn:epc:(?:id|class|idpat):([a-z]+):(.+)")
_KEY_SHAPES = {
    "00": r"\d{18}",
    "01": r"\d{8}|\d{12,14}",
    "253": r"\d{13}.{0,17}",
    "255": r"\d{13,25}",
    "401": r".{1,30}",
    "402": r"\d{17}",
    "414": r"\d{13}",
    "417": r"\d{13}",
    "8003": r"\d{14}.{0,16}",
    "8004": r".{1,30}",
    "8006": r"\d{18}",
    "8010": r".{1,30}",
    "8017": r"\d{18}",
    "8018": r"\d{18}",
}
_QUALIFIERS = {
    "01": ("21", "235", "10"),
    "414": ("254",),
    "8006": ("21", "10"),
    "8010": ("8011",),
}
"""The qualifiers that CBV keeps, the finest first; only one of them stays."""

_DROPPED_QUALIFIERS = frozenset({"22"})
_ALIASES = {
    "sscc": "00",
    "gtin": "01",
    "lot": "10",
    "ser": "21",
    "cpv": "22",
    "gdti": "253",
    "glnx": "254",
    "gcn": "255",
    "ginc": "401",
    "gsin": "402",
    "gln": "414",
    "party": "417",
    "grai": "8003",
    "giai": "8004",
    "itip": "8006",
    "cpi": "8010",
    "cpsn": "8011",
    "gsrnp": "8017",
    "gsrn": "8018",
}


def canonical_link(uri: str) -> str | None:
    """Return the constrained canonical Digital Link of an EPC URN or a Digital Link.

    None where the URI is neither; check digits of Digital Links are not judged.
    """
    if uri.startswith("urn:epc:"):
        return _from_urn(uri)
    if uri.startswith(("https://", "http://")):
        return _from_link(uri)
    return None


def _from_urn(urn: str) -> str | None:
    match = _URN.fullmatch(urn)
    if not match or match[1] not in _SCHEMES:
        return None
    # NOTE: dots separate the parts; only the last may hold one itself.
    convert, count = _SCHEMES[match[1]]
    parts = match[2].split(".", count - 1)
    if len(parts) != count or not parts[0].isdecimal():
        return None
    elements = convert(*map(unquote, parts))
    return _link([(key, value) for key, value in elements if value != "*"])


def _link(elements: list[tuple[str, str]]) -> str:
    path = "".join(f"/{key}/{quote(value, safe='')}" for key, value in elements)
    return f"https://{CANONICAL_DOMAIN}{path}"


def _checked(digits: str) -> str:
    return f"{digits}{gs1_standard_check_digit(digits)}"


def _gtin(prefix: str, item: str) -> str:
    return _checked(item[:1] + prefix + item[1:])


def _pattern_free(value: str) -> str:
    return "" if value == "*" else value


_Elements = list[tuple[str, str]]
_SCHEMES: dict[str, tuple[Callable[..., _Elements], int]] = {
    "sgtin": (lambda p, i, s: [("01", _gtin(p, i)), ("21", s)], 3),
    "lgtin": (lambda p, i, s: [("01", _gtin(p, i)), ("10", s)], 3),
    "upui": (lambda p, i, s: [("01", _gtin(p, i)), ("235", s)], 3),
    "sscc": (lambda p, s: [("00", _gtin(p, s))], 2),
    "sgln": (lambda p, r, x: [("414", _checked(p + r)), ("254", "*" if x == "0" else x)], 3),
    "pgln": (lambda p, r: [("417", _checked(p + r))], 2),
    "grai": (lambda p, t, s: [("8003", "0" + _checked(p + t) + _pattern_free(s))], 3),
    "giai": (lambda p, r: [("8004", p + r)], 2),
    "gsrn": (lambda p, r: [("8018", _checked(p + r))], 2),
    "gsrnp": (lambda p, r: [("8017", _checked(p + r))], 2),
    "gdti": (lambda p, t, s: [("253", _checked(p + t) + _pattern_free(s))], 3),
    "sgcn": (lambda p, t, s: [("255", _checked(p + t) + _pattern_free(s))], 3),
    "cpi": (lambda p, r, s: [("8010", p + r), ("8011", s)], 3),
    "ginc": (lambda p, r: [("401", p + r)], 2),
    "gsin": (lambda p, r: [("402", _checked(p + r))], 2),
    "itip": (lambda p, i, n, t, s: [("8006", _gtin(p, i) + n + t), ("21", s)], 5),
}
"""For each EPC scheme, how its parts become GS1 keys, and how many parts there are."""


def _from_link(uri: str) -> str | None:
    path = re.split(r"[?#]", uri, maxsplit=1)[0].split("/")[3:]
    segments = [unquote(segment) for segment in path]
    for start in range(len(segments) - 2, -1, -1):
        key = _ALIASES.get(segments[start], segments[start])
        value = segments[start + 1]
        if key not in _KEY_SHAPES or not re.fullmatch(_KEY_SHAPES[key], value, re.ASCII):
            continue
        qualifiers = _read_qualifiers(key, segments[start + 2 :])
        if qualifiers is not None:
            return _constrained(key, value, qualifiers)
    return None


def _read_qualifiers(key: str, segments: list[str]) -> dict[str, str] | None:
    allowed = {*_QUALIFIERS.get(key, ()), *_DROPPED_QUALIFIERS}
    names = [_ALIASES.get(name, name) for name in segments[::2]]
    if len(segments) % 2 or not set(names) <= allowed:
        return None
    return dict(zip(names, segments[1::2], strict=True))


def _constrained(key: str, value: str, qualifiers: dict[str, str]) -> str:
    elements = [(key, value.zfill(14) if key == "01" else value)]
    for qualifier in _QUALIFIERS.get(key, ()):
        if qualifier in qualifiers:
            elements.append((qualifier, qualifiers[qualifier]))
            break
    return _link(elements)
