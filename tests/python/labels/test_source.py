import pytest

from tests.python.labels.reading import GTIN, LOT
from weilian.batch_folder import BatchOptions, BatchPlace, write_batch_folder
from weilian.batchfile import BatchFile
from weilian.keys import BrandSeed
from weilian.labels import OutputOptions, read_layout, write_sheets
from weilian.labels.codes import qr_matrix
from weilian.labels.layout import SmallModuleError
from weilian.labels.source import ItemRangeError, inner_run, largest_labels, outer_run
from weilian.serials import Serials

LONG, WIDE, COUNT = 150, 70_000, 70_200
SEED = BrandSeed.generate()
LAYOUTS = {"outer": "8x13@A4", "inner": "7x12@A4"}
"""On which all labels but the widest can be printed."""


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """Return a batch of short serials but two: one of the most characters, one of the most bits."""
    names = [f"{number:06d}" for number in range(COUNT)]
    names[LONG], names[WIDE] = "1" * 20, "%/" * 8
    items = BatchFile(GTIN, LOT, None, None, Serials.of(names))
    place = BatchPlace(31337, "0x" + "11" * 20, "0x" + "22" * 20)
    folder, options = tmp_path_factory.mktemp("brand"), BatchOptions(domain="tea.example.com")
    return write_batch_folder(folder, items, place, SEED, options=options)


def test_largest_labels__two_large_ones__are_found_besides_the_first(batch):
    found = largest_labels(batch, "outer")

    assert [label.index for label in found] == [0, LONG, WIDE]
    assert found == tuple(label for label in outer_run(batch).labels if label in found)


def test_largest_labels__of_a_range__looks_at_no_other(batch):
    found = largest_labels(batch, "outer", 10, 149)

    assert [label.index for label in found] == [10]


def test_largest_labels__hidden__are_as_large_as_the_real_ones_and_hold_no_code(batch):
    found = largest_labels(batch, "inner", LONG, LONG)

    (real,) = inner_run(batch, SEED, LONG, LONG).labels
    (sample,) = found
    assert len(qr_matrix(sample.text)) == len(qr_matrix(real.text))
    assert [len(line) for line in sample.lines] == [len(line) for line in real.lines]
    assert sample.text.partition("#")[2] == "Z" * batch.record.code_length


def test_largest_labels__no_such_items__raises(batch):
    with pytest.raises(ItemRangeError, match=f"the batch has the items 0-{COUNT - 1}"):
        largest_labels(batch, "outer", 0, COUNT)


@pytest.mark.parametrize("kind", ["outer", "inner"])
def test_write_sheets__one_serial_too_large_deep_inside__is_refused_at_once(batch, tmp_path, kind):
    run = outer_run(batch) if kind == "outer" else inner_run(batch, SEED)
    options = OutputOptions(passphrase="oolong", workers=1)

    with pytest.raises(SmallModuleError, match=f"label of item {WIDE}: on layout"):
        write_sheets(tmp_path / "sheets", run, read_layout(LAYOUTS[kind]), options)

    assert not list(tmp_path.iterdir())
