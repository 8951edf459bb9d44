"""Plans and orders with sensible terms."""

from typing import Any

from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import later, next_block_at

REFUND_WINDOW = 7 * 86_400
MONTH = 30 * 86_400


def create_plan(brand: Any, **changes: Any) -> dict[str, Any]:
    """Return the terms of a plan in the chain's coin that pays two levels, with `changes`."""
    plan = {
        "brand": brand,
        "currency": ZERO_ADDRESS,
        "platformFeeBps": 200,
        "refundWindow": REFUND_WINDOW,
        "levelBps": [1000, 500],
        "documentHash": keccak(text="agreement"),
    }
    return _changed(plan, changes)


def publish_plan(splitter: Any, brand: Any, **changes: Any) -> bytes:
    """Publish a plan as its brand and return its id."""
    plan = create_plan(brand, **changes)
    splitter.publishPlan(plan, sender=brand)
    return bytes(splitter.planIdOf(plan))


def create_order(plan_id: bytes, payer: Any, **changes: Any) -> dict[str, Any]:
    """Return a direct order of 10,000 units to be captured within a month, with `changes`."""
    order = {
        "planId": plan_id,
        "payer": payer,
        "distributor": ZERO_ADDRESS,
        "amount": 10_000,
        "authorizationExpiry": later(MONTH),
        "salt": 1,
    }
    return _changed(order, changes)


def join_line(splitter: Any, brand: Any, *line: Any) -> None:
    """Let accounts join a brand, the first directly under it, each next under the one before."""
    sponsor = brand
    for account in line:
        splitter.join(brand, sponsor, sender=account)
        sponsor = account


def authorize(splitter: Any, order: dict[str, Any], payer: Any) -> None:
    """Pay an order in the chain's coin into escrow."""
    splitter.authorize(order, sender=payer, value=order["amount"])


def settle_order(splitter: Any, order: dict[str, Any], payer: Any, window: int = REFUND_WINDOW):
    """Bring an authorised order through capture and its refund window to settlement."""
    splitter.capture(order, sender=payer)
    next_block_at(later(window))
    return splitter.settle(order, sender=payer)


def _changed(terms: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    unknown = changes.keys() - terms.keys()
    assert not unknown, f"the terms have no {unknown}"
    return terms | changes
