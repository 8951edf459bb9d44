"""Reporting orders that were paid elsewhere: once each, by the shop's order number."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from weilian.catalogue import Catalogue
from weilian.chain import ZERO_ADDRESS
from weilian.chain.errors import NodeRefusedError
from weilian.chain.values import to_hex
from weilian.commission.order import Line, Order
from weilian.commission.plan import BPS_DENOMINATOR, DAY, Plan
from weilian.errors import WeilianError
from weilian.hashing import keccak256
from weilian.identity import Identities, Permission
from weilian.ledger import Ledger
from weilian.order import Orders
from weilian.order_book import OrderBook, ReportedOrder
from weilian.plan import PublishedPlan
from weilian.seasonfile import ReportRow
from weilian.suite import Suite


class ReportConflictError(WeilianError, ValueError):
    """An order number that was reported before with other terms, perhaps under another plan."""

    def __init__(self, number: str, plan_id: bytes) -> None:
        super().__init__(
            f"order {number} was reported before, under plan {to_hex(plan_id)}, with another "
            "amount, currency, seller or product; correct it by a refund, or report the difference "
            "under another number"
        )


class CreditTooSmallError(WeilianError, ValueError):
    """A brand's credit that does not cover what reports set aside; in the smallest unit."""

    def __init__(self, brand: str, credit: int, need: int) -> None:
        super().__init__(
            f"{brand} has a credit of {credit} and the reports set {need} aside, in the currency's "
            f"smallest unit; pay {need - credit} in first"
        )


class PlanNotYetActiveError(WeilianError, ValueError):
    """A plan that takes orders from a later time on."""

    def __init__(self, published: PublishedPlan) -> None:
        super().__init__(
            f"plan {to_hex(published.plan_id)} takes orders from "
            f"{published.active_from:%Y-%m-%d %H:%M} UTC on; report them then"
        )


class ReporterError(WeilianError, PermissionError):
    """An account that may not report for a brand."""

    def __init__(self, brand: str, account: str) -> None:
        super().__init__(
            f"{account} may not report orders of {brand}; sign as its owner, or let the owner make "
            f"it a delegate for {Permission.ORDER}"
        )


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """What a file of reports comes to.

    `todo` can be reported now, `later` is above what the plan still takes on this day (UTC), and
    `too_high` is above what it takes on any day. `done` are the ids of those reported before.
    `reserve` is what `todo` sets aside, `left_today` what the day takes besides, in the smallest
    unit.
    """

    todo: tuple[Order, ...]
    later: tuple[Order, ...]
    too_high: tuple[Order, ...]
    done: tuple[bytes, ...]
    reserve: int
    left_today: int


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports of a brand's orders that were paid outside the chain; `Keeper.report` sends them."""

    suite: Suite

    def plan(self, published: PublishedPlan, orders: Mapping[str, Order]) -> ReportPlan:
        """Tell reported orders from those that are not, by their numbers.

        A number counts once for its brand, whatever the plan. Raises ReportConflictError.
        """
        reported = OrderBook(self.suite).reports(published.plan.brand)
        here = [each for each in reported if each.order.plan_id == published.plan_id]
        known = {each.order.salt: each for each in (*reported, *here)}
        new, done = [], []
        for number, order in orders.items():
            before = known.get(order.salt)
            if before is None:
                new.append(order)
            elif self._is_same(order, before):
                done.append(before.order_id)
            else:
                raise ReportConflictError(number, before.order.plan_id)
        left = max(published.plan.daily_report_limit - self._today(here), 0)
        return _within_limits(published.plan, new, tuple(done), left)

    def check(self, published: PublishedPlan, planned: ReportPlan, account: str) -> None:
        """Raise if `account` cannot report what is to do.

        ReporterError, PlanNotYetActiveError or CreditTooSmallError.
        """
        plan = published.plan
        if not planned.todo:
            return
        if published.active_from > datetime.fromtimestamp(self._now(), UTC):
            raise PlanNotYetActiveError(published)
        if not Identities(self.suite).is_authorized(plan.brand, Permission.ORDER, account):
            raise ReporterError(plan.brand, account)
        credit = Ledger(self.suite).credit(plan.brand, plan.currency)
        if credit < planned.reserve:
            raise CreditTooSmallError(plan.brand, credit, planned.reserve)

    def _is_same(self, order: Order, before: ReportedOrder) -> bool:
        """Whether an order is the one that was reported, perhaps under another plan."""
        if order.plan_id == before.order.plan_id:
            return Orders(self.suite).id_of(order) == before.order_id
        return _sale(order) == _sale(before.order)

    def _today(self, reported: Sequence[ReportedOrder]) -> int:
        """Return what of a plan was reported on this day, as the escrow counts it."""
        today = self._now() // DAY
        amount, days = 0, dict[int, int]()
        for each in reversed(reported):
            if each.block not in days:
                days[each.block] = self.suite.chain.block(each.block)[1] // DAY
            if days[each.block] != today:
                break
            amount += each.order.amount
        return amount

    def _now(self) -> int:
        """Return the time of the next block, which may be a day later than the newest."""
        try:
            return self.suite.chain.block("pending")[1]
        except NodeRefusedError:  # as of nodes that make no blocks
            return max(self.suite.chain.block()[1], int(time.time()))


def _within_limits(
    plan: Plan, orders: Sequence[Order], done: tuple[bytes, ...], left: int
) -> ReportPlan:
    todo, later, too_high = [], [], []
    for order in orders:
        if order.amount > plan.daily_report_limit:
            too_high.append(order)
        elif order.amount > left:
            later.append(order)
        else:
            todo.append(order)
            left -= order.amount
    reserve = reserve_of(plan, todo)
    return ReportPlan(tuple(todo), tuple(later), tuple(too_high), done, reserve, left)


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


def _sale(order: Order) -> tuple[object, ...]:
    """Return what was sold: an order without its plan and the rates of the plan's catalogue."""
    lines = [(line.amount, line.gtin) for line in order.lines]
    return order.currency, order.seller, lines


def reserve_of(plan: Plan, orders: Sequence[Order]) -> int:
    """Return the most that can be due for orders: what is set aside when they are reported."""
    bps = plan.platform_fee_bps + plan.ceiling_bps
    return sum(line.amount * bps // BPS_DENOMINATOR for order in orders for line in order.lines)


def salt_of(number: str) -> int:
    """Return the salt of a shop's order number: it makes an order unique and found again."""
    return int.from_bytes(keccak256(number.encode()))
