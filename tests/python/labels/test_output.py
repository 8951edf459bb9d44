import io
import logging
import re
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from pyrage import decrypt, x25519

from tests.python.labels import writing
from tests.python.labels.reading import (
    codes_of,
    inner_labels,
    link_of,
    outer_labels,
    read_pdf,
    read_png,
)
from weilian.files import FileWriteError, locked_folder
from weilian.labels import (
    LabelRun,
    OutputOptions,
    outer_label,
    read_layout,
    write_images,
    write_sheets,
)
from weilian.labels.errors import LabelError
from weilian.labels.layout import SmallModuleError
from weilian.labels.output import (
    LabelCountError,
    LabelOptionError,
    LabelsRunningError,
    OtherLabelsError,
    OtherPassphraseError,
    UnsealedLabelsError,
)
from weilian.sealed import RecipientKeyError, read_sealed

LAYOUT = read_layout("a4-24")
PRINTER = x25519.Identity.generate()
SEALED = OutputOptions((str(PRINTER.to_public()),), workers=2, per_file=1)
PLAIN = OutputOptions(workers=1, per_file=1)
ROOT = Path(__file__).parents[3]


def outer(count, name="tea"):
    return LabelRun(outer_labels(count), count, name, is_secret=False)


def inner(count, name="tea"):
    return LabelRun(inner_labels(count), count, name, is_secret=True)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def plain_of(data):
    """Everything that can be read in a file: its bytes, and what its PDF streams unpack to."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL)
    return data + b"".join(zlib.decompress(stream) for stream in streams)


@pytest.mark.parametrize("workers", [1, 2])
def test_write_sheets__three_files__read_back_in_order(tmp_path, workers):
    run, calls = outer(60), []
    options = OutputOptions(workers=workers, per_file=1, progress=lambda *at: calls.append(at))

    paths = write_sheets(tmp_path / "sheets", run, LAYOUT, options)

    assert [path.name for path in paths] == [f"sheets-0000{n}.pdf" for n in (1, 2, 3)]
    found = [text for path in paths for text in read_pdf(path.read_bytes(), LAYOUT)]
    assert found == [label.text for label in run.labels]
    assert calls == [(24, 60), (48, 60), (60, 60)]


def test_write_sheets__sealed__opens_for_the_recipient_alone(tmp_path):
    run = inner(30)

    paths = write_sheets(tmp_path, run, LAYOUT, SEALED)

    opened = [decrypt(path.read_bytes(), [PRINTER]) for path in paths]
    found = [text for data in opened for text in read_pdf(data, LAYOUT)]
    assert found == [label.text for label in run.labels]
    assert [path.name for path in paths] == ["sheets-00001.pdf.age", "sheets-00002.pdf.age"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}


def test_write_sheets__passphrase__opens_with_it(tmp_path):
    run = inner(3)

    (path,) = write_sheets(tmp_path, run, LAYOUT, OutputOptions(passphrase="four words of tea"))

    opened = read_sealed(path, "four words of tea")
    assert read_pdf(opened, LAYOUT) == [label.text for label in run.labels]


def test_write_sheets__hidden_labels__leave_no_code_on_disk_or_in_a_log(
    tmp_path, monkeypatch, caplog, capfd
):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    caplog.set_level(logging.DEBUG)
    codes = [part.encode() for code in codes_of(60) for part in (code, code[:13], code[13:])]

    write_sheets(tmp_path / "sheets", inner(60), LAYOUT, SEALED)
    write_images(tmp_path / "images", inner(60), "svg", SEALED)

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    seen = b"".join(plain_of(path.read_bytes()) for path in files)
    seen += caplog.text.encode() + "".join(capfd.readouterr()).encode()
    hexed = seen.lower()
    assert len(files) == 3 + 60 + 2
    assert not [code for code in codes if code in seen or code.hex().encode() in hexed]


def test_plain_of__an_unsealed_sheet__would_show_the_codes(tmp_path):
    run = LabelRun(inner_labels(3), 3, "tea", is_secret=False)

    (path,) = write_sheets(tmp_path, run, LAYOUT, PLAIN)

    assert all(
        code[:13].encode().hex().encode() in plain_of(path.read_bytes()) for code in codes_of(3)
    )


@pytest.mark.parametrize("options", [PLAIN, OutputOptions(passphrase="")])
def test_write_sheets__hidden_labels_without_a_seal__are_refused(tmp_path, options):
    with pytest.raises(UnsealedLabelsError, match="must be sealed; name the age key"):
        write_sheets(tmp_path / "sheets", inner(3), LAYOUT, options)

    assert not list(tmp_path.iterdir())


def test_write_sheets__again__keeps_what_is_there(tmp_path):
    paths = write_sheets(tmp_path, outer(60), LAYOUT, PLAIN)
    before = contents(tmp_path)
    paths[1].unlink()
    times = paths[0].stat().st_mtime_ns

    write_sheets(tmp_path, outer(60), LAYOUT, PLAIN)

    assert contents(tmp_path) == before
    assert paths[0].stat().st_mtime_ns == times


@pytest.mark.parametrize(
    ("run", "layout", "options"),
    [
        (outer(60, "coffee"), LAYOUT, PLAIN),
        (outer(59), LAYOUT, PLAIN),
        (outer(60), read_layout("a4-50"), PLAIN),
        (outer(60), LAYOUT, SEALED),
        (outer(60), LAYOUT, OutputOptions(level="H", per_file=1)),
    ],
    ids=["name", "count", "layout", "recipients", "level"],
)
def test_write_sheets__other_labels_in_the_folder__are_refused(tmp_path, run, layout, options):
    write_sheets(tmp_path, outer(60), LAYOUT, PLAIN)
    before = contents(tmp_path)

    with pytest.raises(OtherLabelsError, match="holds labels of other items"):
        write_sheets(tmp_path, run, layout, options)

    assert contents(tmp_path) == before


@pytest.mark.parametrize("workers", [1, 2])
def test_write_sheets__too_small_a_module__is_refused_and_leaves_room_for_another(
    tmp_path, workers
):
    options = OutputOptions(workers=workers, per_file=1)
    with pytest.raises(SmallModuleError, match="label of item 0: on layout 12x12@A4 a module is"):
        write_sheets(tmp_path, outer(200), read_layout("12x12@A4"), options)

    assert len(write_sheets(tmp_path, outer(48), LAYOUT, options)) == 2


def test_write_sheets__wrong_count__is_refused(tmp_path):
    run = LabelRun(outer_labels(5), 6, "tea", is_secret=False)

    with pytest.raises(LabelCountError, match="5 labels came where 6 were said to come"):
        write_sheets(tmp_path, run, LAYOUT, PLAIN)


@pytest.mark.parametrize("name", ["workers", "per_file"])
def test_output_options__none_at_all__are_refused(name):
    with pytest.raises(LabelOptionError, match=f"{name} is 0; it must be 1 or more"):
        OutputOptions(**{name: 0})


def test_write_sheets__secret_key_as_recipient__is_refused_without_it(tmp_path):
    with pytest.raises(RecipientKeyError, match="a secret key is no age recipient"):
        write_sheets(tmp_path, inner(1), LAYOUT, OutputOptions((str(PRINTER),)))


def test_write_sheets__folder_in_use__is_refused(tmp_path):
    with locked_folder(tmp_path, LabelError()), pytest.raises(LabelsRunningError, match="wait"):
        write_sheets(tmp_path, outer(1), LAYOUT, PLAIN)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_write_images__five_labels__are_zipped_two_by_two(tmp_path, kind):
    paths = write_images(tmp_path, outer(5), kind, OutputOptions(workers=1, per_file=2))

    names = [name for path in paths for name in zipfile.ZipFile(path).namelist()]
    assert [path.name for path in paths] == [f"labels-0000{n}.{kind}.zip" for n in (1, 2, 3)]
    assert names == [f"0000000{n}.{kind}" for n in range(5)]


def test_write_images__sealed_png__reads_back(tmp_path):
    run = inner(2)

    (path,) = write_images(tmp_path, run, "png", OutputOptions(SEALED.recipients))

    with zipfile.ZipFile(io.BytesIO(decrypt(path.read_bytes(), [PRINTER]))) as archive:
        found = [read_png(archive.read(name)) for name in archive.namelist()]
    assert found == [[label.text] for label in run.labels]


@pytest.mark.parametrize("kind", ["outer", "inner"])
def test_write_sheets__killed_in_the_middle__goes_on_with_whole_files(tmp_path, kind):
    folder, count = tmp_path / "sheets", 2_400
    command = [sys.executable, "-m", writing.__name__, str(folder), str(count), kind]
    process = subprocess.Popen(command, cwd=ROOT)
    while len(list(folder.glob("sheets-*"))) < 5:
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    kept = {path: path.read_bytes() for path in folder.glob("sheets-*")}

    paths = writing.main(folder, count, kind)

    assert len(kept) < len(paths) == 50
    assert {path: path.read_bytes() for path in kept} == kept
    assert sorted(folder.iterdir()) == [folder / "labels.json", *paths]
    if kind == "outer":
        writing.main(tmp_path / "whole", count, kind)
        assert contents(folder) == contents(tmp_path / "whole")


def test_write_sheets__one_label_too_large_deep_inside__is_refused_before_a_file(tmp_path):
    labels, large = outer_labels(60), outer_label(50, link_of("%" * 20))
    labels[50] = large
    run = LabelRun(labels, 60, "tea", is_secret=False, largest=(labels[0], large))

    with pytest.raises(SmallModuleError, match="label of item 50: on layout 7x13@A4"):
        write_sheets(tmp_path / "sheets", run, read_layout("7x13@A4"), PLAIN)

    assert not list(tmp_path.iterdir())


def test_write_sheets__what_a_broken_run_left__is_cleared(tmp_path):
    write_sheets(tmp_path, outer(60), LAYOUT, PLAIN)
    whole = contents(tmp_path)
    (tmp_path / ".labels.json.0123").write_text("{")
    (tmp_path / ".sheets-00002.pdf.0123").write_text("%")
    (tmp_path / "sheets-00001.pdf").write_bytes(b"")
    (tmp_path / "sheets-00002.pdf").unlink()
    (tmp_path / "sheets-00002.pdf").symlink_to(tmp_path / "sheets-00003.pdf")

    write_sheets(tmp_path, outer(60), LAYOUT, PLAIN)

    assert contents(tmp_path) == whole
    assert not (tmp_path / "sheets-00002.pdf").is_symlink()


def test_write_sheets__run_without_a_finished_file__leaves_room_for_another(tmp_path):
    run = LabelRun(iter(()), 60, "coffee", is_secret=False)
    with pytest.raises(LabelCountError):
        write_sheets(tmp_path, run, LAYOUT, PLAIN)
    (tmp_path / "sheets-00009.pdf").touch()

    paths = write_sheets(tmp_path, outer(60), LAYOUT, PLAIN)

    assert sorted(tmp_path.iterdir()) == [tmp_path / "labels.json", *paths]


@pytest.mark.parametrize("target", ["file", "file/sheets"])
def test_write_sheets__file_in_the_folders_place__names_the_folder(tmp_path, target):
    (tmp_path / "file").touch()

    with pytest.raises(FileWriteError, match=f"cannot write {tmp_path / target}: "):
        write_sheets(tmp_path / target, outer(1), LAYOUT, PLAIN)


def test_write_sheets__another_passphrase_than_before__is_refused(tmp_path):
    old = OutputOptions(passphrase="oolong", workers=1, per_file=1)
    paths = write_sheets(tmp_path, inner(30), LAYOUT, old)
    paths[1].unlink()
    before = contents(tmp_path)
    new = OutputOptions(passphrase="matcha", workers=1, per_file=1)

    with pytest.raises(OtherPassphraseError, match="wrong passphrase; all files of a run") as told:
        write_sheets(tmp_path, inner(30), LAYOUT, new)

    assert contents(tmp_path) == before
    assert "matcha" not in str(told.value)


def test_write_sheets__same_passphrase_as_before__goes_on(tmp_path):
    options = OutputOptions(passphrase="oolong", workers=1, per_file=1)
    paths = write_sheets(tmp_path, inner(30), LAYOUT, options)
    kept = paths[0].read_bytes()
    paths[1].unlink()

    write_sheets(tmp_path, inner(30), LAYOUT, options)

    opened = [read_pdf(read_sealed(path, "oolong"), LAYOUT) for path in paths]
    assert [text for texts in opened for text in texts] == [one.text for one in inner(30).labels]
    assert paths[0].read_bytes() == kept
