"""M4: what is shared out is the price, to the unit.

Nothing is lost to rounding and nothing is made, at any price, any rates and any depth, from a sale
without a seller to a line longer than the plan pays.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.commission import shares_of
from tests.support.properties import on_one_chain
from tests.support.stall import MAX_DEPTH, MAX_PRICE, MIN_FEE, PRICES

ODD = [3_333, 1, 0, 2_777, 3_333]


@pytest.mark.parametrize("price", PRICES)
def test_m04_nothing_is_lost__price_is_awkward__is_shared_to_unit(stall, price):
    for depth in (1, MAX_DEPTH):
        plan_id = stall.publish(457, ODD[:depth])

        for length in (0, 1, depth, MAX_DEPTH + 2):
            assert sum(stall.shares(plan_id, length, price)) == price


def test_m04_nothing_is_lost__rates_and_amounts_are_any__is_shared_to_unit(stall):
    depths = st.integers(1, MAX_DEPTH)
    amounts = st.lists(
        st.integers(1, MAX_PRICE // 3) | st.integers(1, 30_000), min_size=1, max_size=3
    )

    @on_one_chain(10)
    @given(
        depths.flatmap(lambda depth: shares_of(9_000, depth)),
        st.integers(MIN_FEE, 1_000),
        st.integers(0, MAX_DEPTH + 2),
        amounts,
    )
    def check(rates, fee, length, amounts):
        plan_id = stall.publish(fee, rates)

        assert sum(stall.shares(plan_id, length, *amounts)) == sum(amounts)

    check()
