"""Settle what is due."""

import time
from typing import Any

import click

from scripts._session import Session, script
from scripts._types import ID
from weilian.chain.values import to_hex
from weilian.currency import currency_at
from weilian.order_book import BookedOrder, OrderBook
from weilian.settling import GAS_CEILING, SettledBatch, Settling


@script(writes=True)
@click.option("--plan", "plan_id", type=ID, help="Only orders of this plan.  [default: all]")
@click.option(
    "--gas-ceiling",
    type=click.IntRange(500_000, 16_777_216),
    default=GAS_CEILING,
    show_default=True,
    help="Most gas of a transaction.",
)
@click.option("--loop", is_flag=True, help="Go on until interrupted.")
@click.option(
    "--interval",
    type=click.IntRange(1, 86_400),
    default=60,
    show_default=True,
    help="Seconds between two looks, with --loop.",
)
def cli(
    session: Session, plan_id: bytes | None, gas_ceiling: int, loop: bool, interval: int
) -> None:
    """Settle all orders whose window and maturity are over, grouped by plan and seller.

    Anyone may. What is settled already is passed over and what is disputed left out, so the
    command can be run again at any time.
    """
    settled: list[dict[str, Any]] = []
    while True:
        due = OrderBook(session.suite()).due(plan_id)
        _tell(session, due)
        if session.dry_run or (not due and not loop):
            session.finish({"due": [to_hex(each.order_id) for each in due], "settled": []})
            return
        if due:
            batch = _settle(session, due, gas_ceiling)
            settled += [_settlement(each) for each in batch.settlements]
            session.sent("settled orders")
            for refused in batch.refused:
                session.out.say(f"✗ left out: {refused.reason}")
        if not loop:
            refused_ids = [to_hex(bytes(r.reason.arguments["orderId"])) for r in batch.refused]
            session.finish({"settled": settled, "leftOut": refused_ids})
            return
        time.sleep(interval)


def _tell(session: Session, due: list[BookedOrder]) -> None:
    session.out.say(f"{len(due)} orders are due")
    for booked in due:
        currency = currency_at(session.chain, booked.order.currency)
        net = sum(booked.state.captured) - sum(booked.state.refunded)
        session.out.say(f"  {to_hex(booked.order_id)} {currency.text(net):>24}")


def _settle(session: Session, due: list[BookedOrder], gas_ceiling: int) -> SettledBatch:
    session.confirm(f"Settle {len(due)} orders?")
    settling = Settling(session.suite(), gas_ceiling)
    with session.out.progress("Settling") as progress:
        return settling.settle(
            [booked.order for booked in due],
            session.signer(),
            lambda done: progress(done, len(due)),
        )


def _settlement(settlement: Any) -> dict[str, Any]:
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
