"""What the commands about orders share: parts from the command line, showing an order."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from scripts._facts import padded
from scripts._session import Session
from scripts._types import UsageRuleError
from weilian.chain import ZERO_ADDRESS
from weilian.chain.enums import DisputeStatus
from weilian.chain.values import to_hex
from weilian.commission.order import OrderStatus, Part
from weilian.currency import Currency, currency_at
from weilian.dispute import Disputes
from weilian.order_book import BookedOrder, OrderBook

_LABELS = {
    "orderId": "订单 order",
    "status": "状态 status",
    "isHeld": "争议冻结 held",
    "dispute": "争议 dispute",
    "disputeUntil": "争议期限 dispute until",
    "payer": "买家 payer",
    "brand": "品牌 brand",
    "operator": "操作员 operator",
    "seller": "分销商编号 seller",
    "amount": "金额 amount",
    "authorizationExpiry": "收款期限 capture until",
    "maturesAt": "可结算 matures at",
    "planId": "方案 plan",
}
"""Of what `described` returns, for people."""


def read_parts(texts: Sequence[str], currency: Currency, left: Sequence[int]) -> tuple[Part, ...]:
    """Read LINE:AMOUNT options, lines counted from 1; a lone amount is of the only line.

    Raises UsageRuleError for lines that the order has not, and for more than is `left` of one.
    """
    parts = []
    for text in texts:
        place, colon, amount = text.rpartition(":")
        if not colon and len(left) > 1:
            raise UsageRuleError(f"the order has {len(left)} lines; write 1:{text} or another")
        if colon and not (place.isascii() and place.isdigit()):
            raise UsageRuleError(f"{text!r} is no part; write LINE:AMOUNT, like 1:19.90")
        line, units = int(place or "1") - 1, currency.units(amount)
        if not 0 <= line < len(left):
            raise UsageRuleError(f"the order has no line {place}; it has {len(left)}")
        if not 0 < units <= left[line]:
            raise UsageRuleError(
                f"line {line + 1} has {currency.text(left[line])} left, not {currency.text(units)}"
            )
        parts.append(Part(line, units))
    return tuple(parts)


def left_to_capture(booked: BookedOrder) -> list[int]:
    """Return what of each line is not captured."""
    pairs = zip(booked.order.lines, booked.state.captured, strict=True)
    return [line.amount - captured for line, captured in pairs]


def left_to_refund(session: Session, booked: BookedOrder) -> list[int]:
    """Return what of each line can be refunded, before or after settlement."""
    if booked.state.status is OrderStatus.SETTLED:
        lines = OrderBook(session.suite()).settled_lines(booked.order_id)
        return [line.net for line in lines]
    return [booked.state.net(line) for line in range(len(booked.order.lines))]


def whole(amounts: Sequence[int]) -> tuple[Part, ...]:
    """Return the parts that are all of what is left."""
    return tuple(Part(line, amount) for line, amount in enumerate(amounts) if amount)


def money_of(session: Session, booked: BookedOrder) -> Currency:
    """Return an order's currency."""
    return currency_at(session.chain, booked.order.currency)


def show_order(session: Session, order_id: bytes) -> None:
    """Show where an order stands, and end."""
    booked = OrderBook(session.suite()).get(order_id)
    document = described(session, booked)
    for name, label in _LABELS.items():
        value = document[name]
        session.out.say(f"{padded(label)}{value if value is not None else '–'}")
    for line in document["lines"]:
        session.out.say(
            f"  第 {line['line']} 行 line {line['line']}: {line['amount']}, "
            f"已收款 captured {line['captured']}, 已退款 refunded {line['refunded']}"
        )
    session.finish(document)


def described(session: Session, booked: BookedOrder) -> dict[str, Any]:
    """Return an order as data for people and programs."""
    currency, order, state = money_of(session, booked), booked.order, booked.state
    dispute = Disputes(session.suite()).get(booked.order_id)
    expiry = datetime.fromtimestamp(order.authorization_expiry, UTC)
    return {
        "orderId": to_hex(booked.order_id),
        "status": state.status.name,
        "isHeld": state.is_held,
        "dispute": None if dispute.status is DisputeStatus.NONE else dispute.status.name,
        "disputeUntil": dispute.until and f"{dispute.until:%Y-%m-%d %H:%M:%S} UTC",
        "payer": None if order.payer == ZERO_ADDRESS else order.payer,
        "brand": order.receiver,
        "operator": None if order.operator == ZERO_ADDRESS else order.operator,
        "seller": order.seller or None,
        "amount": currency.text(order.amount),
        "authorizationExpiry": f"{expiry:%Y-%m-%d %H:%M:%S} UTC",
        "maturesAt": booked.matures_at and f"{booked.matures_at:%Y-%m-%d %H:%M:%S} UTC",
        "planId": to_hex(order.plan_id),
        "lines": [
            {
                "line": place + 1,
                "amount": currency.text(line.amount),
                "gtin": f"{line.gtin:014d}" if line.gtin else None,
                "captured": currency.text(state.captured[place]),
                "refunded": currency.text(state.refunded[place]),
            }
            for place, line in enumerate(order.lines)
        ],
    }
