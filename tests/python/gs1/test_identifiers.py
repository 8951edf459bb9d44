import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilian.gs1 import Gs1Error, Gtin, GtinError, Lot, LotError, Serial, SerialError
from weilian.gs1.check_digits import check_pair, with_check_digit
from weilian.gs1.errors import DigitalLinkError, GlnError, SsccError
from weilian.gs1.identifiers import CHARSET_82, Gln, Sscc

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


@pytest.mark.parametrize(
    ("text", "length", "short", "forms"),
    [
        ("95212340", 8, "95212340", ("95212340", "000095212340", "0000095212340")),
        ("614141073467", 12, "614141073467", (None, "614141073467", "0614141073467")),
        ("9521234001010", 13, "9521234001010", (None, None, "9521234001010")),
        ("10614141073464", 14, "10614141073464", (None, None, None)),
        ("00000095212340", 8, "95212340", ("95212340", "000095212340", "0000095212340")),
    ],
)
def test_gtin__short_forms__are_those_that_its_number_fits(text, length, short, forms):
    gtin = Gtin(text)

    assert (gtin.length, gtin.short) == (length, short)
    assert (gtin.gtin8, gtin.gtin12, gtin.gtin13) == forms


@pytest.mark.parametrize(
    ("kind", "error", "text", "position", "rule"),
    [
        (Gln, GlnError, "9521234000038", 13, "check digit 8 is wrong, it should be 7"),
        (Gln, GlnError, "952123400003", 13, "it has 12 digits, it must have 13"),
        (Gln, GlnError, "95212340000370", 14, "it has 14 digits, it must have 13"),
        (Gln, GlnError, "952123400003x", 13, "character 'x' is not in the digits 0 to 9"),
        (Sscc, SsccError, "952012345678912346", 18, "check digit 6 is wrong, it should be 5"),
        (Sscc, SsccError, "", 1, "it has 0 digits, it must have 18"),
        (Gtin, GtinError, "9521234-01010", 8, "it must have 8, 12, 13 or 14 digits"),
        (Gtin, GtinError, "952123400101", 12, "check digit 1 is wrong"),
        (Gtin, GtinError, "123456789012345", 15, "it must have 8, 12, 13 or 14 digits"),
        (Lot, LotError, "A B", 2, "character ' ' at place 2"),
        (Serial, SerialError, "A" * 21, 21, "it has 21 characters"),
    ],
)
def test_identifier__bad_text__error_carries_rule_and_position(kind, error, text, position, rule):
    with pytest.raises(error) as caught:
        kind(text)

    assert caught.value.rule.startswith(rule)
    assert caught.value.position == position


def test_gln_and_sscc__right_check_digit__are_accepted():
    assert str(Gln("9521234000037")) == "9521234000037"
    assert str(Sscc("952012345678912345")) == "952012345678912345"


@given(st.integers(0, 10**17))
def test_with_check_digit__any_digits__agrees_with_the_definition(number):
    assert with_check_digit(str(number)) == f"{number}{check_digit(str(number))}"


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("1987654Ad4X4bL5ttr2310c", "2K"),
        ("12345_ABCDEFGHIJKLM", "CP"),
        ("12345_!\"%&'()*+,-./", "LC"),
        ("7907665Bm8v2", "AB"),
        ("99999zzzzzzzzzzzzzzzzzz", "T2"),
    ],
)
def test_check_pair__published_examples__agree(text, pair):
    assert check_pair(text) == pair


@pytest.mark.parametrize(
    "error", [GtinError("1", "too short", 2), DigitalLinkError("https://a", "x")]
)
def test_gs1_error__sent_between_processes__arrives_as_it_was(error):
    again = pickle.loads(pickle.dumps(error))  # noqa: S301

    assert (type(again), str(again)) == (type(error), str(error))
    assert (again.value, again.rule, again.position) == (error.value, error.rule, error.position)
    assert isinstance(again, Gs1Error)


def test_gs1_error__very_long_value__is_cut_in_the_message():
    assert len(str(GtinError("1" * 10_000, "too long"))) < 300
