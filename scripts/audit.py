"""Show a brand's programme in numbers, as a regulator asks for them."""

import json
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from scripts._session import Session, script
from scripts._types import ADDRESS, PATH
from weilian.audit import Audit, Audits
from weilian.chain import ZERO_ADDRESS
from weilian.currency import Currency, currency_at
from weilian.files import write_atomic


@script(writes=False)
@click.option("--brand", type=ADDRESS, required=True, help="Whose programme.")
@click.option("--currency", type=ADDRESS, help="The token.  [default: the chain's coin]")
@click.option("--out", type=PATH, help="Write the numbers to this new JSON file, too.")
def cli(session: Session, brand: str, currency: str | None, out: Path | None) -> None:
    """Show members, depth, and pay by level of a brand's programme, recomputed from the chain's
    log, refunds counted off."""
    address = currency or ZERO_ADDRESS
    audit = Audits(session.suite()).of(brand, address)
    money = currency_at(session.chain, address)
    session.out.show(_members(audit))
    session.out.show(_money(audit, money))
    document = _document(audit)
    if out is not None:
        write_atomic(out, f"{json.dumps(document, indent=2)}\n".encode(), replace=False)
        session.out.say(f"written to {out}")
    session.out.result(document)


def _members(audit: Audit) -> Table:
    table = Table("层级 · depth", "人数 · distributors", title="分销体系 · Programme")
    for depth, count in audit.members_by_depth.items():
        table.add_row(str(depth), str(count))
    table.add_section()
    table.add_row(f"最深 · deepest {audit.deepest}", f"{audit.members}")
    table.add_row("已暂停 · suspended", str(audit.suspended))
    return table


def _money(audit: Audit, money: Currency) -> Table:
    table = Table("", "金额 · amount", "占比 · share", title="已结算销售 · Settled sales")
    rows = [
        ("销售 · sales", audit.sales),
        ("平台 · platform", audit.fees),
        *((f"第 {n} 级 · level {n}", paid) for n, paid in enumerate(audit.pay_by_level, 1)),
        ("品牌 · brand", audit.brand_part),
        ("其中空缺 · of it breakage", audit.breakage),
    ]
    for name, amount in rows:
        share = f"{100 * amount / audit.sales:.2f} %" if audit.sales else ""
        table.add_row(name, money.text(amount), share)
    return table


def _document(audit: Audit) -> dict[str, Any]:
    return {
        "brand": audit.brand,
        "currency": audit.currency,
        "members": audit.members,
        "deepest": audit.deepest,
        "membersByDepth": {str(depth): n for depth, n in audit.members_by_depth.items()},
        "suspended": audit.suspended,
        "lines": audit.lines,
        "refunds": audit.refunds,
        "sales": str(audit.sales),
        "fees": str(audit.fees),
        "payByLevel": [str(amount) for amount in audit.pay_by_level],
        "breakage": str(audit.breakage),
        "brandPart": str(audit.brand_part),
    }
