"""What the rules of the escrow's machine share: who acts, which order, which parts."""

from dataclasses import replace

from eth_utils import keccak
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from tests.support.abi import ZERO_ADDRESS
from weilian.commission.ladder import Ladder
from weilian.commission.order import Line, Order, OrderStatus, Part
from weilian.commission.parties import account_party, member_party, platform_party
from weilian.commission.plan import DAY, Bond, Plan, SelfPurchase
from weilian.commission.plan_book import CATALOGUE_TYPES
from weilian.merkle.standard import standard_leaf

MOST_COIN = 10**18
"""Wei."""
MOST_LINE = (2**128 - 1) // 3
HOUR = 3_600
GTIN = 4_006_381_333_931
OWN_RATES = (700, 300, 1)
LADDER = Ladder(2, 3, 2, (5, 10, 20), (0, 20, 50))
"""Two days a period."""
NEXT_LADDER = Ladder(2, 4, 5, (1, 2, 3), (0, 1, 2))
RANKED = ((1_000, 500, 333), (1_200, 600, 400), (1_500, 700, 500))

LINES = st.lists(
    st.tuples(
        st.sampled_from([10_001, 1, 9_999, 30_000]) | st.integers(1, MOST_LINE),
        st.sampled_from([False, False, True]),
    ),
    min_size=1,
    max_size=3,
)
"""Amounts, and whether the product has rates of its own."""
PARTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([30, 50, 100, 100, 7, 0]),
        st.sampled_from([0] * 8 + [1, 2]),
    ),
    min_size=1,
    max_size=3,
)
"""Lines, per cent of what they have left, and the flaw: a unit too much, or no such line."""
WAITS = st.sampled_from([None, None, None, 0, 1])
"""Seconds before the moment that matters; None is now."""


class EscrowBase(RuleBasedStateMachine):
    """The pair of contract and model, and how rules choose from what there is."""

    def __init__(self, world, pair, plan_ids):
        super().__init__()
        self.world, self.pair, self.model, self.chain = world, pair, pair.model, pair.chain
        self.actors = list(world.actors)
        self.brand, self.top, self.middle, self.seller, self.payer, self.other, self.agent = (
            self.actors
        )
        self.platform, self.currencies = pair.platform, world.currencies
        self.plan_ids = list(plan_ids)
        self.salt, self.compared = 0, None
        self.tokens = world.tokens()
        self.scope = pair.isolated()
        self.scope.__enter__()

    def teardown(self):
        self.scope.__exit__(None, None, None)

    # Who and when

    def acting(self, index, matter="order"):
        """Choose whoever may act for the brand, the agent in orders, unless `index` says who."""
        rightful = self.agent if matter == "order" else self.brand
        return rightful if index is None else self.actors[index % len(self.actors)]

    def wait_until(self, time):
        if time > self.chain.pending:
            self.chain.next_block_at(time)

    def wait(self, seconds):
        self.chain.next_block_at(self.chain.pending + seconds)

    def end_of(self, order):
        """Tell the second that matters next to an order."""
        state = self.model.state_of(order)
        if state.status == OrderStatus.CAPTURED:
            plan = self.model.plan_of(order).plan
            return state.changed_at + plan.refund_window + plan.maturity
        if state.status == OrderStatus.SETTLED:
            return state.changed_at + 180 * DAY
        return order.authorization_expiry

    # Which

    def new_order(self, plan_id, lines, **terms):
        """Return an order that was not there before."""
        plan = self.model.plans[plan_id].plan
        most = MOST_COIN if plan.currency == ZERO_ADDRESS else MOST_LINE
        has_own = plan.has_catalogue
        drawn = [
            Line(min(amount, most), GTIN, OWN_RATES if own and has_own else ())
            for amount, own in lines
        ]
        self.salt += 1
        given = {
            "payer": self.payer,
            "receiver": plan.brand,
            "currency": plan.currency,
            "lines": tuple(drawn),
            "authorization_expiry": self.chain.pending + 30 * DAY,
            "salt": self.salt,
        }
        return Order(plan_id, **(given | terms))

    def of_brand(self, plan, native):
        """Return a plan as the brand's, in the coin or the token."""
        return replace(plan, brand=self.brand, currency=self.currencies[not native])

    def value_of(self, order):
        """Return the coin to send with an order."""
        return order.amount if order.currency == ZERO_ADDRESS else 0

    def order_at(self, choice, aimed, *statuses):
        """Choose an order, with one of the statuses if `aimed` and there is one."""
        return self.order_where(choice, aimed, lambda state: state.status in statuses)

    def order_where(self, choice, aimed, fits):
        """Choose an order, with a state that fits if `aimed` and there is one."""
        orders = list(self.model.orders)
        fitting = [order for order in orders if fits(self.model.state_of(order))]
        orders = fitting if aimed and fitting else orders
        return orders[choice % len(orders)]

    def disputed_at(self, choice, aimed, *statuses):
        """Choose an order, if `aimed` one in dispute, with one of the statuses if there is one."""
        disputes = self.pair.disputes.disputes
        fitting = [order for order, found in disputes.items() if found.status in statuses]
        disputed = fitting or list(disputes)
        if aimed and disputed:
            return disputed[choice % len(disputed)]
        return self.order_at(choice, aimed, OrderStatus.CAPTURED)

    def disputable_at(self, choice, aimed):
        """Choose an order, if `aimed` one that can still be disputed, sold now if there is none."""
        if not aimed:
            return self.order_at(choice, aimed, OrderStatus.CAPTURED)
        fitting = [
            order
            for order, state in self.model.orders.items()
            if state.status == OrderStatus.CAPTURED
            and not (state.is_held or state.was_ruled)
            and self.chain.pending < state.changed_at + self.model.plan_of(order).plan.refund_window
        ]
        if fitting:
            return fitting[choice % len(fitting)]
        plain = self.plan_ids[0], self.plan_ids[4]
        return self.sell(plain[choice % 2], [(10_001, False)], self.payer, self.numbers()[-1])

    def sell(self, plan_id, lines, payer, seller):
        """Authorise an order and capture it in full; return it."""
        order = self.new_order(plan_id, lines, payer=payer, seller=seller)
        self.pair.do("authorize", order, actor=payer, value=self.value_of(order))
        self.pair.do("capture", order, [], actor=payer)
        return order

    def parts_of(self, drawn, lefts):
        """Return parts of lines that have these amounts left."""
        left, parts = list(lefts), []
        for place, percent, flaw in drawn:
            line = place % len(left)
            amount = left[line] * percent // 100 + (flaw == 1)
            left[line] = max(0, left[line] - amount)
            parts.append(Part(line + len(left) * (flaw == 2), amount))
        return parts

    def numbers(self):
        """Return the numbers there are in the brand's programme, and 0 for none."""
        return [0, *(number for _, number in self.model.members)]

    def parties(self):
        """Return all parties that can have credit, and one that nobody knows."""
        accounts = [*self.actors, self.world.refuser, self.world.platform.address]
        members = [member_party(*member) for member in self.model.members]
        unknown = member_party(self.brand, 99)
        return [*map(account_party, accounts), *members, platform_party(self.brand), unknown]

    def party_at(self, choice, aimed, currency):
        """Choose a party, one with credit if `aimed` and there is one."""
        parties = self.parties()
        owed = [party for party in parties if self.model.credit_of(party, currency)]
        parties = owed if aimed and owed else parties
        return parties[choice % len(parties)]


def open_programme(world):
    """Let a line of three join, publish four plans in each currency; return pair and plan ids.

    They are a plain plan, one with ranks, one of final sales and one with a catalogue.
    """
    pair = world.pair()
    brand, *line, _payer, _other, agent = world.actors
    pair.delegate(brand, "order", agent)
    for place, account in enumerate(line):
        pair.join(brand, place + 1 if place else 0, account)
    ids = []
    for currency in world.currencies:
        pair.do("announce_ladder", brand, currency, LADDER, actor=brand)
        ids += [pair.publish(plan, brand) for plan in first_plans(brand, currency)]
        pair.list_product(ids[-1], GTIN, OWN_RATES, brand)
    pair.chain.next_block_at(pair.chain.pending + DAY)
    return pair, ids


def first_plans(brand, currency):
    """Return a plain plan, one with ranks, one of final sales and one with a catalogue."""
    plain = {"brand": brand, "currency": currency, "depth": 3, "platform_fee_bps": 200}
    rates = RANKED[:1]
    held = {"refund_window": HOUR, "maturity": 600, "daily_report_limit": 10**30}
    root = standard_leaf(CATALOGUE_TYPES, (GTIN, 700 | 300 << 14 | 1 << 28))
    return [
        Plan(**plain, rates=rates, self_purchase=SelfPurchase.DISCOUNT_ONLY, **held),
        Plan(
            **plain,
            rates=RANKED,
            is_gated=True,
            compresses=True,
            counts_sales=True,
            self_purchase=SelfPurchase.ALLOW,
            **held,
        ),
        Plan(**plain, rates=rates, is_final=True, counts_sales=True, refund_window=0),
        Plan(
            **plain,
            rates=rates,
            bond=Bond.WINDOWED,
            bond_days=3,
            catalogue_root=root,
            catalogue_bps=2_000,
            terms_hash=keccak(text="agreement"),
            **held,
        ),
    ]
