"""M20: one sale or two make no difference.

An order of p + q, and orders of p and of q instead, give every party the same but for rounding: at
most a unit for each level and one more.
"""

from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.commission import shares_of
from tests.support.properties import on_one_chain
from tests.support.stall import MAX_DEPTH, MAX_PRICE, MIN_FEE

HALVES = st.integers(1, MAX_PRICE // 2) | st.integers(1, 30_000)


def test_m20_split_orders__sale_is_made_in_two__differs_by_rounding_alone(stall):
    @on_one_chain(10)
    @given(shares_of(9_000, MAX_DEPTH), st.integers(MIN_FEE, 1_000), HALVES, HALVES)
    @example([1_999] * 4 + [1_001], 999, 1, 10_001)
    def check(rates, fee, p, q):
        plan_id = stall.publish(fee, rates)

        whole = stall.shares(plan_id, MAX_DEPTH, p + q)
        first, second = (stall.shares(plan_id, MAX_DEPTH, part) for part in (p, q))

        parts = [a + b for a, b in zip(first, second, strict=True)]
        gaps = [abs(a - b) for a, b in zip(whole, parts, strict=True)]
        assert max(gaps) <= MAX_DEPTH + 1

    check()
