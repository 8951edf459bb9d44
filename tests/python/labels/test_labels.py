import csv
import io
import re
import stat
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import segno
import zxingcpp

from weilian.gs1 import DigitalLink, Gtin, Lot
from weilian.keys import item_code
from weilian.labels import outer_links, write_inner_labels, write_outer_csv, write_outer_sheets
from weilian.sealed import read_sealed

SVG = "{http://www.w3.org/2000/svg}"
SERIALS = ["A<&>1", *(f"K7Q2M9X4T{n:03d}" for n in range(51))]
LINKS = outer_links(Gtin("9521234001010"), Lot("WYYC-20260418-A"), SERIALS, "tea.example.com")


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    return write_outer_sheets(tmp_path_factory.mktemp("sheets"), LINKS)


def modules_of(path_data):
    """Draw segno's path (absolute start, then runs `m` and `h`) into a set of dark modules."""
    dark, x, y = set(), 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path_data):
        values = [float(number) for number in numbers.split()]
        if command == "h":
            dark |= {(int(x) + step, int(y)) for step in range(int(values[0]))}
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return dark


def nodes_of(path, tag):
    return list(ET.parse(path).iter(f"{SVG}{tag}"))  # noqa: S314 -- our own file


def codes_of(sheets):
    return [modules_of(node.get("d")) for path in sheets for node in nodes_of(path, "path")]


def test_write_outer_sheets__52_labels__make_two_sheets(sheets):
    counts = [len(nodes_of(path, "path")) for path in sheets]

    assert [path.name for path in sheets] == ["sheet-0001.svg", "sheet-0002.svg"]
    assert counts == [50, 2]


def test_write_outer_sheets__each_code__has_the_modules_of_its_link(sheets):
    for link, dark in zip(LINKS, codes_of(sheets), strict=True):
        matrix = segno.make_qr(str(link), error="m", boost_error=False).matrix
        cells = ((x, y, bit) for y, row in enumerate(matrix) for x, bit in enumerate(row))
        assert dark == {(x + 4, y + 4) for x, y, bit in cells if bit}


def test_write_outer_sheets__codes_read_by_a_scanner__give_the_links_back(sheets):
    for link, dark in zip(LINKS, codes_of(sheets), strict=True):
        image = np.full((45, 45), 255, dtype=np.uint8)
        image[tuple(zip(*((y, x) for x, y in dark), strict=True))] = 0
        (seen,) = zxingcpp.read_barcodes(image.repeat(4, axis=0).repeat(4, axis=1))
        assert DigitalLink.parse(seen.text) == link


def test_write_outer_sheets__text_below__is_hri_and_escaped(sheets):
    texts = [node.text for node in nodes_of(sheets[0], "text")]

    assert texts[:3] == ["(01)09521234001010", "(10)WYYC-20260418-A", "(21)A<&>1"]
    assert "(21)A&lt;&amp;&gt;1" in sheets[0].read_text()


def test_write_outer_sheets__every_label__has_its_own_place_on_the_page(sheets):
    labels = [node for node in nodes_of(sheets[0], "svg") if node.get("x")]
    places = {(float(node.get("x")), float(node.get("y"))) for node in labels}

    assert len(places) == 50
    assert all(0 <= x <= 210 - 38 and 0 <= y <= 297 - 27 for x, y in places)


def test_write_outer_sheets__modules__are_as_wide_as_gs1_asks(sheets):
    sizes = {node.get("viewBox") for node in nodes_of(sheets[0], "svg") if node.get("class")}

    assert sizes
    assert all(19 / int(size.split()[-1]) >= 0.396 for size in sizes)


def test_write_outer_csv__labels__one_row_each_with_progress(tmp_path):
    calls = []

    write_outer_csv(tmp_path / "outer.csv", LINKS, lambda *state: calls.append(state))

    rows = list(csv.DictReader((tmp_path / "outer.csv").open(newline="")))
    assert [row["link"] for row in rows] == [str(link) for link in LINKS]
    assert rows[51] == {"index": "51", "serial": SERIALS[51], "link": str(LINKS[51])}
    assert calls == [(52, 52)]


def test_write_inner_labels__table__is_only_readable_with_the_passphrase(tmp_path):
    path, secret = tmp_path / "inner.csv.age", b"k" * 32

    write_inner_labels(path, LINKS, secret, "four words of tea")

    rows = list(csv.DictReader(io.StringIO(read_sealed(path, "four words of tea").decode())))
    assert [row["code"] for row in rows] == [item_code(secret, serial) for serial in SERIALS]
    assert DigitalLink.parse(rows[7]["link"]).hidden_code == rows[7]["code"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    assert rows[7]["code"].encode() not in path.read_bytes()
