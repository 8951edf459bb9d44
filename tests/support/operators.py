"""Operators of an issuer: their tags, their days, and what they register."""

from itertools import count
from typing import Any

from tests.support.batches import create_registration
from tests.support.clock import now

DAY = 86_400  # seconds
_lots = count(1)


def tag_of(operator: Any) -> int:
    """Return the number by which an account is kept: its last 7 bytes."""
    return int(str(operator)[-14:], 16)


def twin_of(operator: Any) -> str:
    """Return another account with the same last 7 bytes."""
    return f"0x{int(str(operator), 16) ^ 1 << 56:040x}"


def midnight() -> int:
    """Return the first second of the next day (UTC)."""
    return (now() // DAY + 1) * DAY


def register_items(provenance: Any, issuer: Any, items: int, sender: Any = None) -> Any:
    """Register so many items under a lot of their own and return the receipt."""
    lot = f"LOT-{next(_lots)}".encode().ljust(20, b"\0")
    terms = create_registration(issuer, lot=lot, itemCount=items)
    return provenance.registerBatch(terms, sender=sender or issuer)
