"""M2: the escrow holds what it owes.

In every currency it holds what was forced on it besides, and nothing else; and what is forced on it
stops nothing.
"""

from hypothesis import given

from tests.support.money_walk import WALKS
from tests.support.properties import on_one_chain


def test_m02_backed__money_goes_its_ways__holds_what_it_owes_and_what_was_forced_on_it(walk):
    for till in (0, 1):
        walk.step("force", till, 1_234)

    @on_one_chain(4)
    @given(WALKS)
    def check(steps):
        for step in steps:
            walk.step(*step)
            till = walk.tills[step[1]]

            assert till.sales.held() == walk.liabilities(till) + till.forced

    check()
