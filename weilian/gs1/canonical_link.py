"""EPC URNs and any Digital Link, brought into the one form that two parties can compare.

The form is the constrained canonical Digital Link of CBV 2.0 (event hash, rules 17 and 18): domain
id.gs1.org, no query, and only the key with its finest qualifier. As hashes are made of what others
wrote, nothing is judged that the form does not depend on.
"""

import re
from urllib.parse import quote, unquote

from weilian.gs1.application_identifiers import aliases
from weilian.gs1.epc_schemes import ANY, FINEST_QUALIFIERS, SCHEMES
from weilian.gs1.link_text import CANONICAL_DOMAIN

_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.+)")
_DIGITS = re.compile(r"[0-9]+")
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
_DROPPED_QUALIFIERS = frozenset({"22"})


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
    if not match or match[2] not in SCHEMES:
        return None
    # NOTE: dots separate the parts; only the last may hold one itself.
    scheme = SCHEMES[match[2]]
    parts = match[3].split(".", scheme.part_count - 1)
    numbers = parts[:1] if scheme.digits is None else ["".join(parts[:2])]
    if len(parts) != scheme.part_count or not all(map(_DIGITS.fullmatch, numbers)):
        return None
    values = list(map(unquote, parts))
    serial = None if scheme.serial is None else values.pop()
    every = match[1] == "idpat" and serial == ANY
    return _link(scheme.elements(values, None if every else serial))


def _link(elements: list[tuple[str, str]]) -> str:
    path = "".join(f"/{key}/{_encode(value)}" for key, value in elements)
    return f"https://{CANONICAL_DOMAIN}{path}"


def _encode(value: str) -> str:
    # NOTE: the hash's reference implementation leaves these three signs of set 82 as they are.
    # JSON can hold half of a surrogate pair; it is no identity, but must not end the hashing.
    return quote(value, safe="';=", errors="surrogatepass")


def _from_link(uri: str) -> str | None:
    path = re.split(r"[?#]", uri, maxsplit=1)[0].split("/")[3:]
    segments = [unquote(segment) for segment in path]
    for start in range(len(segments) - 2, -1, -1):
        key = aliases().get(segments[start], segments[start])
        value = segments[start + 1]
        if key not in _KEY_SHAPES or not re.fullmatch(_KEY_SHAPES[key], value, re.ASCII):
            continue
        qualifiers = _read_qualifiers(key, segments[start + 2 :])
        if qualifiers is not None:
            return _constrained(key, value, qualifiers)
    return None


def _read_qualifiers(key: str, segments: list[str]) -> dict[str, str] | None:
    allowed = {*FINEST_QUALIFIERS.get(key, ()), *_DROPPED_QUALIFIERS}
    names = [aliases().get(name, name) for name in segments[::2]]
    if len(segments) % 2 or not set(names) <= allowed:
        return None
    return dict(zip(names, segments[1::2], strict=True))


def _constrained(key: str, value: str, qualifiers: dict[str, str]) -> str:
    elements = [(key, value.zfill(14) if key == "01" else value)]
    for qualifier in FINEST_QUALIFIERS.get(key, ()):
        if qualifier in qualifiers:
            elements.append((qualifier, qualifiers[qualifier]))
            break
    return _link(elements)
