import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilian.epcis import EpcisDocument, EpcisError
from weilian.epcis.json_text import MAX_BYTES, MAX_DEPTH, parse, write

NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False).filter(
    lambda value: abs(value.adjusted()) < 300 and abs(value.as_tuple().exponent) < 300
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 2]))
def test_write__anything_read__comes_back_with_every_digit(value, indent):
    text = write(value, indent=indent)

    assert parse(text.encode(), "x") == value
    assert write(parse(text, "x"), indent=indent) == text


def test_write__number__as_it_was_read():
    text = '{"a": [1.10, 1E+3, 0.0, -0.50, 12345678901234567890]}'

    assert write(parse(text, "x"), indent=None) == text
    assert parse(text, "x")["a"][0] == Decimal("1.10")


def test_write__indented__looks_as_json_does_everywhere():
    value = {"a": [1, {"b": []}], "c": {}, "茶": "水仙"}

    assert write(value) == json.dumps(value, indent=2, ensure_ascii=False)
    assert write(value, indent=None) == json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", r"line 1, column 1: not JSON \(Expecting value\)"),
        ('{\n "a": }', r"line 2, column 7: not JSON \(Expecting value\)"),
        ('{"a": 1,}', r"line 1, column 9: not JSON|line 1, column 8: not JSON"),
        (b'{"a":\n"\xff"}', "line 2, byte 8 0xff: not UTF-8; save the document as UTF-8"),
        (b"\xff\xfe{\x00}\x00", "line 1, byte 1 0xff: not UTF-8"),
        ('{"a": {"b": 1, "b": 2}}', r"a\.b: occurs twice in the same object"),
        ('[{"b": 1, "b": 1}]', r"\[0\]\.b: occurs twice"),
        ('{"NaN": NaN}', r"line 1, column 9 NaN: must be a number with at most 308 places"),
        ("[1,\n -Infinity]", "line 2, column 2 -Infinity: must be a number"),
        ("[1e400]", "line 1, column 2 1e400: must be a number"),
        ("[1e-99999999999999999999]", "line 1, column 2 1e-9+: must be a number"),
        (f"[{'9' * 5000}]", "line 1, column 2 9{80}: must be a number"),
        (f"[0.{'1' * 400}]", "line 1, column 2 0.1+: must be a number"),
        ('{"a": "\\ud83c"}', r"a .*ud83c.*: holds half of a surrogate pair"),
        ('{"\\udc00": 1}', "document .*udc00.*: holds half of a surrogate pair"),
    ],
)
def test_parse__text_that_is_refused__error_names_place_and_rule(data, message):
    with pytest.raises(EpcisError, match=f"x has 1 problem:\n  {message}"):
        parse(data, "x")


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 2_000, 1_000_000])
def test_parse__deep_nesting__is_refused(opening, depth):
    closing = "]" if opening == "[" else "}"
    text = opening * depth + "1" + closing * depth

    with pytest.raises(EpcisError, match="must not be nested deeper than 64 levels"):
        parse(text, "x")


def test_parse__deepest_nesting_allowed__is_read():
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH, "x")


def test_parse__text_too_large__is_refused():
    with pytest.raises(EpcisError, match=f"of {MAX_BYTES + 1:,} bytes: must not be larger than 64"):
        parse(b" " * (MAX_BYTES + 1), "x")


@pytest.mark.parametrize("data", ['\ufeff{"a": 1}', b'\xef\xbb\xbf{"a": 1}'])
def test_parse__byte_order_mark__is_passed_over(data):
    assert parse(data, "x") == {"a": 1}


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_from_json__any_bytes_or_text__raise_only_epcis_errors(data):
    with pytest.raises(EpcisError):
        EpcisDocument.from_json(data)
