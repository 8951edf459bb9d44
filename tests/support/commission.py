"""Random plans and lines, as the pure model and the contracts both take them."""

from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from weilian.commission.allocation import Allocation, Entry, Upline
from weilian.commission.plan import BPS_DENOMINATOR, MAX_LEVELS, Plan, SelfPurchase

BRAND = "0x" + "b" * 40
NATIVE = "0x" + "0" * 40
MAX_NET = 2**128 - 1
NETS = st.integers(1, MAX_NET) | st.integers(1, 30_000) | st.sampled_from([1, MAX_NET])


@st.composite
def shares_of(draw: Any, whole: int, count: int) -> list[int]:
    """Draw `count` numbers that sum to `whole` at most."""
    cuts = sorted(draw(st.lists(st.integers(0, whole), min_size=count, max_size=count)))
    return [upper - lower for lower, upper in pairwise([0, *cuts])]


@st.composite
def plans(draw: Any, least_fee: int = 0, **terms: Any) -> Plan:
    """Draw a plan of any rates, with a platform's fee of at least so many basis points."""
    fee = draw(st.integers(least_fee, least_fee + 1_000))
    depth = draw(st.integers(1, MAX_LEVELS))
    is_differential = draw(st.booleans())
    ceilings = draw(shares_of(BPS_DENOMINATOR - fee, 1 if is_differential else depth))
    ranks = draw(st.integers(1, 4))
    rates = tuple(tuple(draw(st.integers(0, c)) for c in ceilings) for _ in range(ranks))
    drawn = {
        "brand": BRAND,
        "currency": NATIVE,
        "compresses": draw(st.booleans()),
        "is_gated": draw(st.booleans()),
        "self_purchase": draw(st.sampled_from(SelfPurchase)),
    }
    return Plan(
        depth=depth,
        rates=rates,
        platform_fee_bps=fee,
        is_differential=is_differential,
        **(drawn | terms),
    )


@st.composite
def lines(draw: Any, most: int = 10) -> list[Upline]:
    """Draw a line of distributors from the seller upwards."""
    uplines = st.builds(Upline, st.integers(2, 2**32 - 1), st.integers(0, 3), st.booleans())
    return draw(st.lists(uplines, max_size=most, unique_by=lambda upline: upline.number))


@st.composite
def allocations(draw: Any, fee_bps: int) -> Allocation:
    """Draw who gets which rate beside a platform's fee; some levels are breakage."""
    count = draw(st.integers(0, MAX_LEVELS))
    rates = draw(shares_of(BPS_DENOMINATOR - fee_bps, count))
    numbers = draw(st.permutations(range(2, 2 + count)))
    earned = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    return tuple(
        Entry(number * is_earned, bps)
        for number, is_earned, bps in zip(numbers, earned, rates, strict=True)
    )
