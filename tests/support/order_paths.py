"""Orders brought into every state, and everything that can be done to them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import ape

from tests.support.clock import now, read_at
from tests.support.disputes import EVIDENCE, PARTIES_PERIOD
from tests.support.programme import DAY, REFUND_WINDOW, Part
from tests.support.sales import Sales, Status, shares_of

PATHS = {
    "new": (),
    "authorized": ("authorize",),
    "partly captured": ("authorize", "capture_part"),
    "captured": ("authorize", "capture"),
    "held": ("authorize", "capture", "open"),
    "ruled": ("authorize", "capture", "open", "concede"),
    "settled": ("authorize", "capture", "settle"),
    "voided": ("authorize", "void"),
    "reclaimed": ("authorize", "reclaim"),
}
"""How an order gets into each state."""


@contextmanager
def undone() -> Iterator[None]:
    """Undo on the chain what happens within."""
    start = ape.chain.snapshot()
    try:
        yield
    finally:
        ape.chain.restore(start)


@dataclass
class Paths:
    """What can be done to an order, each by somebody who may and when its time has come."""

    sales: Sales
    disputes: Any
    bystander: Any
    shares: list[tuple[int, int]] = field(default_factory=list)

    def bring(self, order: dict[str, Any], state: str) -> None:
        """Bring a new order into a state."""
        for act in PATHS[state]:
            self.act(act)(order)

    def act(self, name: str) -> Callable[[dict[str, Any]], Any]:
        """Return what is done under a name."""
        return getattr(self, f"_{name}")

    def _authorize(self, order: dict[str, Any]) -> Any:
        return self.sales.authorize(order)

    def _capture(self, order: dict[str, Any]) -> Any:
        return self.sales.capture(order)

    def _capture_part(self, order: dict[str, Any]) -> Any:
        return self.sales.capture(order, Part(0, 10))

    def _void(self, order: dict[str, Any]) -> Any:
        return self.sales.escrow.void(order, sender=self.sales.brand)

    def _reclaim(self, order: dict[str, Any]) -> Any:
        _wait_until(order["authorizationExpiry"])
        return self.sales.escrow.reclaim(order, sender=self.bystander)

    def _refund(self, order: dict[str, Any]) -> Any:
        return self.sales.escrow.refund(order, [Part(0, 5)], sender=self.sales.brand)

    def _settle(self, order: dict[str, Any]) -> Any:
        _wait_until(self.sales.changed_at(order) + REFUND_WINDOW + DAY)
        receipt = self.sales.escrow.settle([order], sender=self.bystander)
        self.shares = shares_of(receipt) or self.shares
        return receipt

    def _refund_settled(self, order: dict[str, Any]) -> Any:
        sales = self.sales
        value = sales.provide(sales.brand, 5)
        shares = self.shares or [(1, 0)]
        parts = [Part(0, 5)]
        return sales.escrow.refundSettled(order, shares, parts, sender=sales.brand, value=value)

    def _open(self, order: dict[str, Any]) -> Any:
        return self.disputes.open(order, EVIDENCE, b"", sender=self.sales.payer)

    def _concede(self, order: dict[str, Any]) -> Any:
        return self.disputes.concede(order, sender=self.sales.payer)

    def _lapse(self, order: dict[str, Any]) -> Any:
        _wait_until(now() + PARTIES_PERIOD)
        return self.disputes.lapse(order, sender=self.bystander)

    def status(self, order: dict[str, Any]) -> Status:
        """Read where an order stands."""
        return self.sales.status(order)


def _wait_until(time: int) -> None:
    if now() < time:
        read_at(time)
