"""CommissionSplitter beside its reference model, one random operation after another."""

from dataclasses import replace

import ape
import pytest
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.stateful.budget import ACTING, ACTORS, AIMED, CHOICES, budget
from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.clock import next_block_at
from tests.support.commerce import MAX_AMOUNT
from tests.support.reverts import reverts
from weilian.commission import LedgerModel, Limits, Order, OrderStatus, Plan, RefusedError

LIMITS = Limits(3, 3000, 100, 600)
FOREVER = 10**9  # seconds
MOST_COIN = 10**18  # wei
NATIVE = st.booleans()
FLAWS = st.sampled_from(
    [None] * 12 + ["again", "expired", "free", "plan", "retired", "stranger", "value"]
)
FEES = st.sampled_from([200, 100, 250, 7001, 9500, 99])
WINDOWS = st.sampled_from([600, 601, 3600, 599, 365 * 86_400 + 1])
LEVELS = st.lists(st.sampled_from([500, 0, 1, 333, 1000, 2000]), max_size=4)
AMOUNTS = st.sampled_from([10_001, 1, 9_999]) | st.integers(1, MAX_AMOUNT)
LIFETIMES = st.sampled_from([3600, 600, 2, 365 * 86_400, 365 * 86_400 + 1])
MATTERS = st.sampled_from(["order", "withdraw", "plan"])

DUE = (OrderStatus.CAPTURED, OrderStatus.SETTLED)


class SplitterMachine(RuleBasedStateMachine):
    """Every operation is tried on the model; the contract must end in the same way."""

    def __init__(self, world):
        super().__init__()
        self.world = world
        self.actors = list(world.actors)
        self.currencies = (ZERO_ADDRESS, world.token.address)
        self.owners = {}
        self.delegates = set()
        self.donated = dict.fromkeys(self.currencies, 0)
        self.plans = []
        self.retired = None
        self.terms = {}
        self.order_ids = {}
        self.model = LedgerModel(LIMITS, world.platform, frozenset(self.currencies[1:]), self.may)
        self.start = ape.chain.snapshot()

    def teardown(self):
        ape.chain.restore(self.start)

    # Who and what

    def owner(self, identity):
        return self.owners.get(identity, identity)

    def may(self, identity, matter, actor):
        owner = self.owner(identity)
        if owner == ZERO_ADDRESS:
            return False
        return actor == owner or (identity, matter, actor) in self.delegates

    def acting(self, index, identity, matter):
        """Choose whoever has the right, a delegate before the owner, unless `index` says who."""
        delegates = [a for i, m, a in sorted(self.delegates) if (i, m) == (identity, matter)]
        rightful = [a for a in (*delegates, self.owner(identity)) if a != ZERO_ADDRESS]
        return rightful[0] if index is None and rightful else self.actors[index or 0]

    def order_at(self, choice, aimed, *statuses):
        orders = list(self.terms)
        fitting = [order for order in orders if self.model.state(order).status in statuses]
        orders = fitting if aimed and fitting else orders
        return orders[choice % len(orders)]

    def end_of(self, order):
        state = self.model.state(order)
        if state.status == OrderStatus.CAPTURED:
            return state.captured_at + order.plan.refund_window
        return order.authorization_expiry

    @staticmethod
    def wait_until(time):
        if time > ape.chain.pending_timestamp:
            next_block_at(time)

    # One operation on both sides

    def attempt(self, operate, method, *arguments, actor, value=0):
        refusal = self.refusal(operate, ape.chain.pending_timestamp)
        event(f"{method}: {refusal.error if refusal else 'done'}")
        sender = self.world.actors[actor]
        call = getattr(self.world.splitter, method)

        if refusal is None:
            call(*arguments, sender=sender, value=value)
            return
        error = getattr(self.world.splitter, refusal.error)
        inputs = {name: self.world.on_chain(value) for name, value in refusal.inputs.items()}
        with reverts(error, **inputs):
            call(*arguments, sender=sender, value=value)

    @staticmethod
    def refusal(operate, now):
        try:
            operate(now)
        except RefusedError as refusal:
            return refusal
        return None

    def on_order(self, operate, method, order, *arguments, actor, value=0):
        self.attempt(operate, method, self.terms[order], *arguments, actor=actor, value=value)

    def do_publish(self, plan, actor):
        terms = self.world.terms_of(plan)
        self.attempt(lambda _: self.model.publish(plan, actor), "publishPlan", terms, actor=actor)
        if plan in self.model.plans and plan not in self.plans:
            self.plans.append(plan)

    def do_retire(self, plan, actor):
        plan_id = self.world.on_chain(plan)
        self.attempt(lambda _: self.model.retire(plan, actor), "retirePlan", plan_id, actor=actor)

    def do_delegate(self, identity, matter, actor):
        owner = self.world.actors[self.owner(identity)]
        kind = permission(matter)
        self.world.identities.addDelegate(identity, kind, actor, FOREVER, sender=owner)
        self.delegates.add((identity, matter, actor))

    def do_join(self, brand, sponsor, actor):
        self.attempt(
            lambda _: self.model.join(brand, sponsor, actor), "join", brand, sponsor, actor=actor
        )

    def do_authorize(self, order, actor, short=0):
        native = order.plan.currency == ZERO_ADDRESS
        if order not in self.terms:
            self.terms[order] = self.world.order_of(order)
            self.order_ids[order] = self.world.on_chain(order)
        value = max(0, order.amount - short) if native else short
        self.on_order(
            lambda now: self.model.authorize(order, actor, value, now),
            "authorize",
            order,
            actor=actor,
            value=value,
        )

    def do_capture(self, order, actor):
        self.on_order(
            lambda now: self.model.capture(order, actor, now), "capture", order, actor=actor
        )

    # Rules

    @initialize(amount=AMOUNTS)
    def open_shop(self, amount):
        """A brand with a line of three, a delegate and a retired plan; two captured orders.

        One is an outsider's, the other that of the uppermost on the line, who earns nothing on it.
        """
        brand, *line, outsider, agent = self.actors
        self.do_delegate(brand, "order", agent)
        for sponsor, actor in zip([brand, *line[:-1]], line, strict=True):
            self.do_join(brand, sponsor, actor)
        for currency, payer in zip(self.currencies, (outsider, line[0]), strict=True):
            plan = Plan(brand, currency, 200, 600, (1000, 500, 333))
            self.do_publish(plan, brand)
            price = min(amount, MOST_COIN) if currency == ZERO_ADDRESS else amount
            order = Order(plan, payer, line[-1], price, ape.chain.pending_timestamp + 3600)
            self.do_authorize(order, payer)
            self.do_capture(order, payer)
        self.retired = Plan(brand, ZERO_ADDRESS, 200, 601, (1000,))
        self.do_publish(self.retired, brand)
        self.do_retire(self.retired, brand)
        self.plans.remove(self.retired)

    @rule(brand=ACTORS, native=NATIVE, fee=FEES, window=WINDOWS, levels=LEVELS, index=ACTING)
    def publish(self, brand, native, fee, window, levels, index):
        brand = self.actors[brand]
        plan = Plan(brand, self.currencies[not native], fee, window, tuple(levels))
        self.do_publish(plan, self.acting(index, brand, "plan"))

    @precondition(lambda self: len(self.plans) > len(self.currencies))
    @rule(choice=CHOICES, index=ACTING)
    def retire(self, choice, index):
        """Retire one of the plans that are not the first of their currency."""
        rest = self.plans[len(self.currencies) :]
        plan = rest[choice % len(rest)]
        self.do_retire(plan, self.acting(index, plan.brand, "plan"))

    @rule(brand=ACTORS, sponsor=ACTORS, index=ACTORS)
    def join(self, brand, sponsor, index):
        self.do_join(self.actors[brand], self.actors[sponsor], self.actors[index])

    @rule(
        choice=CHOICES,
        payer=ACTORS,
        seller=CHOICES,
        amount=AMOUNTS,
        lifetime=LIFETIMES,
        flaw=FLAWS,
        index=ACTING,
    )
    def authorize(self, choice, payer, seller, amount, lifetime, flaw, index):
        plan = self.retired if flaw == "retired" else self.plans[choice % len(self.plans)]
        payer = self.actors[payer]
        sellers = [actor for brand, actor in self.model.sponsors if brand == plan.brand]
        seller = [ZERO_ADDRESS, *sellers][seller % (len(sellers) + 1)]
        amount = min(amount, MOST_COIN) if plan.currency == ZERO_ADDRESS else amount
        expiry = ape.chain.pending_timestamp + lifetime
        order = Order(plan, payer, seller, amount, expiry, len(self.terms))
        order = {
            "again": self.order_at(choice, True, *OrderStatus),
            "expired": replace(order, authorization_expiry=expiry - lifetime),
            "free": replace(order, amount=0),
            "plan": replace(order, plan=replace(plan, refund_window=7777)),
            "stranger": replace(order, distributor=plan.brand),
        }.get(flaw, order)
        actor = order.payer if index is None else self.actors[index]
        self.do_authorize(order, actor, short=int(flaw == "value"))

    @rule(choice=CHOICES, aimed=AIMED, index=ACTING, early=st.sampled_from([None, None, 0, 1]))
    def capture(self, choice, aimed, index, early):
        """Capture at any time, or in the second that ends the authorization, or just before."""
        order = self.order_at(choice, aimed, OrderStatus.AUTHORIZED)
        if early is not None:
            self.wait_until(order.authorization_expiry - early)
        self.do_capture(order, self.acting(index, order.payer, "order"))

    @rule(choice=CHOICES, aimed=AIMED, index=ACTING)
    def void(self, choice, aimed, index):
        order = self.order_at(choice, aimed, OrderStatus.AUTHORIZED)
        actor = self.acting(index, order.plan.brand, "order")
        self.on_order(lambda _: self.model.void(order, actor), "void", order, actor=actor)

    @rule(choice=CHOICES, aimed=AIMED, index=ACTING, early=st.integers(0, 1))
    def reclaim(self, choice, aimed, index, early):
        order = self.order_at(choice, aimed, OrderStatus.AUTHORIZED)
        actor = self.acting(index, order.payer, "order")
        self.wait_until(order.authorization_expiry - early)
        self.on_order(lambda now: self.model.reclaim(order, now), "reclaim", order, actor=actor)

    @rule(
        choice=CHOICES,
        aimed=AIMED,
        index=ACTING,
        percent=st.sampled_from([30, 50, 100, 0]),
        more=st.sampled_from([0, 0, 0, 1]),
        early=st.sampled_from([None, None, None, 1, 0]),
    )
    def refund(self, choice, aimed, index, percent, more, early):
        order = self.order_at(choice, aimed, OrderStatus.CAPTURED)
        left = order.amount - self.model.state(order).refunded
        amount = min(left * percent // 100 + more, MAX_AMOUNT)
        actor = self.acting(index, order.plan.brand, "order")
        if early is not None:
            self.wait_until(self.end_of(order) - early)
        self.on_order(
            lambda now: self.model.refund(order, amount, actor, now),
            "refund",
            order,
            amount,
            actor=actor,
        )

    @rule(choice=CHOICES, aimed=AIMED, index=ACTORS, early=st.sampled_from([0, 0, 1, 100]))
    def settle(self, choice, aimed, index, early):
        order = self.order_at(choice, aimed, OrderStatus.CAPTURED)
        self.wait_until(self.end_of(order) - early)
        self.on_order(
            lambda now: self.model.settle(order, now), "settle", order, actor=self.actors[index]
        )

    @rule(
        choices=st.lists(CHOICES, max_size=4),
        aimed=AIMED,
        index=ACTORS,
        early=st.sampled_from([0, 0, 1]),
    )
    def settle_batch(self, choices, aimed, index, early):
        batch = [self.order_at(choice, aimed, *DUE) for choice in choices]
        self.wait_until(max((self.end_of(order) for order in batch), default=0) - early)
        self.attempt(
            lambda now: self.model.settle_batch(batch, now),
            "settleBatch",
            [self.terms[order] for order in batch],
            actor=self.actors[index],
        )

    @rule(
        choice=CHOICES,
        account=ACTORS,
        native=NATIVE,
        aimed=AIMED,
        to=st.sampled_from([0, 1, 2, 3, 4, 5, None]),
        index=ACTING,
    )
    def withdraw(self, choice, account, native, aimed, to, index):
        account, currency = self.actors[account], self.currencies[not native]
        owed = [key for key, amount in self.model.credits.items() if amount]
        owed = [key for key in owed if key[0] in self.world.actors]
        if aimed and owed:
            account, currency = owed[choice % len(owed)]
        to = ZERO_ADDRESS if to is None else self.actors[to]
        actor = self.acting(index, account, "withdraw")
        self.attempt(
            lambda _: self.model.withdraw(account, currency, to, actor),
            "withdraw",
            account,
            currency,
            to,
            actor=actor,
        )

    @rule(identity=ACTORS, owner=st.sampled_from([0, 1, 2, 3, 4, 5, None]))
    def change_owner(self, identity, owner):
        identity = self.actors[identity]
        new_owner = ZERO_ADDRESS if owner is None else self.actors[owner]
        if (sender := self.owner(identity)) == ZERO_ADDRESS:
            return
        self.world.identities.changeOwner(identity, new_owner, sender=self.world.actors[sender])
        self.owners[identity] = new_owner

    @rule(identity=st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5]), matter=MATTERS, index=ACTORS)
    def add_delegate(self, identity, matter, index):
        if self.owner(self.actors[identity]) != ZERO_ADDRESS:
            self.do_delegate(self.actors[identity], matter, self.actors[index])

    @precondition(lambda self: self.delegates)
    @rule(choice=CHOICES)
    def revoke_delegate(self, choice):
        delegates = sorted(self.delegates)
        identity, matter, actor = delegates[choice % len(delegates)]
        if (owner := self.owner(identity)) == ZERO_ADDRESS:
            return
        self.world.identities.revokeDelegate(
            identity, permission(matter), actor, sender=self.world.actors[owner]
        )
        self.delegates.remove((identity, matter, actor))

    @rule(native=NATIVE, amount=st.integers(1, 1000), index=ACTORS)
    def donate(self, native, amount, index):
        currency = self.currencies[not native]
        self.world.donate(currency, amount, self.actors[index])
        self.donated[currency] += amount

    # What always holds

    @invariant()
    def money_is_where_model_has_it(self):
        self.model.check()
        for currency in self.currencies:
            held = self.model.held[currency] + self.donated[currency]
            assert self.world.balance(currency) == held

    @invariant()
    def ledger_is_that_of_model(self):
        accounts = [(a, c) for a in (*self.actors, self.world.platform) for c in self.currencies]
        owed, states = self.world.read(accounts, list(self.order_ids.values()))
        assert owed == [self.model.credits[account] for account in accounts]
        assert states == [self.model.state(order) for order in self.order_ids]


@pytest.mark.filterwarnings("ignore:SELFDESTRUCT:DeprecationWarning")
def test_splitter__random_operations__end_as_in_model(world):
    run_state_machine_as_test(lambda: SplitterMachine(world), settings=budget())
