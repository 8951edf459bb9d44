"""How an account's own credit came about, such as a brand's: every event that changes it, in order.

A brand's credit has its part of orders, what it paid in, less what it set aside for reported
orders and took out; after refunds of settled orders the shares of others flow back to it, at once
or when their debts are offset. What an account gets back as a buyer is its credit, too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from weilian.commission.order import Order, SettledLine
from weilian.commission.parties import account_party, brand_of, is_member
from weilian.commission.plan import BPS_DENOMINATOR, Plan
from weilian.order import order_of, settled_line
from weilian.plan import Plans
from weilian.reporting import reserve_of
from weilian.sale_log import Sale
from weilian.suite import Suite

ACCOUNT_EVENTS = (
    *("Deposited", "OrderAuthorized", "OrderReported", "OrderCharged", "PartsCaptured"),
    *("OrderCaptured", "OrderVoided", "OrderReclaimed", "OrderRefunded", "OrderRuled"),
    *("OrderSettled", "SettledOrderRefunded", "DebtRecorded", "DebtOffset", "Withdrawn"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a credit, in the smallest unit; as StatementEntry says."""

    kind: str
    log: Any
    amount: int
    line: int | None = None
    net: int | None = None
    bps: int | None = None


@dataclass(slots=True)
class _Sale:
    """An order of the account's, as its brand or its payer, and how it stands."""

    plan: Plan
    payer: str
    order: Order | None
    captured: list[int] = field(default_factory=list)
    refunded: list[int] = field(default_factory=list)
    lines: dict[int, SettledLine] = field(default_factory=dict)

    def brand_share(self, line: SettledLine) -> int:
        return Sale.under(self.plan).share(account_party(self.plan.brand), line)

    def brand_bps(self, line: SettledLine) -> int:
        return Sale.under(self.plan).bps(account_party(self.plan.brand), line)


class AccountBooks:
    """The books of one account in one currency, written from the log in its order."""

    def __init__(self, suite: Suite, account: str, currency: str) -> None:
        self._suite, self._account, self._currency = suite, account, currency
        self._sales: dict[bytes, _Sale] = {}
        self._plans: dict[bytes, Plan] = {}
        self._new_debts = 0

    def changes(self, logs: Iterable[Any]) -> Iterator[Change]:
        """Yield what events of ACCOUNT_EVENTS, all of them, change for the account."""
        for log in logs:
            name, args = log["event"], log["args"]
            if name in ("OrderAuthorized", "OrderReported", "OrderCharged"):
                yield from self._enter(name, log, args)
            elif "orderId" in args:
                if args["orderId"] in self._sales:
                    yield from self._of_order(name, log, self._sales[args["orderId"]])
                if name == "SettledOrderRefunded":
                    self._new_debts = 0
            elif args["currency"] == self._currency:
                yield from self._of_money(name, log, args)

    def _enter(self, name: str, log: Any, args: Any) -> Iterator[Change]:
        plan = self._plan(args["planId"])
        payer = "" if name == "OrderReported" else args["payer"]
        if plan.currency != self._currency or self._account not in (plan.brand, payer):
            return
        order = None if name == "OrderCharged" else order_of(args["order"])
        amounts = [line.amount for line in order.lines] if order else []
        nothing = [0] * len(amounts)
        # NOTE: a reported order is captured at once, with no event that says so.
        captured = amounts if order and order.is_reported else nothing.copy()
        self._sales[args["orderId"]] = _Sale(plan, payer, order, captured, nothing)
        if order and order.is_reported:
            yield Change("RESERVED", log, -reserve_of(plan, [order]), net=order.amount)

    def _of_money(self, name: str, log: Any, args: Any) -> Iterator[Change]:
        amount = args["amount"]
        if name == "Deposited":
            if args["account"] == self._account:
                yield Change("FUNDED", log, amount)
        elif name == "DebtRecorded":
            self._new_debts += amount
        elif name == "DebtOffset":
            if is_member(args["party"]) and brand_of(args["party"]) == self._account:
                yield Change("DEBT_RECEIVED", log, amount)
        elif args["party"] == account_party(self._account):
            yield Change("WITHDRAWN", log, -amount)

    def _of_order(self, name: str, log: Any, sale: _Sale) -> Iterator[Change]:
        args = log["args"]
        if name == "OrderSettled":
            yield from self._settled(log, sale)
        elif name == "SettledOrderRefunded":
            yield from self._refund_settled(log, sale)
        elif name in ("OrderVoided", "OrderReclaimed"):
            yield from self._given_back(log, sale, args["amount"])
        elif name == "OrderRefunded":
            yield from self._refunded(log, sale, [(p["line"], p["amount"]) for p in args["parts"]])
        elif name == "OrderRuled":
            nets = [took - back for took, back in zip(sale.captured, sale.refunded, strict=True)]
            parts = [net * args["payerBps"] // BPS_DENOMINATOR for net in nets]
            yield from self._refunded(log, sale, list(enumerate(parts)))
        elif name == "PartsCaptured":
            for part in args["parts"]:
                sale.captured[part["line"]] += part["amount"]
        elif name == "OrderCaptured" and sale.order:
            sale.captured = [line.amount for line in sale.order.lines]

    def _settled(self, log: Any, sale: _Sale) -> Iterator[Change]:
        if sale.plan.brand != self._account:
            return
        place, line = log["args"]["line"], settled_line(log["args"])
        if sale.order and sale.order.is_reported and not sale.lines:
            yield Change("RELEASED", log, reserve_of(sale.plan, [sale.order]))
        sale.lines[place] = line
        part, bps = sale.brand_share(line), sale.brand_bps(line)
        if sale.order and sale.order.is_reported:
            yield Change("SHARED_OUT", log, part - line.net, place, line.net, BPS_DENOMINATOR - bps)
        else:
            yield Change("SHARE", log, part, place, line.net, bps)

    def _refund_settled(self, log: Any, sale: _Sale) -> Iterator[Change]:
        parts = log["args"]["parts"]
        total = sum(part["amount"] for part in parts)
        if sale.plan.brand == self._account:
            back = self._taken_back(sale, parts) - self._new_debts
            yield Change("TAKEN_BACK", log, max(back, 0), net=total)
        if sale.payer == self._account:
            yield Change("REPAID", log, total)

    def _taken_back(self, sale: _Sale, parts: Iterable[Any]) -> int:
        """Return by how much the shares of others went down, less what rounding gave them."""
        taken = 0
        for part in parts:
            before = sale.lines[part["line"]]
            after = SettledLine(before.net - part["amount"], before.allocation)
            sale.lines[part["line"]] = after
            taken += part["amount"] - sale.brand_share(before) + sale.brand_share(after)
        return taken

    def _refunded(self, log: Any, sale: _Sale, parts: list[tuple[int, int]]) -> Iterator[Change]:
        for line, amount in parts:
            sale.refunded[line] += amount
        yield from self._given_back(log, sale, sum(amount for _, amount in parts))

    def _given_back(self, log: Any, sale: _Sale, amount: int) -> Iterator[Change]:
        """What left the escrow before it was shared never was the brand's: it is told as 0."""
        if sale.plan.brand == self._account and amount:
            yield Change("REFUNDED", log, 0, net=amount)
        if sale.payer == self._account and amount:
            yield Change("REPAID", log, amount)

    def _plan(self, plan_id: bytes) -> Plan:
        if plan_id not in self._plans:
            self._plans[plan_id] = Plans(self._suite).get(plan_id).plan
        return self._plans[plan_id]
