"""The CSV file in which a brand lists the items of one batch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from weilian.csvfile import CsvFile, RowBlock
from weilian.gs1 import Gtin, Lot, Serial
from weilian.gs1.identifiers import Gs1Error
from weilian.progress import Progress
from weilian.serials import SerialColumn, SerialRule, Serials, column_of

REQUIRED = ("gtin", "lot", "serial")
DATES = ("production_date", "expiry_date")
FIRST_DATE = date(1970, 1, 2)
"""The chain counts seconds from 1970 on, and the second 0 says that there is no date."""

LAST_DATE = date(9999, 12, 30)
"""The day after the expiry date must be one that the calendar has."""


@dataclass(frozen=True, slots=True)
class BatchFile:
    """The items of one batch: what they share, and their serials in order, or how to draw them."""

    gtin: Gtin
    lot: Lot
    production_date: date | None
    expiry_date: date | None
    serials: Serials | SerialRule
    ignored_columns: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many items there are."""
        return len(self.serials)

    @property
    def produced_at(self) -> datetime | None:
        """The first second of the production date, UTC."""
        return _midnight(self.production_date)

    @property
    def expires_at(self) -> datetime | None:
        """The first expired second, UTC: GS1's expiry date is the last good day."""
        expiry = self.expiry_date
        return _midnight(expiry + timedelta(days=1) if expiry else None)


def read_batch_file(path: Path, progress: Progress | None = None) -> BatchFile:
    """Read and check a whole CSV file.

    Columns `gtin`, `lot`, `serial`, and if wanted `production_date`, `expiry_date` (YYYY-MM-DD);
    all but the serial are the same in every row. `progress` is called with (bytes read, bytes in
    all). Raises CsvFileError with every bad row at once.
    """
    with CsvFile(path, REQUIRED, DATES) as file:
        return _Reader(file).read(progress)


class _Reader:
    """Goes through the rows once; the first row decides what all rows share."""

    def __init__(self, file: CsvFile) -> None:
        self.file = file
        self.common: dict[str, str] = {}
        self.columns: list[SerialColumn] = []
        self.lines: list[npt.NDArray[np.uint32]] = []
        """For each part of `columns`, the line of each serial."""

    def read(self, progress: Progress | None) -> BatchFile:
        for block in self.file.blocks():
            if not self._take_clean(block):
                self._take_checked(block)
            if progress:
                progress(self.file.bytes_read, self.file.size)
        if not self.columns and not self.file.problems:
            self.file.problem(2, "serial", "", "there are no items below the header")
            self.file.finish()
        serials = self._unique()
        self.file.finish()
        production, expiry = (read_date(self.common.get(column, "")) for column in DATES)
        if rule := expiry_flaw(production, expiry):
            self.file.problem(2, "expiry_date", str(expiry), rule)
        self.file.finish()
        unused = [name for name in self.file.columns if name not in REQUIRED + DATES]
        return BatchFile(
            Gtin(self.common["gtin"]),
            Lot(self.common["lot"]),
            production,
            expiry,
            serials,
            tuple(unused),
        )

    def _take_clean(self, block: RowBlock) -> bool:
        """Take a block in which nothing is wrong, without a look at the single row."""
        if not self.common:
            return False
        columns = list(zip(*block.rows, strict=False))
        if set(map(len, block.rows)) != {len(self.file.columns)}:
            return False
        for name, value in self.common.items():
            if set(columns[self.file.columns.index(name)]) != {value}:
                return False
        try:
            self._keep(columns[self.file.columns.index("serial")], block.lines)
        except Gs1Error:
            return False
        return True

    def _take_checked(self, block: RowBlock) -> None:
        """Take a block row by row, and note all that is wrong."""
        serials, lines = [], []
        for line, row in self.file.checked(block):
            if self.file.read(line, "serial", row["serial"], Serial):
                serials.append(row["serial"])
                lines.append(line)
            self._common(line, row, "gtin", Gtin)
            self._common(line, row, "lot", Lot)
            for column in DATES:
                if column in row:
                    self._common(line, row, column, read_date)
        if serials:
            self._keep(serials, lines)

    def _keep(self, serials: "list[str] | tuple[str, ...]", lines: list[int]) -> None:
        self.columns.append(column_of(serials))
        self.lines.append(np.array(lines, np.uint32))

    def _unique(self) -> Serials:
        if not self.columns:
            return Serials.of([])
        serials, lines = Serials(np.concatenate(self.columns)), np.concatenate(self.lines)
        for first, second in serials.duplicates():
            rule = f"occurs already in line {lines[first]}"
            self.file.problem(int(lines[second]), "serial", serials[second], rule)
        return serials

    def _common(
        self, line: int, row: dict[str, str], column: str, parse: Callable[[str], object]
    ) -> None:
        value = row[column]
        if column not in self.common:
            self.common[column] = value
            self.file.read(line, column, value, parse)
        elif value != self.common[column]:
            rule = f"one file is one batch, and the first row has {self.common[column]!r}"
            self.file.problem(line, column, value, rule)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def read_date(value: str) -> date | None:
    """Read YYYY-MM-DD and no other ISO 8601 form; an empty text is no date.

    Raises ValueError, also for a date that the chain cannot hold.
    """
    if not value:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        found = None
    if not found or found.isoformat() != value:
        raise ValueError("must be a date like 2029-12-31")
    if not FIRST_DATE <= found <= LAST_DATE:
        raise ValueError(f"must be a date from {FIRST_DATE} to {LAST_DATE}")
    return found


def expiry_flaw(production: date | None, expiry: date | None) -> str | None:
    """Say which rule an expiry date breaks; None where it is in order."""
    if production and expiry and expiry <= production:
        return f"must be after the production date {production}"
    return None
