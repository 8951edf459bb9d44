"""A random walk of money through the escrow, beside a ledger of its own.

Amounts are in the smallest unit of a currency.
"""

from dataclasses import dataclass, field
from typing import Any

import ape
from eth_abi import decode
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import now, read_at
from tests.support.escrow_words import ORDER_VIEW, View
from tests.support.programme import DAY, Line, Part, account, member, publish, total_of
from tests.support.sales import Sales, Status, shares_of

RESERVE_BPS = 1_500
"""Of the plan: 2 % for the platform, 10, 2 and 1 % for the line."""
LIMIT = 10**9
STEPS = (
    "authorize",
    "report",
    "charge",
    "deposit",
    "capture",
    "capture_part",
    "refund",
    "void",
    "reclaim",
    "settle",
    "settle",
    "refund_settled",
    "withdraw",
    "withdraw_all",
    "force",
)
WALKS = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.integers(0, 9_999)),
    min_size=15,
    max_size=15,
)
"""Steps, each with its currency and a number that says how much and which."""


@dataclass
class Sale:
    """An order, what the walk thinks is in escrow for it, and how it was shared."""

    order: dict[str, Any]
    escrowed: int
    shares: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_reported(self) -> bool:
        """Whether it was paid outside the chain."""
        return bool(self.order["payer"] == ZERO_ADDRESS)


@dataclass
class Till:
    """One currency: its plans, and what came in, went out and was forced on the escrow."""

    sales: Sales
    plan_id: bytes
    final_id: bytes
    came: int = 0
    went: int = 0
    forced: int = 0
    sold: list[Sale] = field(default_factory=list)

    @property
    def outstanding(self) -> int:
        """What the escrow owes by what crossed its border."""
        return self.came - self.went

    @property
    def escrowed(self) -> int:
        """What the walk thinks is in escrow for orders."""
        return sum(sale.escrowed for sale in self.sold)


def open_till(book: Any, sales: Sales) -> Till:
    """Publish a plan that takes reports and one of final sales; both become active in time."""
    plan_id = publish(book, sales.brand, currency=sales.currency, dailyReportLimit=LIMIT)
    final = {"isFinal": True, "refundWindow": 0, "maturity": 0}
    final_id = publish(book, sales.brand, currency=sales.currency, **final)
    return Till(sales, plan_id, final_id)


class MoneyWalk:
    """Does what anyone may do, in two currencies; `bystander` pays the gas of what anyone may."""

    def __init__(self, tills: list[Till], reader: Any, bystander: Any, feeder: Any) -> None:
        self.tills, self._reader = tills, reader
        self._bystander, self._feeder = bystander, feeder
        sales = tills[0].sales
        self.escrow, self.brand = sales.escrow, sales.brand
        self.parties = [
            account(self.brand),
            account(sales.payer),
            account(self.escrow.PLATFORM()),
            *(member(self.brand, number) for number in (1, *sales.numbers)),
        ]
        self._salt = 0

    def step(self, kind: str, till: int, number: int) -> None:
        """Do one thing; where nothing is there to do it to, authorise an order."""
        if not getattr(self, f"_{kind}")(self.tills[till], number):
            self._authorize(self.tills[till], number)

    # What the escrow says

    def credits(self, till: Till) -> list[int]:
        """Read the credit of every party."""
        currency = till.sales.currency
        calls = [self.escrow.creditOf.encode_input(party, currency) for party in self.parties]
        return [int.from_bytes(answer) for answer in self._read(calls)]

    def views(self, till: Till) -> list[View]:
        """Read where every order stands."""
        calls = [self.escrow.orderOf.encode_input(sale.order) for sale in till.sold]
        return [View(*decode([ORDER_VIEW], bytes(answer))[0]) for answer in self._read(calls)]

    def in_escrow(self, till: Till) -> list[int]:
        """Work out from the views what is in escrow for every order."""
        return [_kept(*pair) for pair in zip(till.sold, self.views(till), strict=True)]

    def liabilities(self, till: Till) -> int:
        """Add up orders in escrow and credits."""
        return sum(self.in_escrow(till)) + sum(self.credits(till))

    def picture(self, till: Till) -> tuple[Any, ...]:
        """Return all that is to be seen of a currency."""
        return self.credits(till), self.views(till), till.sales.held()

    def _read(self, calls: list[Any]) -> list[bytes]:
        return [bytes(each) for each in self._reader.read(self.escrow, calls)] if calls else []

    # Money comes in

    def _order(self, till: Till, plan_id: bytes, number: int, **changes: Any) -> dict[str, Any]:
        self._salt += 1
        lines = [Line(number + 1), Line(2 * number + 777)]
        return till.sales.order(plan_id, salt=self._salt, lines=lines, **changes)

    def _authorize(self, till: Till, number: int) -> bool:
        order = self._order(till, till.plan_id, number)
        till.sales.authorize(order)
        till.came += total_of(order)
        till.sold.append(Sale(order, total_of(order)))
        return True

    def _report(self, till: Till, number: int) -> bool:
        order = self._order(till, till.plan_id, number, payer=ZERO_ADDRESS)
        reserve = sum(line.amount * RESERVE_BPS // 10_000 for line in order["lines"])
        self._deposit(till, reserve)
        self.escrow.report([order], sender=self.brand)
        till.sold.append(Sale(order, reserve))
        return True

    def _charge(self, till: Till, number: int) -> bool:
        order = self._order(till, till.final_id, number)
        till.sales.charge(order)
        till.came += total_of(order)
        return True

    def _deposit(self, till: Till, number: int) -> bool:
        till.sales.deposit(till.sales.payer, number + 1)
        till.came += number + 1
        return True

    def _force(self, till: Till, number: int) -> bool:
        if till.sales.token is None:
            self._bystander.deploy(self._feeder, self.escrow, value=number)
        else:
            till.sales.token.mint(self.escrow, number, sender=self._bystander)
        till.forced += number
        return True

    # Orders go their way

    def _find(self, till: Till, number: int, *states: Status, open_only: bool = False) -> Any:
        """Choose an order in one of the states, and its view; with `open_only` not expired."""
        pairs = [
            (sale, view)
            for sale, view in zip(till.sold, self.views(till), strict=True)
            if view.status in states
            and not (open_only and sale.order["authorizationExpiry"] <= now() + DAY)
        ]
        return pairs[number % len(pairs)] if pairs else (None, None)

    def _capture(self, till: Till, number: int) -> bool:
        sale, _ = self._find(till, number, Status.AUTHORIZED, open_only=True)
        if sale:
            till.sales.capture(sale.order)
        return bool(sale)

    def _capture_part(self, till: Till, number: int) -> bool:
        sale, view = self._find(till, number, Status.AUTHORIZED, open_only=True)
        if sale:
            lefts = [
                line.amount - done
                for line, done in zip(sale.order["lines"], view.captured, strict=True)
            ]
            line = max((0, 1), key=lefts.__getitem__)
            till.sales.capture(sale.order, Part(line, lefts[line] // 2 + 1))
        return bool(sale)

    def _refund(self, till: Till, number: int) -> bool:
        sale, view = self._find(till, number, Status.CAPTURED)
        nets = [c - r for c, r in zip(view.captured, view.refunded, strict=True)] if sale else []
        if not any(nets):
            return False
        line = max((0, 1), key=nets.__getitem__)
        amount = nets[line] // 3 + 1
        self.escrow.refund(sale.order, [Part(line, amount)], sender=self.brand)
        if not sale.is_reported:
            sale.escrowed -= amount
        return True

    def _void(self, till: Till, number: int) -> bool:
        sale, view = self._find(till, number, Status.AUTHORIZED)
        if sale:
            self.escrow.void(sale.order, sender=self.brand)
            sale.escrowed = sum(view.captured) - sum(view.refunded)
        return bool(sale)

    def _reclaim(self, till: Till, number: int) -> bool:
        sale, view = self._find(till, number, Status.AUTHORIZED)
        if sale:
            read_at(max(now() + 1, sale.order["authorizationExpiry"]))
            self.escrow.reclaim(sale.order, sender=self._bystander)
            sale.escrowed = sum(view.captured) - sum(view.refunded)
        return bool(sale)

    def _settle(self, till: Till, number: int) -> bool:
        sale, view = self._find(till, number, Status.CAPTURED)
        if sale:
            read_at(max(now() + 1, view.changed_at + 8 * DAY))
            sale.shares = shares_of(self.escrow.settle([sale.order], sender=self._bystander))
            sale.escrowed = 0
        return bool(sale)

    def _refund_settled(self, till: Till, number: int) -> bool:
        sale, view = self._find(till, number, Status.SETTLED)
        if not sale or not sale.shares[0][0] or now() >= view.changed_at + 170 * DAY:
            return False
        net, allocation = sale.shares[0]
        due = 0 if sale.is_reported else net
        value = till.sales.provide(self.brand, due)
        parts = [Part(0, net)]
        self.escrow.refundSettled(sale.order, sale.shares, parts, sender=self.brand, value=value)
        till.came += due
        sale.shares[0] = (0, allocation)
        return True

    # Money goes out

    def _withdraw(self, till: Till, number: int) -> bool:
        rich = [p for p, c in zip(self.parties, self.credits(till), strict=True) if c]
        if not rich:
            return False
        party = rich[number % len(rich)]
        with _Received(self, till) as received:
            self.escrow.withdraw(party, till.sales.currency, sender=self._bystander)
        till.went += received.amount
        return True

    def _withdraw_all(self, till: Till, number: int) -> bool:
        payees = [(party, till.sales.currency) for party in self.parties]
        with _Received(self, till) as received:
            self.escrow.withdrawBatch(payees, sender=self._bystander)
        till.went += received.amount
        return True


class _Received:
    """Counts what all parties get; none of them pays for gas meanwhile."""

    amount = 0

    def __init__(self, walk: MoneyWalk, till: Till) -> None:
        self._token = till.sales.token
        self._payees = {str(walk.escrow.payoutOf(party)) for party in walk.parties}

    def __enter__(self) -> "_Received":
        self._before = self._balance()
        return self

    def __exit__(self, *_: Any) -> None:
        self.amount = self._balance() - self._before

    def _balance(self) -> int:
        balance = self._token.balanceOf if self._token else ape.chain.provider.get_balance
        return sum(balance(payee) for payee in self._payees)


def _kept(sale: Sale, view: View) -> int:
    if view.status == Status.CAPTURED and sale.is_reported:
        return sale.escrowed
    if view.status == Status.AUTHORIZED:
        return total_of(sale.order) - sum(view.refunded)
    if view.status == Status.CAPTURED:
        return sum(view.captured) - sum(view.refunded)
    return 0
