import pypdfium2
import pytest

from tests.python.labels.reading import inner_labels, lines_of, link_of, outer_labels, read_pdf
from weilian.labels import SheetLayout, outer_label
from weilian.labels.layout import PAGES, PRESETS
from weilian.labels.sheet import pdf_sheets

MAKERS = {"outer": outer_labels, "inner": inner_labels}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("layout", PRESETS.values(), ids=PRESETS)
def test_pdf_sheets__full_sheet__every_code_reads_back_in_its_place(kind, layout):
    labels = MAKERS[kind](layout.per_sheet)

    data = pdf_sheets(labels, layout)

    assert read_pdf(data, layout) == [label.text for label in labels]


def test_pdf_sheets__one_label_more_than_a_sheet__takes_a_second_sheet():
    layout = PRESETS["a4-24"]
    labels = outer_labels(25)

    data = pdf_sheets(labels, layout)

    assert len(pypdfium2.PdfDocument(data)) == 2
    assert read_pdf(data, layout) == [label.text for label in labels]


def test_pdf_sheets__readable_lines__are_the_elements_of_the_link():
    labels = [outer_label(0, link_of("A-(')%/\"_<&>1"))]

    found = lines_of(pdf_sheets(labels, PRESETS["a4-50"]))

    assert found == list(labels[0].lines)


def test_pdf_sheets__hidden_label__shows_the_code_in_two_lines():
    labels = inner_labels(1)
    code = labels[0].text.partition("#")[2]

    found = lines_of(pdf_sheets(labels, PRESETS["a4-50"]))

    assert found == [*labels[0].lines[:3], code[:13], code[13:]]


def test_pdf_sheets__same_labels__give_the_same_bytes():
    first, second = (pdf_sheets(outer_labels(30), PRESETS["a4-24"]) for _ in range(2))

    assert first == second
    assert b"Date" not in first
    assert b"/ID" not in first


def test_pdf_sheets__page__has_the_size_of_the_paper():
    page = pypdfium2.PdfDocument(pdf_sheets(outer_labels(1), PRESETS["a4-24"]))[0]

    assert page.get_size() == pytest.approx((595.276, 841.89), abs=0.01)


def test_pdf_sheets__cut_marks__stand_in_the_margin_only():
    plain = SheetLayout("plain", PAGES["A4"], 3, 4, (60, 60))
    marked = SheetLayout("marked", PAGES["A4"], 3, 4, (60, 60), cut_marks=True)
    images = [
        pypdfium2.PdfDocument(pdf_sheets(outer_labels(12), layout))[0].render(scale=2).to_pil()
        for layout in (plain, marked)
    ]
    inside = tuple(round(side * 144 / 25.4) for side in (15.5, 29, 194.5, 268))

    assert images[0].tobytes() != images[1].tobytes()
    assert images[0].crop(inside).tobytes() == images[1].crop(inside).tobytes()
