"""M16: who invited whom is a tree that only grows.

However distributors join, change accounts and payouts, are suspended or sell: each has one sponsor,
which joined before it and never changes, so that every line ends at the brand.
"""

from contextlib import suppress

import ape
import pytest
from ape.exceptions import ContractLogicError
from hypothesis import given
from hypothesis import strategies as st

from tests.support.programme import hand_over, join, publish
from tests.support.properties import on_one_chain
from tests.support.sales import Sales

KINDS = ("join", "join", "join", "hand_over", "suspend", "sell")
WALKS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 99), st.integers(0, 99)),
    min_size=10,
    max_size=10,
)


class Growth:
    """A programme in which accounts join, hand over and sell; `sponsors` is what was agreed."""

    def __init__(self, network, escrow, plan_id, brand, payer, people):
        self.network, self.escrow, self.plan_id = network, escrow, plan_id
        self.brand, self.payer, self.people = brand, payer, people
        self.sponsors = {}
        self.salt = 0

    def step(self, kind, first, second):
        with suppress(ContractLogicError):
            getattr(self, f"_{kind}")(first, second)

    def _join(self, first, second):
        """Anybody, a member too, joins under somebody or under the brand."""
        newcomer = self.people[first % len(self.people)]
        number = second % (len(self.sponsors) + 1)
        number += 1 if number else 0
        sponsor = self._holder(number) if number else self.brand
        joined = join(self.network, self.brand, newcomer, sponsor, number)
        self.sponsors[joined] = number

    def _hand_over(self, first, second):
        number, heir = self._number(first), self.people[second % len(self.people)]
        hand_over(self.network, self.brand, number, self._holder(number), heir)

    def _suspend(self, first, second):
        state = bool(second % 2)
        self.network.setSuspended(
            self.brand, self._number(first), state, bytes(32), sender=self.brand
        )

    def _sell(self, first, second):
        self.salt += 1
        sales = Sales(self.escrow, self.brand, self.payer, [self._number(first)])
        sales.charge(sales.order(self.plan_id, salt=self.salt))

    def _number(self, seed):
        return 2 + seed % max(1, len(self.sponsors))

    def _holder(self, number):
        account = str(self.network.distributorOf(self.brand, number).account)
        return next((person for person in self.people if person.address == account), self.brand)

    def seen(self):
        """Read every distributor's sponsor."""
        members, _ = self.network.programmeOf(self.brand)
        numbers = range(2, 2 + members)
        return {n: self.network.distributorOf(self.brand, n).sponsor for n in numbers}


@pytest.fixture
def growth(network, escrow, book, brand, payer, accounts):
    final = publish(book, brand, isFinal=True, refundWindow=0, maturity=0)
    return Growth(network, escrow, final, brand, payer, list(accounts)[10:18])


def test_m16_line__distributors_join_and_change__keeps_one_sponsor_who_came_before(growth):
    @on_one_chain(8)
    @given(WALKS)
    def check(steps):
        for step in steps:
            growth.step(*step)

            seen = growth.seen()
            assert seen == growth.sponsors
            assert all(sponsor < number for number, sponsor in seen.items())

    check()


def test_m16_line__number_is_handed_over__keeps_its_sponsor(growth):
    for step in (("join", 0, 0), ("join", 1, 1), ("hand_over", 1, 2)):
        growth.step(*step)

    assert growth.network.distributorOf(growth.brand, 3).account == growth.people[2]
    assert growth.seen() == growth.sponsors == {2: 0, 3: 2}


def test_m16_line__member_joins_again__is_refused(growth, network, brand):
    first, second = growth.people[:2]
    join(network, brand, first)
    join(network, brand, second, first, 2)

    for newcomer, sponsor, number in ((first, second, 3), (second, brand, 0)):
        with ape.reverts(network.DistributorNetwork_AlreadyJoined):
            join(network, brand, newcomer, sponsor, number)

    assert growth.seen() == {2: 0, 3: 2}


def test_m16_line__brand_joins_its_own_programme__is_refused(growth, network, brand):
    with ape.reverts(network.DistributorNetwork_AccountInvalid):
        join(network, brand, brand)

    assert growth.seen() == {}
