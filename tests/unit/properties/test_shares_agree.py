"""Ids, allocations and shares are those of the model, under random plans, lines and standings."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import ape
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.chains import ApeChain
from tests.support.commission import MAX_NET, NETS, plans, shares_of
from tests.support.escrow_pair import EscrowPair
from tests.support.escrow_words import words
from tests.support.programme import DAY, deploy_programme
from tests.support.properties import on_one_chain
from weilian.commission.allocation import packed, packed_rates, split
from weilian.commission.ladder import Ladder
from weilian.commission.order import Line, Order, Part, order_id
from weilian.commission.plan import MAX_LEVELS, Plan, PlanLimits
from weilian.commission.plan_book import CATALOGUE_TYPES
from weilian.merkle.standard import standard_leaf

LIMITS = PlanLimits(5, 9_900, 100, 600, 0, allows_final_sales=True)
LADDER = Ladder(30, 3, 1, (1, 5, 10), (0, 8, 15))
PLENTY = 2**200
AHEAD = 300 * DAY
GTIN = 4_006_381_333_931

ADDRESSES = st.binary(min_size=20, max_size=20).map(lambda data: f"0x{data.hex()}")
SECONDS = st.integers(0, 2**48 - 1)
RATES = st.lists(st.integers(0, 2**14 - 1), max_size=5).map(tuple)
LINES = st.builds(Line, st.integers(0, MAX_NET), st.integers(0, 2**64 - 1), RATES)
ORDERS = st.builds(
    Order,
    plan_id=st.binary(min_size=32, max_size=32),
    payer=ADDRESSES,
    receiver=ADDRESSES,
    currency=ADDRESSES,
    lines=st.lists(LINES, max_size=4).map(tuple),
    authorization_expiry=SECONDS,
    operator=ADDRESSES,
    seller=st.integers(0, 2**32 - 1),
    receipt_expiry=SECONDS,
    salt=st.integers(0, 2**256 - 1),
)
NUMBERS = range(2, 10)
SALES = st.lists(st.tuples(st.sampled_from(NUMBERS), st.integers(1, 20_000)), max_size=4)
"""Who sold how much before, which makes ranks."""
AMOUNTS = st.lists(NETS.map(lambda net: net // 3 + 1), min_size=1, max_size=2)


@dataclass
class Market:
    """A brand with a line of eight distributors; everyone pays in a token."""

    pair: EscrowPair
    token: str
    brand: str
    line: list[str]
    payer: str
    salts: Any = field(default_factory=count)
    counting: bytes = b""

    def open(self):
        """Let the line join, and make sales count for ranks."""
        for place, account in enumerate(self.line):
            self.pair.join(self.brand, place + 1 if place else 0, account)
        self.do("announce_ladder", self.brand, self.token, LADDER)
        plan = Plan(self.brand, self.token, 5, ((0,) * 5,), 100, counts_sales=True)
        self.counting = self.publish(plan)

    def do(self, name, *things, actor=None):
        receipt = self.pair.do(name, *things, actor=actor or self.brand)
        assert receipt is not None
        return receipt

    def publish(self, plan):
        """Publish a plan as the market's brand; return its id."""
        plan = replace(plan, brand=self.brand, currency=self.token)
        return self.pair.publish(plan, self.brand)

    def order(self, plan_id, seller, payer, lines, salt):
        """Return an order of the market's brand in its token."""
        expiry = ape.chain.pending_timestamp + AHEAD
        terms = {"seller": seller, "salt": salt}
        return Order(plan_id, payer, self.brand, self.token, lines, expiry, **terms)

    def sell(self, plan_id, seller, payer, *lines):
        """Capture an order in full; return it."""
        order = self.order(plan_id, seller, payer, lines, next(self.salts))
        self.do("authorize", order, actor=payer)
        self.do("capture", order, [], actor=payer)
        return order

    def settle(self, orders, days):
        """Settle after so many days; return net, breakage and allocation of each line."""
        ape.chain.pending_timestamp += days * DAY
        events = self.do("settle", orders).decode_logs(self.pair.programme.escrow.OrderSettled)
        return [(event.net, event.breakage, event.allocation) for event in events]

    def settlement(self, orders):
        """Return the same of the model."""
        return [
            (line.net, _split(self.pair.model, order, line).breakage, packed(line.allocation))
            for order in orders
            for line in self.pair.model.state_of(order).settlement
        ]

    def compare(self):
        self.pair.compare([self.brand, *self.line, self.payer], [self.token])


@dataclass(frozen=True)
class Case:
    """A plan, a product's own rates if it has some, sales that make ranks, and orders.

    `days` pass between the sales and the orders, each of which has seller, payer's number (0: an
    outsider) and amounts.
    """

    plan: Plan
    own_rates: tuple[int, ...]
    sales: list[tuple[int, int]]
    days: int
    orders: list[tuple[int, int, list[int]]]


@st.composite
def cases(draw, *, is_final=False):
    window = 0 if is_final else 600
    counts = draw(st.booleans())
    drawn = draw(plans(100, refund_window=window, is_final=is_final, counts_sales=counts))
    own = tuple(draw(shares_of(10_000 - drawn.platform_fee_bps, MAX_LEVELS)))
    if draw(st.booleans()) and any(own):
        root = standard_leaf(CATALOGUE_TYPES, (GTIN, packed_rates(own)))
        drawn = replace(drawn, catalogue_root=root, catalogue_bps=sum(own))
    orders = []
    for _ in range(draw(st.integers(1, 2))):
        seller = draw(st.sampled_from([0, *NUMBERS, *NUMBERS]))
        payer = draw(st.sampled_from([0, *(number for number in NUMBERS if number != seller)]))
        orders.append((seller, payer, draw(AMOUNTS)))
    return Case(drawn, own, draw(SALES), draw(st.sampled_from([1, 1, 31, 62])), orders)


def orders_of(market, case):
    """Make the sales that a case says; give plan, seller, payer and lines of each order to come."""
    sold = [
        market.sell(market.counting, seller, market.payer, Line(amount))
        for seller, amount in case.sales
    ]
    market.settle(sold, 8)
    plan_id = market.publish(case.plan)
    own = case.own_rates if case.plan.has_catalogue else ()
    if own:
        market.pair.list_product(plan_id, GTIN, own, market.brand)
    ape.chain.pending_timestamp += case.days * DAY
    for seller, number, (first, *more) in case.orders:
        payer = market.line[number - 2] if number else market.payer
        yield plan_id, seller, payer, (Line(first, GTIN, own), *map(Line, more))


def play(market, case):
    """Sell what a case says; return the orders that are left to settle."""
    return [
        market.sell(plan_id, seller, payer, *lines)
        for plan_id, seller, payer, lines in orders_of(market, case)
    ]


def _split(model, order, line):
    return split(line.net, model.plan_of(order).plan.platform_fee_bps, line.allocation)


@pytest.fixture
def market(project, deployer, identities, platform, accounts, stablecoin):
    """A market whose plan book lets plans be as deep and as generous as any."""
    programme = deploy_programme(project, deployer, identities, platform, LIMITS)
    actors = {actor.address: actor for actor in list(accounts)[2:12]}
    for actor in actors.values():
        stablecoin.mint(actor, PLENTY, sender=deployer)
        stablecoin.approve(programme.escrow, PLENTY, sender=actor)
    chain = ApeChain(deployer.deploy(project.BatchReader))
    pair = EscrowPair(programme, identities, chain, actors, LIMITS)
    brand, *line, payer = actors
    market = Market(pair, stablecoin.address, brand, line, payer)
    market.open()
    return market


def test_shares_agree__orders_of_any_terms_are_tried__has_id_of_model(escrow):
    @on_one_chain(40)
    @given(ORDERS)
    def check(order):
        expected = order_id(order, ape.chain.chain_id, escrow.address)

        assert bytes(escrow.orderIdOf(words(order))) == expected

    check()


def test_shares_agree__orders_under_any_plan_are_settled__shares_them_as_model(market):
    @on_one_chain(30)
    @given(cases())
    def check(case):
        with market.pair.isolated():
            orders = play(market, case)

            assert market.settle(orders, 8) == market.settlement(orders)

            market.compare()

    check()


def test_shares_agree__parts_of_settled_orders_are_refunded__takes_back_as_model(market):
    shares = st.lists(st.integers(1, 100), min_size=1, max_size=3)

    @on_one_chain(25)
    @given(cases(), shares, st.booleans())
    def check(case, shares, is_withdrawn):
        with market.pair.isolated():
            order, *_ = orders = play(market, case)
            market.settle(orders, 8)
            if is_withdrawn and order.seller:
                party = int(market.brand, 16) << 96 | order.seller
                market.pair.do("withdraw", party, market.token, actor=market.payer)
            for place, share in enumerate(shares):
                state = market.pair.model.state_of(order)
                line = place % len(order.lines)
                amount = state.settlement[line].net * share // 100
                settlement = list(state.settlement)
                market.pair.do(
                    "refund_settled", order, settlement, [Part(line, amount)], actor=market.brand
                )

            market.compare()

    check()


def test_shares_agree__final_sales_under_any_plan_are_charged__shares_them_as_model(market):
    @on_one_chain(40)
    @given(cases(is_final=True), st.integers(0, 300))
    def check(case, salt):
        with market.pair.isolated():
            for place, (*terms, payer, lines) in enumerate(orders_of(market, case)):
                order = market.order(*terms, payer, lines, salt + place)
                market.do("charge", order, actor=payer)

            market.compare()

    check()


def test_shares_agree__price_is_least_or_most_at_full_depth__shares_it_as_model(market):
    plan = Plan(market.brand, market.token, 5, ((1_980,) * 5,), 100, refund_window=600)
    plan_id = market.publish(plan)
    orders = [
        market.sell(plan_id, 9, market.payer, Line(amount)) for amount in (1, 10_001, MAX_NET)
    ]

    assert market.settle(orders, 8) == market.settlement(orders)

    market.compare()
    assert market.pair.model.credit_of(int(market.brand, 16), market.token) <= len(orders)
