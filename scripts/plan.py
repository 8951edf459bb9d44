"""Publish and retire commission plans."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
from rich.table import Table

from scripts._session import Session, script
from scripts._types import ADDRESS, ID, PATH
from weilian.chain import ZERO_ADDRESS
from weilian.chain.values import to_hex
from weilian.commission import split
from weilian.currency import Currency, currency_at
from weilian.hashing import keccak256
from weilian.plan import Plan, Plans, PlanTerms
from weilian.planfile import read_plan_file

SAMPLE = 100


@click.group()
def cli() -> None:
    """Publish, retire and show commission plans."""


@script(writes=True, group=cli, name="publish")
@click.argument("plan_path", metavar="FILE", type=PATH)
@click.option("--brand", type=ADDRESS, help="The brand's identity.  [default: the account]")
@click.option("--currency", type=ADDRESS, help="Use this token in place of the file's currency.")
def publish(session: Session, plan_path: Path, brand: str | None, currency: str | None) -> None:
    """Publish the plan in FILE (YAML) for ever, after a preview of who gets what."""
    file = read_plan_file(plan_path)
    agreement = (plan_path.parent / file.document).read_bytes()
    suite = session.suite()
    address = currency or (ZERO_ADDRESS if file.currency == "native" else file.currency)
    plan = Plan(
        brand=brand or session.signer().address,
        currency=address,
        platform_fee_bps=file.platform_fee,
        refund_window=timedelta(seconds=file.refund_window),
        level_bps=tuple(file.levels),
        document_hash=keccak256(agreement),
    )
    plans = Plans(suite)
    identifier = to_hex(plans.id_of(plan))
    session.out.say(
        f"Plan {identifier}\nof brand {plan.brand}, refunds {file.refund_window_days} days"
    )
    session.out.show(
        preview(plan, replace(currency_at(session.chain, address), decimals=file.decimals))
    )
    if session.dry_run:
        session.finish({"planId": identifier})
        return
    session.confirm("Publish it?")
    plans.publish(plan, session.signer())
    session.finish({"planId": identifier}, "published the plan")


@script(writes=True, group=cli, name="retire")
@click.argument("plan_id", type=ID)
def retire(session: Session, plan_id: bytes) -> None:
    """Take no more orders under PLAN_ID; orders that are there keep its terms."""
    plans = Plans(session.suite())
    terms = plans.get(plan_id)
    session.out.say(f"Plan {to_hex(plan_id)} of brand {terms.brand}")
    if session.dry_run:
        session.finish({"planId": to_hex(plan_id)})
        return
    session.confirm("Retire it for ever?")
    plans.retire(plan_id, session.signer())
    session.finish({"planId": to_hex(plan_id)}, "retired the plan")


@script(writes=False, group=cli, name="show")
@click.argument("plan_id", type=ID)
def show(session: Session, plan_id: bytes) -> None:
    """Show the terms of PLAN_ID and who gets what under it."""
    plans = Plans(session.suite())
    terms = plans.get(plan_id)
    is_retired = plans.is_retired(plan_id)
    session.out.say(
        f"Plan {to_hex(plan_id)} of brand {terms.brand}{', retired' if is_retired else ''}"
    )
    session.out.show(preview(terms, currency_at(session.chain, terms.currency)))
    session.out.result(
        {
            "planId": to_hex(plan_id),
            "brand": terms.brand,
            "currency": terms.currency,
            "platformFeeBps": terms.platform_fee_bps,
            "levelBps": terms.level_bps,
            "refundWindowSeconds": int(terms.refund_window.total_seconds()),
            "isRetired": is_retired,
        }
    )


def preview(terms: PlanTerms, currency: Currency) -> Table:
    """Show the shares of a sale of 100, by how many distributors stand above each other."""
    levels = [f"level {number}" for number in range(1, len(terms.level_bps) + 1)]
    title = f"Of a sale of {SAMPLE} {currency.symbol}"
    table = Table("distributors", "platform", *levels, "brand", title=title)
    for column in table.columns[1:]:
        column.justify = "right"
    net = currency.units(str(SAMPLE))
    for length in range(len(terms.level_bps) + 1):
        shares = split(net, terms.platform_fee_bps, terms.level_bps, length)
        paid = [currency.text(share) for share in shares.levels]
        blank = [""] * (len(terms.level_bps) - length)
        row = [
            str(length),
            currency.text(shares.platform),
            *paid,
            *blank,
            currency.text(shares.brand),
        ]
        table.add_row(*row)
    return table
