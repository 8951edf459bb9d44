"""Dates of six digits, YYMMDD, and the century they are in (General Specifications, 7.12).

A two-digit year is the one nearest to the current year: up to 49 years back, up to 50 ahead. Where
an application identifier allows it, day 00 means the last day of the month.
"""

from calendar import monthrange
from datetime import date

from weilian.gs1.charsets import NUMERIC
from weilian.gs1.errors import DateError, Flaw

_YEARS_BACK = 49
_YEARS_AHEAD = 50
_ANY_CENTURY = 2000
_LENGTH = 6


def year_of(two_digits: int, *, today: date) -> int:
    """Return the year that 0 to 99 means when it is read on `today`."""
    difference = two_digits - today.year % 100
    century = today.year - today.year % 100
    if difference > _YEARS_AHEAD:
        return century - 100 + two_digits
    if difference < -_YEARS_BACK:
        return century + 100 + two_digits
    return century + two_digits


def read_date(text: str, *, today: date, whole_month: bool = True) -> date:
    """Read YYMMDD as it is understood on `today`.

    Day 00 is the last day of the month, or refused if `whole_month` is not allowed. Raises
    DateError.
    """
    found = _shape_flaw(text) or date_flaw(text, first_day=0 if whole_month else 1)
    if found:
        raise DateError.of(text, found)
    year, month, day = year_of(int(text[:2]), today=today), int(text[2:4]), int(text[4:])
    last = _days_of(year, month)
    if day > last:
        raise DateError.of(text, Flaw(4, f"day {day} must be 01 to {last} in {year}"))
    try:
        return date(year, month, day or last)
    except ValueError as error:
        raise DateError(text, f"year {year} is outside the calendar, at place 1") from error


def write_date(day: date, *, today: date) -> str:
    """Write a date as YYMMDD; raises DateError for a year that `read_date` would not give back."""
    _check_year(day, today)
    return day.strftime("%y%m%d")


def write_month(day: date, *, today: date) -> str:
    """Write the month of a date with day 00, its last day; raises DateError as `write_date`."""
    _check_year(day, today)
    return day.strftime("%y%m00")


def date_flaw(digits: str, *, first_day: int) -> Flaw | None:
    """Judge YYMMDD in any century; `first_day` is 0 where day 00 is allowed, else 1."""
    # NOTE: 00 counts as a leap year: the year 2000 was one, and 2100 is not meant before 2051.
    return calendar_flaw(_ANY_CENTURY + int(digits[:2]), digits[2:], 2, first_day=first_day)


def calendar_flaw(year: int, month_day: str, offset: int, *, first_day: int) -> Flaw | None:
    """Judge MMDD in a year; `offset` is how many digits stand before it."""
    month, day = month_day[:2], month_day[2:]
    if not 1 <= int(month) <= 12:
        return Flaw(offset, f"month {month} must be 01 to 12")
    last = _days_of(year, int(month))
    if not first_day <= int(day) <= last:
        return Flaw(offset + 2, f"day {day} must be {first_day:02} to {last}")
    return None


def _shape_flaw(text: str) -> Flaw | None:
    if len(text) != _LENGTH:
        return Flaw(min(len(text), _LENGTH), f"it has {len(text)} characters, it must have 6")
    return NUMERIC.flaw(text)


def _days_of(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _check_year(day: date, today: date) -> None:
    if not -_YEARS_BACK <= day.year - today.year <= _YEARS_AHEAD:
        first, last = today.year - _YEARS_BACK, today.year + _YEARS_AHEAD
        rule = f"two digits can only say a year from {first} to {last}, at place 1"
        raise DateError(day.isoformat(), rule)
