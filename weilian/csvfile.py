"""Reading a person's CSV file: every bad row is gathered and reported at once, by its line."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from weilian.errors import WeilianError

SHOWN_PROBLEMS = 20
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one place of the file; the header is line 1."""

    line: int
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column} {self.value!r}: {self.rule}"


class CsvFileError(WeilianError, ValueError):
    """A file with bad rows; `problems` holds every one of them."""

    def __init__(self, name: str, problems: Sequence[RowProblem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        shown = "".join(f"\n  {problem}" for problem in self.problems[:SHOWN_PROBLEMS])
        rest = len(problems) - SHOWN_PROBLEMS
        super().__init__(
            f"{name} has {len(problems)} problem{'s'[: len(problems) > 1]}:{shown}"
            + (f"\n  and {rest} more" if rest > 0 else "")
        )


class CsvFileUnreadableError(WeilianError, OSError):
    """A file that cannot be opened."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"cannot read {path}: {reason}")


class CsvFile:
    """The rows of a file as dictionaries, and what is wrong with them.

    Opening raises CsvFileUnreadableError for a file that cannot be read, and CsvFileError for one
    that is not UTF-8 or lacks a required column.
    """

    def __init__(self, path: Path, required: Sequence[str]) -> None:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CsvFileUnreadableError(path, error.strerror or str(error)) from error
        self.name = path.name
        self.problems: list[RowProblem] = []
        text = _decode(path.name, data)
        self._rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        self.columns = self._header(required)

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (line, row) for each row of the right width, its values stripped."""
        for line, row in self._lines():
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
        """Keep a problem for the end."""
        self.problems.append(RowProblem(line, column, value, rule))

    def finish(self) -> None:
        """Raise CsvFileError if there is any problem."""
        if self.problems:
            raise CsvFileError(self.name, self.problems)

    def _header(self, required: Sequence[str]) -> list[str]:
        columns = [column.strip().lower() for column in next(self._lines(), (1, []))[1]]
        if not any(columns):
            self.problem(1, "header", "", f"is missing; begin with '{','.join(required)}'")
            self.finish()
        for name in required:
            if columns.count(name) != 1:
                count = "is missing" if name not in columns else "occurs twice"
                self.problem(1, name, ",".join(columns), f"column '{name}' {count} in the header")
        self.finish()
        return columns

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            line = self._rows.line_num + 1
            try:
                yield line, next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                # NOTE: after a broken quote nothing below can be told apart, so reading ends here.
                self.problem(line, "row", "", f"not CSV ({error})")
                raise CsvFileError(self.name, self.problems) from error


def _decode(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        rule = f"byte {error.start + 1} of the file is not UTF-8; save the file as UTF-8"
        problem = RowProblem(line, "byte", f"0x{data[error.start]:02x}", rule)
        raise CsvFileError(name, [problem]) from error
