"""Single labels as images: SVG for drawing programs, PNG for label printers.

Both show the code with its quiet zone and the readable lines below.
"""

import io
from collections.abc import Sequence
from html import escape

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from weilian.labels.codes import QUIET_ZONE, Level, Matrix, dark_runs, qr_matrix
from weilian.labels.errors import LabelError
from weilian.labels.label import Label
from weilian.labels.layout import CHARACTER_WIDTH, LINE_HEIGHT

TARGET_MODULE = 0.495
"""Millimetres of a module: what GS1 aims at for a QR code with a Digital Link."""

_TEXT_SIZE = 4.0
"""Modules: with the target module about 2 mm."""

_MODULE_PIXELS = 10
_DPI = round(25.4 * _MODULE_PIXELS / TARGET_MODULE)


class ModulePixelsError(LabelError):
    """A number of pixels that no module can have."""

    def __init__(self, pixels: int) -> None:
        super().__init__(f"a module of {pixels} pixels cannot be drawn; take 1 to 100")


def svg(label: Label, level: Level = "M") -> str:
    """Draw a label as an SVG document, its module 0.495 mm wide; raises QrTextError."""
    matrix = qr_matrix(label.text, level)
    width = len(matrix) + 2 * QUIET_ZONE
    size = _text_size(width, label.lines)
    height = width + len(label.lines) * LINE_HEIGHT * size
    path = "".join(
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z"
        for x, y, length in dark_runs(matrix).tolist()
    )
    lines = "".join(
        f'<text x="{width / 2:g}" y="{width + (number * LINE_HEIGHT + 0.85) * size:.3f}">'
        f"{escape(line)}</text>\n"
        for number, line in enumerate(label.lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * TARGET_MODULE:.3f}mm" '
        f'height="{height * TARGET_MODULE:.3f}mm" viewBox="0 0 {width} {height:.3f}">\n'
        f'<path fill="#fff" d="M0 0h{width}v{height:.3f}h-{width}z"/>\n<path d="{path}"/>\n'
        f'<g font-family="Courier, monospace" font-size="{size:.3f}" text-anchor="middle">\n'
        f"{lines}</g>\n</svg>\n"
    )


def png(
    label: Label, level: Level = "M", *, module_pixels: int = _MODULE_PIXELS, dpi: int = _DPI
) -> bytes:
    """Draw a label as a PNG image of one bit a pixel that says its `dpi`.

    Each module is `module_pixels` wide, so a printer of that resolution draws it unscaled. Raises
    QrTextError, ModulePixelsError.
    """
    if not 1 <= module_pixels <= 100:
        raise ModulePixelsError(module_pixels)
    code = _pixels(qr_matrix(label.text, level), module_pixels)
    width = len(code)
    size = _text_size(width // module_pixels, label.lines) * module_pixels
    height = width + round(len(label.lines) * LINE_HEIGHT * size)
    image = Image.new("1", (width, height), 1)
    image.paste(Image.fromarray(code), (0, 0))
    draw = ImageDraw.Draw(image)
    longest = max(
        (draw.textlength(line, ImageFont.load_default(size)) for line in label.lines), default=0
    )
    font = ImageFont.load_default(size * min(1, width / max(longest, 1)))
    for number, line in enumerate(label.lines):
        middle = (width / 2, width + (number + 0.5) * LINE_HEIGHT * size)
        draw.text(middle, line, fill=0, font=font, anchor="mm")
    stream = io.BytesIO()
    image.save(stream, "PNG", dpi=(dpi, dpi))
    return stream.getvalue()


def _pixels(matrix: Matrix, module_pixels: int) -> Matrix:
    light = ~np.pad(matrix, QUIET_ZONE)
    return light.repeat(module_pixels, axis=0).repeat(module_pixels, axis=1)


def _text_size(width: float, lines: Sequence[str]) -> float:
    """Return the size of the text, smaller where the longest line would be wider than the code."""
    longest = max(map(len, lines), default=1)
    return min(_TEXT_SIZE, width / (CHARACTER_WIDTH * longest))
