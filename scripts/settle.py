"""Settle what is due, and pay out."""

import time
from contextlib import ExitStack
from typing import Any

import click

from scripts._keeper import keeper_of, keeper_options, orders_of, paid, pay, tell
from scripts._session import Session, script
from scripts._types import ID
from weilian.chain.values import to_hex
from weilian.currency import currency_at
from weilian.keeper import Keeper, owed
from weilian.ledger import Payouts
from weilian.open_orders import OpenOrders
from weilian.order import Orders, Settlement
from weilian.order_book import BookedOrder, OrderBook
from weilian.plan import Plans


@script(writes=True)
@click.option("--plan", "plan_id", type=ID, help="Only orders of this plan.  [default: all]")
@click.option("--pay", "is_paying", is_flag=True, help="Then pay distributors and platform.")
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
    """
    document: dict[str, Any] = {"due": [], "settled": [], "leftOut": [], "paid": [], "failed": []}
    with ExitStack() as stack:
        keeper = None
        if not session.dry_run:
            keeper = stack.enter_context(keeper_of(session, **limits))
        opened = stack.enter_context(orders_of(session, limits["journal"]))
        book = OrderBook(session.suite())
        while True:
            due = _due(session, book, opened, plan_id)
            document["due"] = [to_hex(each.order_id) for each in due]
            _tell(session, due)
            if keeper and due:
                _settle(session, keeper, due, document)
            if is_paying:
                _pay(session, keeper, document)
            if session.dry_run or not loop:
                break
            time.sleep(interval)
    session.finish(document)


def _due(
    session: Session, book: OrderBook, opened: OpenOrders, plan_id: bytes | None
) -> list[BookedOrder]:
    with session.out.progress("Reading the log") as progress:
        found = opened.read(plan_id, progress)
    with session.out.progress("Looking at orders") as progress:
        return list(book.due_of(found, progress))


def _tell(session: Session, due: list[BookedOrder]) -> None:
    session.out.say(f"{len(due)} orders are due")
    for booked in due:
        currency = currency_at(session.chain, booked.order.currency)
        net = sum(booked.state.captured) - sum(booked.state.refunded)
        session.out.say(f"  {to_hex(booked.order_id)} {currency.text(net):>24}")


def _settle(
    session: Session, keeper: Keeper, due: list[BookedOrder], document: dict[str, Any]
) -> None:
    session.confirm(f"Settle {len(due)} orders?")
    orders = Orders(session.suite())
    with session.out.progress("Settling") as progress:
        kept = keeper.settle(
            [booked.order for booked in due], lambda done: progress(done, len(due))
        )
    for tx in tell(session, kept, "settled orders"):
        document["settled"] += [_settlement(each) for each in orders.settlements(tx)]
    for refused in kept.refused:
        session.out.say(f"✗ left out: {refused.reason}")
    document["leftOut"] = [to_hex(orders.id_of(refused.order)) for refused in kept.refused]


def _pay(session: Session, keeper: Keeper | None, document: dict[str, Any]) -> None:
    suite, payouts = session.suite(), Payouts((), ())
    markets = sorted(Plans(suite).markets())
    payees = [
        (party, currency) for brand, currency in markets for party in owed(suite, brand, currency)
    ]
    session.out.say(f"{len(payees)} credits can be paid")
    if keeper and payees:
        session.confirm("Pay them?")
        payouts = pay(session, keeper, payees)
    document["paid"] += [paid(each) for each in payouts.paid]
    document["failed"] = [paid(each) for each in payouts.failed]


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
