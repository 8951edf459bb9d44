"""Show order by order how a credit came about, recomputed from the chain's log."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from scripts._session import Session, script
from scripts._types import ADDRESS, PATH, UsageRuleError, member_number
from weilian.chain import ZERO_ADDRESS
from weilian.chain.values import to_hex
from weilian.commission.parties import (
    account_of,
    account_party,
    brand_of,
    is_member,
    is_platform,
    number_of,
    platform_party,
)
from weilian.currency import Currency, currency_at
from weilian.distributor import Distributors
from weilian.files import write_atomic
from weilian.plan import Plans
from weilian.statement import Statement, StatementEntry, Statements

COLUMNS = ("time", "kind", "orderId", "line", "net", "bps", "amount")
KINDS = {
    "SHARE": "份额 · share",
    "TAKEN_BACK": "收回 · taken back",
    "WITHDRAWN": "提现 · withdrawn",
    "DEBT_RECORDED": "欠款 · debt recorded",
    "DEBT_OFFSET": "抵欠 · debt offset",
    "FUNDED": "充值 · paid in",
    "RESERVED": "上报预留 · set aside",
    "RELEASED": "预留释放 · released",
    "SHARED_OUT": "分出 · shared out",
    "REFUNDED": "退款 · refunded",
    "DEBT_RECEIVED": "收欠 · debt received",
    "REPAID": "买家退款 · got back",
}


@script(writes=False)
@click.option("--brand", type=ADDRESS, help="Whose programme; alone: the brand's own credit.")
@click.option(
    "--number", type=member_number(1), help="A distributor's number; 1 is the platform's."
)
@click.option("--platform", is_flag=True, help="The platform's fees, of the --brand or of all.")
@click.option("--currency", type=ADDRESS, help="The token.  [default: the chain's coin]")
@click.option("--csv", "csv_path", type=PATH, help="Write the entries to this new file, too.")
def cli(
    session: Session,
    brand: str | None,
    number: int | None,
    platform: bool,
    currency: str | None,
    csv_path: Path | None,
) -> None:
    """Show the statement of a distributor, of the brand itself, or of the platform: every share,
    refund and payment, and whether they add up to what the ledger owes. Ends with 1 if not.

    逐笔列出分销商、品牌自身或平台的份额、退款与收付，并核对其和是否等于账本余额。
    """
    address = currency or ZERO_ADDRESS
    parties = _parties(session, brand, number, platform, address)
    statements = Statements(session.suite()).of_many(parties, address)
    money = currency_at(session.chain, address)
    for statement in statements:
        _show(session, statement, money)
    if brand is None:
        total = money.text(sum(each.credit for each in statements))
        session.out.say(f"共 {len(statements)} 个品牌 · brands, 合计 · together {total}")
    if csv_path is not None:
        _write(csv_path, statements, names_brand=brand is None)
    documents = [_document(statement) for statement in statements]
    adds_up = all(each.adds_up for each in statements)
    whole = {"currency": address, "statements": documents, "addsUp": adds_up}
    session.out.result(whole if brand is None else documents[0])
    if not adds_up:
        raise SystemExit(1)


def _parties(
    session: Session, brand: str | None, number: int | None, platform: bool, currency: str
) -> list[int]:
    if platform and number is not None:
        raise UsageRuleError("--platform is number 1: give one of --platform and --number")
    if platform and brand is None:
        markets = sorted(Plans(session.suite()).markets())
        return [platform_party(each) for each, paid_in in markets if paid_in == currency]
    if brand is None:
        raise UsageRuleError("name a --brand, or --platform for the fees of all brands")
    if platform:
        return [platform_party(brand)]
    if number is None:
        return [account_party(brand)]
    return [Distributors(session.suite()).party(brand, number)]


def _show(session: Session, statement: Statement, money: Currency) -> None:
    heads = (
        "时间 · time",
        "项目 · what",
        "订单 · order",
        "基数 · of",
        "比例 · rate",
        "金额 · amount",
    )
    table = Table(*heads, title=_title(statement.party))
    for column in table.columns[-3:]:
        column.justify = "right"
    for entry in statement.entries:
        table.add_row(
            f"{entry.time:%Y-%m-%d %H:%M}",
            KINDS[entry.kind],
            to_hex(entry.order_id)[:10] if entry.order_id else "",
            "" if entry.net is None else money.text(entry.net),
            "" if entry.bps is None else f"{entry.bps / 100:g} %",
            money.text(entry.amount),
        )
    say = session.out.say
    session.out.show(table)
    total, credit = money.text(statement.total), money.text(statement.credit)
    say(f"合计 · sum {total}, 链上余额 · credit on chain {credit}")
    if statement.debt:
        say(f"欠款 · debt {money.text(statement.debt)}")
    say("分毫不差 · adds up" if statement.adds_up else "不相等 · DOES NOT ADD UP")


def _title(party: int) -> str:
    if not is_member(party):
        return f"品牌自身 · The brand itself {account_of(party)}"
    if is_platform(party):
        return f"平台费 · The platform's fees from {brand_of(party)}"
    return f"分销商 · Distributor {number_of(party)}"


def _document(statement: Statement) -> dict[str, Any]:
    party = statement.party
    return {
        "brand": brand_of(party) if is_member(party) else account_of(party),
        "number": number_of(party) if is_member(party) else None,
        "currency": statement.currency,
        "entries": [dict(zip(COLUMNS, _row(entry), strict=True)) for entry in statement.entries],
        "earned": str(statement.earned),
        "total": str(statement.total),
        "credit": str(statement.credit),
        "debt": str(statement.debt),
        "addsUp": statement.adds_up,
    }


def _write(path: Path, statements: Sequence[Statement], *, names_brand: bool) -> None:
    """Write the entries; raise ExistingFileError where there is such a file, FileWriteError."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(("brand", *COLUMNS) if names_brand else COLUMNS)
    for statement in statements:
        front = (brand_of(statement.party),) if names_brand else ()
        rows.writerows((*front, *_row(entry)) for entry in statement.entries)
    write_atomic(path, text.getvalue().encode(), replace=False)


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
