"""M1: what is owed is what is in escrow and what is credited.

In every currency the escrow owes the sum of orders in escrow, what reported orders set aside
included, and of all credits, the platform's waiting fees included. What leaves an order arrives in
credits to the last unit.
"""

from hypothesis import given

from tests.support.money_walk import WALKS
from tests.support.properties import on_one_chain


def test_m01_liabilities__money_goes_its_ways__are_orders_in_escrow_and_credits(walk):
    @on_one_chain(4)
    @given(WALKS)
    def check(steps):
        for step in steps:
            walk.step(*step)
            till = walk.tills[step[1]]

            assert walk.in_escrow(till) == [sale.escrowed for sale in till.sold]
            assert sum(walk.credits(till)) == till.outstanding - till.escrowed

    check()
