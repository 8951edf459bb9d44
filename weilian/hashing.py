"""Keccak-256, the hash of the EVM: of one message, or of many at once."""

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
from tiny_keccak import keccak256

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

__all__ = [
    "DIGEST_LENGTH",
    "START_ROWS",
    "Rows",
    "keccak256",
    "keccak256_rows",
    "lanes_for",
    "writable",
]

DIGEST_LENGTH = 32

Rows: TypeAlias = npt.NDArray[np.uint8]
"""Bytes in rows: uint8, (n, width)."""

START_ROWS = 1 << 15
"""Rows in one call from which on `weilian.lanes` is worth loading, which takes about 0.3 s.

A job that hashes so many rows once does so some ten times: a million hashes one by one take longer.
"""

_LOADED_ROWS = 2
"""Rows from which on the lanes, once loaded, are faster than a loop."""


def keccak256_rows(rows: Rows, *, times: int = 1) -> Rows:
    """Hash each row: uint8 (n, width) of any layout to uint8 (n, 32).

    With `times` 2 hash the hashes again, and so on.
    """
    lanes = lanes_for(len(rows))
    if lanes is None:
        return _hash_one_by_one(rows, times)
    digests = np.empty((len(rows), DIGEST_LENGTH), np.uint8)
    lanes.hash_rows(writable(rows), digests, times)
    return digests


def writable(rows: Rows) -> Rows:
    """Return `rows` as `weilian.lanes` takes them: contiguous, not read-only; copied if need be.

    One kind of array, so that numba compiles each kernel once.
    """
    return np.require(rows, np.uint8, ("C", "W"))


def lanes_for(count: int) -> "ModuleType | None":
    """Return `weilian.lanes` where it is installed and pays for `count` hashes, else None."""
    is_loaded = _load_lanes.cache_info().currsize > 0
    return _load_lanes() if count >= (_LOADED_ROWS if is_loaded else START_ROWS) else None


@cache
def _load_lanes() -> "ModuleType | None":
    try:
        from weilian import lanes
    except ImportError:
        return None
    return lanes


def _hash_one_by_one(rows: Rows, times: int) -> Rows:
    count, width = rows.shape
    data = rows.tobytes()
    starts: Sequence[int] = range(0, len(data), width) if width else [0] * count
    digests = [keccak256(data[at : at + width]) for at in starts]
    for _ in range(1, times):
        digests = [keccak256(digest) for digest in digests]
    return np.frombuffer(bytearray(b"".join(digests)), np.uint8).reshape(count, DIGEST_LENGTH)
