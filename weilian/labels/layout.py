"""How labels stand on a sheet of paper. All lengths are millimetres."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from weilian.labels.codes import QUIET_ZONE
from weilian.labels.errors import LabelError

LEAST_MODULE = 0.396
"""The smallest module of a QR code with a Digital Link (GS1 General Specifications, 5.12.3)."""

PAGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "A4": (210.0, 297.0),
        "A3": (297.0, 420.0),
        "SRA3": (320.0, 450.0),
        "Letter": (215.9, 279.4),
    }
)

CHARACTER_WIDTH = 0.6
"""Of a character of Courier, by its size."""

LINE_HEIGHT = 1.2
_MARGIN = 5.0
_PADDING = 0.5
_TEXT_SIZES = (2.0, 1.8, 1.6, 1.4, 1.2, 1.0, 0.8, 0.7, 0.6)
_GRID = re.compile(r"([1-9]\d{0,2})x([1-9]\d{0,2})@(\w+)", re.ASCII)
_LEAST_LABEL = 5.0


class LayoutError(LabelError):
    """A text or sizes that are no layout."""

    def __init__(self, text: str, rule: str) -> None:
        super().__init__(f"layout {text!r:.60}: {rule}")


class SmallModuleError(LabelError):
    """A code whose modules are too small to print."""

    def __init__(self, index: int, module: float, layout: str) -> None:
        super().__init__(
            f"label of item {index}: on layout {layout} a module is {module:.3f} mm wide, GS1 asks "
            f"for {LEAST_MODULE} mm; take fewer labels a sheet or a shorter domain, or allow "
            "small modules for a proof"
        )


class LabelSpaceError(LabelError):
    """A label whose lines do not fit."""

    def __init__(self, index: int, layout: str) -> None:
        super().__init__(
            f"label of item {index}: its text does not fit on a label of layout {layout}; take "
            "larger labels"
        )


@dataclass(frozen=True, slots=True)
class Placement:
    """Where code and text stand on a label, from its upper left corner.

    `code` is the side of the code with its quiet zone. Lines begin at `text_x` if they stand
    beside the code, else they are centred on it; the first one's upper edge is `text_y`.
    """

    code: float
    code_x: float
    code_y: float
    text_x: float
    text_y: float
    text_size: float
    is_beside: bool


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """Labels in columns and rows, the whole centred on the page.

    `allow_small` accepts modules below GS1's least; `cut_marks` draws the grid's ends in the
    margin. Raises LayoutError where the labels do not fit on the page.
    """

    name: str
    page: tuple[float, float]
    columns: int
    rows: int
    label: tuple[float, float]
    gap: tuple[float, float] = (0.0, 0.0)
    allow_small: bool = False
    cut_marks: bool = False

    def __post_init__(self) -> None:
        if min(self.columns, self.rows) < 1:
            raise LayoutError(
                self.name, f"{self.columns} columns and {self.rows} rows; one at least"
            )
        if min(self.label) < _LEAST_LABEL:
            raise LayoutError(
                self.name,
                f"a label of {self.label[0]:.1f} x {self.label[1]:.1f} mm is too small; each side "
                f"must be {_LEAST_LABEL:g} mm at least",
            )
        if min(self.margins) < 0:
            raise LayoutError(self.name, "the labels are larger than the page; take fewer")

    @property
    def per_sheet(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows

    @property
    def margins(self) -> tuple[float, float]:
        """What stays free at the left and at the top."""
        (width, height), (gap_x, gap_y) = self.label, self.gap
        used_x = self.columns * width + (self.columns - 1) * gap_x
        used_y = self.rows * height + (self.rows - 1) * gap_y
        return round((self.page[0] - used_x) / 2, 6), round((self.page[1] - used_y) / 2, 6)

    def corner(self, place: int) -> tuple[float, float]:
        """Return the upper left corner of a label from the page's; places count by rows from 0."""
        row, column = divmod(place, self.columns)
        left, top = self.margins
        return (
            left + column * (self.label[0] + self.gap[0]),
            top + row * (self.label[1] + self.gap[1]),
        )

    def placement(self, index: int, modules: int, lines: Sequence[str]) -> Placement:
        """Find where a code of `modules` a side and its lines stand on a label.

        The text is as large as the code leaves room for. Raises LabelSpaceError and, unless
        `allow_small`, SmallModuleError, both naming the item `index`.
        """
        across = modules + 2 * QUIET_ZONE
        longest = max(map(len, lines), default=0)
        found = _fitted(self.label, across, len(lines), longest)
        if found is None:
            raise LabelSpaceError(index, self.name)
        module = found.code / across
        if module < LEAST_MODULE and not self.allow_small:
            raise SmallModuleError(index, module, self.name)
        return found


@lru_cache(maxsize=256)
def _fitted(label: tuple[float, float], across: int, lines: int, longest: int) -> Placement | None:
    """Take the largest text beside which the code is large enough, else the largest code."""
    best = None
    for size in _TEXT_SIZES:
        text = (longest * CHARACTER_WIDTH * size, lines * LINE_HEIGHT * size)
        for found in (_below(label, text, size), _beside(label, text, size)):
            if best is None or found.code > best.code:
                best = found
        if best is not None and best.code >= LEAST_MODULE * across:
            return best
    return best if best is not None and best.code > 0 else None


def _below(label: tuple[float, float], text: tuple[float, float], size: float) -> Placement:
    """Put the text below the code, both in the middle of the label."""
    width, height = (side - 2 * _PADDING for side in label)
    code = min(width, height - text[1]) if text[0] <= width else 0.0
    top = (label[1] - code - text[1]) / 2
    left = (label[0] - code) / 2
    return Placement(code, left, top, label[0] / 2, top + code, size, is_beside=False)


def _beside(label: tuple[float, float], text: tuple[float, float], size: float) -> Placement:
    """Put the text to the right of the code, both in the middle of the label."""
    width, height = (side - 2 * _PADDING for side in label)
    code = min(height, width - text[0]) if text[1] <= height else 0.0
    left = (label[0] - code - text[0]) / 2
    tops = (label[1] - code) / 2, (label[1] - text[1]) / 2
    return Placement(code, left, tops[0], left + code, tops[1], size, is_beside=True)


PRESETS: Mapping[str, SheetLayout] = MappingProxyType(
    {
        layout.name: layout
        for layout in (
            SheetLayout("a4-24", PAGES["A4"], 3, 8, (70.0, 37.0)),
            SheetLayout("a4-50", PAGES["A4"], 5, 10, (38.0, 27.0)),
            # The sheet that is sold as L7651, among others.
            SheetLayout("a4-65", PAGES["A4"], 5, 13, (38.1, 21.2), (2.5, 0.0)),
            SheetLayout("a4-650-proof", PAGES["A4"], 25, 26, (8.2, 11.2), allow_small=True),
        )
    }
)


def read_layout(text: str) -> SheetLayout:
    """Read a preset's name or a grid such as '5x10@A4', with margins of 5 mm and no gaps.

    Raises LayoutError.
    """
    if text in PRESETS:
        return PRESETS[text]
    match = _GRID.fullmatch(text)
    if not match:
        raise LayoutError(text, f"must be one of {', '.join(PRESETS)}, or look like '5x10@A4'")
    if match[3] not in PAGES:
        raise LayoutError(text, f"no page is called {match[3]!r}; take one of {', '.join(PAGES)}")
    columns, rows, page = int(match[1]), int(match[2]), PAGES[match[3]]
    label = ((page[0] - 2 * _MARGIN) / columns, (page[1] - 2 * _MARGIN) / rows)
    return SheetLayout(text, page, columns, rows, label)
