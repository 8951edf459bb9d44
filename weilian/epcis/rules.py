"""What strict reading asks of single values, beyond what EPCIS's JSON Schema can say.

Each check raises ValueError with the rule that a value breaks.
"""

import re
from difflib import get_close_matches

from weilian.epcis.context import CBV, GS1_VOC, GS1_VOC_2_1, Context
from weilian.epcis.vocabulary import CBV_URN, Vocabulary
from weilian.gs1.canonical_link import canonical_link

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[!$&'()*+,;=:@/?#\[\]\w.~-]|%[0-9A-Fa-f]{2})+", re.A)
_SCHEMES = frozenset(
    ("http", "https", "urn", "tag", "ni", "did", "geo", "mailto", "tel", "info", "data", "ftp")
)

_EPC_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.+)")
_OTHER_EPCS = {
    "gid": r"\d+\.\d+\.\d+",
    "usdod": r"[A-Z0-9]{5,6}\.\d+",
    "adi": r"[A-Z0-9]{5,6}\.[^.]*\..+",
    "bic": r"[A-Z]{3}[JUZ]\d{7}",
    "imovn": r"\d{7}",
}
"""EPC schemes without a GS1 key (Tag Data Standard 2.0, section 6.3), and their shapes."""

_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NI = re.compile(r"ni:///([a-z0-9-]+);([0-9a-f]+)\?ver=(CBV\d+(?:\.\d+)+)")
_NI_DIGITS = {
    "sha-256": 64,
    "sha-384": 96,
    "sha-512": 128,
    "sha3-224": 56,
    "sha3-256": 64,
    "sha3-384": 96,
    "sha3-512": 128,
}
_STANDARD_NAMESPACES = (
    CBV,
    GS1_VOC,
    GS1_VOC_2_1,
    "http://gs1.org/voc/",
    "http://www.gs1.org/voc/",
    "https://www.gs1.org/voc/",
    "http://ns.gs1.org/cbv/",
    "https://ns.gs1.org/cbv/",
)


def check_uri(value: str, context: Context) -> None:
    """Ask for a URI (RFC 3986) whose scheme is known or whose prefix `@context` defines."""
    if not _URI.fullmatch(value):
        raise ValueError("must be a URI, which has a scheme and no spaces or letters beyond ASCII")
    scheme = value.partition(":")[0]
    if scheme.lower() not in _SCHEMES and scheme not in context.known:
        raise ValueError(
            f"prefix {scheme!r} is not defined in @context, and is no known scheme of URIs"
        )


def check_epc(value: str, context: Context) -> None:
    """Ask for an EPC URN of the Tag Data Standard, a Digital Link, or another URI."""
    check_uri(value, context)
    if value.lower().startswith("urn:epc:") and not _is_epc_urn(value):
        raise ValueError("must be an EPC URN as the Tag Data Standard writes it, or another URI")


def check_word(value: str, vocabulary: Vocabulary, context: Context) -> None:
    """Ask for a word of the vocabulary, or for the full URI of a word that is somebody's own.

    Own words may not live in the namespaces of GS1 (EPCIS 2.0, section 6.4; `vocab-other-uri` and
    `vocab-nonGS1WebVoc-uri` of the JSON Schema).
    """
    if value in vocabulary.words or value in context.defined:
        return
    if ":" not in value:
        close = get_close_matches(value, vocabulary.words, 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(
            f"is no {vocabulary.name} of CBV 2.0, and a word of your own is written as a URI{hint}"
        )
    check_uri(value, context)
    full = context.expand_value(value)
    if value.startswith(CBV_URN) or full.startswith(_STANDARD_NAMESPACES):
        _check_standard(value, full, vocabulary, context)


def check_event_id(value: str, context: Context) -> None:
    """Ask for a URI; a UUID must be whole, and a hash as CBV 2.0 writes it (RFC 6920)."""
    check_uri(value, context)
    if value.lower().startswith("urn:uuid:") and not _UUID.fullmatch(value):
        raise ValueError("must have 8-4-4-4-12 hexadecimal digits after urn:uuid:")
    if value.lower().startswith("ni:"):
        match = _NI.fullmatch(value)
        if not match or len(match[2]) != _NI_DIGITS.get(match[1]):
            raise ValueError("must look like ni:///sha-256;<64 hexadecimal digits>?ver=CBV2.0")


def _check_standard(value: str, full: str, vocabulary: Vocabulary, context: Context) -> None:
    start = context.expand_value(vocabulary.prefix)
    word = full.removeprefix(start)
    if full == start + word and word in vocabulary.words:
        if full != value or not vocabulary.prefix.startswith("gs1:"):
            return
        raise ValueError(f"must be written as the word {word!r}")
    last = re.split(r"[:/-]", value)[-1]
    hint = f"; write {last!r}" if last in vocabulary.words else ""
    raise ValueError(f"is no {vocabulary.name} of CBV 2.0, in whose namespace it is{hint}")


def _is_epc_urn(value: str) -> bool:
    match = _EPC_URN.fullmatch(value)
    if not match:
        return False
    kind, scheme, rest = match.groups()
    if scheme in _OTHER_EPCS:
        return kind == "id" and re.fullmatch(_OTHER_EPCS[scheme], rest, re.ASCII) is not None
    return canonical_link(value) is not None or (kind == "idpat" and rest.endswith(".*"))
