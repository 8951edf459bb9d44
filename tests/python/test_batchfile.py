from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.python.examples import TEA
from tests.python.gs1.test_identifiers import ai82_text
from weilian.batchfile import read_batch_file
from weilian.csvfile import CsvFileError, CsvFileUnreadableError
from weilian.gs1 import Gtin, Lot
from weilian.serials import Serials

HEADER = "gtin,lot,serial,production_date,expiry_date\n"
ROW = "9521234001010,L1,{},2026-05-20,2029-05-19\n"


@pytest.fixture
def write(tmp_path):
    def _write(content, encoding="utf-8"):
        path = tmp_path / "items.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return _write


def problems_of(path):
    with pytest.raises(CsvFileError) as caught:
        read_batch_file(path)
    return [(item.line, item.column, item.rule) for item in caught.value.problems]


def test_read_batch_file__tea_example__is_one_batch():
    batch = read_batch_file(TEA / "items.csv")

    assert (batch.gtin, batch.lot) == (Gtin("9521234001010"), Lot("WYYC-20260418-A"))
    assert (batch.production_date, batch.expiry_date) == (date(2026, 5, 20), date(2029, 5, 19))
    assert len(set(batch.serials)) == 1_000
    assert batch.ignored_columns == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_read_batch_file__bom_and_line_ends__do_not_matter(write, encoding, newline):
    content = (HEADER + ROW.format("A") + "\n" + ROW.format("B")).replace("\n", newline)

    assert read_batch_file(write(content, encoding)).serials == Serials.of(["A", "B"])


def test_read_batch_file__other_columns__are_ignored_and_named(write):
    batch = read_batch_file(write("Serial,note,GTIN,lot\nA,茶,9521234001010,L1\n"))

    assert batch.ignored_columns == ("note",)
    assert (batch.production_date, batch.expiry_date) == (None, None)


@given(st.lists(ai82_text, min_size=1, max_size=30, unique=True))
def test_read_batch_file__any_serials__keep_their_order(tmp_path_factory, serials):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    cells = ('"' + serial.replace('"', '""') + '"' for serial in serials)
    path.write_text(HEADER + "".join(ROW.format(cell) for cell in cells))

    assert read_batch_file(path).serials == Serials.of(serials)


def test_read_batch_file__many_bad_rows__reports_all_at_once(write):
    rows = ["A", "茶", "A", "B" * 21, "", "OK"]
    content = HEADER + "".join(ROW.format(serial) for serial in rows) + "only,three,columns\n"

    assert problems_of(write(content)) == [
        (3, "serial", "character '茶' at place 1 is not in GS1 set 82"),
        (4, "serial", "occurs already in line 2"),
        (5, "serial", "it has 21 characters, it must have 1 to 20"),
        (6, "serial", "it has 0 characters, it must have 1 to 20"),
        (8, "row", "the row has 3 columns, the header has 5"),
    ]


def test_read_batch_file__rows_of_two_batches__are_refused(write):
    content = HEADER + ROW.format("A") + "95212340,L2,B,2026-05-21,\n"

    assert problems_of(write(content)) == [
        (3, "gtin", "one file is one batch, and the first row has '9521234001010'"),
        (3, "lot", "one file is one batch, and the first row has 'L1'"),
        (3, "production_date", "one file is one batch, and the first row has '2026-05-20'"),
        (3, "expiry_date", "one file is one batch, and the first row has '2029-05-19'"),
    ]


def test_read_batch_file__wrong_check_digit__is_reported_once(write):
    content = HEADER + "".join(ROW.format(n).replace("1010,", "1013,") for n in range(3))

    assert problems_of(write(content)) == [(2, "gtin", "check digit 3 is wrong, it should be 0")]


@pytest.mark.parametrize("value", ["20290519", "2029-5-19", "2029-02-30", "19.05.2029"])
def test_read_batch_file__bad_date__is_refused(write, value):
    content = HEADER + ROW.format("A").replace("2029-05-19", value)

    assert problems_of(write(content)) == [(2, "expiry_date", "must be a date like 2029-12-31")]


@pytest.mark.parametrize("value", ["1969-12-31", "1970-01-01", "9999-12-31", "0001-01-01"])
@pytest.mark.parametrize("column", ["production_date", "expiry_date"])
def test_read_batch_file__date_the_chain_cannot_hold__names_the_range(write, column, value):
    content = f"gtin,lot,serial,{column}\n9521234001010,L1,A,{value}\n"

    assert problems_of(write(content)) == [
        (2, column, "must be a date from 1970-01-02 to 9999-12-30")
    ]


@pytest.mark.parametrize("value", ["1970-01-02", "9999-12-30"])
def test_read_batch_file__first_and_last_date__have_their_seconds(write, value):
    batch = read_batch_file(write(f"gtin,lot,serial,expiry_date\n9521234001010,L1,A,{value}\n"))

    day = datetime.fromisoformat(value).replace(tzinfo=UTC)
    assert (batch.expires_at - day).days == 1


@pytest.mark.parametrize("row", [2, 255, 256, 300, 1_400, 2_600])
def test_read_batch_file__line_feed_in_a_cell__is_refused_in_any_block(write, row):
    serials = [f"S{number}" for number in range(2_700)]
    serials[row] = '"A\nB"'
    content = HEADER + "".join(ROW.format(serial) for serial in serials)

    assert problems_of(write(content)) == [
        (row + 2, "serial", r"character '\n' at place 2 is not in GS1 set 82")
    ]


@pytest.mark.parametrize("column", ["gtin", "lot", "serial", "production_date", "expiry_date"])
def test_read_batch_file__known_column_twice__is_refused(write, column):
    path = write(f"gtin,lot,serial,production_date,expiry_date, {column.upper()}\n")

    assert problems_of(path) == [(1, column, f"column '{column}' occurs twice in the header")]


def test_read_batch_file__unknown_column_twice__is_ignored(write):
    batch = read_batch_file(write("gtin,lot,serial,note,note\n9521234001010,L1,A,1,2\n"))

    assert batch.ignored_columns == ("note", "note")


def test_read_batch_file__long_bad_cells__are_kept_short(write):
    cell = "?" * 100_000
    path = write(HEADER + "".join(ROW.format(f"{number} {cell}") for number in range(300)))

    with pytest.raises(CsvFileError) as caught:
        read_batch_file(path)

    assert max(len(problem.value) for problem in caught.value.problems) < 1_000
    assert len(str(caught.value)) < 20_000


def test_read_batch_file__expiry_not_after_production__is_refused(write):
    content = HEADER + ROW.format("A").replace("2029-05-19", "2026-05-20")

    assert problems_of(write(content)) == [
        (2, "expiry_date", "must be after the production date 2026-05-20")
    ]


@pytest.mark.parametrize(
    ("content", "column", "rule"),
    [
        ("", "header", "is missing; begin with 'gtin,lot,serial'"),
        (HEADER, "serial", "there are no items below the header"),
        ("gtin,lot\n1,2\n", "serial", "column 'serial' is missing in the header"),
        ("gtin,lot,serial,lot\n", "lot", "column 'lot' occurs twice in the header"),
        ('gtin,lot,serial\n1,2,"x\n', "row", "not CSV (unexpected end of data)"),
    ],
)
def test_read_batch_file__no_table__says_why(write, content, column, rule):
    assert [item[1:] for item in problems_of(write(content))] == [(column, rule)]


def test_read_batch_file__gb18030__names_the_byte_and_utf_8(write):
    path = write(HEADER + ROW.format("茶"), "gb18030")

    assert problems_of(path) == [
        (2, "byte", "byte 62 of the file is not UTF-8; save the file as UTF-8")
    ]


def test_read_batch_file__more_than_twenty_problems__message_counts_the_rest(write):
    path = write(HEADER + "".join(ROW.format(f"{n} ?") for n in range(25)))

    with pytest.raises(CsvFileError) as caught:
        read_batch_file(path)

    lines = str(caught.value).splitlines()
    assert lines[0] == "items.csv has 25 problems:"
    assert (len(lines), lines[-1]) == (22, "  and 5 more")


def test_read_batch_file__no_such_file__one_sentence(tmp_path):
    with pytest.raises(CsvFileUnreadableError, match="No such file"):
        read_batch_file(tmp_path / "none.csv")


def test_read_batch_file__dates__become_the_first_and_the_first_expired_second():
    items = read_batch_file(TEA / "items.csv")

    assert items.produced_at == datetime(2026, 5, 20, tzinfo=UTC)
    assert items.expires_at == datetime(2029, 5, 20, tzinfo=UTC)
