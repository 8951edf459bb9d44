"""The splitter's ledger without a chain."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from weilian.address import ZERO_ADDRESS
from weilian.commission.shares import BPS_DENOMINATOR, split
from weilian.commission.terms import (
    NATIVE_CURRENCY,
    Limits,
    Order,
    OrderState,
    OrderStatus,
    Plan,
)
from weilian.errors import WeilianError
from weilian.refusal import RefusedError

Authority = Callable[[str, str, str], bool]
MAX_REFUND_WINDOW = MAX_AUTHORIZATION = 365 * 86_400
"""Seconds."""


def _itself(identity: str, matter: str, actor: str) -> bool:  # noqa: ARG001 - an Authority
    return actor == identity


class ImbalanceError(WeilianError, ArithmeticError):
    """The model holds more or less than it owes."""

    def __init__(self, currency: str, held: int, owed: int) -> None:
        super().__init__(f"{held} of currency {currency} are held and {owed} owed; both must agree")


@dataclass
class LedgerModel:
    """CommissionSplitter without a chain: what it keeps, and the same operations on it.

    An operation that the contract would revert raises RefusedError and changes nothing. Tokens
    always deliver and receivers always accept. `may` answers for the identity registry: whether an
    identity lets an actor act in a matter (plan, order, withdraw).
    """

    limits: Limits
    platform: str
    tokens: frozenset[str] = frozenset()
    may: Authority = _itself
    plans: set[Plan] = field(default_factory=set)
    retired: set[Plan] = field(default_factory=set)
    sponsors: dict[tuple[str, str], str] = field(default_factory=dict)
    orders: dict[Order, OrderState] = field(default_factory=dict)
    credits: defaultdict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    held: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def publish(self, plan: Plan, actor: str) -> None:
        """Publish a plan for ever."""
        if not self.may(plan.brand, "plan", actor):
            raise RefusedError("PlanRegistry_NotAuthorized", brand=plan.brand, actor=actor)
        self._check_terms(plan)
        if plan in self.plans:
            raise RefusedError("PlanRegistry_PlanExists", planId=plan)
        self.plans.add(plan)

    def retire(self, plan: Plan, actor: str) -> None:
        """Take no more orders under a plan."""
        if plan not in self.plans:
            raise RefusedError("PlanRegistry_PlanUnknown", planId=plan)
        if not self.may(plan.brand, "plan", actor):
            raise RefusedError("PlanRegistry_NotAuthorized", brand=plan.brand, actor=actor)
        if plan in self.retired:
            raise RefusedError("PlanRegistry_PlanRetired", planId=plan)
        self.retired.add(plan)

    def join(self, brand: str, sponsor: str, actor: str) -> None:
        """Make `actor` a distributor of `brand` under `sponsor`, for ever."""
        if actor == brand:
            raise RefusedError("DistributorRegistry_BrandCannotJoin", brand=brand)
        if current := self.sponsors.get((brand, actor)):
            raise RefusedError(
                "DistributorRegistry_AlreadyJoined", brand=brand, distributor=actor, sponsor=current
            )
        if sponsor == ZERO_ADDRESS or (sponsor != brand and (brand, sponsor) not in self.sponsors):
            raise RefusedError("DistributorRegistry_SponsorUnknown", brand=brand, sponsor=sponsor)
        self.sponsors[brand, actor] = sponsor

    def authorize(self, order: Order, actor: str, value: int, now: int) -> None:
        """Pay an order into escrow; `value` is the chain's coin sent along, in wei."""
        self._demand(order, OrderStatus.NONE)
        if actor != order.payer:
            raise RefusedError(
                "OrderEscrow_NotPayer", orderId=order, actor=actor, payer=order.payer
            )
        if order.amount == 0:
            raise RefusedError("OrderEscrow_AmountZero", orderId=order)
        self._check_not_expired(order, now)
        if (expiry := order.authorization_expiry) > (limit := now + MAX_AUTHORIZATION):
            raise RefusedError(
                "OrderEscrow_AuthorizationTooLong",
                orderId=order,
                authorizationExpiry=expiry,
                limit=limit,
            )
        if order.plan not in self.plans:
            raise RefusedError("PlanRegistry_PlanUnknown", planId=order.plan)
        if order.plan in self.retired:
            raise RefusedError("OrderEscrow_PlanRetired", orderId=order, planId=order.plan)
        self._check_distributor(order)
        due = order.amount if order.plan.currency == NATIVE_CURRENCY else 0
        if value != due:
            raise RefusedError("Ledger_WrongValue", sent=value, due=due)
        self.orders[order] = OrderState(OrderStatus.AUTHORIZED)
        self.held[order.plan.currency] += order.amount

    def capture(self, order: Order, actor: str, now: int) -> None:
        """Confirm an order for its payer or for its brand."""
        self._demand(order, OrderStatus.AUTHORIZED)
        self._check_not_expired(order, now)
        if not self.may(order.payer, "order", actor):
            self._check_authorized(order, actor)
        self.orders[order] = OrderState(OrderStatus.CAPTURED, captured_at=now)

    def void(self, order: Order, actor: str) -> None:
        """Give up an order before capture."""
        self._demand(order, OrderStatus.AUTHORIZED)
        self._check_authorized(order, actor)
        self._give_back(order, OrderState(OrderStatus.VOIDED), order.amount)

    def reclaim(self, order: Order, now: int) -> None:
        """Give an order that was not captured in time back to its payer; anyone may."""
        self._demand(order, OrderStatus.AUTHORIZED)
        expiry = order.authorization_expiry
        if now < expiry:
            raise RefusedError(
                "OrderEscrow_AuthorizationNotExpired",
                orderId=order,
                authorizationExpiry=expiry,
                time=now,
            )
        self._give_back(order, OrderState(OrderStatus.RECLAIMED), order.amount)

    def refund(self, order: Order, amount: int, actor: str, now: int) -> None:
        """Refund a part or all of a captured order."""
        state = self._demand(order, OrderStatus.CAPTURED)
        self._check_authorized(order, actor)
        refund_expiry = state.captured_at + order.plan.refund_window
        if now >= refund_expiry:
            raise RefusedError(
                "OrderEscrow_RefundWindowOver", orderId=order, refundExpiry=refund_expiry, time=now
            )
        refundable = order.amount - state.refunded
        if amount == 0:
            raise RefusedError("OrderEscrow_AmountZero", orderId=order)
        if amount > refundable:
            raise RefusedError(
                "OrderEscrow_RefundTooHigh", orderId=order, amount=amount, refundable=refundable
            )
        status = OrderStatus.REFUNDED if amount == refundable else OrderStatus.CAPTURED
        self._give_back(
            order, replace(state, status=status, refunded=state.refunded + amount), amount
        )

    def settle(self, order: Order, now: int) -> None:
        """Split a captured order whose refund window is over."""
        self._check_settleable(order, now)
        self._settle(order)

    def settle_batch(self, orders: Sequence[Order], now: int) -> int:
        """Settle all that are not settled yet, or none; return how many."""
        pending = [
            order
            for order in dict.fromkeys(orders)
            if self.state(order).status != OrderStatus.SETTLED
        ]
        for order in pending:
            self._check_settleable(order, now)
        for order in pending:
            self._settle(order)
        return len(pending)

    def withdraw(self, account: str, currency: str, to: str, actor: str) -> int:
        """Pay an account's whole credit in one currency out; return it."""
        if not self.may(account, "withdraw", actor):
            raise RefusedError("Ledger_NotAuthorized", account=account, actor=actor)
        if to == ZERO_ADDRESS:
            raise RefusedError("Ledger_RecipientInvalid", to=to)
        amount = self.credits[account, currency]
        if amount == 0:
            raise RefusedError("Ledger_NothingToWithdraw", account=account, currency=currency)
        self.credits[account, currency] = 0
        self.held[currency] -= amount
        return amount

    def state(self, order: Order) -> OrderState:
        """Return what is kept of an order."""
        return self.orders.get(order, OrderState())

    def line(self, brand: str, distributor: str, depth: int) -> tuple[str, ...]:
        """List the seller and its uplines below the brand, at most `depth`."""
        return tuple(islice(self._uplines(brand, distributor), depth))

    def escrow(self, currency: str) -> int:
        """Sum what paid orders hold that is nobody's credit yet."""
        return sum(
            order.amount - state.refunded
            for order, state in self.orders.items()
            if order.plan.currency == currency
            and state.status in (OrderStatus.AUTHORIZED, OrderStatus.CAPTURED)
        )

    def owed(self, currency: str) -> int:
        """Sum everything that has an owner: escrow and credits."""
        credited = sum(
            amount for (_, owed_in), amount in self.credits.items() if owed_in == currency
        )
        return self.escrow(currency) + credited

    def check(self) -> None:
        """Raise ImbalanceError unless what is held is what is owed, in each currency."""
        for currency, held in self.held.items():
            if held != (owed := self.owed(currency)):
                raise ImbalanceError(currency, held, owed)

    def _uplines(self, brand: str, distributor: str) -> Iterator[str]:
        account = distributor
        while account not in (ZERO_ADDRESS, brand):
            yield account
            account = self.sponsors[brand, account]

    def _check_terms(self, plan: Plan) -> None:
        limits, commission = self.limits, sum(plan.level_bps)
        total = commission + plan.platform_fee_bps
        if (depth := len(plan.level_bps)) > limits.max_depth:
            raise RefusedError("PlanRegistry_TooDeep", depth=depth, limit=limits.max_depth)
        if commission > (limit := limits.max_commission_bps):
            raise RefusedError(
                "PlanRegistry_CommissionTooHigh", commissionBps=commission, limit=limit
            )
        if (fee := plan.platform_fee_bps) < (limit := limits.min_platform_fee_bps):
            raise RefusedError("PlanRegistry_PlatformFeeTooLow", platformFeeBps=fee, limit=limit)
        if total > BPS_DENOMINATOR:
            raise RefusedError("PlanRegistry_TotalTooHigh", totalBps=total, limit=BPS_DENOMINATOR)
        if (window := plan.refund_window) < (limit := limits.min_refund_window):
            raise RefusedError(
                "PlanRegistry_RefundWindowTooShort", refundWindow=window, limit=limit
            )
        if window > MAX_REFUND_WINDOW:
            raise RefusedError(
                "PlanRegistry_RefundWindowTooLong", refundWindow=window, limit=MAX_REFUND_WINDOW
            )
        if plan.currency not in {NATIVE_CURRENCY, *self.tokens}:
            raise RefusedError("PlanRegistry_CurrencyNotContract", currency=plan.currency)

    def _demand(self, order: Order, expected: OrderStatus) -> OrderState:
        state = self.state(order)
        if state.status != expected:
            raise RefusedError(
                "OrderEscrow_WrongStatus",
                orderId=order,
                actual=int(state.status),
                expected=int(expected),
            )
        return state

    def _check_not_expired(self, order: Order, now: int) -> None:
        expiry = order.authorization_expiry
        if now >= expiry:
            raise RefusedError(
                "OrderEscrow_AuthorizationExpired",
                orderId=order,
                authorizationExpiry=expiry,
                time=now,
            )

    def _check_authorized(self, order: Order, actor: str) -> None:
        brand = order.plan.brand
        if not self.may(brand, "order", actor):
            raise RefusedError("OrderEscrow_NotAuthorized", orderId=order, brand=brand, actor=actor)

    def _check_distributor(self, order: Order) -> None:
        brand, distributor = order.plan.brand, order.distributor
        if distributor == ZERO_ADDRESS:
            return
        if distributor == order.payer:
            raise RefusedError("OrderEscrow_SelfPurchase", orderId=order, payer=order.payer)
        if (brand, distributor) not in self.sponsors:
            raise RefusedError(
                "OrderEscrow_DistributorUnknown",
                orderId=order,
                brand=brand,
                distributor=distributor,
            )

    def _check_settleable(self, order: Order, now: int) -> None:
        state = self._demand(order, OrderStatus.CAPTURED)
        refund_expiry = state.captured_at + order.plan.refund_window
        if now < refund_expiry:
            raise RefusedError(
                "OrderEscrow_RefundWindowOpen", orderId=order, refundExpiry=refund_expiry, time=now
            )

    def _settle(self, order: Order) -> None:
        plan, state = order.plan, self.orders[order]
        line = self.line(plan.brand, order.distributor, len(plan.level_bps))
        net = order.amount - state.refunded
        own = [level for level, account in enumerate(line) if account == order.payer]
        shares = split(net, plan.platform_fee_bps, plan.level_bps, len(line), own)
        self.orders[order] = replace(state, status=OrderStatus.SETTLED)
        parts = (shares.platform, *shares.levels, shares.brand)
        for account, part in zip((self.platform, *line, plan.brand), parts, strict=True):
            self.credits[account, plan.currency] += part

    def _give_back(self, order: Order, state: OrderState, amount: int) -> None:
        self.orders[order] = state
        self.credits[order.payer, order.plan.currency] += amount
