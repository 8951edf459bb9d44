"""Finding orders on the chain: an order's terms are in the event that brought it in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from weilian.address import to_address
from weilian.chain.values import log_place, to_hex, to_moment
from weilian.commission.order import Order, OrderStatus, SettledLine
from weilian.errors import WeilianError
from weilian.open_orders import OpenOrder, open_orders
from weilian.order import Orders, OrderView, order_of, settled_line
from weilian.progress import Progress, counted
from weilian.settling import grouped
from weilian.suite import Suite

_ENTRIES = ("OrderAuthorized", "OrderReported")


class OrderNotFoundError(WeilianError, LookupError):
    """No such order on the chain."""

    def __init__(self, identifier: bytes) -> None:
        super().__init__(f"there is no order {to_hex(identifier)} on this chain; check its id")


class NotSettledError(WeilianError, ValueError):
    """An order that was not shared yet."""

    def __init__(self, identifier: bytes) -> None:
        super().__init__(f"order {to_hex(identifier)} is not settled; settle it first")


@dataclass(frozen=True, slots=True)
class BookedOrder:
    """An order with its state; it can be settled when `wait` is over after its capture."""

    order_id: bytes
    order: Order
    state: OrderView
    wait: timedelta

    @property
    def matures_at(self) -> datetime | None:
        """The second from which a captured order can be settled; None before capture."""
        if self.state.status is not OrderStatus.CAPTURED or self.state.changed_at is None:
            return None
        return self.state.changed_at + self.wait

    def is_due(self, now: datetime) -> bool:
        """Whether it can be settled at that time."""
        matures_at = self.matures_at
        return matures_at is not None and matures_at <= now and not self.state.is_held


@dataclass(frozen=True, slots=True)
class ReportedOrder:
    """An order that was paid elsewhere, and the block that has its report."""

    order_id: bytes
    order: Order
    block: int


@dataclass(frozen=True, slots=True)
class FinalSale:
    """A final sale, of which the chain keeps no state: paid and shared at once."""

    order_id: bytes
    plan_id: bytes
    payer: str
    seller: int
    salt: int
    lines: tuple[SettledLine, ...]


@dataclass(frozen=True, slots=True)
class OrderBook:
    """The orders of a deployment, read from the chain's log."""

    suite: Suite

    def get(self, identifier: bytes) -> BookedOrder:
        """Return one order; raises OrderNotFoundError."""
        for booked in self.find(order_id=identifier):
            return booked
        raise OrderNotFoundError(identifier)

    def is_known(self, identifier: bytes) -> bool:
        """Tell whether an order was brought in, in whatever way."""
        charged = self._logs("OrderCharged", {"orderId": identifier})
        return bool(self._entries(identifier, None, None)) or any(charged)

    def find(
        self,
        *,
        order_id: bytes | None = None,
        plan_id: bytes | None = None,
        payer: str | None = None,
    ) -> Iterator[BookedOrder]:
        """Yield orders in the order they came in, all or those that match."""
        entries = self._entries(order_id, plan_id, payer)
        return self._booked((args["orderId"], order_of(args["order"])) for args in entries)

    def final_sales(
        self,
        *,
        order_id: bytes | None = None,
        plan_id: bytes | None = None,
        payer: str | None = None,
    ) -> Iterator[FinalSale]:
        """Yield final sales in the order they were paid in, all or those that match."""
        for entry in self._logs("OrderCharged", _filter(order_id, plan_id, payer)):
            args = entry["args"]
            lines = self.settled_lines(args["orderId"])
            yield FinalSale(
                args["orderId"], args["planId"], args["payer"], args["seller"], args["salt"], lines
            )

    def due(self, plan_id: bytes | None = None) -> list[BookedOrder]:
        """List the orders that can be settled in the next block; see `each_due`."""
        return list(self.each_due(plan_id))

    def each_due(self, plan_id: bytes | None = None) -> Iterator[BookedOrder]:
        """Yield the orders that can be settled in the next block, neighbours by plan and seller.

        The log is read at once, from the first block; the state of an order when its turn comes.
        """
        with open_orders(self.suite) as kept:
            return self.due_of(kept.read(plan_id))

    def due_of(
        self, opened: Iterable[OpenOrder], progress: Progress | None = None
    ) -> Iterator[BookedOrder]:
        """Yield those of the open orders that can be settled in the next block; as `each_due`."""
        now = to_moment(self.suite.chain.block()[1])
        if now is None:
            return
        # NOTE: the next block is later than the newest, by at least a second.
        later = now + timedelta(seconds=1)
        ids = {each.order: each.order_id for each in opened}
        orders = counted(grouped(list(ids)), progress)
        for booked in self._booked((ids[order], order) for order in orders):
            if booked.is_due(later):
                yield booked

    def settled_lines(self, identifier: bytes) -> tuple[SettledLine, ...]:
        """Return how an order stands shared, refunds since then counted off.

        Raises NotSettledError.
        """
        lines: dict[int, SettledLine] = {}
        for entry in self._of_order(identifier, ("OrderSettled", "SettledOrderRefunded")):
            args = entry["args"]
            if entry["event"] == "OrderSettled":
                lines[args["line"]] = settled_line(args)
                continue
            for part in args["parts"]:
                line = lines[part["line"]]
                lines[part["line"]] = replace(line, net=line.net - part["amount"])
        if not lines:
            raise NotSettledError(identifier)
        return tuple(lines[place] for place in sorted(lines))

    def reports(self, brand: str) -> list[ReportedOrder]:
        """List a brand's reported orders, of all its plans, in the order they came in."""
        found = self._logs("OrderReported", {"brand": to_address(brand)})
        return [
            ReportedOrder(
                entry["args"]["orderId"], order_of(entry["args"]["order"]), entry["blockNumber"]
            )
            for entry in found
        ]

    def _booked(self, orders: Iterable[tuple[bytes, Order]]) -> Iterator[BookedOrder]:
        """Yield orders with their states as their turn comes, and no plan is read twice."""
        waits: dict[bytes, timedelta] = {}
        clients = Orders(self.suite)
        for identifier, order in orders:
            if order.plan_id not in waits:
                waits[order.plan_id] = clients.wait(order)
            yield BookedOrder(identifier, order, clients.state(order), waits[order.plan_id])

    def _entries(
        self, order_id: bytes | None, plan_id: bytes | None, payer: str | None
    ) -> list[Any]:
        wanted = _filter(order_id, plan_id, payer)
        kinds = _ENTRIES if payer is None else _ENTRIES[:1]
        found = [entry for kind in kinds for entry in self._logs(kind, wanted)]
        found.sort(key=log_place)
        return [entry["args"] for entry in found]

    def _of_order(self, identifier: bytes, kinds: tuple[str, ...]) -> Iterator[Any]:
        return self.suite.chain.events_of(
            self.suite.escrow,
            kinds,
            from_block=self.suite.record.first_block,
            to_block=self.suite.chain.head,
            topic=identifier,
        )

    def _logs(self, kind: str, arguments: dict[str, Any]) -> Iterator[Any]:
        return self.suite.chain.events(
            self.suite.escrow.events[kind](),
            from_block=self.suite.record.first_block,
            to_block=self.suite.chain.head,
            arguments=arguments,
        )


def _filter(order_id: bytes | None, plan_id: bytes | None, payer: str | None) -> dict[str, Any]:
    wanted: dict[str, Any] = {"orderId": order_id, "planId": plan_id}
    wanted["payer"] = None if payer is None else to_address(payer)
    return {name: value for name, value in wanted.items() if value is not None}
