"""Reporting orders that were paid elsewhere: once each, by the shop's order number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from weilian.catalogue import Catalogue
from weilian.chain import ZERO_ADDRESS, Signer
from weilian.commission.order import Line, Order
from weilian.commission.plan import BPS_DENOMINATOR, Plan
from weilian.errors import WeilianError
from weilian.hashing import keccak256
from weilian.ledger import Ledger
from weilian.order import OrderChange, Orders
from weilian.order_book import OrderBook
from weilian.plan import PublishedPlan
from weilian.seasonfile import ReportRow
from weilian.suite import Suite


class ReportConflictError(WeilianError, ValueError):
    """An order number that was reported before with other terms."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"order {number} was reported before with another amount, seller or product; correct "
            "it by a refund, or report the difference under another number"
        )


class CreditTooSmallError(WeilianError, ValueError):
    """A brand's credit that does not cover what reports set aside; in the smallest unit."""

    def __init__(self, brand: str, credit: int, need: int) -> None:
        super().__init__(
            f"{brand} has a credit of {credit} and the reports set {need} aside, in the currency's "
            f"smallest unit; pay {need - credit} in first"
        )


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """What a file of reports comes to: orders still to report, and the ids of those reported."""

    todo: tuple[Order, ...]
    done: tuple[bytes, ...]
    reserve: int


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports of a brand's orders that were paid outside the chain."""

    suite: Suite

    def plan(self, published: PublishedPlan, orders: Mapping[str, Order]) -> ReportPlan:
        """Tell reported orders from those that are not, by their numbers.

        Raises ReportConflictError.
        """
        known = OrderBook(self.suite).salts(published.plan_id)
        clients = Orders(self.suite)
        todo, done = [], []
        for number, order in orders.items():
            if order.salt not in known:
                todo.append(order)
            elif known[order.salt] == clients.id_of(order):
                done.append(known[order.salt])
            else:
                raise ReportConflictError(number)
        return ReportPlan(tuple(todo), tuple(done), reserve_of(published.plan, todo))

    def report(
        self,
        planned: ReportPlan,
        signer: Signer,
        on_done: Callable[[int], None] | None = None,
    ) -> list[OrderChange]:
        """Report what is to do; a run that broke off is planned and run again.

        Raises CreditTooSmallError before anything is sent.
        """
        if not planned.todo:
            return []
        first = planned.todo[0]
        credit = Ledger(self.suite).credit(first.receiver, first.currency)
        if credit < planned.reserve:
            raise CreditTooSmallError(first.receiver, credit, planned.reserve)
        return Orders(self.suite).report(planned.todo, signer, on_done)


def reported_orders(
    published: PublishedPlan,
    rows: Mapping[str, Sequence[ReportRow]],
    catalogue: Catalogue | None = None,
) -> dict[str, Order]:
    """Return the orders of a file by their numbers: the same rows are always the same orders."""
    products = catalogue.products if catalogue else {}
    return {
        number: Order(
            plan_id=published.plan_id,
            payer=ZERO_ADDRESS,
            receiver=published.plan.brand,
            currency=published.plan.currency,
            lines=tuple(
                Line(row.amount, row.gtin, tuple(products.get(row.gtin, ()))) for row in lines
            ),
            authorization_expiry=0,
            seller=lines[0].seller,
            salt=salt_of(number),
        )
        for number, lines in rows.items()
    }


def reserve_of(plan: Plan, orders: Sequence[Order]) -> int:
    """Return the most that can be due for orders: what is set aside when they are reported."""
    bps = plan.platform_fee_bps + plan.ceiling_bps
    return sum(line.amount * bps // BPS_DENOMINATOR for order in orders for line in order.lines)


def salt_of(number: str) -> int:
    """Return the salt of a shop's order number: it makes an order unique and found again."""
    return int.from_bytes(keccak256(number.encode()))
