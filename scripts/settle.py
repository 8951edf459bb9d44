"""Settle what is due, and pay out."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import click

from scripts._keeper import keeper_of, keeper_options, orders_of, paid, pay, tell
from scripts._session import Session, script
from scripts._types import ID
from weilian.chain.errors import ChainUnreachableError, NodeRefusedError
from weilian.chain.values import to_hex
from weilian.currency import currency_at
from weilian.keeper import Keeper, owed
from weilian.markets import Markets
from weilian.open_orders import OpenOrders
from weilian.order import Orders, Settlement
from weilian.order_book import BookedOrder, OrderBook
from weilian.sending.errors import StalledError


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

    With --loop an error of the node is told, and the next look tries again; --json then prints a
    document for each look. Who does not take a credit is not offered it again until it changes.
    """
    with ExitStack() as stack:
        keeper = None
        if not session.dry_run:
            keeper = stack.enter_context(keeper_of(session, **limits))
        opened = stack.enter_context(orders_of(session, limits["journal"]))
        look = _Look(session, keeper, opened, plan_id, is_paying)
        while True:
            document = look.guarded() if loop and keeper else look.once()
            is_over = document.pop("isOver")
            session.finish(document)
            if is_over:
                raise SystemExit(1)
            if session.dry_run or not loop:
                return
            session.chain.told.clear()
            time.sleep(interval)


@dataclass
class _Look:
    """What is done at each look, and what is known from the looks before."""

    session: Session
    keeper: Keeper | None
    opened: OpenOrders
    plan_id: bytes | None
    is_paying: bool
    unpaid: dict[tuple[int, str], int] = field(default_factory=dict)
    """Credits that were not taken: not offered again until they change."""
    has_failed: bool = False

    def __post_init__(self) -> None:
        suite = self.session.suite()
        self.book, self.markets = OrderBook(suite), Markets(suite)

    def guarded(self) -> dict[str, Any]:
        """Look once; what a node refuses, or does not bring into blocks, waits for the next look.

        The journal keeps what was signed.
        """
        try:
            if self.keeper and self.has_failed:
                # What was signed comes to an end before the log is read.
                self.keeper.recover()
            self.has_failed = False
            return self.once()
        except (ChainUnreachableError, NodeRefusedError, StalledError) as error:
            self.has_failed = True
            self.session.out.say(f"✗ {error}; 下次再试 trying again at the next look")
            return _nothing()

    def once(self) -> dict[str, Any]:
        """Settle and pay what is due; return what was done."""
        document, due = _nothing(), self._due()
        document["due"] = [to_hex(each.order_id) for each in due]
        _tell(self.session, due)
        if self.keeper and due:
            _settle(self.session, self.keeper, due, document)
        if self.is_paying and not document["isOver"]:
            self._pay(document)
        return document

    def _due(self) -> list[BookedOrder]:
        with self.session.out.progress("读取日志 Reading the log") as progress:
            found = self.opened.read(self.plan_id, progress)
        with self.session.out.progress("查看订单 Looking at orders") as progress:
            return list(self.book.due_of(found, progress))

    def _pay(self, document: dict[str, Any]) -> None:
        suite, session = self.session.suite(), self.session
        credits_ = {
            (party, currency): credit
            for brand, currency in sorted(self.markets.read())
            for party, credit in owed(suite, brand, currency).items()
        }
        payees = [payee for payee, credit in credits_.items() if self.unpaid.get(payee) != credit]
        session.out.say(f"{len(payees)} 笔余额可付 credits can be paid")
        if not self.keeper or not payees:
            return
        session.confirm("付款？ Pay them?")
        done = pay(session, self.keeper, payees)
        refused = [(each.party, each.currency) for each in done.payouts.failed]
        self.unpaid |= {payee: credits_[payee] for payee in (*refused, *done.unpaid)}
        document["paid"] = [paid(each) for each in done.payouts.paid]
        document["failed"] = [paid(each) for each in done.payouts.failed]
        document["unpaid"] = [hex(party) for party, _ in done.unpaid]
        document["isOver"] = bool(done.over)


def _nothing() -> dict[str, Any]:
    lists = ("due", "settled", "leftOut", "paid", "failed", "unpaid")
    return {name: [] for name in lists} | {"isOver": False}


def _tell(session: Session, due: list[BookedOrder]) -> None:
    session.out.say(f"{len(due)} 笔订单到期 orders are due")
    for booked in due:
        currency = currency_at(session.chain, booked.order.currency)
        net = sum(booked.state.captured) - sum(booked.state.refunded)
        session.out.say(f"  {to_hex(booked.order_id)} {currency.text(net):>24}")


def _settle(
    session: Session, keeper: Keeper, due: list[BookedOrder], document: dict[str, Any]
) -> None:
    session.confirm(f"结算 {len(due)} 笔订单？ Settle them?")
    orders = Orders(session.suite())
    with session.out.progress("结算 Settling") as progress:
        kept = keeper.settle(
            [booked.order for booked in due], lambda done: progress(done, len(due))
        )
    for tx in tell(session, kept, "已结算 settled orders"):
        document["settled"] += [_settlement(each) for each in orders.settlements(tx)]
    for refused in kept.refused:
        session.out.say(f"✗ 剔除 left out: {refused.reason}")
    document["leftOut"] = [to_hex(orders.id_of(refused.order)) for refused in kept.refused]
    document["isOver"] = bool(kept.over)


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
