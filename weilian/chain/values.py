"""Values as Python holds them and as the contracts hold them."""

from datetime import UTC, datetime
from typing import Any

from weilian.address import ZERO_ADDRESS
from weilian.errors import WeilianError

__all__ = [
    "BPS_DENOMINATOR",
    "ZERO_ADDRESS",
    "MomentError",
    "log_place",
    "to_hex",
    "to_moment",
    "to_seconds",
]

BPS_DENOMINATOR = 10_000
_LAST_SECOND = 253_402_300_799
"""The end of the year 9999, where datetime ends too."""


class MomentError(WeilianError, ValueError):
    """A time that the contracts cannot hold exactly."""

    def __init__(self, value: datetime) -> None:
        super().__init__(f"time {value!r} must have a time zone, whole seconds, and be after 1970")


def to_moment(seconds: int) -> datetime | None:
    """Read seconds since 1970, where 0 means never."""
    return datetime.fromtimestamp(min(seconds, _LAST_SECOND), UTC) if seconds else None


def to_seconds(moment: datetime | None) -> int:
    """Return seconds since 1970, 0 for None; raise MomentError."""
    if moment is None:
        return 0
    if moment.tzinfo is None or moment.microsecond or moment.timestamp() <= 0:
        raise MomentError(moment)
    return int(moment.timestamp())


def to_hex(data: bytes) -> str:
    """Write bytes as 0x and hex digits."""
    return f"0x{bytes(data).hex()}"


def log_place(log: Any) -> tuple[int, int]:
    """Return where an event stands in the log, to sort by: its block and its place in it."""
    return log["blockNumber"], log["logIndex"]
