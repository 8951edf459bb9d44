"""Single values as the CBV 2.0 event hash wants them (CBV 2.0, event hash ID, rules 5 to 18)."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from weilian.epcis.context import Context
from weilian.epcis.vocabulary import URN_PREFIXES, Vocabulary
from weilian.errors import WeilianError
from weilian.gs1.canonical_link import canonical_link

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_MAX_IDENTITY = 4_096
"""No address of an item is longer; looking for one in a longer text would only take time."""


class EventTimeError(WeilianError, ValueError):
    """A time that does not name one instant."""

    rule = "must look like 2026-03-01T08:00:00Z or end with +08:00"

    def __init__(self, value: object) -> None:
        super().__init__(f"time {value!r:.60} {self.rule}")


def read_time(value: object) -> datetime:
    """Read a time with its offset and round it to milliseconds in UTC, the fourth digit half up.

    Raise EventTimeError (xsd:dateTimeStamp; CBV 2.0, rules 8 and 9).
    """
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise EventTimeError(value)
    day, second, fraction, offset = match.groups()
    digits = (fraction or "").ljust(4, "0")
    milliseconds = int(digits[:3]) + (digits[3] >= "5")
    try:
        moment = datetime.fromisoformat(f"{day}T{second}{offset.upper()}").astimezone(UTC)
        return moment + timedelta(milliseconds=milliseconds)
    except (ValueError, OverflowError) as error:
        raise EventTimeError(value) from error


def time(value: object) -> str:
    """Write a time as `YYYY-MM-DDTHH:MM:SS.mmmZ`; raise EventTimeError."""
    return read_time(value).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def text(value: object, context: Context) -> str:
    """Write any other scalar.

    Numbers lose their trailing zeros, also where JSON holds them as text, because in XML all
    values are text. Compact URIs become full ones, URNs and Digital Links constrained canonical
    Digital Links.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = str(value).strip()
    if _NUMBER.fullmatch(plain):
        return _number(Decimal(plain))
    plain = context.expand_value(plain)
    for urn, uri in URN_PREFIXES.items():
        if plain.startswith(urn):
            return uri + plain.removeprefix(urn)
    if len(plain) > _MAX_IDENTITY:
        return plain
    return canonical_link(plain) or plain


def term(vocabulary: Vocabulary, value: object, context: Context) -> str:
    """Write a word of a vocabulary as its full Web URI, any other value as `text` does."""
    plain = str(value).strip()
    if plain in vocabulary.words:
        return context.expand_value(vocabulary.prefix + plain)
    return context.defined[plain] if plain in context.defined else text(value, context)


def _number(value: Decimal) -> str:
    if not value:
        return "0"
    digits = f"{value:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
