"""What happens to orders: payment, capture, release, refund, settlement."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.budget import ACTING, ACTORS, AIMED, CHOICES
from tests.stateful.escrow_base import LINES, PARTS, WAITS, EscrowBase
from tests.support.abi import ZERO_ADDRESS
from weilian.commission.order import Line, OrderStatus
from weilian.commission.plan import DAY

LIFETIMES = st.sampled_from([3_600, 3_600, 3 * DAY, 3 * DAY, 30 * DAY, 365 * DAY, 365 * DAY + 1, 0])
FLAWS = st.sampled_from([None] * 14 + ["again", "plan", "brand", "value", "free", "rates", "none"])
OPEN = (OrderStatus.AUTHORIZED, OrderStatus.CAPTURED)
DUE = (OrderStatus.CAPTURED, OrderStatus.SETTLED)
SELLERS = st.sampled_from([3, 3, 3, 2, 1, 0, 4, 5])
"""Places among the numbers there are: mostly the seller at the end of the line."""


class OrderRules(EscrowBase):
    """Orders in all their states."""

    def flawed(self, order, flaw):
        """Return the order with a flaw."""
        line = order.lines[0]
        return {
            "plan": replace(order, plan_id=bytes(32)),
            "brand": replace(order, receiver=self.other),
            "free": replace(order, lines=(*order.lines, Line(0))),
            "rates": replace(order, lines=(replace(line, rates=(701, 300, 1)),)),
            "none": replace(order, lines=()),
        }.get(flaw, order)

    def seller_at(self, place):
        numbers = self.numbers()
        return numbers[place] if place < len(numbers) else 77

    def plan_at(self, choice, *, is_final):
        """Choose a plan, four times in five one of (no) final sales."""
        plans = self.model.plans
        fitting = [i for i in self.plan_ids if plans[i].plan.is_final == is_final]
        fitting = self.plan_ids if choice % 5 == 4 else fitting
        return fitting[choice % len(fitting)]

    def pay(self, name, order, actor, flaw):
        """Authorise or charge an order; a coin too few or too many is a flaw."""
        value = max(0, self.value_of(order) + (1 if flaw == "value" else 0))
        self.pair.do(name, order, actor=actor, value=value)

    @rule(
        choice=CHOICES,
        payer=ACTORS,
        place=SELLERS,
        lines=LINES,
        lifetime=LIFETIMES,
        receipt=st.sampled_from([0, 0, 60, DAY]),
        flaw=FLAWS,
        index=ACTING,
    )
    def authorize(self, choice, payer, place, lines, lifetime, receipt, flaw, index):
        plan_id = self.plan_at(choice, is_final=False)
        now, payer = self.chain.pending, self.actors[-1 - payer]
        order = self.new_order(
            plan_id,
            lines,
            payer=payer,
            seller=self.seller_at(place),
            operator=self.other if choice % 2 else ZERO_ADDRESS,
            authorization_expiry=now + lifetime,
            receipt_expiry=receipt and now + receipt,
        )
        if flaw == "again":
            order = self.order_at(choice, True, *OrderStatus)
        order = self.flawed(order, flaw)
        actor = self.payer if order.is_reported else order.payer
        self.pay("authorize", order, actor if index is None else self.actors[index], flaw)

    @rule(choice=CHOICES, payer=ACTORS, place=SELLERS, lines=LINES)
    def authorize_and_capture(self, choice, payer, place, lines):
        """Sell at once, so that there is always something to refund, to dispute and to settle."""
        plan_id = self.plan_at(choice, is_final=False)
        self.sell(plan_id, lines, self.actors[-1 - payer], self.seller_at(place))

    @rule(choice=CHOICES, payer=ACTORS, place=SELLERS, lines=LINES, flaw=FLAWS, index=ACTING)
    def charge(self, choice, payer, place, lines, flaw, index):
        plan_id = self.plan_at(choice, is_final=True)
        payer = self.actors[-1 - payer]
        order = self.new_order(plan_id, lines, payer=payer, seller=self.seller_at(place))
        if flaw == "again":
            order = replace(
                order, salt=max((salt for *_, salt in self.model.used_salts), default=0)
            )
        order = self.flawed(order, flaw)
        self.pay("charge", order, payer if index is None else self.actors[index], flaw)

    @rule(
        choice=CHOICES,
        orders=st.lists(st.tuples(SELLERS, LINES), max_size=3),
        flaw=FLAWS,
        index=ACTING,
    )
    def report(self, choice, orders, flaw, index):
        """Report orders; with a flaw that has no other meaning here, one that has a payer."""
        plan_id = self.plan_ids[choice % len(self.plan_ids)]
        small = [(p, [(a % 100_000 + 1, own) for a, own in lines]) for p, lines in orders]
        reports = [
            self.new_order(plan_id, lines, payer=ZERO_ADDRESS, seller=self.seller_at(place))
            for place, lines in small
        ]
        if reports and flaw == "value":
            reports[-1] = replace(reports[-1], payer=self.payer)
        reports = [self.flawed(order, flaw) for order in reports]
        self.pair.do("report", reports, actor=self.acting(index))

    @rule(
        choice=CHOICES,
        aimed=AIMED,
        index=ACTING,
        parts=st.none() | PARTS,
        early=WAITS,
        is_payer=st.booleans(),
    )
    def capture(self, choice, aimed, index, parts, early, is_payer):
        """Capture parts or the whole, now or about the second that the authorisation ends."""
        order = self.order_at(choice, aimed, OrderStatus.AUTHORIZED)
        state = self.model.state_of(order)
        pairs = zip(order.lines, state.captured, strict=True)
        lefts = [line.amount - captured for line, captured in pairs]
        if early is not None and not choice % 3:
            self.wait_until(order.authorization_expiry - early)
        actor = order.payer if is_payer and order.payer in self.actors else self.acting(index)
        drawn = self.parts_of(parts, lefts) if parts else []
        self.pair.do("capture", order, drawn, actor=actor)

    @rule(choice=CHOICES, aimed=AIMED, index=ACTING)
    def void(self, choice, aimed, index):
        order = self.order_at(choice, aimed, OrderStatus.AUTHORIZED)
        self.pair.do("void", order, actor=self.acting(index))

    @rule(choice=CHOICES, aimed=AIMED, index=ACTORS, early=st.integers(0, 1))
    def reclaim(self, choice, aimed, index, early):
        order = self.order_at(choice, aimed, OrderStatus.AUTHORIZED)
        self.wait_until(order.authorization_expiry - early)
        self.pair.do("reclaim", order, actor=self.actors[index])

    @rule(choice=CHOICES, aimed=AIMED, index=ACTING, parts=PARTS)
    def refund(self, choice, aimed, index, parts):
        order = self.order_where(choice, aimed, lambda s: s.is_partial and s.status in OPEN)
        state = self.model.state_of(order)
        lefts = [state.net(line) for line in range(len(order.lines))]
        self.pair.do("refund", order, self.parts_of(parts, lefts), actor=self.acting(index))

    @rule(choice=CHOICES, aimed=AIMED, index=ACTORS, early=st.sampled_from([0, 0, 0, 1, 100]))
    def settle(self, choice, aimed, index, early):
        order = self.order_at(choice, aimed, OrderStatus.CAPTURED)
        self.wait_until(self.end_of(order) - early)
        self.pair.do("settle", [order], actor=self.actors[index])

    @rule(
        choices=st.lists(CHOICES, max_size=5),
        aimed=AIMED,
        index=ACTORS,
        early=st.sampled_from([0, 0, 0, 1]),
    )
    def settle_batch(self, choices, aimed, index, early):
        batch = [self.order_at(choice, aimed, *DUE) for choice in choices]
        if aimed:
            held = self.model.state_of
            batch = [order for order in batch if not held(order).is_held]
        due = [o for o in batch if self.model.state_of(o).status == OrderStatus.CAPTURED]
        self.wait_until(max((self.end_of(order) for order in due), default=0) - early)
        self.pair.do("settle", batch, actor=self.actors[index])

    @precondition(lambda self: self.settled())
    @rule(
        choice=CHOICES,
        aimed=AIMED,
        index=ACTING,
        parts=PARTS,
        early=st.sampled_from([None] * 10 + [0, 1]),
        flaw=FLAWS,
    )
    def refund_settled(self, choice, aimed, index, parts, early, flaw):
        order = self.order_at(choice, aimed, OrderStatus.SETTLED)
        lines = list(self.model.state_of(order).settlement)
        nets = [line.net for line in lines] or [1]
        drawn = self.parts_of(parts, nets)
        if early is not None:
            self.wait_until(self.end_of(order) - early)
        actor = self.acting(index)
        value = self.refund_value(order, drawn) + (flaw == "value")
        if lines and flaw == "plan":
            lines[0] = replace(lines[0], net=lines[0].net + 1)
        self.pair.do("refund_settled", order, lines, drawn, actor=actor, value=value)

    def refund_value(self, order, parts):
        """Return the coin to send; where the refund is refused anyway, none."""
        refusal = self.pair.refusal(lambda _: self.model.refund_due(order, parts), 0)
        if refusal is not None or order.currency != ZERO_ADDRESS:
            return 0
        return self.model.refund_due(order, parts)

    def settled(self):
        """List the orders that are settled."""
        states = self.model.orders.items()
        return [order for order, state in states if state.status == OrderStatus.SETTLED]
