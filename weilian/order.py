"""Orders: from payment into escrow to the shares of everyone, and back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, Signer, TxResult
from weilian.chain.values import to_moment
from weilian.commission.allocation import packed, split, unpacked
from weilian.commission.order import (
    Line,
    Order,
    OrderStatus,
    Part,
    SettledLine,
    order_id,
    struct_of,
)
from weilian.commission.parties import account_party, member_party, platform_party
from weilian.erc20 import Erc20
from weilian.errors import WeilianError
from weilian.suite import Suite

ORDERS_PER_TRANSACTION = 50
"""Orders reported in a transaction; some 30,000 gas each, one line."""

MAX_LINES = 32
_FEE_BIT, _WINDOW_BIT, _MATURITY_BIT = 70, 84, 108
_MAX_RATE, _MAX_WAIT = 2**14 - 1, 2**24 - 1
_LEVELS = 5


class OrderError(WeilianError, ValueError):
    """An order that the contracts cannot hold."""


@dataclass(frozen=True, slots=True)
class OrderView:
    """Where an order stands; amounts by line, in the currency's smallest unit.

    `changed_at` is the last capture, or the settlement. Once it is settled its lines are empty
    here: how it was shared is in the events, see OrderBook.settled_lines.
    """

    status: OrderStatus
    is_held: bool
    changed_at: datetime | None
    captured: tuple[int, ...]
    refunded: tuple[int, ...]

    def net(self, line: int) -> int:
        """What was captured and not refunded of a line."""
        return self.captured[line] - self.refunded[line]


@dataclass(frozen=True, slots=True)
class OrderChange:
    """What a step did to an order; `amount` is what it moved, in the smallest unit."""

    order_id: bytes
    status: OrderStatus
    amount: int
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an order was shared, line by line."""

    order_id: bytes
    lines: tuple[SettledLine, ...]
    tx: TxResult

    @property
    def net(self) -> int:
        """What was captured and not refunded."""
        return sum(line.net for line in self.lines)


@dataclass(frozen=True, slots=True)
class Orders:
    """The escrow. Terms of orders are values: see weilian.commission.order."""

    suite: Suite

    def id_of(self, order: Order) -> bytes:
        """Return the id that an order has or would have here, without asking the chain."""
        return order_id(order, self.suite.chain.chain_id, self.suite.escrow.address)

    def state(self, order: Order) -> OrderView:
        """Return where an order stands; its status is NONE if there is no such order."""
        kept = self.suite.chain.call(self.suite.escrow.functions.orderOf(struct_of(order)))
        return OrderView(
            status=OrderStatus(kept.status),
            is_held=kept.isHeld,
            changed_at=to_moment(kept.changedAt),
            captured=tuple(kept.captured),
            refunded=tuple(kept.refunded),
        )

    def authorize(self, order: Order, signer: Signer) -> OrderChange:
        """Pay an order into escrow; the signer is the payer.

        For a token, the escrow is first allowed to take the amount, in a transaction of its own.
        Raises OrderError, InsufficientFundsError, TokenBalanceError, ContractRevert.
        """
        tx = self._pay("authorize", order, signer)
        args = tx.event(self.suite.escrow.events.OrderAuthorized())
        return OrderChange(args["orderId"], OrderStatus.AUTHORIZED, order.amount, tx)

    def charge(self, order: Order, signer: Signer) -> Settlement:
        """Pay and share a final sale at once; the signer is the payer. Raises as `authorize`."""
        [settlement] = self.settlements(self._pay("charge", order, signer))
        return settlement

    def report(
        self,
        orders: Sequence[Order],
        signer: Signer,
        on_done: Callable[[int], None] | None = None,
    ) -> list[OrderChange]:
        """Report orders of one brand and currency that were paid outside the chain.

        50 in a transaction. The most that their commissions can be is set aside from the brand's
        credit. `on_done` gets the number reported after each transaction. For many see
        weilian.keeper.
        """
        for order in orders:
            check_order(order)
        changes: list[OrderChange] = []
        for start in range(0, len(orders), ORDERS_PER_TRANSACTION):
            part = orders[start : start + ORDERS_PER_TRANSACTION]
            function = self.suite.escrow.functions.report([struct_of(order) for order in part])
            tx = self.suite.chain.send(function, signer)
            found = tx.events(self.suite.escrow.events.OrderReported())
            changes += [
                OrderChange(entry["args"]["orderId"], OrderStatus.CAPTURED, order.amount, tx)
                for entry, order in zip(found, part, strict=True)
            ]
            if on_done:
                on_done(len(changes))
        return changes

    def capture(self, order: Order, signer: Signer, parts: Sequence[Part] = ()) -> OrderChange:
        """Confirm an order, for its payer, operator or brand; without parts all that is left.

        When nothing is left to capture, refund window and maturity run.
        """
        before = self.state(order)
        left = order.amount - sum(before.captured)
        amount = sum(part.amount for part in parts) if parts else left
        function = self.suite.escrow.functions.capture(struct_of(order), _tuples(parts))
        tx = self.suite.chain.send(function, signer)
        is_all = bool(tx.events(self.suite.escrow.events.OrderCaptured()))
        status = OrderStatus.CAPTURED if is_all else OrderStatus.AUTHORIZED
        return OrderChange(self.id_of(order), status, amount, tx)

    def void(self, order: Order, signer: Signer) -> OrderChange:
        """Give up what is not captured, for the brand; the payer is credited."""
        tx = self._send("void", order, signer)
        args = tx.event(self.suite.escrow.events.OrderVoided())
        return OrderChange(args["orderId"], self.state(order).status, args["amount"], tx)

    def reclaim(self, order: Order, signer: Signer) -> OrderChange:
        """Give what was not captured in time back to its payer, as credit; anyone may."""
        tx = self._send("reclaim", order, signer)
        args = tx.event(self.suite.escrow.events.OrderReclaimed())
        return OrderChange(args["orderId"], self.state(order).status, args["amount"], tx)

    def refund(self, order: Order, parts: Sequence[Part], signer: Signer) -> OrderChange:
        """Refund parts of captured lines before settlement, for the brand; credits the payer."""
        function = self.suite.escrow.functions.refund(struct_of(order), _tuples(parts))
        tx = self.suite.chain.send(function, signer)
        args = tx.event(self.suite.escrow.events.OrderRefunded())
        amount = sum(part.amount for part in parts)
        return OrderChange(args["orderId"], self.state(order).status, amount, tx)

    def refund_settled(
        self, order: Order, lines: Sequence[SettledLine], parts: Sequence[Part], signer: Signer
    ) -> OrderChange:
        """Refund parts of a settled order from the signer's funds, for the brand, for 180 days.

        `lines` are how the order stands shared: OrderBook.settled_lines. Every share of the parts
        goes back to the brand's credit. Raises as `authorize`.
        """
        escrow = self.suite.escrow
        due = self._refund_due(order, lines, parts)
        is_native = order.currency == ZERO_ADDRESS
        if due and not is_native:
            token = Erc20(self.suite.chain, order.currency)
            token.ensure_allowance(escrow.address, due, signer)
        words = [(line.net, packed(line.allocation)) for line in lines]
        function = escrow.functions.refundSettled(struct_of(order), words, _tuples(parts))
        tx = self.suite.chain.send(function, signer, value=due if is_native else 0)
        args = tx.event(escrow.events.SettledOrderRefunded())
        amount = sum(part.amount for part in parts)
        return OrderChange(args["orderId"], OrderStatus.SETTLED, amount, tx)

    def settle(self, orders: Sequence[Order], signer: Signer) -> list[Settlement]:
        """Share captured orders whose time has come, in one transaction; anyone may.

        Settled ones are passed over. For many see weilian.settling.
        """
        function = self.suite.escrow.functions.settle([struct_of(order) for order in orders])
        return list(self.settlements(self.suite.chain.send(function, signer)))

    def settlements(self, tx: TxResult) -> Iterator[Settlement]:
        """Yield the orders that a transaction shared."""
        lines: dict[bytes, list[SettledLine]] = {}
        for found in tx.events(self.suite.escrow.events.OrderSettled()):
            lines.setdefault(found["args"]["orderId"], []).append(settled_line(found["args"]))
        for identifier, shared in lines.items():
            yield Settlement(identifier, tuple(shared), tx)

    def fee_bps(self, order: Order) -> int:
        """Return the platform's share under an order's plan, in basis points."""
        return self._plan_word(order) >> _FEE_BIT & _MAX_RATE

    def wait(self, order: Order) -> timedelta:
        """Return refund window and maturity under an order's plan, together."""
        word = self._plan_word(order)
        window, maturity = (word >> bit & _MAX_WAIT for bit in (_WINDOW_BIT, _MATURITY_BIT))
        return timedelta(seconds=window + maturity)

    def _plan_word(self, order: Order) -> int:
        """Return what settlement needs of an order's plan, packed as PlanState.sol says."""
        function = self.suite.escrow.functions.planStateOf(
            order.plan_id, order.receiver, order.currency
        )
        return int(self.suite.chain.call(function))

    def _pay(self, name: str, order: Order, signer: Signer) -> TxResult:
        check_order(order)
        escrow, is_native = self.suite.escrow, order.currency == ZERO_ADDRESS
        if not is_native:
            token = Erc20(self.suite.chain, order.currency)
            token.ensure_allowance(escrow.address, order.amount, signer)
        function = escrow.functions[name](struct_of(order))
        return self.suite.chain.send(function, signer, value=order.amount if is_native else 0)

    def _send(self, name: str, order: Order, signer: Signer) -> TxResult:
        return self.suite.chain.send(self.suite.escrow.functions[name](struct_of(order)), signer)

    def _refund_due(self, order: Order, lines: Sequence[SettledLine], parts: Sequence[Part]) -> int:
        """What the refund costs: its parts, and what rounding gives somebody beyond the rest."""
        fee_bps = self.fee_bps(order)
        nets = {place: line.net for place, line in enumerate(lines)}
        held: dict[int, int] = {}
        taken = given = 0
        for part in parts:
            if not 0 <= part.line < len(lines) or part.amount > nets[part.line]:
                raise OrderError(f"line {part.line} has no {part.amount} left to refund")
            line = SettledLine(nets[part.line], lines[part.line].allocation)
            before = shares_of(order.receiver, fee_bps, [line])
            nets[part.line] -= part.amount
            after = shares_of(
                order.receiver, fee_bps, [SettledLine(nets[part.line], line.allocation)]
            )
            for party in before.keys() - {account_party(order.receiver)}:
                credit = held.setdefault(party, self._credit(party, order.currency))
                change = before[party] - after[party]
                back = min(change, credit) if change > 0 else 0
                taken, given = taken + back, given + max(-change, 0)
                held[party] = credit - back + max(-change, 0)
        due = 0 if order.is_reported else sum(part.amount for part in parts)
        return due + max(given - taken, 0)

    def _credit(self, party: int, currency: str) -> int:
        return int(self.suite.chain.call(self.suite.escrow.functions.creditOf(party, currency)))


def check_order(order: Order) -> None:
    """Raise OrderError for terms that no escrow could hold."""
    if not 1 <= len(order.lines) <= MAX_LINES:
        raise OrderError(f"an order has 1 to {MAX_LINES} lines, not {len(order.lines)}")
    for place, line in enumerate(order.lines):
        for name, bits in (("amount", 128), ("gtin", 64)):
            if not 0 <= getattr(line, name) < 2**bits:
                value = getattr(line, name)
                raise OrderError(f"{name} {value} of line {place} must be 0 to 2**{bits} - 1")
        if len(line.rates) > _LEVELS or not all(0 <= rate <= _MAX_RATE for rate in line.rates):
            raise OrderError(f"rates {line.rates} of line {place} must be five at most")
    for name, bits in (("salt", 256), ("seller", 32)):
        if not 0 <= getattr(order, name) < 2**bits:
            raise OrderError(f"{name} {getattr(order, name)} must be 0 to 2**{bits} - 1")


def shares_of(brand: str, fee_bps: int, lines: Sequence[SettledLine]) -> dict[int, int]:
    """Return what each party gets of an order's lines, by the names of weilian.commission.parties.

    They sum to what the lines are worth; the brand's has the rest and the breakage.
    """
    sums = {platform_party(brand): 0, account_party(brand): 0}
    for line in lines:
        shares = split(line.net, fee_bps, line.allocation)
        sums[platform_party(brand)] += shares.fee
        sums[account_party(brand)] += shares.brand
        for entry, amount in zip(line.allocation, shares.amounts, strict=True):
            if entry.number:
                party = member_party(brand, entry.number)
                sums[party] = sums.get(party, 0) + amount
    return sums


def order_of(kept: Any) -> Order:
    """Read an order's terms as an event has them."""
    return Order(
        plan_id=kept["planId"],
        payer=kept["payer"],
        receiver=kept["receiver"],
        operator=kept["operator"],
        currency=kept["currency"],
        seller=kept["seller"],
        authorization_expiry=kept["authorizationExpiry"],
        receipt_expiry=kept["receiptExpiry"],
        salt=kept["salt"],
        lines=tuple(
            Line(line["amount"], line["gtin"], unpacked_rates(line["rates"]))
            for line in kept["lines"]
        ),
    )


def order_from(fields: Sequence[Any]) -> Order:
    """Read an order's terms from the values of its struct, in the fields' order."""
    plan_id, payer, receiver, operator, currency, seller, *rest, salt, lines = fields
    authorization_expiry, receipt_expiry = rest
    return Order(
        plan_id=plan_id,
        payer=_checksummed(payer),
        receiver=_checksummed(receiver),
        operator=_checksummed(operator),
        currency=_checksummed(currency),
        seller=seller,
        authorization_expiry=authorization_expiry,
        receipt_expiry=receipt_expiry,
        salt=salt,
        lines=tuple(Line(amount, gtin, unpacked_rates(rates)) for amount, gtin, rates in lines),
    )


_checksummed = lru_cache(maxsize=4096)(to_address)


def settled_line(args: Any) -> SettledLine:
    """Read how a line was shared from the event of it."""
    return SettledLine(args["net"], unpacked(args["allocation"]))


def unpacked_rates(word: int) -> tuple[int, ...]:
    """Read a product's own rates from their word; zeros at the end are left out."""
    rates = []
    while word:
        rates.append(word & _MAX_RATE)
        word >>= _MAX_RATE.bit_length()
    return tuple(rates)


def _tuples(parts: Sequence[Part]) -> list[tuple[int, int]]:
    return [(part.line, part.amount) for part in parts]
