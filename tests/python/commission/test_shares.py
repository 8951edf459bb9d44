from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from weilian.commission import Split, SplitError, split

AMOUNTS = st.integers(1, 2**128 - 1)
RATES = st.lists(st.integers(0, 2500), max_size=5)
LENGTHS = st.integers(0, 5)


def parties(shares):
    return (shares.platform, *shares.levels, shares.brand)


@pytest.mark.parametrize(
    ("net", "levels", "line_length", "expected"),
    [
        (10_000, (1000, 500), 2, Split(200, (1000, 500), 8300, 0)),
        (10_000, (1000, 500), 1, Split(200, (1000,), 8800, 500)),
        (10_000, (1000, 500), 0, Split(200, (), 9800, 1500)),
        (10_000, (1000, 500), 9, Split(200, (1000, 500), 8300, 0)),
        (10_000, (), 3, Split(200, (), 9800, 0)),
        (1, (1000, 500), 2, Split(0, (0, 0), 1, 0)),
        (99, (4900, 4900), 2, Split(1, (49, 49), 0, 0)),
        (0, (1000, 500), 2, Split(0, (0, 0), 0, 0)),
    ],
)
def test_split__by_hand__agrees(net, levels, line_length, expected):
    assert split(net, 200, levels, line_length) == expected


@given(AMOUNTS, st.integers(0, 2500), RATES, LENGTHS)
@example(2**128 - 1, 100, [1000, 500, 300], 3)
@example(1, 2500, [2500, 2500, 2500], 0)
def test_split__any_terms__sums_to_net(net, fee, rates, length):
    assume(fee + sum(rates) <= 10_000)

    shares = split(net, fee, rates, length)

    assert sum(parties(shares)) == net
    assert min(parties(shares)) >= 0
    assert shares.breakage <= shares.brand


@given(AMOUNTS, st.integers(0, 2500), RATES)
def test_split__any_terms__is_within_one_unit_of_rate(net, fee, rates):
    assume(fee + sum(rates) <= 10_000)

    shares = split(net, fee, rates, len(rates))

    for part, bps in zip((shares.platform, *shares.levels), (fee, *rates), strict=True):
        assert abs(part - Fraction(net * bps, 10_000)) < 1


@given(AMOUNTS, st.integers(0, 2500), RATES, LENGTHS)
def test_split__levels_missing__moves_exactly_their_part_to_brand(net, fee, rates, length):
    assume(fee + sum(rates) <= 10_000)
    full = split(net, fee, rates, len(rates))

    shares = split(net, fee, rates, length)

    assert shares.levels == full.levels[:length]
    assert shares.brand == full.brand + sum(full.levels[length:])


@given(st.integers(1, 2**127), st.integers(1, 2**127), st.integers(0, 2500), RATES, LENGTHS)
def test_split__order_cut_in_two__changes_nobody_by_more_than_a_unit_a_party(
    first, second, fee, rates, length
):
    assume(fee + sum(rates) <= 10_000)
    whole = parties(split(first + second, fee, rates, length))

    halves = (parties(split(net, fee, rates, length)) for net in (first, second))

    for of_whole, of_first, of_second in zip(whole, *halves, strict=True):
        assert abs(of_whole - of_first - of_second) <= len(rates) + 1


@pytest.mark.parametrize(
    ("net", "fee", "rates", "length", "named"),
    [
        (-1, 200, (1000,), 1, "net=-1"),
        (1, 200, (1000,), -1, "line_length=-1"),
        (1, 200, (1000, -1), 1, "-1"),
        (1, 5001, (5000,), 1, "sum to 10001"),
    ],
)
def test_split__impossible_terms__names_them(net, fee, rates, length, named):
    with pytest.raises(SplitError, match=named):
        split(net, fee, rates, length)


def test_split__rates_sum_to_whole__leaves_brand_nothing():
    assert split(10_001, 5000, (5000,), 1) == Split(5000, (5001,), 0, 0)
