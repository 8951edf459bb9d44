"""The outer labels: a table for a label printer, and A4 sheets of QR codes as SVG.

Sizes are millimetres. With links up to 84 bytes a module is at least 0.42 mm wide (GS1 asks for
0.396 mm), and the readable text stands below the code as GS1's HRI rules want it.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import segno

from weilian.files import write_atomic
from weilian.gs1 import CANONICAL_DOMAIN, DigitalLink, Gtin, Lot, Serial
from weilian.labels.table import table
from weilian.progress import Progress, counted

COLUMNS, ROWS = 5, 10
PER_SHEET = COLUMNS * ROWS
_PAGE_WIDTH, _PAGE_HEIGHT = 210, 297
_CELL_WIDTH, _CELL_HEIGHT = 38, 27
_CODE_SIZE = 19
_LINE_HEIGHT = 2.4
_LEFT = (_PAGE_WIDTH - COLUMNS * _CELL_WIDTH) / 2
_TOP = (_PAGE_HEIGHT - ROWS * _CELL_HEIGHT) / 2


def outer_links(
    gtin: Gtin, lot: Lot, serials: Sequence[str], domain: str = CANONICAL_DOMAIN
) -> list[DigitalLink]:
    """Make the Digital Link of each item, in the order of the serials."""
    return [DigitalLink(gtin, lot, Serial(serial), domain) for serial in serials]


def write_outer_csv(
    path: Path, links: Sequence[DigitalLink], progress: Progress | None = None
) -> None:
    """Write a CSV (index, serial, link)."""
    rows = [(index, link.serial, link) for index, link in enumerate(counted(links, progress))]
    write_atomic(path, table(("index", "serial", "link"), rows))


def write_outer_sheets(
    folder: Path, links: Sequence[DigitalLink], progress: Progress | None = None
) -> list[Path]:
    """Write `sheet-0001.svg` and so on, 5 x 10 labels each; return the paths."""
    cells = [_label(link, index % PER_SHEET) for index, link in enumerate(counted(links, progress))]
    paths = []
    for number, start in enumerate(range(0, len(cells), PER_SHEET), start=1):
        path = folder / f"sheet-{number:04d}.svg"
        write_atomic(path, _sheet(cells[start : start + PER_SHEET]).encode())
        paths.append(path)
    return paths


def _sheet(cells: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_PAGE_WIDTH}mm" '
        f'height="{_PAGE_HEIGHT}mm" viewBox="0 0 {_PAGE_WIDTH} {_PAGE_HEIGHT}">\n'
        '<g font-family="monospace" font-size="2" text-anchor="middle">\n'
        f"{''.join(cells)}</g>\n</svg>\n"
    )


def _label(link: DigitalLink, place: int) -> str:
    row, column = divmod(place, COLUMNS)
    middle = _LEFT + (column + 0.5) * _CELL_WIDTH
    top = _TOP + row * _CELL_HEIGHT
    code = segno.make_qr(str(link), error="m", boost_error=False)
    lines = "".join(
        f'<text x="{middle:g}" y="{top + _CODE_SIZE + (line + 0.7) * _LINE_HEIGHT:g}">'
        f"{escape(text)}</text>\n"
        for line, text in enumerate(link.human_readable)
    )
    return (
        f'<svg x="{middle - _CODE_SIZE / 2:g}" y="{top:g}" '
        f'width="{_CODE_SIZE}" height="{_CODE_SIZE}">'
        f"{code.svg_inline(border=4, omitsize=True)}</svg>\n{lines}"
    )
