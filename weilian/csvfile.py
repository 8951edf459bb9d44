"""Reading a person's CSV file: every bad row is gathered and reported at once, by its line.

The file is read as a stream, in blocks of rows, so that its size does not matter.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from weilian.errors import WeilianError

SHOWN_PROBLEMS = 20
KEPT_PROBLEMS = 10_000
"""A file with more is not read to its end: it is another kind of file."""

_KEPT_CHARACTERS = 400
"""Of a value or a rule; a cell may have 131,072, and there may be 10,000 of them."""

BLOCK_ROWS = 1 << 10
"""Few enough that a block stays in the processor's cache: with 32 times as many, reading takes more
than twice as long."""

_FIRST_ROWS = 256
"""The first block is small: what is wrong in general is seen there."""

_READ_BYTES = 1 << 20
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one place of the file; the header is line 1."""

    line: int
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column} {self.value!r:.100}: {self.rule}"


class CsvFileError(WeilianError, ValueError):
    """A file with bad rows; `problems` holds every one of them, the first 10,000 at most."""

    def __init__(self, name: str, problems: Sequence[RowProblem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        shown = "".join(f"\n  {problem}" for problem in self.problems[:SHOWN_PROBLEMS])
        rest = len(problems) - SHOWN_PROBLEMS
        count = f"{len(problems)}{' or more' * (len(problems) >= KEPT_PROBLEMS)}"
        super().__init__(
            f"{name} has {count} problem{'s'[: len(problems) > 1]}:{shown}"
            + (f"\n  and {rest} more" if rest > 0 else "")
        )


class CsvFileUnreadableError(WeilianError, OSError):
    """A file that cannot be opened."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"cannot read {path}: {reason}")


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Some rows as they stand in the file, each with the line that it begins in."""

    lines: list[int]
    rows: list[list[str]]


class CsvFile:
    """The rows of a file, and what is wrong with them. Use it in a `with` block.

    Opening raises CsvFileUnreadableError for a file that cannot be read, and CsvFileError for one
    that is not UTF-8, lacks a required column, or has a required or optional one twice. Columns
    under other names are none of its business.
    """

    def __init__(self, path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> None:
        self.path = path
        self.name = path.name
        self.problems: list[RowProblem] = []
        try:
            self._bytes = path.open("rb", buffering=_READ_BYTES)
            self.size = path.stat().st_size
        except OSError as error:
            raise CsvFileUnreadableError(path, error.strerror or str(error)) from error
        self._stream = TextIOWrapper(self._bytes, encoding="utf-8-sig", newline="")
        self._rows = csv.reader(self._stream, strict=True)
        try:
            self.columns = self._header(required, optional)
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    @property
    def bytes_read(self) -> int:
        """How far reading has come, of `size`."""
        return self._bytes.tell()

    def blocks(self) -> Iterator[RowBlock]:
        """Yield the rows, those of a wrong width too, and nothing of their content checked."""
        size = _FIRST_ROWS
        while block := self._block(size):
            yield block
            size = BLOCK_ROWS

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (line, row) for each row of the right width, its values stripped."""
        for block in self.blocks():
            yield from self.checked(block)

    def checked(self, block: RowBlock) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (line, row) for the rows of a block that have the right width."""
        for line, row in zip(block.lines, block.rows, strict=True):
            if len(row) == len(self.columns):
                values = (value.strip() for value in row)
                yield line, dict(zip(self.columns, values, strict=True))
            elif row:
                rule = f"the row has {len(row)} columns, the header has {len(self.columns)}"
                self.problem(line, "row", ",".join(row), rule)

    def read(
        self, line: int, column: str, value: str, parse: Callable[[str], _Value]
    ) -> _Value | None:
        """Parse a value; keep what `parse` raises as a problem and return None."""
        try:
            return parse(value)
        except ValueError as error:
            self.problem(line, column, value, getattr(error, "rule", str(error)))
            return None

    def problem(self, line: int, column: str, value: str, rule: str) -> None:
        """Keep a problem for the end; raise CsvFileError when there are far too many."""
        kept = RowProblem(line, column, value[:_KEPT_CHARACTERS], rule[:_KEPT_CHARACTERS])
        self.problems.append(kept)
        if len(self.problems) >= KEPT_PROBLEMS:
            self.finish()

    def finish(self) -> None:
        """Raise CsvFileError if there is any problem."""
        if self.problems:
            raise CsvFileError(self.name, self.problems)

    def _header(self, required: Sequence[str], optional: Sequence[str]) -> list[str]:
        block = self._block(1)
        columns = [column.strip().lower() for column in block.rows[0]] if block else []
        if not any(columns):
            self.problem(1, "header", "", f"is missing; begin with '{','.join(required)}'")
            self.finish()
        for name in (*required, *optional):
            count = columns.count(name)
            if count > 1 or (not count and name in required):
                what = "occurs twice" if count else "is missing"
                self.problem(1, name, ",".join(columns), f"column '{name}' {what} in the header")
        self.finish()
        return columns

    def _block(self, size: int) -> RowBlock | None:
        reader, before = self._rows, self._rows.line_num
        found: list[tuple[int, list[str]]] = []
        try:
            # NOTE: extend keeps what was read before an error, a comprehension would not.
            found.extend((reader.line_num, row) for row in islice(reader, size))
        except csv.Error as error:
            # NOTE: after a broken quote nothing below can be told apart, so reading ends here.
            line = (found[-1][0] if found else before) + 1
            self.problem(line, "row", "", f"not CSV ({error})")
            self._keep_widths(before, found)
            raise CsvFileError(self.name, self.problems) from error
        except UnicodeDecodeError as error:
            self.problems.append(_undecodable(self.path))
            raise CsvFileError(self.name, self.problems) from error
        if not found:
            return None
        ends = [before, *(line for line, _ in found)]
        return RowBlock([end + 1 for end in ends[:-1]], [row for _, row in found])

    def _keep_widths(self, before: int, found: list[tuple[int, list[str]]]) -> None:
        """Note the rows of a wrong width that were read together with a broken one."""
        ends = [before, *(line for line, _ in found)]
        if before:
            for _ in self.checked(RowBlock([end + 1 for end in ends[:-1]], [r for _, r in found])):
                pass


def _undecodable(path: Path) -> RowProblem:
    """Find the first byte of a file that is not UTF-8."""
    start, line, rest = 0, 1, b""
    with path.open("rb") as stream:
        while chunk := stream.read(_READ_BYTES):
            data = rest + chunk
            try:
                data.decode("utf-8")
                rest = b""
            except UnicodeDecodeError as error:
                if error.start < len(data) - 3:
                    return _byte_problem(data, error.start, start, line)
                rest = data[error.start :]
            used = len(data) - len(rest)
            line += data.count(b"\n", 0, used)
            start += used
    return _byte_problem(rest, 0, start, line)


def _byte_problem(data: bytes, place: int, start: int, line: int) -> RowProblem:
    rule = f"byte {start + place + 1} of the file is not UTF-8; save the file as UTF-8"
    return RowProblem(line + data.count(b"\n", 0, place), "byte", f"0x{data[place]:02x}", rule)
