"""The serials of a batch, a million and more of them: 20 bytes each and no Python objects."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, overload

import numpy as np
import numpy.typing as npt

from weilian.errors import WeilianError, shown
from weilian.gs1 import Serial
from weilian.gs1.identifiers import CHARSET_82
from weilian.hashing import Rows
from weilian.keys import random_text

SERIAL_WIDTH = 20
"""The most characters of a serial (AI 21), and the bytes that each takes here."""

SerialColumn: TypeAlias = npt.NDArray[np.bytes_]
"""Serials in ASCII: dtype S20, (n,); a serial holds no NUL, so the padding is unambiguous."""

MAX_ITEMS = (1 << 32) - 1
"""The most items of a batch, as the registry counts them in 32 bits."""

MIN_RANDOM_LENGTH = 12
"""60 bits, and a hundred million items still differ by themselves nearly always."""

RANDOM_LENGTH = 16
"""Characters of a random serial: 80 bits, nobody guesses another from one."""

_LABEL = b"weilian/serial/v1"
_DTYPE = f"S{SERIAL_WIDTH}"
_BLOCK = 1 << 16
_VALID = f"[{re.escape(''.join(sorted(CHARSET_82)))}]{{1,{SERIAL_WIDTH}}}"
_ALL_VALID = re.compile(f"{_VALID}(?:\n{_VALID})*")
"""One serial a line: a block in one go."""


class DuplicateSerialError(WeilianError, ValueError):
    """A serial that two items of a batch would have."""

    def __init__(self, serial: str, first: int, second: int) -> None:
        super().__init__(
            f"serial {serial!r} occurs twice, as item {first} and item {second}; serials of a "
            "batch must differ"
        )


class SerialRuleError(WeilianError, ValueError):
    """A rule by which no serials can be drawn."""

    def __init__(self, name: str, value: object, rule: str) -> None:
        super().__init__(f"{name} is {shown(value)}, {rule}")


class Serials(Sequence[str]):
    """Valid serials in the order of the items; made by `of`."""

    def __init__(self, column: SerialColumn) -> None:
        self.column = column

    @classmethod
    def of(cls, serials: Iterable[str]) -> "Serials":
        """Check each serial and keep them; raises SerialError."""
        if isinstance(serials, cls):
            return serials
        blocks = [column_of(block) for block in _blocks(serials)]
        return cls(np.concatenate(blocks) if blocks else np.empty(0, _DTYPE))

    def check_unique(self) -> None:
        """Raise DuplicateSerialError for the first serial that occurs again."""
        pairs = self.duplicates()
        if pairs:
            first, second = pairs[0]
            raise DuplicateSerialError(self[second], first, second)

    def duplicates(self) -> list[tuple[int, int]]:
        """Return (first index, index) of each serial that stood before, by index."""
        order = self.order()
        ranked = self.column[order]
        again = np.flatnonzero(ranked[1:] == ranked[:-1]) + 1
        if not len(again):
            return []
        starts = np.concatenate(([True], ranked[1:] != ranked[:-1]))
        start_of = np.maximum.accumulate(np.where(starts, np.arange(len(ranked)), 0))
        pairs = [(int(order[start_of[place]]), int(order[place])) for place in again]
        return sorted(pairs, key=lambda pair: pair[1])

    def order(self) -> npt.NDArray[np.intp]:
        """Return the indexes in ascending order of the serials, equal ones by index."""
        return np.argsort(self.column, kind="stable")

    def __len__(self) -> int:
        return len(self.column)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> "Serials": ...
    def __getitem__(self, index: int | slice) -> "str | Serials":
        if isinstance(index, slice):
            return Serials(self.column[index])
        return bytes(self.column[index]).decode("ascii")

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), _BLOCK):
            block = b"\n".join(self.column[start : start + _BLOCK].tolist())
            yield from block.decode("ascii").split("\n")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Serials) and np.array_equal(self.column, other.column)

    def __hash__(self) -> int:
        return hash(self.column.tobytes())


def column_of(serials: Sequence[str]) -> SerialColumn:
    """Check serials and return them as one column; raises SerialError for the first bad one."""
    text = "\n".join(serials)
    # NOTE: a line feed inside a serial would pass for the end of it, if nobody counted.
    if serials and (text.count("\n") >= len(serials) or not _ALL_VALID.fullmatch(text)):
        for serial in serials:
            Serial(serial)
    return np.array([serial.encode("ascii") for serial in serials], dtype=_DTYPE)


def bytes_of(column: SerialColumn) -> Rows:
    """View a column as bytes, (n, 20)."""
    return np.ascontiguousarray(column).view(np.uint8).reshape(len(column), SERIAL_WIDTH)


def _blocks(serials: Iterable[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for serial in serials:
        block.append(serial)
        if len(block) == _BLOCK:
            yield block
            block = []
    if block:
        yield block


@dataclass(frozen=True, slots=True)
class SerialRule:
    """How the serials of a batch are drawn where no list names them.

    `digits` None draws `length` random base32 characters from the batch's secret, which tells
    nobody how many items there are; else serials count up from `start` in so many digits.
    Making a rule that cannot be kept raises SerialRuleError, or SerialError for its prefix.
    """

    count: int
    prefix: str = ""
    length: int = RANDOM_LENGTH
    digits: int | None = None
    start: int = 1

    def __post_init__(self) -> None:
        _require_range("count", self.count, 1, MAX_ITEMS)
        if self.digits is None:
            _require_range("length", self.length, MIN_RANDOM_LENGTH, SERIAL_WIDTH)
        else:
            self._check_sequence(self.digits)
        if self.prefix:
            Serial(self.prefix)
        width = self.length if self.digits is None else self.digits
        if len(self.prefix) + width > SERIAL_WIDTH:
            rule = f"with {width} characters behind it more than the {SERIAL_WIDTH} of a serial"
            raise SerialRuleError("prefix", self.prefix, rule)

    def _check_sequence(self, digits: int) -> None:
        _require_range("digits", digits, 1, SERIAL_WIDTH)
        if self.start < 0:
            raise SerialRuleError("start", self.start, "it must be 0 or more")
        if self.start + self.count > 10**digits:
            rule = f"{self.count} serials from {shown(self.start)} on do not fit"
            raise SerialRuleError("digits", digits, rule)

    def __len__(self) -> int:
        return self.count

    def draw(self, secret: bytes) -> Serials:
        """Return the serials, the same for the same rule and batch secret."""
        if self.digits is not None:
            numbers = range(self.start, self.start + self.count)
            return Serials.of(f"{self.prefix}{number:0{self.digits}}" for number in numbers)
        blocks = range(0, self.count, _BLOCK)
        serials = Serials(np.concatenate([self._random(secret, start) for start in blocks]))
        attempt = 1
        while pairs := serials.duplicates():
            for _, index in pairs:
                serials.column[index] = self._draw_again(secret, index, attempt)
            attempt += 1
        return serials

    def _random(self, secret: bytes, start: int) -> SerialColumn:
        numbers = range(start, min(start + _BLOCK, self.count))
        texts = random_text(secret, _LABEL, numbers, self.length)
        return column_of([self.prefix + text for text in texts])

    def _draw_again(self, secret: bytes, index: int, attempt: int) -> bytes:
        # NOTE: indexes end below 2**32, so each attempt has numbers of its own.
        number = index + (attempt << 32)
        return (self.prefix + random_text(secret, _LABEL, [number], self.length)[0]).encode()


def _require_range(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise SerialRuleError(name, value, f"it must be {least} to {most}")
