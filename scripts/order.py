"""An order's life: pay, confirm, cancel, take back, refund, show."""

from datetime import UTC, datetime, timedelta

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, ID
from weilian.chain import OrderStatus
from weilian.chain.values import to_hex
from weilian.currency import currency_at
from weilian.hashing import keccak256
from weilian.order import Order, Orders
from weilian.order_book import BookedOrder, OrderBook
from weilian.plan import Plans


@click.group()
def cli() -> None:
    """Pay, confirm, cancel, take back, refund and show orders."""


@script(writes=True, group=cli, name="authorize")
@click.option("--plan", "plan_id", type=ID, required=True, help="The plan the order is made under.")
@click.option("--amount", required=True, help="Price in the plan's currency, such as 199.99.")
@click.option("--number", required=True, help="The shop's order number; makes the order unique.")
@click.option("--distributor", type=ADDRESS, help="Who made the sale.  [default: a direct sale]")
@click.option(
    "--days", type=click.IntRange(1, 365), default=15, show_default=True, help="Time to capture."
)
def authorize(
    session: Session, plan_id: bytes, amount: str, number: str, distributor: str | None, days: int
) -> None:
    """Pay an order into escrow, as its buyer.

    An order of the same plan, buyer and number that is there already is shown, not paid again.
    """
    suite = session.suite()
    terms = Plans(suite).get(plan_id)
    currency = currency_at(session.chain, terms.currency)
    signer = session.signer()
    salt = int.from_bytes(keccak256(number.encode()))
    for booked in OrderBook(suite).find(plan_id=plan_id, payer=signer.address):
        if booked.order.salt == salt:
            session.out.say(f"Order {number} is there already.")
            _show(session, booked)
            return
    now = datetime.fromtimestamp(session.chain.block()[1], UTC)
    order = Order(
        plan_id=plan_id,
        payer=signer.address,
        distributor=distributor,
        amount=currency.units(amount),
        authorization_expiry=now + timedelta(days=days),
        salt=salt,
    )
    orders = Orders(suite)
    identifier = to_hex(orders.id_of(order))
    session.out.say(f"Order {number}: {currency.text(order.amount)} from {signer.address}")
    session.out.say(f"Id {identifier}")
    if session.dry_run:
        session.finish({"orderId": identifier})
        return
    session.confirm("Pay it into escrow?")
    orders.authorize(order, signer)
    session.finish({"orderId": identifier}, "paid into escrow")


@script(writes=True, group=cli, name="capture")
@click.argument("order_id", type=ID)
def capture(session: Session, order_id: bytes) -> None:
    """Confirm an order: as its buyer on receipt, or for the brand on delivery."""
    _step(session, order_id, OrderStatus.CAPTURED)


@script(writes=True, group=cli, name="void")
@click.argument("order_id", type=ID)
def void(session: Session, order_id: bytes) -> None:
    """Give up an order before capture, for the brand; the buyer gets the money as credit."""
    _step(session, order_id, OrderStatus.VOIDED)


@script(writes=True, group=cli, name="reclaim")
@click.argument("order_id", type=ID)
def reclaim(session: Session, order_id: bytes) -> None:
    """Give an order that was not captured in time back to its buyer, as credit."""
    _step(session, order_id, OrderStatus.RECLAIMED)


@script(writes=True, group=cli, name="refund")
@click.argument("order_id", type=ID)
@click.option("--amount", help="How much.  [default: all that is left]")
def refund(session: Session, order_id: bytes, amount: str | None) -> None:
    """Refund a part or all of a captured order within its window, for the brand."""
    suite = session.suite()
    booked = OrderBook(suite).get(order_id)
    currency = currency_at(session.chain, booked.terms.currency)
    left = booked.order.amount - booked.state.refunded
    units = left if amount is None else currency.units(amount)
    session.out.say(
        f"Refund {currency.text(units)} of {currency.text(left)} to {booked.order.payer}"
    )
    if session.dry_run:
        session.finish({"orderId": to_hex(order_id)})
        return
    session.confirm("Refund?")
    Orders(suite).refund(booked.order, units, session.signer())
    session.finish({"orderId": to_hex(order_id)}, "refunded")


@script(writes=False, group=cli, name="show")
@click.argument("order_id", type=ID)
def show(session: Session, order_id: bytes) -> None:
    """Show where an order stands."""
    _show(session, OrderBook(session.suite()).get(order_id))


def _step(session: Session, order_id: bytes, status: OrderStatus) -> None:
    suite = session.suite()
    booked = OrderBook(suite).get(order_id)
    if booked.state.status is status or session.dry_run:
        _show(session, booked)
        return
    orders = Orders(suite)
    step = {
        OrderStatus.CAPTURED: orders.capture,
        OrderStatus.VOIDED: orders.void,
        OrderStatus.RECLAIMED: orders.reclaim,
    }[status]
    session.confirm(f"Make order {to_hex(order_id)} {status.name}?")
    step(booked.order, session.signer())
    session.finish({"orderId": to_hex(order_id)}, status.name.lower())


def _show(session: Session, booked: BookedOrder) -> None:
    currency = currency_at(session.chain, booked.terms.currency)
    state, order = booked.state, booked.order
    document = {
        "orderId": to_hex(booked.order_id),
        "status": state.status.name,
        "payer": order.payer,
        "distributor": order.distributor,
        "amount": currency.text(order.amount),
        "refunded": currency.text(state.refunded),
        "authorizationExpiry": f"{order.authorization_expiry:%Y-%m-%d %H:%M:%S} UTC",
        "refundExpiry": booked.refund_expiry and f"{booked.refund_expiry:%Y-%m-%d %H:%M:%S} UTC",
        "planId": to_hex(order.plan_id),
    }
    for name, value in document.items():
        session.out.say(f"{name:<20} {value if value is not None else '–'}")
    session.finish(document)
