from decimal import Decimal

import pytest

from tests.python.examples import EXAMPLES
from weilian.csvfile import CsvFileError
from weilian.seasonfile import (
    OrderRow,
    ReportRow,
    read_distributors,
    read_orders,
    read_reports,
)

CURRENCIES = {"USD": 6, "ETH": 18}
BUYER = "0xBcd4042DE499D14e55001CcbB24a551F3b954096"
SELLER = "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f"
HEADER = "order_no,buyer,distributor,currency,amount,refund\n"


def write(tmp_path, text):
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    return path


def rules(error):
    return [(problem.line, problem.column, problem.rule) for problem in error.problems]


def test_read_distributors__example__is_a_tree_of_three_levels():
    rows = read_distributors(EXAMPLES / "season" / "distributors.csv")

    depth = {}
    for row in rows:
        depth[row.distributor] = depth.get(row.sponsor, 0) + 1
    assert sorted(depth.values()) == [1, 1, 2, 2, 2, 3, 3]


def test_read_orders__example__is_thirty_orders_with_two_refunds():
    rows = read_orders(EXAMPLES / "season" / "orders.csv", CURRENCIES)

    assert len(rows) == 30
    assert {row.currency for row in rows} == {"USD", "ETH"}
    assert [(row.order_no, row.refund == row.amount) for row in rows if row.refund] == [
        ("WY2026060008", True),
        ("WY2026060011", False),
    ]


def test_read_orders__row__is_read_exactly(tmp_path):
    path = write(tmp_path, HEADER + f"A1,{BUYER.lower()},,USD,199.99,\n")

    rows = read_orders(path, CURRENCIES)

    assert rows == [OrderRow("A1", BUYER, None, "USD", Decimal("199.99"), Decimal(0))]


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        (f",{BUYER},,USD,1,", "order_no", "is missing"),
        ("A2,0x12,,USD,1,", "buyer", "must be an address"),
        (f"A2,{BUYER[:-1]}7,,USD,1,", "buyer", "must be an address"),
        (f"A2,{BUYER},nobody,USD,1,", "distributor", "must be an address"),
        (f"A2,{BUYER},,CNY,1,", "currency", "must be one of ETH, USD"),
        (f"A2,{BUYER},,USD,0,", "amount", "must be above zero"),
        (f"A2,{BUYER},,USD,-1,", "amount", "must not be negative"),
        (f"A2,{BUYER},,USD,NaN,", "amount", "must be a finite number"),
        (f"A2,{BUYER},,USD,1.0000001,", "amount", "at most 6 digits"),
        (f"A2,{BUYER},,USD,1,1.01", "refund", "must be at most the amount 1"),
        (f"A1,{BUYER},,USD,1,", "order_no", "occurs already in line 2"),
    ],
)
def test_read_orders__bad_row__is_named_with_its_line(tmp_path, row, column, rule):
    path = write(tmp_path, f"{HEADER}A1,{BUYER},{SELLER},USD,1,\n{row}\n")

    with pytest.raises(CsvFileError) as caught:
        read_orders(path, CURRENCIES)

    [(line, found, text)] = rules(caught.value)
    assert (line, found) == (3, column)
    assert rule in text


def test_read_distributors__all_bad_rows__are_reported_at_once(tmp_path):
    text = f"distributor,sponsor\n{SELLER},{BUYER}\n{SELLER},\n0x1,\n"

    with pytest.raises(CsvFileError) as caught:
        read_distributors(write(tmp_path, text))

    assert [(line, column) for line, column, _ in rules(caught.value)] == [
        (2, "sponsor"),
        (3, "distributor"),
        (4, "distributor"),
    ]


REPORTS = "order_no,seller,amount,gtin\nW1,2,10.5,6901234567892\nW1,2,1,\nW2,,3,\n"


def test_read_reports__rows_of_a_number__are_lines_of_an_order(tmp_path):
    orders = read_reports(write(tmp_path, REPORTS), 2)

    assert orders == {
        "W1": [ReportRow("W1", 2, 1_050, 6_901_234_567_892), ReportRow("W1", 2, 100, 0)],
        "W2": [ReportRow("W2", 0, 300, 0)],
    }


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        (",2,1,", "order_no", "is missing"),
        ("W3,nobody,1,", "seller", "must be a distributor's number"),
        ("W3,4294967296,1,", "seller", "must be a distributor's number"),
        ("W1,3,1,", "seller", "differs from 2"),
        ("W3,2,0,", "amount", "must be above zero"),
        ("W3,2,1.001,", "amount", "at most 2 digits"),
        ("W3,2,1,123", "gtin", "8, 12, 13 or 14 digits"),
    ],
)
def test_read_reports__bad_row__is_named_with_its_line(tmp_path, row, column, rule):
    with pytest.raises(CsvFileError) as caught:
        read_reports(write(tmp_path, f"{REPORTS}{row}\n"), 2)

    [(line, found, text)] = rules(caught.value)
    assert (line, found) == (5, column)
    assert rule in text


def test_read_reports__too_many_rows_or_lines__is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("weilian.seasonfile.MAX_REPORT_ROWS", 34)
    path = write(tmp_path, "order_no,seller,amount\n" + "W1,2,1\n" * 35)

    with pytest.raises(CsvFileError) as caught:
        read_reports(path, 2)

    assert [text for _, _, text in rules(caught.value)] == [
        "has more than 32 lines",
        "a file has at most 34 rows",
    ]
