"""The CSV file in which a brand lists the items of one batch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from weilian.csvfile import CsvFile
from weilian.gs1 import Gtin, Lot, Serial

REQUIRED = ("gtin", "lot", "serial")
DATES = ("production_date", "expiry_date")


@dataclass(frozen=True, slots=True)
class BatchFile:
    """The items of one batch in the order of the file."""

    gtin: Gtin
    lot: Lot
    production_date: date | None
    expiry_date: date | None
    serials: tuple[str, ...]
    ignored_columns: tuple[str, ...] = ()

    @property
    def produced_at(self) -> datetime | None:
        """The first second of the production date, UTC."""
        return _midnight(self.production_date)

    @property
    def expires_at(self) -> datetime | None:
        """The first expired second, UTC: GS1's expiry date is the last good day."""
        expiry = self.expiry_date
        return _midnight(expiry + timedelta(days=1) if expiry else None)


def read_batch_file(path: Path) -> BatchFile:
    """Read and check a whole CSV file.

    Columns `gtin`, `lot`, `serial`, and if wanted `production_date`, `expiry_date` (YYYY-MM-DD);
    all but the serial are the same in every row. Raises CsvFileError with every bad row at once.
    """
    return _Reader(CsvFile(path, REQUIRED)).read()


class _Reader:
    """Goes through the rows once; the first row decides what all rows share."""

    def __init__(self, file: CsvFile) -> None:
        self.file = file
        self.line_of: dict[str, int] = {}
        self.common: dict[str, str] = {}

    def read(self) -> BatchFile:
        for line, row in self.file.rows():
            self._row(line, row)
        if not self.line_of and not self.file.problems:
            self.file.problem(2, "serial", "", "there are no items below the header")
        self.file.finish()
        production, expiry = (_read_date(self.common.get(column, "")) for column in DATES)
        if production and expiry and expiry <= production:
            rule = f"must be after the production date {production}"
            self.file.problem(2, "expiry_date", str(expiry), rule)
        self.file.finish()
        return BatchFile(
            gtin=Gtin(self.common["gtin"]),
            lot=Lot(self.common["lot"]),
            production_date=production,
            expiry_date=expiry,
            serials=tuple(self.line_of),
            ignored_columns=tuple(
                name for name in self.file.columns if name not in REQUIRED + DATES
            ),
        )

    def _row(self, line: int, row: dict[str, str]) -> None:
        serial = row["serial"]
        self.file.read(line, "serial", serial, Serial)
        if serial in self.line_of:
            rule = f"occurs already in line {self.line_of[serial]}"
            self.file.problem(line, "serial", serial, rule)
        self.line_of.setdefault(serial, line)
        self._common(line, row, "gtin", Gtin)
        self._common(line, row, "lot", Lot)
        for column in DATES:
            if column in row:
                self._common(line, row, column, _read_date)

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


def _read_date(value: str) -> date | None:
    """Read YYYY-MM-DD and no other ISO 8601 form; an empty cell is no date."""
    if not value:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        found = None
    if not found or found.isoformat() != value:
        raise ValueError("must be a date like 2029-12-31")
    return found
