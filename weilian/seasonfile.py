"""The CSV files of a selling season: who distributes under whom, orders, and reports of orders."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from weilian.address import to_address
from weilian.csvfile import CsvFile
from weilian.gs1 import Gtin
from weilian.money import to_units

DISTRIBUTOR_COLUMNS = ("distributor", "sponsor")
REPORT_COLUMNS = ("order_no", "seller", "amount")
MAX_REPORT_ROWS = 100_000
"""Of one file; more are reported in several files."""

MAX_ORDER_LINES = 32
_MAX_NUMBER = 2**32 - 1
ORDER_COLUMNS = ("order_no", "buyer", "distributor", "currency", "amount", "refund")


@dataclass(frozen=True, slots=True)
class DistributorRow:
    """One distributor; no sponsor means directly under the brand."""

    distributor: str
    sponsor: str | None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order as a shop exports it; amounts in whole currency units."""

    order_no: str
    buyer: str
    distributor: str | None
    currency: str
    amount: Decimal
    refund: Decimal


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of an order that was paid elsewhere; `amount` in the smallest unit.

    `seller` is the distributor's number, 0 for a direct sale; `gtin` 0 where none is given.
    """

    order_no: str
    seller: int
    amount: int
    gtin: int


def read_reports(path: Path, decimals: int) -> dict[str, list[ReportRow]]:
    """Read orders paid elsewhere by their numbers; rows of one number are the order's lines.

    Raises CsvFileError for amounts with too many digits, lines that name different sellers, more
    than 32 lines of an order or 100,000 rows of a file.
    """
    with CsvFile(path, REPORT_COLUMNS, ("gtin",)) as file:
        orders: dict[str, list[ReportRow]] = {}
        for count, (line, row) in enumerate(file.rows(), start=1):
            if count > MAX_REPORT_ROWS:
                file.problem(line, "row", "", f"a file has at most {MAX_REPORT_ROWS} rows")
                break
            read = _report_row(file, line, row, decimals)
            if read is not None:
                _add_line(file, line, orders.setdefault(read.order_no, []), read)
        file.finish()
        return orders


def _report_row(file: CsvFile, line: int, row: dict[str, str], decimals: int) -> ReportRow | None:
    number = row["order_no"]
    if not number:
        file.problem(line, "order_no", number, "is missing")
    seller = file.read(line, "seller", row["seller"] or "0", _number)
    amount = file.read(line, "amount", row["amount"], lambda text: to_units(text, decimals))
    gtin = file.read(line, "gtin", row.get("gtin", ""), _optional_gtin)
    if amount == 0:
        file.problem(line, "amount", row["amount"], "must be above zero")
    if not number or seller is None or not amount or gtin is None:
        return None
    return ReportRow(number, seller, amount, gtin)


def _add_line(file: CsvFile, line: int, lines: list[ReportRow], row: ReportRow) -> None:
    if lines and lines[0].seller != row.seller:
        rule = f"differs from {lines[0].seller}, the seller of the order's lines above"
        file.problem(line, "seller", str(row.seller), rule)
    if len(lines) == MAX_ORDER_LINES:
        file.problem(line, "order_no", row.order_no, f"has more than {MAX_ORDER_LINES} lines")
    lines.append(row)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _MAX_NUMBER:
        raise ValueError("must be a distributor's number, such as 2, or empty")
    return int(text)


def _optional_gtin(text: str) -> int:
    return int(Gtin(text)) if text else 0


def read_distributors(path: Path) -> list[DistributorRow]:
    """Read `distributor,sponsor`; a sponsor stands in a row above. Raises CsvFileError."""
    with CsvFile(path, DISTRIBUTOR_COLUMNS) as file:
        line_of: dict[str, int] = {}
        rows = []
        for line, row in file.rows():
            distributor = file.read(line, "distributor", row["distributor"], to_address)
            sponsor = file.read(line, "sponsor", row["sponsor"], _optional_address)
            if distributor in line_of:
                rule = f"occurs already in line {line_of[distributor]}"
                file.problem(line, "distributor", distributor, rule)
            if sponsor is not None and sponsor not in line_of:
                file.problem(line, "sponsor", sponsor, "must be a distributor of a row above")
            if distributor is not None:
                line_of.setdefault(distributor, line)
                rows.append(DistributorRow(distributor, sponsor))
        file.finish()
        return rows


def read_orders(path: Path, currencies: dict[str, int]) -> list[OrderRow]:
    """Read orders; `currencies` gives the decimals of each name that may occur.

    Raises CsvFileError for unknown currencies, amounts with too many digits, refunds above the
    amount, numbers that occur twice.
    """
    with CsvFile(path, ORDER_COLUMNS) as file:
        line_of: dict[str, int] = {}
        rows = []
        for line, row in file.rows():
            number = row["order_no"]
            if not number or number in line_of:
                rule = f"occurs already in line {line_of[number]}" if number else "is missing"
                file.problem(line, "order_no", number, rule)
            line_of.setdefault(number, line)
            order = _order(file, line, row, currencies)
            if order is not None:
                rows.append(order)
        file.finish()
        return rows


def _order(
    file: CsvFile, line: int, row: dict[str, str], currencies: dict[str, int]
) -> OrderRow | None:
    currency = row["currency"]
    if currency not in currencies:
        file.problem(line, "currency", currency, f"must be one of {', '.join(sorted(currencies))}")
        return None
    decimals = currencies[currency]
    buyer = file.read(line, "buyer", row["buyer"], to_address)
    distributor = file.read(line, "distributor", row["distributor"], _optional_address)
    amount = file.read(line, "amount", row["amount"], lambda text: _amount(text, decimals))
    refund = file.read(line, "refund", row["refund"] or "0", lambda text: _amount(text, decimals))
    if amount == 0:
        file.problem(line, "amount", row["amount"], "must be above zero")
    if amount is not None and refund is not None and refund > amount:
        file.problem(line, "refund", row["refund"], f"must be at most the amount {amount}")
    if buyer is None or amount is None or refund is None:
        return None
    return OrderRow(row["order_no"], buyer, distributor, currency, amount, refund)


def _optional_address(text: str) -> str | None:
    return to_address(text) if text else None


def _amount(text: str, decimals: int) -> Decimal:
    to_units(text, decimals)
    return Decimal(text)
