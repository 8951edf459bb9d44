"""Settle what is due."""

import click

from scripts._session import Session, script
from scripts._types import ID
from weilian.chain.values import to_hex
from weilian.currency import currency_at
from weilian.order import Orders
from weilian.order_book import OrderBook


@script(writes=True)
@click.option("--plan", "plan_id", type=ID, help="Only orders of this plan.  [default: all]")
def cli(session: Session, plan_id: bytes | None) -> None:
    """Settle all orders whose refund window is over, 50 in a transaction. Anyone may.

    What is settled already is passed over, so the command can be run again at any time.
    """
    suite = session.suite()
    due = OrderBook(suite).due(plan_id)
    session.out.say(f"{len(due)} orders are due")
    for booked in due:
        currency = currency_at(session.chain, booked.terms.currency)
        net = booked.order.amount - booked.state.refunded
        session.out.say(f"  {to_hex(booked.order_id)} {currency.text(net):>24}")
    if session.dry_run or not due:
        session.finish({"due": [to_hex(booked.order_id) for booked in due]})
        return
    session.confirm(f"Settle {len(due)} orders?")
    with session.out.progress("Settling") as progress:
        settlements = Orders(suite).settle_batch(
            [booked.order for booked in due],
            session.signer(),
            lambda done: progress(done, len(due)),
        )
    settled = [
        {
            "orderId": to_hex(settlement.order_id),
            "net": str(settlement.net),
            "shares": {share.account: str(share.amount) for share in settlement.shares},
        }
        for settlement in settlements
    ]
    session.finish({"settled": settled}, "settled orders")
