"""M5: each party gets its rate.

Platform and first n uplines together get floor(price x their summed rates / 10,000), so nobody is
more than a unit away from its own rate; the brand, and nobody else, gets what is left.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.commission import shares_of
from tests.support.properties import on_one_chain
from tests.support.stall import MAX_DEPTH, MAX_PRICE, MIN_FEE, PRICES, expected_shares

ODD = [3_333, 1, 0, 2_777, 3_333]


@pytest.mark.parametrize("price", PRICES)
def test_m05_rates__price_is_awkward__gives_each_its_rate_and_rest_to_brand(stall, price):
    for depth in (1, 2, MAX_DEPTH):
        plan_id = stall.publish(457, ODD[:depth])

        for length in (0, 1, MAX_DEPTH + 1):
            assert stall.shares(plan_id, length, price) == expected_shares(
                price, 457, ODD[:depth], length
            )


def test_m05_rates__rates_are_any__keeps_nobody_more_than_unit_from_its_rate(stall):
    depths = st.integers(1, MAX_DEPTH)

    @on_one_chain(10)
    @given(
        depths.flatmap(lambda depth: shares_of(9_000, depth)),
        st.integers(MIN_FEE, 1_000),
        st.integers(1, MAX_PRICE) | st.integers(1, 30_000),
    )
    def check(rates, fee, price):
        plan_id = stall.publish(fee, rates)

        platform, _, *uplines = stall.shares(plan_id, MAX_DEPTH + 1, price)

        assert uplines[len(rates) :] == [0] * (MAX_DEPTH + 1 - len(rates))
        for share, rate in zip((platform, *uplines), (fee, *rates), strict=False):
            assert abs(10_000 * share - price * rate) < 10_000

    check()
