"""The CSV files of a selling season: who distributes under whom, and the orders."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from weilian.address import to_address
from weilian.csvfile import CsvFile
from weilian.money import to_units

DISTRIBUTOR_COLUMNS = ("distributor", "sponsor")
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
