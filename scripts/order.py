"""An order's life: pay, confirm, cancel, take back, refund, dispute, show."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from scripts._dispute import dispute
from scripts._orders import (
    left_to_capture,
    left_to_refund,
    money_of,
    read_parts,
    show_order,
    whole,
)
from scripts._session import Session, script
from scripts._types import ADDRESS, GTIN, ID, PATH, UsageRuleError, member_number
from weilian.catalogue import read_catalogue
from weilian.chain import ZERO_ADDRESS
from weilian.chain.enums import FundingKind
from weilian.chain.values import to_hex
from weilian.checkout import Checkouts
from weilian.commission.order import Line, Order, OrderStatus, Part
from weilian.currency import currency_at
from weilian.order import OrderChange, Orders, check_order
from weilian.order_book import BookedOrder, OrderBook
from weilian.plan import Plans, PublishedPlan
from weilian.reporting import salt_of
from weilian.signed_order import SignedCapture, SignedOrder, is_confirmation

PART_HELP = "LINE:AMOUNT, lines from 1; for an order of one line the amount.  [default: all left]"


@click.group()
def cli() -> None:
    """Pay, confirm, cancel, take back, refund, dispute and show orders."""


cli.add_command(dispute)


@script(writes=True, group=cli, name="authorize")
@click.option("--plan", "plan_id", type=ID, required=True, help="The plan the order is made under.")
@click.option("--amount", "amounts", multiple=True, required=True, help="Price of each line.")
@click.option("--number", required=True, help="The shop's order number; makes the order unique.")
@click.option("--seller", type=member_number(0), default=0, help="Number of who made the sale.")
@click.option("--gtin", "gtins", type=GTIN, multiple=True, help="The product of each line.")
@click.option("--catalogue", type=PATH, help="Products with rates of their own (CSV or YAML).")
@click.option("--operator", type=ADDRESS, help="Who captures and voids for the brand.")
@click.option(
    "--days", type=click.IntRange(1, 365), default=15, show_default=True, help="Time to capture."
)
@click.option(
    "--receipt-days", type=click.IntRange(1, 365), help="After so many days anyone may capture."
)
@click.option("--sign", "target", type=PATH, help="Only sign; write a file that anyone can send.")
@click.option(
    "--funding",
    type=click.Choice([kind.name.lower() for kind in FundingKind]),
    default="allowance",
    show_default=True,
    help="With --sign: how the checkout gets the money; key_authorization is for tokens that take "
    "ERC-3009 only as v, r and s.",
)
def authorize(session: Session, target: Path | None, funding: str, **terms: Any) -> None:
    """Pay an order into escrow, or a final sale at once, as its buyer.

    An order of the same plan, buyer and number that is there already is shown, not paid again.
    """
    suite, signer = session.suite(), session.signer()
    published = Plans(suite).get(terms["plan_id"])
    there = _there(session, published.plan_id, signer.address, salt_of(terms["number"]))
    if there is not None and published.plan.is_final:
        session.out.say(f"已付款 Order {terms['number']} is paid already.")
        session.finish({"orderId": to_hex(there)})
        return
    if there is not None:
        session.out.say(f"订单已存在 Order {terms['number']} is there already.")
        show_order(session, there)
        return
    order = _order(session, published, signer.address, terms)
    check_order(order)
    money = currency_at(session.chain, order.currency)
    identifier = to_hex(Orders(suite).id_of(order))
    session.out.say(
        f"订单 Order {terms['number']}: {money.text(order.amount)} from {signer.address}"
    )
    session.out.say(f"编号 Id {identifier}")
    if target is not None:
        _sign(session, order, FundingKind[funding.upper()], target)
    elif published.plan.is_final:
        session.attempt(
            "付款？ Pay it?", "已付款 paid", lambda: Orders(suite).charge(order, signer)
        )
    else:
        session.attempt(
            "付款至托管？ Pay it into escrow?",
            "paid into escrow",
            lambda: Orders(suite).authorize(order, signer),
        )
    session.finish({"orderId": identifier})


@script(writes=True, group=cli, name="send")
@click.argument("path", metavar="FILE", type=PATH)
def send(session: Session, path: Path) -> None:
    """Send the order or the confirmation that a buyer signed, and pay the gas."""
    suite, signer = session.suite(), session.signer()
    checkouts = Checkouts(suite)
    if is_confirmation(path):
        consent = SignedCapture.load(path)
        consent.check(suite.chain.chain_id, suite.escrow.address)
        status = OrderBook(suite).get(consent.order_id).state.status
        if status is OrderStatus.AUTHORIZED:
            session.attempt(
                "确认收货？ Confirm it?",
                "已收款 captured",
                lambda: checkouts.capture(consent, signer),
            )
        else:
            session.out.say(f"无需再操作 The order is {status.name} already.")
        session.finish({"orderId": to_hex(consent.order_id)})
        return
    signed = SignedOrder.load(path)
    signed.check(suite.chain.chain_id, suite.escrow.address)
    is_final = Plans(suite).get(signed.plan_id).plan.is_final
    there = _there(session, signed.plan_id, signed.payer, signed.salt)
    if there == signed.order_id:
        session.out.say("订单已存在 The order is there already.")
    elif there is not None:
        raise UsageRuleError(
            f"the buyer signed this number more than once, and it is there as {to_hex(there)}: "
            "to be paid again, it needs another number"
        )
    elif is_final:
        session.attempt("付款？ Pay it?", "已付款 paid", lambda: checkouts.charge(signed, signer))
    else:
        session.attempt(
            "付款至托管？ Bring it into escrow?",
            "paid into escrow",
            lambda: checkouts.authorize(signed, signer),
        )
    session.finish({"orderId": to_hex(signed.order_id)})


@script(writes=True, group=cli, name="confirm", is_repeatable=False)
@click.argument("order_id", type=ID)
@click.option("--part", "parts", multiple=True, help=PART_HELP)
@click.option("--sign", "target", type=PATH, help="Only sign; write a file that anyone can send.")
@click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True, help="To send.")
def confirm(
    session: Session, order_id: bytes, parts: tuple[str, ...], target: Path | None, days: int
) -> None:
    """Confirm an order: as its buyer on receipt, or for the brand on delivery."""
    booked = OrderBook(session.suite()).get(order_id)
    chosen = read_parts(parts, money_of(session, booked), left_to_capture(booked))
    if target is not None:
        if not session.dry_run:
            until = datetime.fromtimestamp(session.chain.block()[1], UTC) + timedelta(days=days)
            signer = session.signer()
            checkouts = Checkouts(session.suite())
            checkouts.sign_capture(booked.order, signer, until, chosen).save(target)
            session.out.say(f"✓ {target}: 任何人都可发送 anyone can send it")
        session.finish({"orderId": to_hex(order_id), "file": str(target)})
        return
    _step(
        session,
        booked,
        OrderStatus.CAPTURED,
        lambda orders: orders.capture(booked.order, session.signer(), chosen),
    )


@script(writes=True, group=cli, name="void")
@click.argument("order_id", type=ID)
def void(session: Session, order_id: bytes) -> None:
    """Give up what is not captured, for the brand; the buyer gets the money as credit."""
    booked = OrderBook(session.suite()).get(order_id)
    _step(
        session,
        booked,
        OrderStatus.VOIDED,
        lambda orders: orders.void(booked.order, session.signer()),
    )


@script(writes=True, group=cli, name="reclaim")
@click.argument("order_id", type=ID)
def reclaim(session: Session, order_id: bytes) -> None:
    """Give what was not captured in time back to its buyer, as credit."""
    booked = OrderBook(session.suite()).get(order_id)
    _step(
        session,
        booked,
        OrderStatus.RECLAIMED,
        lambda orders: orders.reclaim(booked.order, session.signer()),
    )


@script(writes=True, group=cli, name="refund", is_repeatable=False)
@click.argument("order_id", type=ID)
@click.option("--part", "parts", multiple=True, help=PART_HELP)
def refund(session: Session, order_id: bytes, parts: tuple[str, ...]) -> None:
    """Refund parts or all of a captured order, for the brand; the buyer gets it as credit.

    Of a settled order, for 180 days, the account pays and every share goes back to the brand.
    """
    orders, book = Orders(session.suite()), OrderBook(session.suite())
    booked = book.get(order_id)
    money, left = money_of(session, booked), left_to_refund(session, booked)
    chosen = read_parts(parts, money, left) if parts else whole(left)
    amount = sum(part.amount for part in chosen)
    session.out.say(f"退款 Refund {money.text(amount)} of {money.text(sum(left))}")
    if not chosen:
        raise UsageRuleError("nothing of the order is left to refund")
    session.attempt(
        "退款？ Refund?",
        "已退款 refunded",
        lambda: _refund(orders, book, booked, chosen, session.signer()),
    )
    session.finish({"orderId": to_hex(order_id), "amount": str(amount)})


@script(writes=False, group=cli, name="show")
@click.argument("order_id", type=ID)
def show(session: Session, order_id: bytes) -> None:
    """Show where an order stands."""
    show_order(session, order_id)


def _there(session: Session, plan_id: bytes, payer: str, salt: int) -> bytes | None:
    """Return the id of a buyer's order of this number, under a plan; None for none."""
    book = OrderBook(session.suite())
    for sale in book.final_sales(plan_id=plan_id, payer=payer):
        if sale.salt == salt:
            return sale.order_id
    for booked in book.find(plan_id=plan_id, payer=payer):
        if booked.order.salt == salt:
            return booked.order_id
    return None


def _order(session: Session, published: PublishedPlan, payer: str, terms: dict[str, Any]) -> Order:
    money = currency_at(session.chain, published.plan.currency)
    now = session.chain.block()[1]
    receipt_days = terms["receipt_days"]
    return Order(
        plan_id=published.plan_id,
        payer=payer,
        receiver=published.plan.brand,
        operator=terms["operator"] or ZERO_ADDRESS,
        currency=published.plan.currency,
        lines=_lines([money.units(each) for each in terms["amounts"]], terms),
        authorization_expiry=now + terms["days"] * 86_400,
        seller=terms["seller"],
        receipt_expiry=now + receipt_days * 86_400 if receipt_days else 0,
        salt=salt_of(terms["number"]),
    )


def _lines(amounts: list[int], terms: dict[str, Any]) -> tuple[Line, ...]:
    gtins = [int(gtin) for gtin in terms["gtins"]]
    if gtins and len(gtins) != len(amounts):
        raise UsageRuleError(f"{len(amounts)} amounts need as many GTINs, not {len(gtins)}")
    products = read_catalogue(terms["catalogue"]).products if terms["catalogue"] else {}
    numbers = gtins or [0] * len(amounts)
    return tuple(
        Line(amount, gtin, tuple(products.get(gtin, ())))
        for amount, gtin in zip(amounts, numbers, strict=True)
    )


def _sign(session: Session, order: Order, funding: FundingKind, target: Path) -> None:
    if session.dry_run:
        return
    checkouts, signer = Checkouts(session.suite()), session.signer()
    if funding is FundingKind.ALLOWANCE:
        session.attempt(
            "允许结账合约收取该金额？ Let the checkout take the amount?",
            "已授权 allowed the checkout",
            lambda: checkouts.allow(order, signer),
        )
    checkouts.sign(order, signer, funding).save(target)
    session.out.say(f"✓ {target}: 任何人都可发送 anyone can send it")


def _step(
    session: Session,
    booked: BookedOrder,
    status: OrderStatus,
    step: Callable[[Orders], OrderChange],
) -> None:
    if booked.state.status is not status:
        session.attempt(
            f"更改订单 Make order {to_hex(booked.order_id)} {status.name}?",
            status.name.lower(),
            lambda: step(Orders(session.suite())),
        )
    show_order(session, booked.order_id)


def _refund(
    orders: Orders,
    book: OrderBook,
    booked: BookedOrder,
    parts: tuple[Part, ...],
    signer: Any,
) -> OrderChange:
    if booked.state.status is OrderStatus.SETTLED:
        lines = book.settled_lines(booked.order_id)
        return orders.refund_settled(booked.order, lines, parts, signer)
    return orders.refund(booked.order, parts, signer)
