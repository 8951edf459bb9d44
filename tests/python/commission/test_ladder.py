import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilian.commission.ladder import MAX_SALES, Ladder, Standing, at_period, counted, is_active
from weilian.refusal import RefusedError

DAY = 86_400
LADDER = Ladder(30, 2, 10, (10, 20, 30), (100, 100, 300))
PERIOD = 30 * DAY
SALES = st.integers(0, 400)


@pytest.mark.parametrize(
    ("own", "team", "rank"),
    [(0, 0, 0), (10, 99, 0), (9, 100, 0), (10, 100, 1), (20, 100, 2), (29, 300, 2), (30, 300, 3)],
)
def test_rank_of__sales__needs_own_and_team(own, team, rank):
    assert LADDER.rank_of(own, team) == rank


def test_at_period__next_one__keeps_what_the_last_one_made():
    last = Standing(5, 20, 150, 0)

    assert at_period(LADDER, last, 6 * PERIOD) == Standing(6, 0, 0, 2, was_active=True)


def test_at_period__same_one__changes_nothing():
    standing = Standing(5, 20, 150, 2)

    assert at_period(LADDER, standing, 6 * PERIOD - 1) == standing


def test_at_period__one_without_sales_between__makes_no_rank():
    last = Standing(5, 30, 300, 3, was_active=True)

    standing = at_period(LADDER, last, 7 * PERIOD)

    assert standing == Standing(7)
    assert not is_active(LADDER, standing)


@given(SALES, SALES, SALES, SALES)
def test_counted__sale__never_costs_rank(own, team, more, more_team):
    before = counted(LADDER, Standing(5), own, team)

    after = counted(LADDER, before, more, more_team)

    assert after.rank >= before.rank
    assert after.rank == LADDER.rank_of(after.own_sales, after.team_sales)


def test_counted__more_than_fits__stops_at_most_sales():
    standing = counted(LADDER, Standing(5), 2**60, 2**60)

    assert (standing.own_sales, standing.team_sales) == (MAX_SALES, MAX_SALES)


def test_units_rounded_down__amount__drops_rest():
    assert LADDER.units_rounded_down(299) == 2


@pytest.mark.parametrize(
    ("ladder", "period_days"),
    [
        (Ladder(0, 0, 0, (1, 1, 1), (0, 0, 0)), 0),
        (Ladder(30, 31, 0, (1, 1, 1), (0, 0, 0)), 0),
        (Ladder(30, 0, 0, (0, 1, 1), (0, 0, 0)), 0),
        (Ladder(30, 0, 0, (2, 1, 1), (0, 0, 0)), 0),
        (Ladder(30, 0, 0, (1, 1, 1), (0, 2, 1)), 0),
        (Ladder(30, 0, 0, (1, 1, 1), (0, 0, 0)), 31),
    ],
)
def test_check__impossible_ladder__is_refused(ladder, period_days):
    with pytest.raises(RefusedError, match="PlanBook_LadderInvalid"):
        ladder.check(period_days)


def test_check__same_period__passes():
    LADDER.check(30)
