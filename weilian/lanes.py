"""Keccak-256 of many messages, four at a time: needs numba (`pip install weilian[fast]`).

The state of four messages lies word by word: word w of lane l is `state[4 * w + l]`. The loops over
the lanes have no branch, so that LLVM turns each into one vector instruction a step. Nothing here
holds the interpreter's lock or starts a thread.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from numba import njit

_Kernel = TypeVar("_Kernel", bound=Callable[..., object])
_Rows = npt.NDArray[np.uint8]
_Words = npt.NDArray[np.uint64]

_LANES = 4
_RATE = 136
_DIGEST = 32
_WORD = np.uint64
_PAD_FIRST = np.uint8(0x01)  # Keccak's own padding; that of SHA-3 (FIPS 202) starts with 0x06
_PAD_LAST = np.uint8(0x80)
_ROUND_CONSTANTS = np.array(
    [
        *(0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000),
        *(0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009),
        *(0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A),
        *(0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003),
        *(0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A),
        *(0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008),
    ],
    dtype=np.uint64,
)


def _compiled(function: _Kernel) -> _Kernel:
    try:
        return njit(cache=True, nogil=True)(function)  # type: ignore[return-value]  # called alike
    except RuntimeError:  # no folder to keep the machine code in
        return njit(nogil=True)(function)  # type: ignore[return-value]  # called alike


@_compiled
def _rot(word: np.uint64, bits: int) -> np.uint64:
    return (word << _WORD(bits)) | (word >> _WORD(64 - bits))


@_compiled
def _row(state: _Words, at: int) -> tuple[np.uint64, ...]:
    return state[at], state[at + 4], state[at + 8], state[at + 12], state[at + 16]


@_compiled
def _put(
    state: _Words, at: int, a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64, e: np.uint64
) -> None:
    state[at] = a ^ (~b & c)
    state[at + 4] = b ^ (~c & d)
    state[at + 8] = c ^ (~d & e)
    state[at + 12] = d ^ (~e & a)
    state[at + 16] = e ^ (~a & b)


@_compiled
def _permute(state: _Words) -> None:
    # NOTE: theta, rho and pi, chi, iota (FIPS 202, 3.2). All 25 words are read before the first is
    # written: only so does LLVM see that the lanes do not touch each other.
    for constant in _ROUND_CONSTANTS:
        for l in range(_LANES):  # noqa: E741 -- the lane, in every index
            a0, a1, a2, a3, a4 = _row(state, l)
            b0, b1, b2, b3, b4 = _row(state, 20 + l)
            c0, c1, c2, c3, c4 = _row(state, 40 + l)
            d0, d1, d2, d3, d4 = _row(state, 60 + l)
            e0, e1, e2, e3, e4 = _row(state, 80 + l)
            p0, p1, p2 = a0 ^ b0 ^ c0 ^ d0 ^ e0, a1 ^ b1 ^ c1 ^ d1 ^ e1, a2 ^ b2 ^ c2 ^ d2 ^ e2
            p3, p4 = a3 ^ b3 ^ c3 ^ d3 ^ e3, a4 ^ b4 ^ c4 ^ d4 ^ e4
            t0, t1, t2 = p4 ^ _rot(p1, 1), p0 ^ _rot(p2, 1), p1 ^ _rot(p3, 1)
            t3, t4 = p2 ^ _rot(p4, 1), p3 ^ _rot(p0, 1)
            x0, x1, x2 = a0 ^ t0, _rot(b1 ^ t1, 44), _rot(c2 ^ t2, 43)
            x3, x4 = _rot(d3 ^ t3, 21), _rot(e4 ^ t4, 14)
            _put(state, l, x0, x1, x2, x3, x4)
            state[l] ^= constant
            x0, x1, x2 = _rot(a3 ^ t3, 28), _rot(b4 ^ t4, 20), _rot(c0 ^ t0, 3)
            x3, x4 = _rot(d1 ^ t1, 45), _rot(e2 ^ t2, 61)
            _put(state, 20 + l, x0, x1, x2, x3, x4)
            x0, x1, x2 = _rot(a1 ^ t1, 1), _rot(b2 ^ t2, 6), _rot(c3 ^ t3, 25)
            x3, x4 = _rot(d4 ^ t4, 8), _rot(e0 ^ t0, 18)
            _put(state, 40 + l, x0, x1, x2, x3, x4)
            x0, x1, x2 = _rot(a4 ^ t4, 27), _rot(b0 ^ t0, 36), _rot(c1 ^ t1, 10)
            x3, x4 = _rot(d2 ^ t2, 15), _rot(e3 ^ t3, 56)
            _put(state, 60 + l, x0, x1, x2, x3, x4)
            x0, x1, x2 = _rot(a2 ^ t2, 62), _rot(b3 ^ t3, 55), _rot(c4 ^ t4, 39)
            x3, x4 = _rot(d0 ^ t0, 41), _rot(e1 ^ t1, 2)
            _put(state, 80 + l, x0, x1, x2, x3, x4)


@_compiled
def _load(data: _Rows, row: int, at: int) -> np.uint64:
    word = _WORD(0)
    for place in range(8):
        word |= _WORD(data[row, at + place]) << _WORD(8 * place)
    return word


@_compiled
def _store(state: _Words, lane: int, out: _Rows, row: int) -> None:
    for word in range(4):
        value = state[_LANES * word + lane]
        for place in range(8):
            out[row, 8 * word + place] = np.uint8((value >> _WORD(8 * place)) & _WORD(0xFF))


@_compiled
def _absorb(state: _Words, lane: int, data: _Rows, row: int, at: int) -> None:
    for word in range(_RATE // 8):
        state[_LANES * word + lane] ^= _load(data, row, at + 8 * word)


@_compiled
def hash_rows(rows: _Rows, out: _Rows, times: int) -> None:
    """Write keccak256 of each of `rows` (n, width) into `out` (n, 32); both uint8, contiguous.

    With `times` 2 it is the hash of the hash, and so on.
    """
    state = np.empty(25 * _LANES, np.uint64)
    count, width = rows.shape
    rest = width % _RATE
    last = np.zeros((1, _RATE), np.uint8)  # rows are equally long: the padding stays in place
    last[0, rest] ^= _PAD_FIRST
    last[0, _RATE - 1] ^= _PAD_LAST
    for first in range(0, count, _LANES):
        lanes = min(_LANES, count - first)
        state[:] = 0
        for at in range(0, width - rest, _RATE):
            for lane in range(lanes):
                _absorb(state, lane, rows, first + lane, at)
            _permute(state)
        for lane in range(lanes):
            last[0, :rest] = rows[first + lane, width - rest :]
            _absorb(state, lane, last, 0, 0)
        _permute(state)
        for _ in range(1, times):
            state[_DIGEST // 8 * _LANES :] = 0
            state[_DIGEST // 8 * _LANES : (_DIGEST // 8 + 1) * _LANES] = _PAD_FIRST
            state[(_RATE // 8 - 1) * _LANES : _RATE // 8 * _LANES] = _WORD(_PAD_LAST) << _WORD(56)
            _permute(state)
        for lane in range(lanes):
            _store(state, lane, out, first + lane)


@_compiled
def _is_below(data: _Rows, row: int, other: int) -> bool:
    for place in range(_DIGEST):
        if data[row, place] != data[other, place]:
            return data[row, place] < data[other, place]  # type: ignore[no-any-return]
    return False


@_compiled
def hash_pairs(children: _Rows, out: _Rows) -> None:
    """Write keccak256 of each two neighbours of `children` (2k, 32), lower first, into (k, 32)."""
    state = np.empty(25 * _LANES, np.uint64)
    count = len(out)
    for first in range(0, count, _LANES):
        lanes = min(_LANES, count - first)
        state[:] = 0
        for lane in range(lanes):
            row = 2 * (first + lane)
            swap = int(_is_below(children, row + 1, row))
            for word in range(_DIGEST // 8):
                at = _LANES * word + lane
                state[at] = _load(children, row + swap, 8 * word)
                state[at + _DIGEST // 2] = _load(children, row + 1 - swap, 8 * word)
            state[_LANES * (2 * _DIGEST // 8) + lane] = _WORD(_PAD_FIRST)
            state[_LANES * (_RATE // 8 - 1) + lane] = _WORD(_PAD_LAST) << _WORD(56)
        _permute(state)
        for lane in range(lanes):
            _store(state, lane, out, first + lane)
