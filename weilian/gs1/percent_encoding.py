"""Percent-encoding of values of GS1 elements (RFC 3986, section 2.1).

All characters that GS1 allows are ASCII, so each escape stands for one character: what is beyond
ASCII becomes a character of Latin-1, which no character set has.
"""

import re
from urllib.parse import quote

from weilian.gs1.errors import Flaw

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_HALF_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_TOKEN = re.compile(r"%..|.", re.DOTALL)


def encode(value: str) -> str:
    """Escape all but RFC 3986's unreserved characters."""
    return quote(value, safe="")


def decode(text: str) -> str:
    """Replace each escape by its character."""
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)


def encoded_offset(text: str, offset: int) -> int:
    """Return where in an encoded text the character stands that decoded has this offset."""
    return sum(map(len, _TOKEN.findall(text)[:offset]))


def half_escape_flaw(text: str) -> Flaw | None:
    """Return the first `%` that begins no escape."""
    found = _HALF_ESCAPE.search(text)
    return Flaw(found.start(), "two hex digits must follow '%'") if found else None
