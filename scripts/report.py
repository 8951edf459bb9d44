"""Report orders that were paid elsewhere, as by WeChat Pay, from a CSV file."""

from pathlib import Path

import click

from scripts._session import Session, script
from scripts._types import ID, PATH, UsageRuleError
from weilian.catalogue import read_catalogue
from weilian.chain.values import to_hex
from weilian.currency import currency_at
from weilian.ledger import Ledger
from weilian.plan import Plans
from weilian.reporting import Reports, reported_orders
from weilian.seasonfile import read_reports


@script(writes=True)
@click.argument("path", metavar="FILE", type=PATH)
@click.option("--plan", "plan_id", type=ID, required=True, help="The plan they are made under.")
@click.option("--catalogue", type=PATH, help="Products with rates of their own (CSV or YAML).")
def cli(session: Session, path: Path, plan_id: bytes, catalogue: Path | None) -> None:
    """Report the orders of FILE, columns order_no,seller,amount and, if you like, gtin.

    An order number is reported once: run the command again after it broke off, or with a longer
    file. The most that the commissions can be is set aside from the brand's credit.
    """
    suite = session.suite()
    published = Plans(suite).get(plan_id)
    plan, money = published.plan, currency_at(session.chain, published.plan.currency)
    if not plan.daily_report_limit:
        raise UsageRuleError("the plan takes no reports: its daily_report_limit is 0")
    products = read_catalogue(catalogue) if catalogue else None
    orders = reported_orders(published, read_reports(path, money.decimals), products)
    reports = Reports(suite)
    planned = reports.plan(published, orders)
    credit = Ledger(suite).credit(plan.brand, plan.currency)
    total = sum(order.amount for order in planned.todo)
    session.out.say(f"{len(planned.todo)} orders of {money.text(total)} are to be reported")
    session.out.say(f"{len(planned.done)} are reported already")
    session.out.say(f"Set aside {money.text(planned.reserve)} of a credit of {money.text(credit)}")
    document = {
        "planId": to_hex(plan_id),
        "todo": len(planned.todo),
        "done": len(planned.done),
        "reserve": str(planned.reserve),
    }
    reported = None
    if planned.todo:
        with session.out.progress("Reporting") as progress:
            reported = session.attempt(
                "Report them?",
                "reported orders",
                lambda: reports.report(
                    planned, session.signer(), lambda done: progress(done, len(planned.todo))
                ),
            )
    session.finish(document | {"orderIds": [to_hex(each.order_id) for each in reported or ()]})
