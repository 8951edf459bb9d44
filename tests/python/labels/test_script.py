import json
import re

import pypdfium2
import pytest
from click.testing import CliRunner
from pyrage import decrypt, x25519

from scripts.labels import cli
from tests.python.labels.reading import GTIN, LOT, read_pdf
from weilian.batch_folder import BatchPlace, write_batch_folder
from weilian.batchfile import BatchFile
from weilian.keys import BrandSeed
from weilian.labels import read_layout
from weilian.sealed import read_sealed
from weilian.serials import SerialRule

PASSPHRASE = "four words of tea"
COUNT = 60
LAYOUT = read_layout("a4-50")


@pytest.fixture(scope="module")
def brand(tmp_path_factory):
    folder = tmp_path_factory.mktemp("brand")
    seed = BrandSeed.generate()
    seed.save(folder / "seed.age", PASSPHRASE)
    items = BatchFile(GTIN, LOT, None, None, SerialRule(COUNT))
    place = BatchPlace(31337, "0x" + "11" * 20, "0x" + "22" * 20)
    return folder / "seed.age", write_batch_folder(folder, items, place, seed), seed


@pytest.fixture
def run(brand, tmp_path):
    def call(*options, ends=0):
        runner = CliRunner(mix_stderr=False, env={"WEILIAN_PASSPHRASE": PASSPHRASE})
        words = [str(brand[1].path), "--json", "--out", str(tmp_path / "out"), *options]
        words += ["--seed", str(brand[0]), "--workers", "1"]
        result = runner.invoke(cli, words)
        assert result.exit_code == ends, result.stderr
        return result.stderr if ends else json.loads(result.stdout)

    return call


def hidden_links(brand):
    _, batch, seed = brand
    codes = batch.codes(batch.secret(seed))
    return [link.with_code(code) for link, code in zip(batch.links(), codes, strict=True)]


def test_labels__outer_sheets__hold_the_links_in_order(brand, run, tmp_path):
    document = run()

    data = (tmp_path / "out" / "sheets-00001.pdf").read_bytes()
    assert read_pdf(data, LAYOUT) == [str(link) for link in brand[1].links()]
    assert document["labels"] == COUNT
    assert document["sheets"] == len(pypdfium2.PdfDocument(data)) == 2
    assert document["moduleMm"] >= 0.396
    assert document["files"] == ["sheets-00001.pdf"]


def test_labels__inner_sheets__open_with_the_passphrase(brand, run, tmp_path):
    run("--kind", "inner")

    data = read_sealed(tmp_path / "out" / "sheets-00001.pdf.age", PASSPHRASE)
    assert read_pdf(data, LAYOUT) == hidden_links(brand)


def test_labels__inner_sheets_for_a_printer__open_with_its_key(brand, run, tmp_path):
    printer = x25519.Identity.generate()

    run("--kind", "inner", "--recipient", str(printer.to_public()), "--items", "50-52")

    data = decrypt((tmp_path / "out" / "sheets-00001.pdf.age").read_bytes(), [printer])
    assert read_pdf(data, LAYOUT) == hidden_links(brand)[50:53]


@pytest.mark.parametrize("form", ["svg", "png"])
def test_labels__images__are_written_zipped(run, form, tmp_path):
    document = run("--format", form, "--items", "7")

    assert document["files"] == [f"labels-00001.{form}.zip"]
    assert "layout" not in document


def test_labels__small_modules__are_drawn_where_they_are_asked_for(brand, run, tmp_path):
    document = run("--layout", "14x20@A4", "--allow-small", "--cut-marks")

    data = (tmp_path / "out" / "sheets-00001.pdf").read_bytes()
    assert read_pdf(data, read_layout("14x20@A4")) == [str(link) for link in brand[1].links()]
    assert document["moduleMm"] < 0.396


@pytest.mark.parametrize("kind", ["outer", "inner"])
def test_labels__dry_run__writes_nothing(run, kind, tmp_path):
    document = run("--kind", kind, "--dry-run")

    assert not document["written"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--items", "9-60"], "items 9-60: the batch has the items 0-59"),
        (["--items", "9-8"], "items 9-8: the batch has the items 0-59"),
        (["--items", "a"], "'a' names no items; write FIRST-LAST, such as 0-999"),
        (["--layout", "5x10@B5"], "no page is called 'B5'"),
        (["--layout", "14x20@A4"], "label of item 0: on layout 14x20@A4 a module is"),
        (["--recipient", "age1x"], "'age1x' is no age recipient"),
    ],
)
def test_labels__bad_option__is_refused_in_one_sentence(run, options, sentence, tmp_path):
    told = run(*options, ends=1 if options[1] in ("9-60", "9-8", "14x20@A4") else 2)

    assert sentence in re.sub(r"\s+", " ", told)
    assert not list(tmp_path.iterdir())
