"""Settle what is due, and pay out."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import click

from scripts._keeper import (
    check_gas,
    keeper_of,
    keeper_options,
    least_option,
    orders_of,
    pay,
    tell,
    tell_recovered,
)
from scripts._session import Session, script
from scripts._types import ID
from weilian.chain.errors import (
    ChainUnreachableError,
    NodeRefusedError,
    TransactionTimeoutError,
)
from weilian.chain.values import to_hex
from weilian.currency import currency_at
from weilian.keeper import Keeper, owed
from weilian.markets import Markets
from weilian.open_orders import OpenOrders
from weilian.order import Orders, Settlement
from weilian.order_book import BookedOrder, OrderBook
from weilian.sending.errors import StalledError

_PASSING = (ChainUnreachableError, NodeRefusedError, StalledError, TransactionTimeoutError)
"""What a later look may find mended, as after a node's restart."""

_LISTS = ("due", "settled", "leftOut", "paid", "failed", "unpaid")


@script(writes=True)
@click.option("--plan", "plan_id", type=ID, help="Only orders of this plan.  [default: all]")
@click.option("--pay", "is_paying", is_flag=True, help="Then pay distributors and platform.")
@least_option
@keeper_options
@click.option("--loop", is_flag=True, help="Go on until interrupted.")
@click.option(
    "--interval",
    type=click.IntRange(1, 86_400),
    default=60,
    show_default=True,
    help="Seconds between two looks, with --loop.",
)
def cli(
    session: Session,
    plan_id: bytes | None,
    is_paying: bool,
    least: Decimal,
    loop: bool,
    interval: int,
    **limits: Any,
) -> None:
    """Settle all orders whose window and maturity are over, grouped by plan and seller.

    Anyone may. What is settled already is passed over and what is disputed left out. A journal
    keeps what is signed: run the command again whenever and however it ended.

    What the chain's log says of orders is kept too, so that only new blocks are read: in
    journals/CHAIN.orders beside the deployment records, or beside --journal with .orders added. On
    another chain or after a deep reorganisation all is read anew; so it is when you delete the
    file.

    With --loop, a node that refuses or does not answer is asked again at the next look, and --json
    prints a document in a line for each look.
    """
    going_on = loop and not session.dry_run
    with ExitStack() as stack:
        keeper = None
        if not session.dry_run:
            keeper = stack.enter_context(keeper_of(session, **limits))
        opened = stack.enter_context(orders_of(session, limits["journal"]))
        markets = Markets(session.suite())
        look = _Look(session, keeper, opened, plan_id, least if is_paying else None, markets)
        while True:
            document = _nothing()
            look.take_patiently(document) if going_on else look.take(document)
            session.finish(document, in_a_line=going_on)
            check_gas(keeper)
            if not going_on:
                break
            time.sleep(interval)


@dataclass
class _Look:
    """Looks for orders that are due, settles them and pays; without a `least`, nobody is paid."""

    session: Session
    keeper: Keeper | None
    opened: OpenOrders
    plan_id: bytes | None
    least: Decimal | None
    markets: Markets
    has_failed: bool = False

    def take(self, document: dict[str, Any]) -> None:
        """Fill in what was found and done, as data for programs."""
        if self.has_failed and self.keeper:
            # NOTE: what the last look signed may still be under way.
            self.keeper.recover()
            tell_recovered(self.session, self.keeper)
        due = _due(self.session, self.opened, self.plan_id)
        _tell(self.session, due)
        document["due"] = [to_hex(each.order_id) for each in due]
        if self.keeper and due:
            document |= _settle(self.session, self.keeper, due)
        if self.least is not None and not (self.keeper and self.keeper.over):
            document |= self._pay(self.least)

    def _pay(self, least: Decimal) -> dict[str, Any]:
        suite = self.session.suite()
        credits_ = {
            (party, currency): credit
            for brand, currency in sorted(self.markets.read())
            for party, credit in owed(suite, brand, currency).items()
        }
        self.session.out.say(f"{len(credits_)} 笔余额待付 credits wait to be paid")
        return pay(self.session, self.keeper, credits_, least)

    def take_patiently(self, document: dict[str, Any]) -> None:
        """Do the same; what a later look may find mended is told only."""
        try:
            self.take(document)
            self.has_failed = False
        except _PASSING as error:
            self.has_failed = True
            self.session.out.say(f"✗ {error}; 下次再试 trying again at the next look")
            document["error"] = str(error)


def _nothing() -> dict[str, Any]:
    return {name: [] for name in _LISTS}


def _due(session: Session, opened: OpenOrders, plan_id: bytes | None) -> list[BookedOrder]:
    with session.out.progress("读取日志 Reading the log") as progress:
        found = opened.read(plan_id, progress)
    with session.out.progress("查看订单 Looking at orders") as progress:
        return list(OrderBook(session.suite()).due_of(found, progress))


def _tell(session: Session, due: list[BookedOrder]) -> None:
    session.out.say(f"{len(due)} 笔订单到期 orders are due")
    for booked in due:
        currency = currency_at(session.chain, booked.order.currency)
        net = sum(booked.state.captured) - sum(booked.state.refunded)
        session.out.say(f"  {to_hex(booked.order_id)} {currency.text(net):>24}")


def _settle(session: Session, keeper: Keeper, due: list[BookedOrder]) -> dict[str, Any]:
    session.confirm(f"结算 {len(due)} 笔订单？ Settle them?")
    orders = Orders(session.suite())
    with session.out.progress("结算 Settling") as progress:
        kept = keeper.settle(
            [booked.order for booked in due], lambda done: progress(done, len(due))
        )
    transactions = tell(session, kept, "已结算 settled orders")
    for refused in kept.refused:
        session.out.say(f"✗ 剔除 left out: {refused.reason}")
    return {
        "settled": [_settlement(each) for tx in transactions for each in orders.settlements(tx)],
        "leftOut": [to_hex(orders.id_of(refused.order)) for refused in kept.refused],
    }


def _settlement(settlement: Settlement) -> dict[str, Any]:
    return {
        "orderId": to_hex(settlement.order_id),
        "net": str(settlement.net),
        "lines": [
            {
                "net": str(line.net),
                "rates": {str(entry.number): entry.bps for entry in line.allocation},
            }
            for line in settlement.lines
        ],
    }
