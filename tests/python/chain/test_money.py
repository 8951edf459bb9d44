from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilian.money import AmountError, format_units, from_units, to_units

UNITS = st.integers(0, 2**256 - 1)
DECIMALS = st.integers(0, 36)


@given(UNITS, DECIMALS)
def test_to_units__any_amount__comes_back_exactly(units, decimals):
    assert to_units(from_units(units, decimals), decimals) == units


@pytest.mark.parametrize(
    ("amount", "decimals", "units"),
    [
        ("199.90", 6, 199_900_000),
        (Decimal("0.0621"), 18, 62_100_000_000_000_000),
        (3, 0, 3),
        ("1e3", 2, 100_000),
        ("1.500", 1, 15),
        ("0", 18, 0),
    ],
)
def test_to_units__example__is_exact(amount, decimals, units):
    assert to_units(amount, decimals) == units


@pytest.mark.parametrize(
    ("amount", "rule"),
    [
        ("1.001", "at most 2 digits"),
        ("-1", "negative"),
        ("ten", "number"),
        ("NaN", "finite"),
        ("Infinity", "finite"),
        ("", "number"),
        ("1e999999999", "at most 80 digits"),
        ("1e-999999999", "at most 80 digits"),
        (Decimal("1e5000"), "at most 80 digits"),
        ("1" * 1_000, "at most 80 digits"),
        (10**4_000, "at most 80 digits"),
        ("1e76", r"below 2\^256 units of 10\^-2"),
    ],
)
def test_to_units__wrong_amount__is_refused(amount, rule):
    with pytest.raises(AmountError, match=rule) as caught:
        to_units(amount, 2)

    assert len(str(caught.value)) < 200


def test_to_units__most_that_256_bits_hold__is_exact():
    most = 2**256 - 1

    assert to_units(most, 0) == most
    with pytest.raises(AmountError):
        to_units(most + 1, 0)


@pytest.mark.parametrize(
    ("units", "decimals", "text"),
    [
        (1_234_567_890_000, 6, "1,234,567.89 USD"),
        (10**18, 18, "1 USD"),
        (1, 18, "0.000000000000000001 USD"),
        (0, 6, "0 USD"),
        (1_000, 0, "1,000 USD"),
    ],
)
def test_format_units__example__is_for_people(units, decimals, text):
    assert format_units(units, decimals, "USD") == text
