import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.python.gs1.test_identifiers import ai82_text
from weilian.gs1 import SerialError
from weilian.serials import DuplicateSerialError, SerialRule, Serials, bytes_of

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
