"""Finding orders on the chain: an order's terms are in the event of its payment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, OrderStatus
from weilian.chain.values import to_hex, to_moment
from weilian.errors import WeilianError
from weilian.order import Order, Orders, OrderState
from weilian.plan import Plans, PlanTerms
from weilian.suite import Suite


class OrderNotFoundError(WeilianError, LookupError):
    """No such order on the chain."""

    def __init__(self, identifier: bytes) -> None:
        super().__init__(f"there is no order {to_hex(identifier)} on this chain; check its id")


@dataclass(frozen=True, slots=True)
class BookedOrder:
    """An order with its state and its plan's terms."""

    order_id: bytes
    order: Order
    state: OrderState
    terms: PlanTerms

    @property
    def refund_expiry(self) -> datetime | None:
        """The second from which it can be settled; None before capture."""
        captured_at = self.state.captured_at
        return None if captured_at is None else captured_at + self.terms.refund_window

    def is_due(self, now: datetime) -> bool:
        """Whether it can be settled at that time."""
        expiry = self.refund_expiry
        return self.state.status is OrderStatus.CAPTURED and expiry is not None and expiry <= now


@dataclass(frozen=True, slots=True)
class OrderBook:
    """The orders of a deployment."""

    suite: Suite

    def get(self, identifier: bytes) -> BookedOrder:
        """Return one order; raises OrderNotFoundError."""
        for booked in self.find(order_id=identifier):
            return booked
        raise OrderNotFoundError(identifier)

    def find(
        self,
        *,
        order_id: bytes | None = None,
        plan_id: bytes | None = None,
        payer: str | None = None,
    ) -> Iterator[BookedOrder]:
        """Yield orders in the order they were paid in, all or those that match."""
        wanted: dict[str, Any] = {"orderId": order_id, "planId": plan_id}
        wanted["payer"] = None if payer is None else to_address(payer)
        terms: dict[bytes, PlanTerms] = {}
        found = self.suite.chain.events(
            self.suite.splitter.events.OrderAuthorized(),
            from_block=self.suite.record.first_block,
            to_block=self.suite.chain.head,
            arguments={name: value for name, value in wanted.items() if value is not None},
        )
        for entry in found:
            args = entry["args"]
            order = _order(args["order"])
            if order.plan_id not in terms:
                terms[order.plan_id] = Plans(self.suite).get(order.plan_id)
            state = Orders(self.suite).state(args["orderId"])
            yield BookedOrder(args["orderId"], order, state, terms[order.plan_id])

    def due(self, plan_id: bytes | None = None) -> list[BookedOrder]:
        """List the orders that can be settled in the newest block."""
        now = to_moment(self.suite.chain.block()[1])
        if now is None:
            return []
        # NOTE: the next block is later than the newest, by at least a second.
        later = now + timedelta(seconds=1)
        return [booked for booked in self.find(plan_id=plan_id) if booked.is_due(later)]


def _order(kept: Any) -> Order:
    expiry = to_moment(kept["authorizationExpiry"])
    if expiry is None:
        raise ValueError("an order on the chain always has an expiry")
    distributor = kept["distributor"]
    return Order(
        plan_id=kept["planId"],
        payer=kept["payer"],
        distributor=None if distributor == ZERO_ADDRESS else distributor,
        amount=kept["amount"],
        authorization_expiry=expiry,
        salt=kept["salt"],
    )
