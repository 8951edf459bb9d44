"""Choosing the mask of a QR code by its penalty (ISO/IEC 18004, 7.8.3), for many codes at once.

A row of modules is one 64-bit word, so the rules are a few operations on whole arrays. The columns
are the rows of the transposed code.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Words: TypeAlias = npt.NDArray[np.uint64]
"""Rows as words, bit x for column x: (..., n)."""

MASKS = 8
WORD_BITS = 64
_RUN, _BLOCK, _FINDER, _BALANCE = 3, 3, 40, 10
_RUN_LENGTH = 5
_FINDER_DARK = (0, 2, 3, 4, 6)
_FINDER_LIGHT = (1, 5)
_FINDER_LENGTH = 7
_LIGHT_LENGTH = 4


def rows_of(matrices: npt.NDArray[np.bool_]) -> Words:
    """Pack codes (..., n, n) of up to 64 modules a side into words (..., n)."""
    side = matrices.shape[-1]
    frame = [(0, 0)] * (matrices.ndim - 1) + [(0, WORD_BITS - side)]
    packed = np.packbits(np.pad(matrices, frame), axis=-1, bitorder="little")
    return np.ascontiguousarray(packed).view("<u8")[..., 0].astype(np.uint64)


def penalties(rows: Words, columns: Words) -> npt.NDArray[np.int64]:
    """Return the penalty of each code (...,), given its rows and columns (..., n)."""
    side = rows.shape[-1]
    share = _ones(rows) * 100 / side**2
    balance = (_BALANCE * (abs(share - 50) // 5)).astype(np.int64)
    lines = _line_penalty(rows, side) + _line_penalty(columns, side)
    return np.asarray(lines + _blocks(rows, side) + balance, np.int64)


def _line_penalty(rows: Words, side: int) -> npt.NDArray[np.int64]:
    same = _same_as_next(rows, side)
    long = same
    for step in range(1, _RUN_LENGTH - 1):
        long = long & _shift(same, step)
    starts = long & ~(long << np.uint64(1))
    # NOTE: a run of 5 + k has 1 + k bits in `long`, and costs 3 + k.
    runs = _ones(long) + (_RUN - 1) * _ones(starts)
    return np.asarray(runs + _FINDER * _ones(_finders(rows, side)), np.int64)


def _finders(rows: Words, side: int) -> Words:
    """Mark where 1:1:3:1:1 begins that has four light modules before or behind it."""
    light = ~rows & _low_bits(side)
    found = np.full_like(rows, _low_bits(side))
    for place in _FINDER_DARK:
        found &= _shift(rows, place)
    for place in _FINDER_LIGHT:
        found &= _shift(light, place)
    before = after = found
    for step in range(_LIGHT_LENGTH):
        before = before & (light << np.uint64(step + 1))
        after = after & _shift(light, _FINDER_LENGTH + step)
    return before | after


def _blocks(rows: Words, side: int) -> npt.NDArray[np.int64]:
    same = _same_as_next(rows, side)
    differs = np.bitwise_xor(rows[..., 1:], rows[..., :-1])
    blocks = np.bitwise_and(same[..., 1:], same[..., :-1]) & np.invert(differs)
    return np.asarray(_BLOCK * _ones(blocks), np.int64)


def _same_as_next(rows: Words, side: int) -> Words:
    return ~(rows ^ _shift(rows, 1)) & _low_bits(side - 1)


def _shift(rows: Words, places: int) -> Words:
    return rows >> np.uint64(places)


def _low_bits(count: int) -> np.uint64:
    return np.uint64((1 << count) - 1)


def _ones(words: Words) -> npt.NDArray[np.int64]:
    """Count the bits of each code's words: pairs, nibbles, bytes, then all by one product."""
    count = words - ((words >> np.uint64(1)) & np.uint64(0x5555555555555555))
    pairs = np.uint64(0x3333333333333333)
    count = (count & pairs) + ((count >> np.uint64(2)) & pairs)
    count = (count + (count >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    count = (count * np.uint64(0x0101010101010101)) >> np.uint64(56)
    return np.asarray(count.sum(axis=-1), np.int64)
