"""Sales in either kind of money, through all stages of an order."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import later, next_block_at
from tests.support.orders import REFUND_WINDOW

MAX_AMOUNT = 2**128 - 1

# For tests in which the kind of money makes no difference.
in_coin = pytest.mark.parametrize("currency", ["coin"], indirect=True)


class Status(IntEnum):
    """OrderStatus, spelt out again so that the tests do not follow the library's mistakes."""

    NONE = 0
    AUTHORIZED = 1
    CAPTURED = 2
    VOIDED = 3
    RECLAIMED = 4
    REFUNDED = 5
    SETTLED = 6


@dataclass(frozen=True)
class Currency:
    """The chain's coin, or an ERC-20 that anyone can mint."""

    token: Any = None

    @property
    def address(self) -> str:
        return self.token.address if self.token else ZERO_ADDRESS

    def provide(self, splitter: Any, payer: Any, amount: int) -> None:
        """Let `payer` be able to pay `amount`."""
        if self.token:
            self.token.mint(payer, amount, sender=payer)
            self.token.approve(splitter, amount, sender=payer)

    def value(self, amount: int) -> int:
        """Return what of `amount` is sent along with a call, in wei."""
        return 0 if self.token else amount

    def pay(self, splitter: Any, order: dict[str, Any]) -> Any:
        """Bring an order into escrow."""
        payer, amount = order["payer"], order["amount"]
        self.provide(splitter, payer, amount)
        return splitter.authorize(order, sender=payer, value=self.value(amount))


def order_id(splitter: Any, order: dict[str, Any]) -> bytes:
    """Ask the contract for an order's id."""
    return bytes(splitter.orderIdOf(order))


def status_of(splitter: Any, order: dict[str, Any]) -> int:
    """Read an order's status."""
    return splitter.orderOf(order_id(splitter, order)).status


def refund_expiry(splitter: Any, order: dict[str, Any]) -> int:
    """Return the first second in which a captured order can settle."""
    return splitter.orderOf(order_id(splitter, order)).capturedAt + REFUND_WINDOW


def credits_of(splitter: Any, currency: Currency, *accounts: Any) -> list[int]:
    """Read what several accounts can withdraw."""
    return [splitter.creditOf(account, currency.address) for account in accounts]


def settle(splitter: Any, order: dict[str, Any], sender: Any) -> Any:
    """Settle a captured order in the first second in which it can be."""
    next_block_at(refund_expiry(splitter, order))
    return splitter.settle(order, sender=sender)


def bring_to(status: Status, splitter: Any, order: dict[str, Any], brand: Any) -> None:
    """Bring an order that is authorized to another status by the shortest way."""
    payer = order["payer"]
    if status in (Status.CAPTURED, Status.REFUNDED, Status.SETTLED):
        splitter.capture(order, sender=payer)
    match status:
        case Status.VOIDED:
            splitter.void(order, sender=brand)
        case Status.RECLAIMED:
            next_block_at(order["authorizationExpiry"])
            splitter.reclaim(order, sender=payer)
        case Status.REFUNDED:
            splitter.refund(order, order["amount"], sender=brand)
        case Status.SETTLED:
            settle(splitter, order, payer)


def soon() -> int:
    """Return a time that is a day ahead."""
    return later(86_400)
