import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.python.gs1.test_identifiers import ai82_text
from weilian.gs1.element_string import SYMBOLOGIES, ElementString
from weilian.gs1.elements import Element
from weilian.gs1.errors import ElementStringError, ElementValueError

GTIN = "09521234001010"


def pairs_of(elements):
    return [(element.code, element.value) for element in elements.elements]


@given(st.permutations(["01", "10", "17", "21", "240"]), ai82_text, ai82_text, ai82_text)
def test_element_string__any_order_and_values__comes_back_from_both_forms(order, lot, serial, more):
    values = {"01": GTIN, "10": lot, "17": "290500", "21": serial, "240": more}
    elements = ElementString.of([(code, values[code]) for code in order])

    assert ElementString.parse(elements.bracketed) == elements
    assert ElementString.parse(elements.scanned()) == elements
    assert ElementString.parse(elements.scanned("]d2")) == elements
    assert elements.values == values


def test_parse_brackets__escaped_bracket__belongs_to_the_value():
    elements = ElementString.parse(rf"(01){GTIN}(10)A\(11)991225")

    assert elements["10"] == "A(11)991225"
    assert elements.bracketed == rf"(01){GTIN}(10)A\(11)991225"
    assert elements.human_readable == [f"(01){GTIN}", "(10)A(11)991225"]
    assert "21" not in elements


@pytest.mark.parametrize("symbology", ["", *SYMBOLOGIES])
def test_parse_scan__each_symbology__splits_at_separators_and_predefined_lengths(symbology):
    elements = ElementString.parse(f"{symbology}01{GTIN}17290500\x1d10L1\x1d21S1\x1d")

    assert pairs_of(elements) == [("01", GTIN), ("17", "290500"), ("10", "L1"), ("21", "S1")]


def test_scanned__predefined_length_last__needs_fewest_separators_in_message_order():
    elements = ElementString.of([("01", GTIN), ("10", "L1"), ("17", "290500"), ("21", "S1")])

    assert elements.scanned("]Q3") == f"]Q301{GTIN}10L1\x1d1729050021S1"
    assert elements.in_message_order().scanned() == f"01{GTIN}1729050010L1\x1d21S1"


def test_scanned__unknown_symbology__raises():
    with pytest.raises(ElementStringError, match="']Q1' carries no element strings"):
        ElementString.of([("00", "952012345678912345")]).scanned("]Q1")


@pytest.mark.parametrize(
    ("text", "position", "rule"),
    [
        ("", 1, "it is empty"),
        ("]d2", 1, "it is empty"),
        ("12345", 6, "AI (12): it has 3 characters, it must have 6"),
        ("x", 1, "an application identifier must stand here"),
        ("0412345678901234", 1, "GS1 has not assigned the application identifier '04'"),
        ("]Q101", 1, "symbology ']Q1' carries no element strings"),
        (f"10L1\x1d\x1d01{GTIN}", 6, "an application identifier must stand here"),
        (f"01{GTIN}10L\x1d21", 23, "AI (21): it has 0 characters, it must have 1 to 20"),
        ("(10)(11)98765", 5, "AI (10): it has 0 characters"),
        ("(1A)12345", 1, "an application identifier in brackets must stand here"),
        ("(01", 1, "an application identifier in brackets must stand here"),
        ("(10)A(B", 6, r"write \( for a bracket inside a value"),
        ("(12345)1", 1, "an application identifier in brackets must stand here"),
        ("(04)1", 2, "GS1 has not assigned the application identifier '04'"),
        ("(17)9(90)217", 6, "AI (17): it has 1 characters, it must have 6"),
        (f"(01){GTIN}(10)A\\(B C", 27, "character ' ' is not in GS1 set 82"),
        (f"(01){GTIN}(10)A(10)B", 24, "AI (10) occurs with another value, 'A', before"),
    ],
)
def test_parse__malformed__error_names_rule_and_place(text, position, rule):
    with pytest.raises(ElementStringError) as caught:
        ElementString.parse(text)

    assert rule in caught.value.rule
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("(21)A", "AI (21) must stand beside (01) or (03) or (8006)"),
        (f"(01){GTIN}(21)A(235)B", "AI (21) must not stand beside (235)"),
        (f"(01){GTIN}(3103)000195(3101)000195", "AI (3103) must not stand beside (3101)"),
        (f"(01){GTIN}(3922)0299", "AI (3922) must stand beside (01) with (30) or"),
        (f"(01){GTIN}(02){GTIN}(37)1", "AI (01) must not stand beside (37)"),
        (f"(02){GTIN}(37)1", "AI (37) must stand beside (00) with (02)"),
        (f"(01){GTIN}(250)A", "AI (250) must stand beside (01) with (21)"),
        (f"(01){GTIN}(422)156(426)156", "AI (422) must not stand beside (426)"),
        (f"(01){GTIN}(8030)abc", "AI (8030) must stand beside (00) or (01) with (21)"),
        ("(415)9521234000037", "AI (415) must stand beside (8020)"),
        ("(01)95012345678903(10)A", "begins with 9 needs a measure, as (3103)"),
    ],
)
def test_parse__elements_that_do_not_go_together__error_unless_pairs_are_not_checked(text, rule):
    with pytest.raises(ElementStringError) as caught:
        ElementString.parse(text)

    assert rule in caught.value.rule
    assert ElementString.parse(text, check_pairs=False).bracketed == text


@pytest.mark.parametrize(
    "text",
    [
        f"(00)952012345678912345(02){GTIN}(37)25(10)ABC123",
        f"(01){GTIN}(3103)000195(3922)0299(17)201225",
        "(01)95012345678903(3103)000123",
        "(255)9521234000037(3941)0125",
        f"(01){GTIN}(422)156(427)GD",
        f"(01){GTIN}(21)S(250)T(8030)abc",
    ],
)
def test_parse__elements_that_go_together__are_taken(text):
    assert ElementString.parse(text).bracketed == text


def test_parse__same_element_twice__is_kept_once():
    assert ElementString.parse(f"(01){GTIN}(10)A(10)A").bracketed == f"(01){GTIN}(10)A"


def test_element__bad_value__raises():
    with pytest.raises(ElementValueError, match="check digit 3 is wrong"):
        Element.of("01", "09521234001013")
