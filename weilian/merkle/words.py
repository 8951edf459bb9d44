"""ABI words of whole columns: what abi.encode makes of static values, many rows at a time.

A static value takes one word of 32 bytes (Solidity ABI, "Formal Specification of the Encoding").
Columns are encoded at once where every value is plainly in order. Whatever is not is left to the
encoder that looks at one value after the other, and knows what to say about it.
"""

import re
from array import array
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

import numpy as np

from weilian.hashing import Rows, keccak256_rows

WORD = 32
_ADDRESS_LENGTH = 20

_Column: TypeAlias = Sequence[Any]
_Encoder: TypeAlias = Callable[[_Column, Rows], None]
"""Write a column into zeroed words (n, 32); raises ValueError where a value is not in order."""

_INTEGER_TYPE = re.compile(r"(u?)int([1-9]\d{0,2})")
_BYTES_TYPE = re.compile(r"bytes([1-9]\d?)")
_MAX_INTEGER_LENGTH = 128
"""Characters of an integer; the longest of 256 bits has 78 and its sign."""

_INTEGER_TEXT = re.compile(r"-?[0-9]+|0x[0-9a-fA-F]+")


def read_int(text: str) -> int:
    """Read decimal text or `0x` hex, of 128 characters at most; raises ValueError."""
    if len(text) > _MAX_INTEGER_LENGTH:
        raise ValueError(
            f"{text[:20]!r}… has {len(text)} characters, it must have at most {_MAX_INTEGER_LENGTH}"
        )
    if not _INTEGER_TEXT.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not an integer in decimal or '0x' hex")
    return int(text, 16 if text.startswith("0x") else 10)


def read_bytes(text: str) -> bytes:
    """Read `0x` hex; raises ValueError."""
    if not text.startswith("0x"):
        raise ValueError(f"bytes must start with '0x', not {text[:20]!r}")
    data = bytes.fromhex(text[2:])
    if 2 * len(data) != len(text) - 2:  # fromhex skips spaces
        raise ValueError(f"{text[:80]!r} holds other characters than hex digits")
    return data


def abi_words(types: Sequence[str], values: Sequence[Sequence[Any]]) -> Rows | None:
    """Encode rows of values, each to 32 bytes times `len(types)`: uint8 (n, 32 * types).

    Returns None where a type is not static or some value is not plainly in order.
    """
    encoders = [_encoder_of(kind) for kind in types]
    if not encoders or None in encoders:
        return None
    try:
        _require_length(values, len(types))
        words = np.zeros((len(values), WORD * len(types)), np.uint8)
        for place, encode in enumerate(encoders):
            column = list(map(itemgetter(place), values))
            encode(column, words[:, WORD * place : WORD * (place + 1)])  # type: ignore[misc]
    except (TypeError, ValueError):
        return None
    return words


def _encoder_of(kind: str) -> _Encoder | None:
    if kind == "address":
        return _put_addresses
    if kind == "bool":
        return _put_bools
    if found := _INTEGER_TYPE.fullmatch(kind):
        bits = int(found[2])
        is_signed = not found[1]
        return _integers(bits, is_signed) if bits <= 8 * WORD and not bits % 8 else None
    if found := _BYTES_TYPE.fullmatch(kind):
        length = int(found[1])
        return _fixed_bytes(length) if length <= WORD else None
    return None


def _integers(bits: int, is_signed: bool) -> _Encoder:
    lowest, end = (-(1 << bits - 1), 1 << bits - 1) if is_signed else (0, 1 << bits)

    def put(column: _Column, words: Rows) -> None:
        numbers = _read_text(column, int, read_int)
        try:
            small = np.frombuffer(array("Q", numbers), np.uint64)
        except OverflowError:
            if min(numbers) < lowest or max(numbers) >= end:
                raise ValueError("out of range") from None
            texts = [number.to_bytes(WORD, signed=is_signed) for number in numbers]
            words[:] = _rows(b"".join(texts), WORD)
            return
        if int(small.max()) >= end:
            raise ValueError("out of range")
        words[:, -8:] = small.astype(">u8").view(np.uint8).reshape(-1, 8)

    return put


def _fixed_bytes(length: int) -> _Encoder:
    def put(column: _Column, words: Rows) -> None:
        words[:, :length] = _equal_bytes(column, length)

    return put


def _put_addresses(column: _Column, words: Rows) -> None:
    words[:, -_ADDRESS_LENGTH:] = _equal_bytes(column, _ADDRESS_LENGTH)
    if type(column[0]) is str:
        _check_letter_case(_rows("".join(column).encode(), 2 + 2 * _ADDRESS_LENGTH)[:, 2:])


def _put_bools(column: _Column, words: Rows) -> None:
    _require_type(column, bool)
    words[:, -1] = column


def _equal_bytes(column: _Column, length: int) -> Rows:
    if type(column[0]) is bytes:
        _require_type(column, bytes)
        _require_length(column, length)
        return _rows(b"".join(column), length)
    _require_type(column, str)
    _require_length(column, 2 + 2 * length)
    text = _rows("".join(column).encode("ascii"), 2 + 2 * length)
    if (text[:, :2] != (ord("0"), ord("x"))).any():
        raise ValueError("not '0x' hex")
    return _rows(bytes.fromhex(text[:, 2:].tobytes().decode("ascii")), length)


def _check_letter_case(text: Rows) -> None:
    # NOTE: ERC-55: a letter is a capital where the digit of the hash at its place is 8 or more.
    # Letters all of one case carry no checksum.
    is_small, is_capital = text >= ord("a"), (text >= ord("A")) & (text <= ord("F"))
    mixed = is_small.any(axis=1) & is_capital.any(axis=1)
    if not mixed.any():
        return
    lower = np.where(is_capital, text + 32, text)[mixed].astype(np.uint8)
    digests = keccak256_rows(lower)[:, :_ADDRESS_LENGTH]
    digits = np.stack((digests >> 4, digests & 15), axis=2).reshape(lower.shape)
    if ((digits >= 8) & (lower >= ord("a")) != is_capital[mixed]).any():
        raise ValueError("wrong checksum")


def _read_text(column: _Column, wanted: type, read: Callable[[str], Any]) -> _Column:
    if set(map(type, column)) != {wanted}:
        column = [read(part) if type(part) is str else part for part in column]
        _require_type(column, wanted)
    return column


def _require_type(column: _Column, wanted: type) -> None:
    if set(map(type, column)) != {wanted}:
        raise TypeError("values of several types")


def _require_length(column: _Column, length: int) -> None:
    if set(map(len, column)) != {length}:
        raise ValueError("values of other lengths")


def _rows(data: bytes, width: int) -> Rows:
    return np.frombuffer(data, np.uint8).reshape(-1, width)
