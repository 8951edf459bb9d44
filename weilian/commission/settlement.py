"""How orders are shared, and how a share is taken back; as Settlement.sol."""

from abc import ABC
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from weilian.commission.allocation import BREAKAGE, Allocation, Upline, allocate, packed, split
from weilian.commission.ladder import Standing, at_period, counted, is_active
from weilian.commission.order import Order, OrderState, OrderStatus, Part, SettledLine
from weilian.commission.order_store import OrderStore, reserve_of
from weilian.commission.parties import account_party, member_party, platform_party
from weilian.commission.plan import DAY, Plan, SelfPurchase
from weilian.refusal import RefusedError

MAX_COMPRESSED = 5
"""How many idle uplines a compressing plan passes over at most."""

SETTLED_REFUND_PERIOD = 180 * DAY
"""How long a settled order can be refunded, in seconds."""


@dataclass
class _Group:
    """Neighbouring orders that are shared alike; brand and platform are paid once for them."""

    key: Hashable
    brand: str
    currency: str
    brand_sum: int = 0
    fees: int = 0


class Settlement(OrderStore, ABC):
    """The sharing of orders."""

    def settle(self, orders: Sequence[Order], now: int) -> int:
        """Share orders whose time has come; return how many were not shared before."""
        settled = 0
        group: _Group | None = None
        with self.all_or_nothing():
            for order in orders:
                if self.state_of(order).status == OrderStatus.SETTLED:
                    continue
                state = self._check_settleable(order, now)
                group = self._joined(group, order)
                nets = [state.net(line) for line in range(len(order.lines))]
                lines = self._share(group, order, nets, now)
                self.orders[order] = replace(
                    state, status=OrderStatus.SETTLED, changed_at=now, settlement=lines
                )
                settled += 1
            self._flush(group)
        return settled

    def share_at_once(self, order: Order, now: int) -> tuple[SettledLine, ...]:
        """Share an order that is paid right now; return how."""
        group = self._joined(None, order)
        lines = self._share(group, order, [line.amount for line in order.lines], now)
        self._flush(group)
        return lines

    def refund_settled(
        self,
        order: Order,
        lines: Sequence[SettledLine],
        parts: Sequence[Part],
        actor: str,
        value: int,
        now: int,
    ) -> None:
        """Refund parts of a settled order from the actor's funds; every share is taken back.

        `lines` are how the order stands shared; `value` is the chain's coin sent along.
        """
        state = self.demand(order, OrderStatus.SETTLED)
        self.check_brand(order, actor)
        self._check_refundable(order, state, lines, now)
        with self.all_or_nothing():
            self.collect(order.currency, self._take_back(order, state, parts), actor, value)

    def refund_due(self, order: Order, parts: Sequence[Part]) -> int:
        """Return what `refund_settled` collects from its caller now; it changes nothing.

        That is the parts, unless the order was paid outside the chain, and at times a unit or two
        that a smaller sale rounds to somebody.
        """
        state = self.demand(order, OrderStatus.SETTLED)
        before = self.kept()
        try:
            return self._take_back(order, state, parts)
        finally:
            vars(self).update(before)

    def _check_settleable(self, order: Order, now: int) -> OrderState:
        state = self.demand(order, OrderStatus.CAPTURED)
        if state.is_held:
            raise RefusedError("CommissionEscrow_Held", orderId=self.id_of(order))
        plan = self.plan_of(order).plan
        matures_at = state.changed_at + plan.refund_window + plan.maturity
        if now < matures_at:
            raise RefusedError(
                "CommissionEscrow_NotMature",
                orderId=self.id_of(order),
                maturesAt=matures_at,
                time=now,
            )
        return state

    def _check_refundable(
        self, order: Order, state: OrderState, lines: Sequence[SettledLine], now: int
    ) -> None:
        until = state.changed_at + SETTLED_REFUND_PERIOD
        if now >= until:
            raise RefusedError(
                "CommissionEscrow_RefundOver", orderId=self.id_of(order), until=until, time=now
            )
        if _words(lines) != _words(state.settlement):
            raise RefusedError("CommissionEscrow_SettlementUnknown", orderId=self.id_of(order))

    def _joined(self, group: _Group | None, order: Order) -> _Group:
        """Return the group of an order; one that is shared in another way is paid out first."""
        plan = self.plan_of(order).plan
        key = order.plan_id, order.seller, order.payer
        if group is not None and group.key == key and not plan.counts_sales:
            return group
        self._flush(group)
        return _Group(key, order.receiver, order.currency)

    def _flush(self, group: _Group | None) -> None:
        if group is not None:
            self.credit_brand(group.brand, group.currency, group.brand_sum, group.fees)

    def _share(
        self, group: _Group, order: Order, nets: Sequence[int], now: int
    ) -> tuple[SettledLine, ...]:
        """Credit the line with what an order gives it; the group gets the rest."""
        plan = self.plan_of(order).plan
        group.brand_sum += reserve_of(plan, order) if order.is_reported else sum(nets)
        limit = plan.depth + MAX_COMPRESSED * plan.compresses
        line = self.line_of(order.receiver, order.seller, limit)
        # What distributors buy counts for nobody's rank.
        is_counted = plan.counts_sales and not self.numbers.get((order.receiver, order.payer))
        sold = sum(nets) if is_counted else None
        standings = self._counted(plan, line, sold, now) if plan.needs_standing else []
        uplines = self._uplines(plan, line, standings)
        excluded = self._excluded(order, plan)
        settled = []
        for terms, net in zip(order.lines, nets, strict=True):
            allocation = allocate(plan, uplines, terms.rates, excluded)
            earned = self._share_line(group, plan, net, allocation)
            settled.append(SettledLine(net, allocation))
            for number, standing in zip(line, standings, strict=bool(standings)):
                if plan.counts_sales or number in earned:
                    self.standings[order.receiver, order.currency, number] = standing
        return tuple(settled)

    def _share_line(self, group: _Group, plan: Plan, net: int, allocation: Allocation) -> set[int]:
        """Credit what one line gives; return who earned on it."""
        shares = split(net, plan.platform_fee_bps, allocation)
        group.fees += shares.fee
        group.brand_sum -= shares.shared
        earned = set()
        for entry, amount in zip(allocation, shares.amounts, strict=True):
            if amount:
                party = member_party(group.brand, entry.number)
                group.brand_sum += self.credit_after_debt(party, group.currency, amount)
                earned.add(entry.number)
        return earned

    def _counted(
        self, plan: Plan, line: Sequence[int], sold: int | None, now: int
    ) -> list[Standing]:
        """Return the line's standings as of now, after a sale unless it does not count: None."""
        ladder = self.ladder_of(plan.brand, plan.currency)
        kept = (self.standing(plan.brand, plan.currency, number) for number in line)
        standings = [at_period(ladder, standing, now) for standing in kept]
        if sold is None:
            return standings
        units = ladder.units_rounded_down(sold)
        return [
            counted(ladder, standing, units if place == 0 else 0, units)
            if place < plan.depth
            else standing
            for place, standing in enumerate(standings)
        ]

    def _uplines(
        self, plan: Plan, line: Sequence[int], standings: Sequence[Standing]
    ) -> list[Upline]:
        if not plan.needs_standing:
            return [Upline(number) for number in line]
        ladder = self.ladder_of(plan.brand, plan.currency)
        return [
            Upline(number, min(standing.rank, plan.top_rank), is_active(ladder, standing))
            for number, standing in zip(line, standings, strict=True)
        ]

    def _excluded(self, order: Order, plan: Plan) -> int:
        """Return the payer's own number, where the plan lets it earn nothing on its own orders."""
        if not order.seller or order.is_reported or plan.self_purchase == SelfPurchase.ALLOW:
            return BREAKAGE
        return self.numbers.get((order.receiver, order.payer), BREAKAGE)

    def _take_back(self, order: Order, state: OrderState, parts: Sequence[Part]) -> int:
        """Take every share of the parts back; return what its brand must pay for them."""
        settlement = list(state.settlement)
        due = taken = given = 0
        for part in parts:
            self.check_part(order, part)
            before = settlement[part.line]
            self.check_left(order, part, before.net)
            after = replace(before, net=before.net - part.amount)
            back, more = self._reverse(order, before, after)
            settlement[part.line] = after
            due, taken, given = due + part.amount, taken + back, given + more
        self.orders[order] = replace(state, settlement=tuple(settlement))
        if order.is_reported:
            due = 0
        else:
            self.credit(account_party(order.payer), order.currency, due)
        self.credit(account_party(order.receiver), order.currency, max(0, taken - given))
        return due + max(0, given - taken)

    def _reverse(self, order: Order, before: SettledLine, after: SettledLine) -> tuple[int, int]:
        """Take back what nobody would have got for the smaller net; return taken and given.

        A smaller sale can round one unit more to somebody; it is given.
        """
        fee_bps = self.plan_of(order).plan.platform_fee_bps
        had = split(before.net, fee_bps, before.allocation)
        keeps = split(after.net, fee_bps, after.allocation)
        brand, currency = order.receiver, order.currency
        taken = self.claw_back(platform_party(brand), currency, had.fee - keeps.fee)
        given = 0
        for entry, amount, kept in zip(before.allocation, had.amounts, keeps.amounts, strict=True):
            party = member_party(brand, entry.number)
            if amount > kept:
                taken += self.claw_back(party, currency, amount - kept)
            elif amount < kept:
                given += kept - amount
                self.credit(party, currency, kept - amount)
        return taken, given


def _words(lines: Sequence[SettledLine]) -> list[tuple[int, int]]:
    return [(line.net, packed(line.allocation)) for line in lines]
