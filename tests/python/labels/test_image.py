import io
import re
import zipfile
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from tests.python.labels.reading import inner_labels, link_of, outer_labels, read_png
from weilian.labels import outer_label
from weilian.labels.archive import image_archive
from weilian.labels.codes import qr_matrix
from weilian.labels.image import ModulePixelsError, png, svg

SVG = "{http://www.w3.org/2000/svg}"
LABEL = outer_labels(1)[0]


def drawn(document):
    """Paint the runs of the code's path into a matrix, without the quiet zone."""
    root = ET.fromstring(document)  # noqa: S314 -- our own text
    side = int(root.get("viewBox").split()[2])
    dark = np.zeros((side, side), bool)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", list(root)[1].get("d")):
        dark[int(y), int(x) : int(x) + int(length)] = True
    return dark


@pytest.mark.parametrize("label", [LABEL, inner_labels(1)[0]], ids=["outer", "inner"])
def test_svg__label__draws_the_code_with_its_quiet_zone(label):
    dark = drawn(svg(label))

    assert np.array_equal(dark[4:-4, 4:-4], qr_matrix(label.text))
    assert dark.sum() == qr_matrix(label.text).sum()


def test_svg__markup_in_the_serial__is_text():
    label = outer_label(0, link_of("A<&>1"))

    texts = ET.fromstring(svg(label)).iter(f"{SVG}text")  # noqa: S314 -- our own text

    assert [text.text for text in texts] == list(label.lines)


@pytest.mark.parametrize("label", [LABEL, inner_labels(1)[0]], ids=["outer", "inner"])
def test_png__label__reads_back(label):
    assert read_png(png(label)) == [label.text]


def test_png__image__has_one_bit_and_its_resolution():
    image = Image.open(io.BytesIO(png(LABEL, module_pixels=6, dpi=300)))

    assert image.mode == "1"
    assert image.width == (len(qr_matrix(LABEL.text)) + 8) * 6
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)


def test_png__wide_line__is_shrunk_to_the_image():
    label = outer_label(0, link_of("W" * 20))

    pixels = np.array(Image.open(io.BytesIO(png(label))))

    assert pixels[:, 0].all()
    assert pixels[:, -1].all()


@pytest.mark.parametrize("pixels", [0, -3, 101])
def test_png__module_that_cannot_be__is_refused(pixels):
    with pytest.raises(ModulePixelsError, match=f"a module of {pixels} pixels cannot be drawn"):
        png(LABEL, module_pixels=pixels)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_image_archive__labels__are_files_by_index_and_the_same_again(kind):
    labels = outer_labels(5)[2:]

    data = image_archive(labels, kind)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == [f"0000000{index}.{kind}" for index in (2, 3, 4)]
        assert archive.testzip() is None
        content = {"svg": svg(labels[1]).encode(), "png": png(labels[1])}
        assert archive.read(archive.namelist()[1]) == content[kind]
    assert image_archive(labels, kind) == data
