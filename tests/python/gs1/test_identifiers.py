import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilian.gs1 import Gtin, GtinError, Lot, LotError, Serial, SerialError
from weilian.gs1.identifiers import CHARSET_82

ai82_text = st.text(st.sampled_from(sorted(CHARSET_82)), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("95212340", "00000095212340"),
        ("614141073467", "00614141073467"),
        ("9521234001010", "09521234001010"),
        ("10614141073464", "10614141073464"),
    ],
)
def test_gtin__each_length__is_held_as_14_digits(text, expected):
    gtin = Gtin(text)

    assert gtin.value == str(gtin) == expected
    assert int(gtin) == int(text)
    assert Gtin.from_int(int(gtin)) == gtin


def test_gtin__wrong_check_digit__error_names_value_wrong_and_right_digit():
    with pytest.raises(GtinError) as caught:
        Gtin("9521234001013")

    assert str(caught.value) == "GTIN '9521234001013': check digit 3 is wrong, it should be 0"


@pytest.mark.parametrize(
    "text", ["", "123", "952123400101", "95212340010100", "9521234-01010", "٩٥٢١٢٣٤٣", "0" * 14]
)
def test_gtin__not_a_gtin__raises(text):
    with pytest.raises(GtinError, match="GTIN"):
        Gtin(text)


@given(st.integers(1, 10**13 - 1), st.integers(0, 13), st.integers(1, 9))
def test_gtin__one_digit_changed__raises(payload, place, shift):
    right = f"{payload:013d}{check_digit(f'{payload:013d}')}"
    changed = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]

    assert Gtin(right).value == right
    with pytest.raises(GtinError):
        Gtin(changed)


def check_digit(payload):
    """Weigh the digits 3, 1, 3 ... from the right, as the General Specifications say (7.9.1)."""
    return -sum(int(d) * (1 + 2 * (i % 2 == 0)) for i, d in enumerate(reversed(payload))) % 10


def test_charset_82__size__is_82():
    assert len(CHARSET_82) == 82


@given(ai82_text)
def test_serial__any_text_of_set_82__is_accepted(text):
    assert Serial(text).value == Lot(text).value == text


@pytest.mark.parametrize(
    ("kind", "error", "text", "message"),
    [
        (Lot, LotError, "A B", "lot 'A B': character ' ' at place 2 is not in GS1 set 82"),
        (Serial, SerialError, "茶1", "serial '茶1': character '茶' at place 1"),
        (Serial, SerialError, "", "it has 0 characters, it must have 1 to 20"),
        (Lot, LotError, "A" * 21, "it has 21 characters, it must have 1 to 20"),
    ],
)
def test_lot_and_serial__bad_text__error_names_place_and_character(kind, error, text, message):
    with pytest.raises(error) as caught:
        kind(text)

    assert message in str(caught.value)
