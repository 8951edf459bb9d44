"""Sheets of labels as PDF (ISO 32000): nothing but vectors, the same bytes for the same labels.

Each code is one path: a viewer that smooths edges then shows no hairlines between modules. The
text is Courier, which every PDF reader has. There is no date and no identifier in the file.
"""

import io
import zlib
from collections.abc import Iterator, Sequence

import pydyf  # type: ignore[import-untyped]

from weilian.labels.codes import QUIET_ZONE, Level, Matrix, dark_runs, qr_matrices
from weilian.labels.label import Label
from weilian.labels.layout import CHARACTER_WIDTH, LINE_HEIGHT, Placement, SheetLayout

_POINT = 72 / 25.4
_FAST = 1
_MARK = 3.0
_BASELINE = 0.85
"""From the top of a line to its baseline, by the size of the text."""


def pdf_sheets(labels: Sequence[Label], layout: SheetLayout, level: Level = "M") -> bytes:
    """Draw labels on as many sheets as they need and return the PDF file.

    Raises QrTextError, SmallModuleError, LabelSpaceError.
    """
    document = pydyf.PDF()
    document.catalog["ViewerPreferences"] = pydyf.Dictionary({"PrintScaling": "/None"})
    document.info["Title"] = pydyf.String("Labels")
    document.info["Producer"] = pydyf.String("weilian")
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type1",
            "BaseFont": "/Courier",
            "Encoding": "/WinAnsiEncoding",
        }
    )
    document.add_object(font)
    for start in range(0, len(labels), layout.per_sheet):
        content = b"".join(_page(labels[start : start + layout.per_sheet], layout, level))
        _add_page(document, layout, font, content)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


def _add_page(
    document: pydyf.PDF, layout: SheetLayout, font: pydyf.Dictionary, content: bytes
) -> None:
    # NOTE: the hardest compression takes longer than all the drawing, for a tenth of the size.
    packed = zlib.compress(content, _FAST)
    stream = pydyf.Stream([packed], extra={"Filter": "/FlateDecode"})
    document.add_object(stream)
    page = {
        "Type": "/Page",
        "Parent": document.pages.reference,
        "MediaBox": pydyf.Array([0, 0, *(round(side * _POINT, 3) for side in layout.page)]),
        "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"F": font.reference})}),
        "Contents": stream.reference,
    }
    document.add_page(pydyf.Dictionary(page))


def _page(labels: Sequence[Label], layout: SheetLayout, level: Level) -> Iterator[bytes]:
    if layout.cut_marks:
        yield _cut_marks(layout)
    matrices = qr_matrices([label.text for label in labels], level)
    for place, (label, matrix) in enumerate(zip(labels, matrices, strict=True)):
        placement = layout.placement(label.index, len(matrix), label.lines)
        left, top = layout.corner(place)
        corner = (left, layout.page[1] - top)
        yield _code(matrix, placement, corner)
        yield _text(label.lines, placement, corner)


def _code(matrix: Matrix, placement: Placement, corner: tuple[float, float]) -> bytes:
    """Fill the modules as one path in a space where a module is 1 and y grows downwards."""
    module = placement.code / (len(matrix) + 2 * QUIET_ZONE)
    x = corner[0] + placement.code_x + QUIET_ZONE * module
    y = corner[1] - placement.code_y - QUIET_ZONE * module
    runs = dark_runs(matrix)
    space = (module * _POINT, -module * _POINT, x * _POINT, y * _POINT)
    path = b"%d %d %d 1 re\n" * len(runs) % tuple(runs.ravel().tolist())
    return b"q %.5f 0 0 %.5f %.4f %.4f cm\n%bf Q\n" % (*space, path)


def _text(lines: Sequence[str], placement: Placement, corner: tuple[float, float]) -> bytes:
    size = placement.text_size
    parts = [b"BT /F %.4f Tf\n" % (size * _POINT)]
    for number, line in enumerate(lines):
        x = corner[0] + placement.text_x
        if not placement.is_beside:
            x -= len(line) * CHARACTER_WIDTH * size / 2
        y = corner[1] - placement.text_y - (number * LINE_HEIGHT + _BASELINE) * size
        text = line.encode("cp1252", "replace").hex().encode()
        parts.append(b"1 0 0 1 %.3f %.3f Tm <%b> Tj\n" % (x * _POINT, y * _POINT, text))
    return b"".join([*parts, b"ET\n"])


def _cut_marks(layout: SheetLayout) -> bytes:
    """Draw where to cut: short lines in the margin at both sides of each column and row."""
    width, height = layout.page
    left, top = layout.margins
    xs = {layout.corner(place)[0] for place in range(layout.columns)}
    ys = {layout.corner(row * layout.columns)[1] for row in range(layout.rows)}
    xs |= {x + layout.label[0] for x in xs}
    ys |= {y + layout.label[1] for y in ys}
    lines = [(x, top - _MARK, x, top) for x in sorted(xs)]
    lines += [(x, height - top, x, height - top + _MARK) for x in sorted(xs)]
    lines += [(left - _MARK, y, left, y) for y in sorted(ys)]
    lines += [(width - left, y, width - left + _MARK, y) for y in sorted(ys)]
    drawn = (b"%.3f %.3f m %.3f %.3f l\n" % tuple(at * _POINT for at in line) for line in lines)
    return b"0.25 w\n" + b"".join(drawn) + b"S\n"
