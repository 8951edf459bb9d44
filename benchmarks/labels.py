"""Sheets of labels beside a loop of reportlab and segno: `python -m benchmarks.labels`.

Both draw the same links, 24 to an A4 page, with the same lines below; every code of both files is
read back before anything is timed.
"""

import io
import sys
import time
from collections.abc import Callable, Sequence

import pypdfium2
import segno
import zxingcpp
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from rich.console import Console

from benchmarks.measure import ROUNDS, require_equal
from weilian.gs1 import DigitalLink, Gtin, Lot, Serial
from weilian.labels import Label, outer_label
from weilian.labels.layout import PRESETS
from weilian.labels.sheet import pdf_sheets

LABELS = 480
RENDER_SCALE = 300 / 72
LAYOUT = PRESETS["a4-24"]
CODE = 28 * mm
TEXT = 2 * mm


def labels(count: int) -> list[Label]:
    """Make labels as a batch has them, with links of 78 characters."""
    gtin, lot = Gtin("09521234001010"), Lot("WYYC-20260418-A")
    return [
        outer_label(
            number,
            DigitalLink(gtin, lot, Serial(f"K7Q2M9X4T{number:07d}"), "tea.example.com"),
        )
        for number in range(count)
    ]


def reportlab_segno(batch: Sequence[Label]) -> bytes:
    """Draw the sheets as most people would: a PNG from segno on a canvas of reportlab."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=tuple(side * mm for side in LAYOUT.page))
    for start in range(0, len(batch), LAYOUT.per_sheet):
        canvas.setFont("Courier", TEXT)
        for place, label in enumerate(batch[start : start + LAYOUT.per_sheet]):
            _draw(canvas, place, label)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _draw(canvas: Canvas, place: int, label: Label) -> None:
    image = io.BytesIO()
    segno.make_qr(label.text, error="m", boost_error=False).save(image, kind="png", border=4)
    left, top = LAYOUT.corner(place)
    middle = (left + LAYOUT.label[0] / 2) * mm
    bottom = (LAYOUT.page[1] - top) * mm - CODE
    canvas.drawImage(ImageReader(image), middle - CODE / 2, bottom, CODE, CODE)
    for number, line in enumerate(label.lines, start=1):
        canvas.drawCentredString(middle, bottom - number * 1.2 * TEXT, line)


def require_read_back(whose: str, pdf: bytes, batch: Sequence[Label]) -> None:
    """Raise UnequalResultsError unless the codes in a file are those of the labels, no more."""
    found = set()
    for page in pypdfium2.PdfDocument(pdf):
        image = page.render(scale=RENDER_SCALE, grayscale=True).to_pil()
        codes = zxingcpp.read_barcodes(image, zxingcpp.BarcodeFormat.QRCode)
        found |= {code.text for code in codes}
    require_equal(found, {label.text for label in batch}, f"codes of {whose}")


def _seconds(work: Callable[[], bytes]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def times_faster_than_reportlab_segno() -> float:
    """Return how many times as many labels ours draws in a second of one processor."""
    batch = labels(LABELS)
    require_read_back("reportlab and segno", reportlab_segno(batch), batch)
    require_read_back("weilian", pdf_sheets(batch, LAYOUT), batch)
    slow, fast = float("inf"), float("inf")
    for _ in range(ROUNDS):
        slow = min(slow, _seconds(lambda: reportlab_segno(batch)))
        fast = min(fast, _seconds(lambda: pdf_sheets(batch, LAYOUT)))
    return slow / fast


def main() -> int:
    """Print the ratio."""
    Console().print(f"{times_faster_than_reportlab_segno():.1f} times reportlab + segno")
    return 0


if __name__ == "__main__":
    sys.exit(main())
