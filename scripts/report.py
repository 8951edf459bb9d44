"""Report orders that were paid elsewhere, as by WeChat Pay, from a CSV file."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from scripts._keeper import check_gas, keeper_of, keeper_options, tell
from scripts._session import Session, script
from scripts._types import ID, PATH, UsageRuleError
from weilian.batching import Batching, Refused
from weilian.catalogue import read_catalogue
from weilian.chain.values import to_hex
from weilian.commission.order import Order
from weilian.currency import Currency, currency_at
from weilian.keeper import Keeper
from weilian.ledger import Ledger
from weilian.order import ORDERS_PER_TRANSACTION, Orders
from weilian.plan import Plans, PublishedPlan
from weilian.reporting import ReportPlan, Reports, reported_orders
from weilian.seasonfile import read_reports

_MOST_TOLD = 20
"""Orders left out that a person is told of one by one; --json has all."""


@dataclass
class _Run:
    """One file's orders, what they come to, and what became of them."""

    session: Session
    published: PublishedPlan
    money: Currency
    orders: Mapping[str, Order]
    planned: ReportPlan
    reported: list[bytes] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        return {
            "planId": to_hex(self.published.plan_id),
            "todo": len(self.planned.todo),
            "later": len(self.planned.later),
            "done": len(self.planned.done),
            "reserve": str(self.planned.reserve),
            "orderIds": [to_hex(each) for each in self.reported],
            "leftOut": [
                {"orderNo": number, "reason": reason} for number, reason in self.left_out.items()
            ],
        }


@script(writes=True)
@click.argument("path", metavar="FILE", type=PATH)
@click.option("--plan", "plan_id", type=ID, required=True, help="The plan they are made under.")
@click.option("--catalogue", type=PATH, help="Products with rates of their own (CSV or YAML).")
@keeper_options
def cli(
    session: Session, path: Path, plan_id: bytes, catalogue: Path | None, **limits: Any
) -> None:
    """Report the orders of FILE, columns order_no,seller,amount and, if you like, gtin.

    The most that the commissions can be is set aside from the brand's credit. What is above the
    plan's limit of a day waits for another day. An order that the contract refuses is left out,
    the others go on; the command then ends with 1.

    An order number is reported once, and a journal keeps what is signed: run the command again,
    with the same file or a longer one, whenever and however it ended.
    """
    suite = session.suite()
    published = Plans(suite).get(plan_id)
    money = currency_at(session.chain, published.plan.currency)
    if not published.plan.daily_report_limit:
        raise UsageRuleError("the plan takes no reports: its daily_report_limit is 0")
    products = read_catalogue(catalogue) if catalogue else None
    orders = reported_orders(published, read_reports(path, money.decimals), products)
    with ExitStack() as stack:
        keeper = None
        if not session.dry_run:
            keeper = stack.enter_context(keeper_of(session, **limits))
        # NOTE: read once the keeper has brought to an end what an earlier run had signed.
        run = _Run(session, published, money, orders, Reports(suite).plan(published, orders))
        _show(run)
        Reports(suite).check(published, run.planned, session.signer().address)
        if run.planned.todo and keeper:
            _report(run, keeper)
        elif run.planned.todo:
            _rehearse(run, limits["gas_ceiling"])
    session.finish(run.document)
    check_gas(keeper)
    if run.left_out:
        raise SystemExit(1)


def _show(run: _Run) -> None:
    say, money, planned = run.session.out.say, run.money, run.planned
    plan = run.published.plan
    total = sum(order.amount for order in planned.todo)
    say(f"待上报 {len(planned.todo)} orders of {money.text(total)} are to be reported")
    say(f"已上报 {len(planned.done)} are reported already")
    if planned.later:
        say(
            f"留待他日 {len(planned.later)} wait for another day, as the plan takes "
            f"{money.text(plan.daily_report_limit)} a day (UTC): run the command again then"
        )
    if planned.todo:
        credit = Ledger(run.session.suite()).credit(plan.brand, plan.currency)
        say(f"预留 Set aside {money.text(planned.reserve)} of a credit of {money.text(credit)}")
    elif planned.done and not planned.later and not planned.too_high:
        say("全部已上报 All orders of the file are reported.")
    _leave_out(run, _too_high(run))


def _report(run: _Run, keeper: Keeper) -> None:
    session, todo = run.session, run.planned.todo
    session.confirm(f"上报？ Report {len(todo)} orders?")
    with session.out.progress("上报 Reporting") as progress:
        kept = keeper.report(todo, lambda done: progress(done, len(todo)))
    event = session.suite().escrow.events.OrderReported()
    for tx in tell(session, kept, "已上报 reported orders"):
        run.reported += [entry["args"]["orderId"] for entry in tx.events(event)]
    refused = {each.order: str(each.reason) for each in kept.refused}
    # NOTE: of what was not sent for its gas, the error at the end tells.
    _leave_out(run, refused if keeper.over else refused | _failed(run, refused))


def _rehearse(run: _Run, gas_ceiling: int) -> None:
    """Try every batch as a call; tell what would be sent."""
    session, todo, refused = run.session, run.planned.todo, list[Refused]()
    batching = Batching(session.suite(), gas_ceiling, ORDERS_PER_TRANSACTION, "report")
    count = gas = done = 0
    with session.out.progress("试算 Trying") as progress:
        for batch in batching.batches(todo, session.signer().address, refused):
            count, gas, done = count + 1, gas + batch.gas, done + len(batch.orders)
            progress(done, len(todo))
    session.out.say(
        f"试算 Would report {done} orders in {count} transactions of {gas:,} gas at most. "
        "未发送任何交易 Nothing was sent."
    )
    _leave_out(run, {each.order: str(each.reason) for each in refused})


def _leave_out(run: _Run, orders: Mapping[Order, str]) -> None:
    """Tell which orders were left out and why, by their numbers."""
    numbers = {order.salt: number for number, order in run.orders.items()}
    say = run.session.out.say
    for place, (order, reason) in enumerate(orders.items()):
        run.left_out[numbers[order.salt]] = reason
        if place < _MOST_TOLD:
            say(f"✗ 剔除 left out: order {numbers[order.salt]}: {reason}")
    if len(orders) > _MOST_TOLD:
        say(f"✗ and {len(orders) - _MOST_TOLD} more; --json lists all")


def _too_high(run: _Run) -> dict[Order, str]:
    limit = run.money.text(run.published.plan.daily_report_limit)
    return {
        order: f"{run.money.text(order.amount)} is above {limit}, which the plan takes in a day"
        for order in run.planned.too_high
    }


def _failed(run: _Run, told: Mapping[Order, str]) -> dict[Order, str]:
    clients, reported = Orders(run.session.suite()), set(run.reported)
    return {
        order: "its transaction failed; run the command again"
        for order in run.planned.todo
        if order not in told and clients.id_of(order) not in reported
    }
