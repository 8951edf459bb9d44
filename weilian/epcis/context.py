"""What the prefixes and terms of a document stand for: the part of JSON-LD that events need.

Contexts elsewhere are not fetched. The prefixes of EPCIS's own are known here; of any other only
its address is, so a name that it defines stays as it is written.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

CBV = "https://ref.gs1.org/cbv/"
GS1_VOC = "https://gs1.org/voc/"
GS1_VOC_2_1 = "https://ref.gs1.org/voc/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

_PREFIXES = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": CBV,
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "gs1": GS1_VOC,
    "rdfs": RDFS,
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
"""The prefixes that an EPCIS 2.0 document may use without defining them."""

_CONTEXTS = {
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld": GS1_VOC,
    "https://ref.gs1.org/standards/epcis/2.0.1/epcis-context.jsonld": GS1_VOC,
    "https://ref.gs1.org/standards/epcis/2.1.0/epcis-context.jsonld": GS1_VOC_2_1,
    "https://ref.gs1.org/standards/epcis/epcis-context.jsonld": GS1_VOC,
    "https://gs1.github.io/EPCIS/epcis-context.jsonld": GS1_VOC,
}
"""The addresses of EPCIS's own context, and what the prefix `gs1` stands for in each."""

STANDARD_CONTEXT = next(iter(_CONTEXTS))
_SCHEMES_OF_NAMES = frozenset({"http", "https", "urn"})
_MAX_HOPS = 16
MAX_PARTS = 64
_MAX_TERMS = 1_000
"""Every event may add a context of its own, so large ones would be an attack."""

_KEYWORD = re.compile(r"@[a-z]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Context:
    """The prefixes and terms in force at one place of a document."""

    defined: Mapping[str, str] = field(default_factory=dict)
    """What the document itself defines, each as a full URI."""

    known: Mapping[str, str] = field(default_factory=lambda: _PREFIXES)
    """The same, and the prefixes of the standard."""

    default: str = ""
    """Where names without a prefix live (`@vocab`), if the document says so."""

    is_standard: bool = False
    """Whether EPCIS's own context is named."""

    def extend(self, context: Any) -> Self:
        """Add a `@context`, whose later parts win; raise ValueError with the rule it breaks."""
        raw: dict[str, str] = {}
        found = self
        parts = context if isinstance(context, list) else [context]
        if len(parts) > MAX_PARTS:
            raise ValueError(f"must hold at most {MAX_PARTS} parts")
        for part in parts:
            if isinstance(part, str):
                found = found._with_address(part)
            elif isinstance(part, Mapping):
                raw |= _definitions(part)
            else:
                raise ValueError(f"must be an address, an object or a list of them (got {part!r})")
        if len(raw) > _MAX_TERMS:
            raise ValueError(f"must define at most {_MAX_TERMS:,} names")
        return found._with_terms(raw)

    def expand_name(self, name: str) -> str:
        """Return `{namespace}local` for a prefixed name, a defined term or a full URI.

        A name that nothing defines stays as it is.
        """
        prefix, colon, local = name.partition(":")
        if name in self.defined:
            return _braced(self.defined[name])
        if colon and prefix in self.known and not local.startswith("//"):
            return f"{{{self.known[prefix]}}}{local}"
        if colon and (local.startswith("//") or prefix == "urn"):
            return _braced(name)
        if self.default and not colon and not _KEYWORD.fullmatch(name):
            return f"{{{self.default}}}{name}"
        return name

    def expand_value(self, text: str) -> str:
        """Return the full URI of a compact one (`gs1:Temperature`), any other text unchanged."""
        prefix, colon, local = text.partition(":")
        if not colon or local.startswith("//") or prefix in _SCHEMES_OF_NAMES:
            return text
        return self.known[prefix] + local if prefix in self.known else text

    def defines(self, name: str) -> bool:
        """Whether a name of an extension has a namespace: its own, a prefix's or the default."""
        return _KEYWORD.fullmatch(name) is not None or self.expand_name(name) != name

    def _with_address(self, address: str) -> Self:
        if address not in _CONTEXTS:
            return self
        known = {**self.known, "gs1": _CONTEXTS[address], **self.defined}
        return replace(self, known=known, is_standard=True)

    def _with_terms(self, raw: dict[str, str]) -> Self:
        if not raw:
            return self
        sources = {**self.known, **raw}
        terms = {name: _resolved(uri, sources) for name, uri in raw.items() if name != "@vocab"}
        return replace(
            self,
            defined={**self.defined, **terms},
            known={**self.known, **terms},
            default=_resolved(raw["@vocab"], sources) if "@vocab" in raw else self.default,
        )


def _definitions(part: Mapping[str, Any]) -> dict[str, str]:
    return dict(_definition_pairs(part))


def _definition_pairs(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, target in part.items():
        uri = target.get("@id") if isinstance(target, Mapping) else target
        if isinstance(uri, str) and (name == "@vocab" or not name.startswith("@")):
            yield name, uri


def _resolved(uri: str, sources: Mapping[str, str]) -> str:
    """Replace a prefix by what it stands for, which may itself begin with one."""
    for _ in range(_MAX_HOPS):
        prefix, colon, local = uri.partition(":")
        if not colon or local.startswith("//") or sources.get(prefix, uri) == uri:
            return uri
        uri = sources[prefix] + local
    return uri


def _braced(uri: str) -> str:
    cut = max(uri.rfind("/"), uri.rfind("#"), uri.rfind(":")) + 1
    return f"{{{uri[:cut]}}}{uri[cut:]}"
