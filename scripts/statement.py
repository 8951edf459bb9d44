"""Show order by order how a credit came about, recomputed from the chain's log."""

import csv
from pathlib import Path

import click
from rich.table import Table

from scripts._session import Session, script
from scripts._types import ADDRESS, PATH
from weilian.chain import ZERO_ADDRESS
from weilian.chain.values import to_hex
from weilian.commission.parties import member_party
from weilian.currency import currency_at
from weilian.statement import Statement, StatementEntry, Statements

COLUMNS = ("time", "kind", "orderId", "line", "net", "bps", "amount")


@script(writes=False)
@click.option("--brand", type=ADDRESS, required=True, help="Whose programme.")
@click.option(
    "--number", type=click.IntRange(1), required=True, help="The number; 1: the platform's fees."
)
@click.option("--currency", type=ADDRESS, help="The token.  [default: the chain's coin]")
@click.option("--csv", "csv_path", type=PATH, help="Write the entries to this file, too.")
def cli(
    session: Session, brand: str, number: int, currency: str | None, csv_path: Path | None
) -> None:
    """Show the statement of a distributor: every share, refund and payment, and whether they add
    up to what the ledger owes."""
    address = currency or ZERO_ADDRESS
    statement = Statements(session.suite()).of(member_party(brand, number), address)
    money = currency_at(session.chain, address)
    table = Table("time", "what", "order", "of", "rate", "amount", title=f"Distributor {number}")
    for entry in statement.entries:
        order = to_hex(entry.order_id)[:10] if entry.order_id else ""
        net = "" if entry.net is None else money.text(entry.net)
        rate = "" if entry.bps is None else f"{entry.bps / 100:g} %"
        table.add_row(
            f"{entry.time:%Y-%m-%d %H:%M}", entry.kind, order, net, rate, money.text(entry.amount)
        )
    session.out.show(table)
    session.out.say(f"Sum {money.text(statement.total)}, credit {money.text(statement.credit)}")
    session.out.say("分毫不差 · adds up" if statement.adds_up else "不相等 · DOES NOT ADD UP")
    if csv_path is not None:
        _write(csv_path, statement)
    session.out.result(
        {
            "brand": brand,
            "number": number,
            "currency": address,
            "entries": [
                dict(zip(COLUMNS, _row(entry), strict=True)) for entry in statement.entries
            ],
            "earned": str(statement.earned),
            "total": str(statement.total),
            "credit": str(statement.credit),
            "debt": str(statement.debt),
            "addsUp": statement.adds_up,
        }
    )


def _write(path: Path, statement: Statement) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        rows.writerows(_row(entry) for entry in statement.entries)


def _row(entry: StatementEntry) -> tuple[str, ...]:
    return (
        f"{entry.time:%Y-%m-%dT%H:%M:%SZ}",
        entry.kind,
        to_hex(entry.order_id) if entry.order_id else "",
        "" if entry.line is None else str(entry.line + 1),
        "" if entry.net is None else str(entry.net),
        "" if entry.bps is None else str(entry.bps),
        str(entry.amount),
    )
