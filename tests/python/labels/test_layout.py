import pytest

from weilian.labels import SheetLayout, read_layout
from weilian.labels.layout import (
    PAGES,
    PRESETS,
    LabelSpaceError,
    LayoutError,
    SmallModuleError,
)

LINES = ("(01)09521234001010", "(10)WYYC-20260418-A", "(21)K7Q2M9X4T7P1ZQ08")


@pytest.mark.parametrize("layout", PRESETS.values(), ids=PRESETS)
def test_corner__each_place__is_inside_the_page_and_centred(layout):
    left, top = layout.corner(0)
    x, y = layout.corner(layout.per_sheet - 1)

    assert left >= 0
    assert top >= 0
    assert x + layout.label[0] == pytest.approx(layout.page[0] - left)
    assert y + layout.label[1] == pytest.approx(layout.page[1] - top)


@pytest.mark.parametrize(
    ("name", "count"), [("a4-24", 24), ("a4-50", 50), ("a4-65", 65), ("a4-650-proof", 650)]
)
def test_read_layout__preset__has_its_labels(name, count):
    assert read_layout(name).per_sheet == count


@pytest.mark.parametrize("page", PAGES)
def test_read_layout__grid__fills_the_page_within_5_mm(page):
    layout = read_layout(f"4x7@{page}")

    assert layout.margins == pytest.approx((5, 5))
    assert layout.per_sheet == 28


@pytest.mark.parametrize("modules", [33, 37, 41])
def test_placement__presets_but_the_proof__keep_the_least_module(modules):
    for layout in (PRESETS["a4-24"], PRESETS["a4-50"], PRESETS["a4-65"]):
        code = layout.placement(0, modules, LINES).code

        assert code / (modules + 8) >= 0.396


@pytest.mark.parametrize("layout", PRESETS.values(), ids=PRESETS)
@pytest.mark.parametrize("lines", [(), LINES, (*LINES, "K7Q2M9X4T7P1Z", "K7Q2M9X4T7P1Z")])
def test_placement__code_and_text__stay_on_the_label_and_apart(layout, lines):
    width = max(map(len, lines), default=0) * 0.6
    try:
        place = layout.placement(0, 37, lines)
    except SmallModuleError:
        pytest.skip("too small for so many lines")

    text_width, text_height = width * place.text_size, len(lines) * 1.2 * place.text_size
    right = place.text_x + (text_width if place.is_beside else text_width / 2)
    assert right <= layout.label[0] + 1e-9
    assert place.text_y + text_height <= layout.label[1] + 1e-9
    assert place.code_x + place.code <= layout.label[0]
    assert place.is_beside or place.text_y >= place.code_y + place.code - 1e-9
    assert not place.is_beside or place.text_x >= place.code_x + place.code - 1e-9


def test_placement__small_module__is_refused_unless_allowed():
    strict = read_layout("20x20@A4")
    proof = SheetLayout("proof", PAGES["A4"], 20, 20, (10, 14), allow_small=True)

    with pytest.raises(SmallModuleError) as refused:
        strict.placement(7, 37, LINES)

    assert str(refused.value) == (
        "label of item 7: on layout 20x20@A4 a module is 0.200 mm wide, GS1 asks for 0.396 mm; "
        "take fewer labels a sheet or a shorter domain, or allow small modules for a proof"
    )
    assert proof.placement(7, 37, LINES).code == pytest.approx(9)


def test_placement__text_wider_than_the_label__is_refused():
    layout = SheetLayout("narrow", PAGES["A4"], 1, 1, (6, 6), allow_small=True)

    with pytest.raises(LabelSpaceError, match="label of item 3: its text does not fit"):
        layout.placement(3, 37, ("9" * 40,) * 9)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "must be one of a4-24, a4-50, a4-65, a4-650-proof, or look like '5x10@A4'"),
        ("5x0@A4", "must be one of a4-24, a4-50, a4-65, a4-650-proof, or look like '5x10@A4'"),
        ("5x10@B5", "no page is called 'B5'; take one of A4, A3, SRA3, Letter"),
        ("50x10@A4", "a label of 4.0 x 28.7 mm is too small; each side must be 5 mm at least"),
    ],
)
def test_read_layout__bad_text__is_refused_in_one_sentence(text, rule):
    with pytest.raises(LayoutError) as refused:
        read_layout(text)

    assert str(refused.value) == f"layout {text!r}: {rule}"


def test_sheet_layout__larger_than_the_page__is_refused():
    with pytest.raises(LayoutError, match="the labels are larger than the page; take fewer"):
        SheetLayout("wide", PAGES["A4"], 3, 8, (71, 37))


def test_sheet_layout__no_columns__is_refused():
    with pytest.raises(LayoutError, match="0 columns and 8 rows; one at least"):
        SheetLayout("none", PAGES["A4"], 0, 8, (70, 37))
