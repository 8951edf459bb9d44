from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.python.gs1.test_identifiers import ai82_text
from weilian.errors import WeilianError
from weilian.gs1 import SerialError
from weilian.gs1.identifiers import CHARSET_82
from weilian.serials import (
    DuplicateSerialError,
    SerialRule,
    SerialRuleError,
    Serials,
    bytes_of,
    column_of,
)

SECRET = b"k" * 32


@given(st.lists(ai82_text, max_size=40))
def test_serials__any_list__reads_back_the_same(texts):
    serials = Serials.of(texts)

    assert list(serials) == texts
    assert [serials[place] for place in range(len(serials))] == texts
    assert list(serials[1:3]) == texts[1:3]
    assert serials == Serials.of(iter(texts))


@given(st.lists(st.sampled_from(["A", "B", "AA", "a", "0"]), max_size=12))
def test_duplicates__any_list__names_each_repeat_and_its_first(texts):
    seen, expected = {}, []
    for place, text in enumerate(texts):
        if text in seen:
            expected.append((seen[text], place))
        seen.setdefault(text, place)

    assert Serials.of(texts).duplicates() == expected


@given(st.lists(ai82_text, max_size=40))
def test_order__any_list__is_ascending_by_ascii(texts):
    assert [texts[place] for place in Serials.of(texts).order()] == sorted(texts)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it has 0 characters"),
        ("A" * 21, "it has 21 characters"),
        ("A\n", r"character '\\n' at place 2"),
        ("A#", "character '#' at place 2"),
        ("茶", "character '茶' at place 1"),
    ],
)
def test_of__bad_serial__is_named(text, message):
    with pytest.raises(SerialError, match=message):
        Serials.of(["OK", text])


@given(st.lists(st.text(st.sampled_from("AB\n"), min_size=1, max_size=5), min_size=1, max_size=4))
def test_column_of__line_feed_anywhere__is_refused(texts):
    if any("\n" in text for text in texts):
        with pytest.raises(SerialError, match=r"character '\\n' at place"):
            column_of(texts)
    else:
        assert column_of(texts).tolist() == [text.encode() for text in texts]


@given(st.characters(max_codepoint=255))
def test_column_of__one_character__is_taken_if_in_set_82(character):
    if character in CHARSET_82:
        assert column_of([character]).tolist() == [character.encode()]
    else:
        with pytest.raises(SerialError, match="at place 1 is not in GS1 set 82"):
            column_of([character])


def test_column_of__none__is_empty():
    assert (len(column_of([])), len(Serials.of([]))) == (0, 0)


def test_check_unique__repeat__names_both_places():
    with pytest.raises(DuplicateSerialError, match="'A' occurs twice, as item 1 and item 3"):
        Serials.of(["B", "A", "C", "A"]).check_unique()


def test_bytes_of__column__is_padded_with_nul():
    rows = bytes_of(Serials.of(["AB", "C" * 20]).column)

    assert rows.shape == (2, 20)
    assert rows[0].tobytes() == b"AB" + bytes(18)


def test_draw__random__is_the_same_for_the_same_secret_only():
    rule = SerialRule(300, "TEA-", 12)

    first, again, other = rule.draw(SECRET), rule.draw(SECRET), rule.draw(b"j" * 32)

    assert first == again != other
    assert len(set(first)) == len(rule) == 300
    assert all(serial.startswith("TEA-") and len(serial) == 16 for serial in first)


def test_draw__random__tells_nothing_of_the_order():
    serials = list(SerialRule(1_000).draw(SECRET))

    assert sorted(serials) != serials
    assert {len(serial) for serial in serials} == {16}


def test_draw__random_texts_collide__all_differ_in_the_end(monkeypatch):
    def two_texts(secret, label, numbers, length):
        return [f"{number % 7 + (number >> 32) * 7:0{length}d}" for number in numbers]

    monkeypatch.setattr("weilian.serials.random_text", two_texts)

    serials = list(SerialRule(20).draw(SECRET))

    assert len(set(serials)) == 20
    assert serials[:7] == [f"{number:016d}" for number in range(7)]


def test_draw__sequence__counts_from_its_start():
    rule = SerialRule(3, "A", digits=3, start=99)

    assert list(rule.draw(SECRET)) == ["A099", "A100", "A101"]


def test_serials__equality__heeds_the_order_and_other_types():
    assert Serials.of(["A", "B"]) != Serials.of(["B", "A"])
    assert Serials.of(["A"]) != ["A"]
    assert hash(Serials.of(["A"])) == hash(Serials(np.array([b"A"], "S20")))


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"count": 0}, "count is 0, it must be 1 to 4294967295"),
        ({"count": -1}, "count is -1, it must be 1 to 4294967295"),
        ({"count": 1 << 32}, "count is 4294967296, it must be 1 to 4294967295"),
        ({"count": 10**5_000}, "count is an integer of 16610 bits, it must be"),
        ({"length": 11}, "length is 11, it must be 12 to 20"),
        ({"length": 60}, "length is 60, it must be 12 to 20"),
        ({"count": 40, "length": 1}, "length is 1, it must be 12 to 20"),
        ({"digits": 0}, "digits is 0, it must be 1 to 20"),
        ({"digits": 21}, "digits is 21, it must be 1 to 20"),
        ({"digits": 3, "start": -1}, "start is -1, it must be 0 or more"),
        ({"digits": 1}, "digits is 1, 10 serials from 1 on do not fit"),
        ({"digits": 3, "start": 991}, "digits is 3, 10 serials from 991 on do not fit"),
        ({"digits": 20, "start": 10**5_000}, "from an integer of 16610 bits on do not fit"),
        ({"prefix": "TEA-", "length": 17}, "prefix is 'TEA-', with 17 characters behind it"),
        ({"prefix": "A" * 19, "digits": 2}, "with 2 characters behind it .* the 20 of a serial"),
        ({"prefix": "茶"}, "character '茶' at place 1"),
        ({"prefix": "A\n", "digits": 2}, r"character '\\n' at place 2"),
        ({"prefix": "A" * 21}, "it has 21 characters"),
    ],
    ids=map(str, count()),
)
def test_serial_rule__nonsense__is_refused_when_made(options, rule):
    with pytest.raises(WeilianError, match=rule) as caught:
        SerialRule(**({"count": 10} | options))

    assert isinstance(caught.value, ValueError)


@given(st.integers(), st.text(max_size=22), st.integers(), st.none() | st.integers(), st.integers())
def test_serial_rule__any__is_refused_or_drawn(count, prefix, length, digits, start):
    try:
        rule = SerialRule(min(count, 50), prefix, length, digits, start)
    except (SerialRuleError, SerialError):
        return

    assert len(set(rule.draw(SECRET))) == len(rule)


def test_draw__sequence_to_its_last_number__fits():
    assert list(SerialRule(10, digits=3, start=990).draw(SECRET))[-1] == "999"
