import importlib
import pickle
import pkgutil
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

import weilian
from weilian.errors import SHOWN_CHARACTERS, WeilianError, describe_validation, shown


class Box(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    a: int
    b: int


def describe(data):
    with pytest.raises(ValidationError) as caught:
        Box.model_validate(data)
    return describe_validation(caught.value)


class Loud:
    def __repr__(self):
        raise AssertionError("the whole repr was built")


@pytest.mark.parametrize("value", [0, -5, "it's", b"\0", None, True, 1.5, [1, "a"], (1,), {"a": 1}])
def test_shown__short_value__is_its_repr(value):
    assert shown(value) == repr(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10**5_000, "an integer of 16610 bits"),
        ("x" * 10**7, "'x"),
        (b"x" * 10**7, "b'x"),
        ([1] * 10**6, "[1, 1, 1, 1, ...]"),
        (dict.fromkeys(range(10**6)), "{0: None, 1: None, 2: None, 3: None, ...}"),
        ([0] * 4 + [Loud()], "[0, 0, 0, 0, ...]"),
        ([10**5_000], "[an integer of 16610 bits]"),
    ],
    ids=map(str, count()),
)
def test_shown__long_value__is_cut(value, text):
    assert shown(value).startswith(text)
    assert len(shown(value)) <= SHOWN_CHARACTERS


def test_shown__deep_value__is_cut():
    value = []
    for _ in range(50_000):
        value = [value]

    assert "..." in shown(value)


@given(st.recursive(st.text() | st.integers() | st.binary(), lambda part: st.lists(part)))
def test_shown__any_value__is_short(value):
    assert len(shown(value)) <= SHOWN_CHARACTERS


def test_describe_validation__some_errors__names_each():
    assert describe({"a": "x"}) == (
        "a: Input should be a valid integer (got 'x'); b: Field required (got {'a': 'x'})"
    )


def test_describe_validation__many_errors_of_a_long_document__stays_short():
    text = describe({f"key {number}" * 100: [Loud()] * 9 for number in range(10_000)})

    assert len(text) < 10_000
    assert text.endswith("; and 9982 more")


def all_errors(base=WeilianError):
    return [base, *(found for each in base.__subclasses__() for found in all_errors(each))]


def test_weilian_error__any_subclass_through_pickle__comes_back_the_same():
    """Errors cross from worker processes and clusters; most build their sentence of parts."""
    for module in pkgutil.walk_packages(weilian.__path__, "weilian."):
        if module.name != "weilian.lanes":
            importlib.import_module(module.name)

    kinds = set(all_errors())

    assert len(kinds) > 60
    for kind in kinds:
        error = kind.__new__(kind)
        error.args = ("the sentence",)
        error.rule = "the rule"
        again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
        assert (type(again), str(again), again.rule) == (kind, "the sentence", "the rule")
