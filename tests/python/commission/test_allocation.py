from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.commission import BRAND, MAX_NET, NATIVE, NETS, allocations, lines, plans
from weilian.commission.allocation import (
    Entry,
    ShareError,
    Shares,
    Upline,
    allocate,
    packed,
    split,
    unpacked,
)
from weilian.commission.plan import Plan

FEES = st.integers(0, 10_000)
DEEPEST = tuple(Entry(number, 1_999) for number in range(2, 7))


@st.composite
def terms(draw):
    """Draw a platform's fee and an allocation beside it."""
    fee = draw(FEES)
    return fee, draw(allocations(fee))


def parties(shares):
    return (shares.fee, *shares.amounts, shares.brand)


def create_plan(*rates, **changes):
    levels = len(rates[0])
    return Plan(
        BRAND, NATIVE, **({"depth": levels, "rates": rates, "platform_fee_bps": 200} | changes)
    )


def line_of(*ranks, idle=()):
    return [Upline(2 + i, rank, i not in idle) for i, rank in enumerate(ranks)]


# Shares


@pytest.mark.parametrize(
    ("net", "fee", "rates", "expected"),
    [
        (100, 200, (1_000, 200, 100), Shares(2, (10, 2, 1), 0, 85)),
        (9, 0, (6_000, 4_000), Shares(0, (5, 4), 0, 0)),
        (199_990_000, 0, (500, 250), Shares(0, (9_999_500, 4_999_750), 0, 184_990_750)),
        (60, 0, (2_500,), Shares(0, (15,), 0, 45)),
        (1, 200, (1_000, 500), Shares(0, (0, 0), 0, 1)),
        (0, 200, (1_000,), Shares(0, (0,), 0, 0)),
        (10_001, 5_000, (5_000,), Shares(5_000, (5_001,), 0, 0)),
        (10_000, 200, (), Shares(200, (), 0, 9_800)),
    ],
    ids=str,
)
def test_split__by_hand__agrees(net, fee, rates, expected):
    allocation = tuple(Entry(2 + level, bps) for level, bps in enumerate(rates))

    assert split(net, fee, allocation) == expected


def test_split__level_that_nobody_earns__stays_with_brand():
    allocation = (Entry(2, 1_000), Entry(0, 500), Entry(3, 100))

    assert split(10_000, 200, allocation) == Shares(200, (1_000, 0, 100), 500, 8_700)


@pytest.mark.parametrize("net", [1, MAX_NET])
def test_split__extreme_price_at_full_depth__gives_floor_of_summed_rates(net):
    shares = split(net, 5, DEEPEST)

    assert sum(parties(shares)) == net
    assert shares.shared == net  # 5 + 5 * 1,999 basis points are the whole
    assert sum(shares.amounts[:2]) + shares.fee == net * 4_003 // 10_000


@given(NETS, terms())
@example(MAX_NET, (5, DEEPEST))
@example(1, (5, DEEPEST))
def test_split__any_terms__sums_to_net(net, terms):
    shares = split(net, *terms)

    assert sum(parties(shares)) == net
    assert min(parties(shares)) >= 0
    assert shares.breakage <= shares.brand


@given(NETS, terms())
def test_split__any_terms__is_within_one_unit_of_rate(net, terms):
    fee, allocation = terms

    shares = split(net, fee, allocation)

    expected = [fee, *(entry.bps if entry.number else 0 for entry in allocation)]
    for part, bps in zip((shares.fee, *shares.amounts), expected, strict=True):
        assert abs(part - Fraction(net * bps, 10_000)) < 1


@given(st.integers(1, 2**127), st.integers(1, 2**127 - 1), terms())
def test_split__order_cut_in_two__changes_nobody_by_more_than_a_unit_a_party(first, second, terms):
    whole = parties(split(first + second, *terms))

    halves = (parties(split(net, *terms)) for net in (first, second))

    for of_whole, of_first, of_second in zip(whole, *halves, strict=True):
        assert abs(of_whole - of_first - of_second) <= len(terms[1]) + 1


@given(NETS, terms(), st.integers(0, 4))
def test_split__level_lost__gives_exactly_that_part_to_brand(net, terms, place):
    fee, allocation = terms
    lost = tuple(
        Entry(entry.number if i != place else 0, entry.bps) for i, entry in enumerate(allocation)
    )
    before = split(net, fee, allocation)

    after = split(net, fee, lost)

    kept = tuple(amount if i != place else 0 for i, amount in enumerate(before.amounts))
    assert after.amounts == kept
    assert after.brand - before.brand == sum(before.amounts) - sum(kept)


@pytest.mark.parametrize(
    ("net", "fee", "bps", "named"),
    [(-1, 0, 1, "net=-1"), (1, 0, -1, "-1"), (1, 5_001, 5_000, "sum to 10001")],
)
def test_split__impossible_terms__names_them(net, fee, bps, named):
    with pytest.raises(ShareError, match=named):
        split(net, fee, (Entry(2, bps),))


# Who gets which rate


def test_allocate__plain_plan__pays_line_upwards():
    plan = create_plan((1_000, 200, 100))

    assert allocate(plan, line_of(0, 0, 0, 0)) == (Entry(2, 1_000), Entry(3, 200), Entry(4, 100))


def test_allocate__line_too_short__leaves_breakage():
    plan = create_plan((1_000, 200, 100))

    assert allocate(plan, line_of(0)) == (Entry(2, 1_000), Entry(0, 200), Entry(0, 100))


def test_allocate__ranks__pays_each_by_its_own():
    plan = create_plan((1_000, 200), (1_100, 300), (1_200, 400))

    assert allocate(plan, line_of(2, 1)) == (Entry(2, 1_200), Entry(3, 300))


def test_allocate__idle_upline__is_skipped():
    plan = create_plan((1_000, 200, 100), is_gated=True)

    allocation = allocate(plan, line_of(0, 0, 0, idle=[1]))

    assert allocation == (Entry(2, 1_000), Entry(0, 200), Entry(4, 100))


def test_allocate__idle_upline_of_compressing_plan__passes_its_level_up():
    plan = create_plan((1_000, 200, 100), is_gated=True, compresses=True)

    allocation = allocate(plan, line_of(0, 0, 0, 0, idle=[0, 2]))

    assert allocation == (Entry(3, 1_000), Entry(5, 200), Entry(0, 100))


def test_allocate__differential_plan__pays_difference_to_highest_below():
    plan = create_plan((500,), (800,), (1_200,), depth=4, is_differential=True)

    allocation = allocate(plan, line_of(0, 2, 1, 2))

    assert allocation == (Entry(2, 500), Entry(3, 700), Entry(4, 0), Entry(5, 0))


def test_allocate__idle_upline_of_differential_plan__leaves_its_difference_to_nobody():
    plan = create_plan((500,), (800,), (1_200,), depth=3, is_differential=True, is_gated=True)

    allocation = allocate(plan, line_of(0, 1, 2, idle=[1]))

    assert allocation == (Entry(2, 500), Entry(0, 300), Entry(4, 400))


def test_allocate__payer_on_line__earns_nothing():
    plan = create_plan((1_000, 200, 100))

    allocation = allocate(plan, line_of(0, 0, 0), excluded=3)

    assert allocation == (Entry(2, 1_000), Entry(0, 200), Entry(4, 100))


def test_allocate__rates_of_product__count_for_every_rank():
    plan = create_plan((1_000, 200), (1_100, 300))

    assert allocate(plan, line_of(1, 0), (40, 5)) == (Entry(2, 40), Entry(3, 5))


@given(plans(), lines(), st.booleans(), st.data())
def test_allocate__any_plan_and_line__keeps_to_depth_ceiling_and_line(plan, line, is_own, data):
    numbers = [upline.number for upline in line]
    excluded = data.draw(st.sampled_from([0, *numbers])) if is_own else 0

    allocation = allocate(plan, line, excluded=excluded)

    earning = [entry.number for entry in allocation if entry.number]
    eligible = [u.number for u in line if u.is_active or not plan.is_gated]
    assert len(allocation) <= plan.depth
    assert sum(entry.bps for entry in allocation) <= plan.ceiling_bps
    assert earning == [n for n in eligible if n in earning and n != excluded]
    assert unpacked(packed(allocation)) == _without_empty_end(allocation)


def _without_empty_end(allocation):
    while allocation and allocation[-1] == Entry(0, 0):
        allocation = allocation[:-1]
    return allocation
