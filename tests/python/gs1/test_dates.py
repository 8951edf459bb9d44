from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilian.gs1.dates import read_date, write_date, write_month, year_of
from weilian.gs1.errors import DateError

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("two_digits", "today", "year"),
    [
        (26, 2026, 2026),
        (76, 2026, 2076),
        (77, 2026, 1977),
        (0, 2026, 2000),
        (99, 2026, 1999),
        (49, 2099, 2149),
        (50, 2099, 2050),
        (0, 2051, 2100),
        (51, 2000, 1951),
        (50, 2000, 2050),
    ],
)
def test_year_of__two_digits__are_49_years_back_to_50_ahead(two_digits, today, year):
    assert year_of(two_digits, today=date(today, 6, 1)) == year


@given(st.dates(date(1977, 1, 1), date(2076, 12, 31)))
def test_read_date__what_write_date_wrote__is_the_same(day):
    assert read_date(write_date(day, today=TODAY), today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("290519", date(2029, 5, 19)),
        ("280200", date(2028, 2, 29)),
        ("270200", date(2027, 2, 28)),
        ("261200", date(2026, 12, 31)),
        ("000229", date(2000, 2, 29)),
    ],
)
def test_read_date__day_or_whole_month__is_that_day_or_the_last(text, day):
    assert read_date(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "position", "rule"),
    [
        ("2905", 5, "it has 4 characters, it must have 6"),
        ("2905191", 7, "it has 7 characters, it must have 6"),
        ("29051x", 6, "character 'x'"),
        ("٢٩٠٥١٩", 1, "character '٢'"),
        ("290019", 3, "month 00 must be 01 to 12"),
        ("291319", 3, "month 13 must be 01 to 12"),
        ("290532", 5, "day 32 must be 00 to 31"),
        ("270229", 5, "day 29 must be 00 to 28"),
    ],
)
def test_read_date__no_date__error_names_rule_and_place(text, position, rule):
    with pytest.raises(DateError) as caught:
        read_date(text, today=TODAY)

    assert rule in caught.value.rule
    assert caught.value.position == position


def test_read_date__leap_day_of_a_century__depends_on_today():
    with pytest.raises(DateError, match="day 29 must be 01 to 28 in 2100"):
        read_date("000229", today=date(2060, 1, 1))


def test_read_date__whole_month_not_allowed__raises():
    with pytest.raises(DateError, match="day 00 must be 01 to 31"):
        read_date("290500", today=TODAY, whole_month=False)


def test_read_date__today_at_the_calendars_end__raises():
    with pytest.raises(DateError, match="year 10000 is outside the calendar"):
        read_date("000101", today=date(9999, 1, 1))


@pytest.mark.parametrize("write", [write_date, write_month])
@pytest.mark.parametrize("year", [1976, 2077])
def test_write__year_that_would_be_read_as_another__raises(write, year):
    with pytest.raises(DateError, match="can only say a year from 1977 to 2076"):
        write(date(year, 1, 1), today=TODAY)


def test_write_month__any_day__has_day_zero():
    assert write_month(date(2028, 2, 3), today=TODAY) == "280200"
