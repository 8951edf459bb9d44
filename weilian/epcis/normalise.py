"""Single values as the CBV 2.0 event hash wants them (CBV 2.0, event hash ID, rules 5 to 18)."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from weilian.epcis.vocabulary import NAMESPACES, URN_PREFIXES, Vocabulary
from weilian.errors import WeilianError
from weilian.gs1.epc import canonical_link

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WORD = re.compile(r"[A-Za-z_]+")
_TIME = re.compile(r"(.+T\d{2}:\d{2}:\d{2})(?:[.,](\d+))?(Z|[+-]\d{2}:\d{2})", re.ASCII)


class EventTimeError(WeilianError, ValueError):
    """A time that does not name one instant."""

    def __init__(self, value: object) -> None:
        super().__init__(
            f"time {value!r:.60} must look like 2026-03-01T08:00:00Z or end with +08:00"
        )


def read_time(value: object) -> datetime:
    """Read a time with its offset and round it to milliseconds in UTC, the fourth digit half up."""
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise EventTimeError(value)
    second, fraction, offset = match.groups()
    digits = (fraction or "").ljust(4, "0")
    milliseconds = int(digits[:3]) + (digits[3] >= "5")
    try:
        moment = datetime.fromisoformat(second + offset).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise EventTimeError(value) from error
    return moment + timedelta(milliseconds=milliseconds)


def time(value: object) -> str:
    """Write a time as `YYYY-MM-DDTHH:MM:SS.mmmZ`."""
    return read_time(value).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def text(value: object) -> str:
    """Write any other scalar.

    Numbers lose their trailing zeros, also where JSON holds them as text, because in XML all
    values are text. URNs and Digital Links become constrained canonical Digital Links.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = str(value).strip()
    if _NUMBER.fullmatch(plain):
        return _number(Decimal(plain))
    for urn, uri in URN_PREFIXES.items():
        if plain.startswith(urn):
            return uri + plain.removeprefix(urn)
    return canonical_link(plain) or plain


def _number(value: Decimal) -> str:
    if not value:
        return "0"
    digits = f"{value:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def term(kind: Vocabulary, value: object, namespaces: dict[str, str]) -> str:
    """Write a word of a vocabulary as its full Web URI.

    A word without prefix is one of the vocabulary: EPCIS 2.0 allows any other only as a URI.
    """
    plain = text(value)
    if _WORD.fullmatch(plain):
        return kind + plain
    prefix, colon, local = plain.partition(":")
    if colon and not local.startswith("//"):
        known = NAMESPACES | namespaces
        return known[prefix] + local if prefix in known else plain
    return plain
