"""Making labels for the tests, and reading back what was drawn."""

import io
import random

import pypdfium2
import zxingcpp
from PIL import Image

from weilian.gs1 import DigitalLink, Gtin, Lot, Serial
from weilian.labels import inner_label, outer_label

DPI = 600
GTIN, LOT = Gtin("09521234001010"), Lot("WYYC-20260418-A")
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def link_of(serial):
    return DigitalLink(GTIN, LOT, Serial(serial), "tea.example.com")


def outer_labels(count):
    return [outer_label(index, link_of(f"K7Q2M9X4T{index:07d}")) for index in range(count)]


def codes_of(count):
    draw = random.Random(count)
    return ["".join(draw.choices(CROCKFORD, k=26)) for _ in range(count)]


def inner_labels(count):
    return [
        inner_label(index, link_of(f"K7Q2M9X4T{index:07d}"), code)
        for index, code in enumerate(codes_of(count))
    ]


def read_pdf(data, layout):
    """Rasterise each page, cut it up as scissors would, read one code from each label."""
    found, scale = [], DPI / 25.4
    for page in pypdfium2.PdfDocument(data):
        image = page.render(scale=DPI / 72, grayscale=True).to_pil()
        for place in range(layout.per_sheet):
            x, y = layout.corner(place)
            box = (x, y, x + layout.label[0], y + layout.label[1])
            codes = zxingcpp.read_barcodes(
                image.crop(tuple(int(side * scale) for side in box)), zxingcpp.BarcodeFormat.QRCode
            )
            found += [code.text for code in codes]
    return found


def read_png(data):
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(data)))]


def lines_of(data, page=0):
    text = pypdfium2.PdfDocument(data)[page].get_textpage().get_text_range()
    return text.split()
