"""The commands about disputes, under `order dispute`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from scripts._orders import show_order
from scripts._session import Session, script
from scripts._types import ID, PATH, UsageRuleError, read_note
from weilian.catalogue import basis_points
from weilian.chain.values import to_hex
from weilian.commission.order import Order
from weilian.dispute import Agreement, Disputes
from weilian.money import NATIVE_DECIMALS, format_units
from weilian.order_book import OrderBook


@click.group(name="dispute")
def dispute() -> None:
    """Open, end and escalate disputes about captured orders."""


@script(writes=True, group=dispute, name="open")
@click.argument("order_id", type=ID)
@click.option("--evidence", type=PATH, help="File with what you say; its hash goes on chain.")
def open_(session: Session, order_id: bytes, evidence: Path | None) -> None:
    """Dispute an order within its refund window, as its buyer or for the brand."""
    note = read_note(evidence)
    _step(
        session,
        order_id,
        "对订单提出争议？ Dispute the order?",
        lambda disputes, order: disputes.open(order, note, session.signer()),
    )


@script(writes=True, group=dispute, name="concede")
@click.argument("order_id", type=ID)
def concede(session: Session, order_id: bytes) -> None:
    """Give in: as the buyer nothing goes back, for the brand everything does."""
    _step(
        session,
        order_id,
        "让步？ Give in?",
        lambda disputes, order: disputes.concede(order, session.signer()),
    )


@script(writes=True, group=dispute, name="offer")
@click.argument("order_id", type=ID)
@click.option("--percent", required=True, help="Part that goes back to the buyer, such as 30.")
@click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True)
@click.option("--out", type=PATH, required=True, help="Where to write the agreement (JSON).")
def offer(session: Session, order_id: bytes, percent: str, days: int, out: Path) -> None:
    """Sign how the dispute shall end, for the other party to send; nothing is sent."""
    booked = OrderBook(session.suite()).get(order_id)
    until = datetime.fromtimestamp(session.chain.block()[1], UTC) + timedelta(days=days)
    bps = _bps(percent)
    if not session.dry_run:
        signer = session.signer()
        signed = Disputes(session.suite()).sign_agreement(booked.order, bps, until, signer)
        signed.save(out)
        session.out.say(f"✓ {out}: 请交给对方 give it to the other party")
    session.finish({"orderId": to_hex(order_id), "payerBps": bps, "file": str(out)})


@script(writes=True, group=dispute, name="agree")
@click.argument("order_id", type=ID)
@click.argument("path", metavar="AGREEMENT", type=PATH)
def agree(session: Session, order_id: bytes, path: Path) -> None:
    """End the dispute as the other party signed."""
    agreement = Agreement.load(path)
    _step(
        session,
        order_id,
        f"将 {agreement.payer_bps / 100:g} % 退还买家？ Give it back to the buyer?",
        lambda disputes, order: disputes.agree(order, agreement, session.signer()),
    )


@script(writes=True, group=dispute, name="escalate")
@click.argument("order_id", type=ID)
def escalate(session: Session, order_id: bytes) -> None:
    """Ask the arbitrator, as a party; costs what it asks for."""
    cost = Disputes(session.suite()).arbitration_cost()
    session.out.say(f"仲裁费 arbitration costs {format_units(cost, NATIVE_DECIMALS)}")
    _step(
        session,
        order_id,
        "请仲裁者裁决？ Ask the arbitrator?",
        lambda disputes, order: disputes.escalate(order, session.signer()),
    )


@script(writes=True, group=dispute, name="execute")
@click.argument("order_id", type=ID)
def execute(session: Session, order_id: bytes) -> None:
    """Carry out what the arbitrator ruled; anyone may."""
    _step(
        session,
        order_id,
        "执行裁决？ Carry the ruling out?",
        lambda disputes, order: disputes.execute(order, session.signer()),
    )


@script(writes=True, group=dispute, name="lapse")
@click.argument("order_id", type=ID)
def lapse(session: Session, order_id: bytes) -> None:
    """End a dispute that nobody pursued in time; anyone may."""
    _step(
        session,
        order_id,
        "结束争议？ End the dispute?",
        lambda disputes, order: disputes.lapse(order, session.signer()),
    )


def _step(
    session: Session,
    order_id: bytes,
    question: str,
    step: Callable[[Disputes, Order], Any],
) -> None:
    booked = OrderBook(session.suite()).get(order_id)
    session.attempt(question, "已完成 done", lambda: step(Disputes(session.suite()), booked.order))
    show_order(session, order_id)


def _bps(percent: str) -> int:
    try:
        return basis_points(f"{percent}%")
    except ValueError as error:
        raise UsageRuleError(f"{percent!r}: {error}") from error
