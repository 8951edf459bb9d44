"""M3: what came in and did not go out is owed.

Counted at the escrow's border: what payers, brands and depositors paid, less what arrived at
payees.
"""

from hypothesis import given

from tests.support.money_walk import WALKS
from tests.support.properties import on_one_chain


def test_m03_border__money_comes_and_goes__is_owed_to_unit(walk):
    @on_one_chain(4)
    @given(WALKS)
    def check(steps):
        for step in steps:
            walk.step(*step)
            till = walk.tills[step[1]]

            assert walk.liabilities(till) == till.came - till.went

    check()
