import contextlib
import sys
import time
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from weilian.errors import WeilianError
from weilian.yamlfile import MAX_DEPTH, YamlError, load_yaml, read_yaml


class Tea(BaseModel):
    lot: str


class TeaError(WeilianError, ValueError):
    def __init__(self, path, rule):
        super().__init__(f"{path.name}: {rule}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("[~, null, true, FALSE]", [None, None, True, False]),
        ("[12, -7, +7, 010, 0x1F, 0o17]", [12, -7, 7, 10, 31, 15]),
        ("[1.5, -2e3, .5, 2026.]", [1.5, -2000.0, 0.5, 2026.0]),
        (
            "[2026-05-20, 1:30, 1_000, yes, no, on, =]",
            ["2026-05-20", "1:30", "1_000", "yes", "no", "on", "="],
        ),
        ("""['12', "true", "a\\tb"]""", ["12", "true", "a\tb"]),
        (
            "\ufeffa: {b: [1], c: }\n'1': |\n  two\n  lines\n",
            {"a": {"b": [1], "c": None}, "1": "two\nlines\n"},
        ),
        ("%YAML 1.2\n---\na: 1 # why\n...\n", {"a": 1}),
        ("<<: {a: 1}", {"<<": {"a": 1}}),
    ],
)
def test_load_yaml__plain_document__is_read_by_the_core_schema(text, value):
    assert load_yaml(text.encode()) == value


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: 1\nb: 2\na: 3", "line 3: key 'a' occurs already in line 1"),
        ("x: {a: 1, 'a': 2}", "line 1: key 'a' occurs already in line 1"),
        ("\na: &b 1\n", "line 2: anchor '&b' is not allowed"),
        ("a: &b [1]\n", "line 1: anchor '&b' is not allowed"),
        ("a: 1\nb: *a", r"line 2: alias '\*a' is not allowed"),
        ("a: !!bool abc", "line 1: tag '!!bool' is not allowed"),
        ("a: !!int abc", "line 1: tag '!!int' is not allowed"),
        ("a: !!timestamp abc", "line 1: tag '!!timestamp' is not allowed"),
        ("a:\n  !!python/object:os.system []", "line 2: tag '!!python/object:os.system' is not"),
        ("a: !own {}", "line 1: tag '!own' is not allowed"),
        ("a: ! 1", "line 1: tag '!' is not allowed"),
        ("a: 1\n1: a", "line 2: key 1 is not text; put it in quotes"),
        ("? [a]\n: 1", "line 1: a key must be text, not a list or a mapping"),
        ("a: 1\n---\nb: 2", "line 2: a second document begins, there must be one"),
        ("a: 1\nb: [", r"is not YAML \(line 2\): "),
        ("a: 1\nb: \x07", "line 2: character U\\+0007 is not allowed"),
        ("a: \ud800".encode("utf-8", "surrogatepass"), "line 1: byte 4 of the file, 0xed, is not"),
        ("a: 1\nb: 茶".encode("gb18030"), "line 2: byte 9 of the file, 0xb2, is not UTF-8; save"),
        ("a: 1".encode("utf-16"), "line 1: byte 1 of the file, 0xff, is not UTF-8; save"),
        (b"a: \xe8\x8c", "line 1: byte 4 of the file, 0xe8, is not UTF-8; save"),
        ("a: " + "9" * 5_000, "line 1: number '9999.* has 5000 characters, it must have at most 1"),
        ("a: 0x" + "f" * 5_000, ".* has 5002 characters, it must have at most 1"),
        ("a: 1." + "0" * 5_000, ".* has 5002 characters, it must have at most 1"),
        ("a: " + "é" * (1 << 19), "it has more than 1048576 bytes, it must have at most 1048576"),
    ],
    ids=map(str, count()),
)
def test_load_yaml__not_allowed__one_sentence_with_the_line(text, rule):
    with pytest.raises(YamlError, match=f"^{rule}") as caught:
        load_yaml(text if isinstance(text, bytes) else text.encode())

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("front", ["[", "{a: ", "- ", "[{a: "])
@pytest.mark.parametrize("recursion_limit", [1_000, 100_000])
def test_load_yaml__deep__is_refused_whatever_the_recursion_limit(
    front, recursion_limit, monkeypatch
):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(recursion_limit, before))
    try:
        with pytest.raises(YamlError, match=f"line 1: .* deeper than {MAX_DEPTH} levels"):
            load_yaml(front.encode() * 5_000)
    finally:
        sys.setrecursionlimit(before)


def test_load_yaml__as_deep_as_allowed__is_read():
    value = load_yaml(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)

    for _ in range(MAX_DEPTH - 1):
        (value,) = value
    assert value == []


@given(
    st.one_of(st.binary(max_size=60), st.text("ab:-[]{}&*!|>'\"%#? \n\t0179.exo<~,", max_size=60))
)
def test_load_yaml__any_bytes__a_value_or_its_own_error(data):
    message = ""

    try:
        load_yaml(data if isinstance(data, bytes) else data.encode())
    except YamlError as error:
        message = str(error)

    assert "\n" not in message


@pytest.mark.parametrize("unit", ["a{}: 1\n", "[{},", '"{}', "#{}\n", "? {}\n", "- {}\n"])
def test_load_yaml__as_large_as_allowed__takes_seconds(unit):
    text = "".join(unit.format(number) for number in range(60_000))
    begin = time.monotonic()

    with contextlib.suppress(YamlError):
        load_yaml(text.encode())

    assert time.monotonic() - begin < 30


def test_read_yaml__good__is_the_model(tmp_path):
    path = tmp_path / "tea.yaml"
    path.write_text("lot: L1\n")

    assert read_yaml(path, Tea, TeaError) == Tea(lot="L1")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("lot: 1", r"lot: Input should be a valid string \(got 1\)"),
        ("lot: A\nlot: B", "line 2: key 'lot' occurs already in line 1"),
        ("", r"document: Input should be .*\(got None\)"),
    ],
)
def test_read_yaml__bad__is_the_callers_error(tmp_path, content, rule):
    path = tmp_path / "tea.yaml"
    path.write_text(content)

    with pytest.raises(TeaError, match=f"^tea.yaml: {rule}"):
        read_yaml(path, Tea, TeaError)


def test_read_yaml__folder_or_nothing__is_the_callers_error(tmp_path):
    with pytest.raises(TeaError, match="cannot be read: Is a directory"):
        read_yaml(tmp_path, Tea, TeaError)
    with pytest.raises(TeaError, match="cannot be read: No such file"):
        read_yaml(tmp_path / "none.yaml", Tea, TeaError)


def test_read_yaml__endless_file__is_not_read_to_its_end():
    with pytest.raises(TeaError, match="it must have at most 1048576"):
        read_yaml(Path("/dev/zero"), Tea, TeaError)
