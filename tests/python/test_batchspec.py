from datetime import date

import pytest

from tests.python.examples import TEA
from weilian.batchspec import BatchSpecError, read_batch, read_batch_spec
from weilian.gs1 import Gtin, Lot
from weilian.serials import SerialRule, Serials

SPEC = """
gtin: "9521234001010"
lot: WYYC-1
count: 1000
production_date: 2026-05-20
expiry_date: "2029-05-19"
"""


@pytest.fixture
def write(tmp_path):
    def _write(content):
        path = tmp_path / "batch.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


def test_read_batch_spec__nothing_said_of_serials__they_are_random(write):
    batch = read_batch_spec(write(SPEC))

    assert (batch.gtin, batch.lot) == (Gtin("9521234001010"), Lot("WYYC-1"))
    assert (batch.production_date, batch.expiry_date) == (date(2026, 5, 20), date(2029, 5, 19))
    assert batch.serials == SerialRule(1000)
    assert batch.count == 1000


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{random: {}}", SerialRule(1000)),
        ("{random: {length: 12, prefix: T-}}", SerialRule(1000, "T-", 12)),
        ("{sequence: {digits: 4}}", SerialRule(1000, digits=4)),
        ("{sequence: {digits: 4, start: 9000}}", SerialRule(1000, digits=4, start=9000)),
    ],
)
def test_read_batch_spec__serials__are_drawn_as_said(write, text, rule):
    assert read_batch_spec(write(f"{SPEC}serials: {text}")).serials == rule


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("gtin: 9521234001010", "gtin: Input should be a valid string"),
        ('gtin: "9521234001013"', "check digit 3 is wrong, it should be 0"),
        ("lot: 茶", "character '茶' at place 1"),
        ("count: 0", "count is 0, it must be 1 to 4294967295"),
        ("count: 4294967296", "count is 4294967296, it must be 1 to 4294967295"),
        ("expiry_date: 2026-05-20", "expiry_date must be after the production date 2026-05-20"),
        ('expiry_date: "20290519"', "expiry_date: must be a date like 2029-12-31"),
        ("colour: red", "colour: Extra inputs are not permitted"),
        (
            "serials: {sequence: {digits: 4, start: 9001}}",
            "digits is 4, 1000 serials from 9001 on do",
        ),
        ("serials: {random: {length: 11}}", "length is 11, it must be 12 to 20"),
        ("serials: {random: {length: 20, prefix: A}}", "more than the 20 of a serial"),
        ("serials: {random: {}, sequence: {digits: 4}}", "choose one of random and sequence"),
        ("serials: {sequence: {digits: 40}}", "digits is 40, it must be 1 to 20"),
        ("expiry_date: 2029-02-30", "expiry_date: must be a date like 2029-12-31"),
        ("expiry_date: 2026-13-01", "expiry_date: must be a date like 2029-12-31"),
        ("expiry_date: 9999-12-31", "expiry_date: must be a date from 1970-01-02 to 9999-12-30"),
        ("production_date: 1970-01-01", "production_date: must be a date from 1970-01-02"),
        ("production_date: 20260520", "production_date: Input should be a valid date"),
        ("lot: A\nlot: B", "line [0-9]: key 'lot' occurs already in line [0-9]"),
        ("lot: &a A", "line [0-9]: anchor '&a' is not allowed"),
        ("serials: {random: {prefix: 茶}}", "character '茶' at place 1"),
    ],
)
def test_read_batch_spec__bad_line__is_named(write, line, message):
    key = line.partition(":")[0]
    kept = "\n".join(row for row in SPEC.splitlines() if not row.startswith(f"{key}:"))

    with pytest.raises(BatchSpecError, match=rf"^batch\.yaml: .*{message}"):
        read_batch_spec(write(f"{kept}\n{line}"))


@pytest.mark.parametrize("content", ["a: [", "", "- 1", b"\xff\xfe\xfd", "gtin: !!python/x 1"])
def test_read_batch_spec__no_description__one_sentence(write, content):
    with pytest.raises(BatchSpecError, match=r"^batch\.yaml: ") as caught:
        read_batch_spec(write(content))

    assert "\n" not in str(caught.value)


def test_read_batch_spec__no_such_file__one_sentence(tmp_path):
    with pytest.raises(BatchSpecError, match="No such file"):
        read_batch_spec(tmp_path / "none.yml")


def test_read_batch__by_suffix__list_or_description(write):
    assert isinstance(read_batch(TEA / "items.csv").serials, Serials)
    assert isinstance(read_batch(write(SPEC)).serials, SerialRule)
