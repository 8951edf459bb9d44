import errno
import os
import pickle
import re
import stat

import pytest

from weilian.errors import WeilianError
from weilian.files import (
    ExistingFileError,
    FileWriteError,
    create_folder,
    locked_folder,
    write_atomic,
    write_stream,
)


@pytest.fixture
def umask():
    """Return a setter of the process's umask, which is put back afterwards."""
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


@pytest.fixture
def no_links(monkeypatch):
    """Be on a file system without hard links."""

    def link(_source, _target):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("weilian.files.os.link", link)


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_write_atomic__existing_file__is_replaced_with_mode(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")

    write_atomic(path, b"new", mode=0o600)

    assert path.read_bytes() == b"new"
    assert mode_of(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_write_atomic__disk_fails__old_content_stays_and_the_file_is_named(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_text("old")

    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("weilian.files.os.fsync", fail)
    with pytest.raises(FileWriteError, match=f"^cannot write {path}: No space left on device; "):
        write_atomic(path, b"new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize(
    ("name", "reason"),
    [("none/a", "No such file"), ("file/a", "Not a directory"), ("x" * 255, "File name too long")],
)
def test_write_atomic__no_place_for_it__names_target_and_reason(tmp_path, replace, name, reason):
    (tmp_path / "file").touch()

    with pytest.raises(FileWriteError) as raised:
        write_atomic(tmp_path / name, b"new", replace=replace)

    assert str(raised.value).startswith(f"cannot write {tmp_path / name}: {reason}")
    assert isinstance(raised.value, WeilianError)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_write_atomic__folder_in_its_place__is_one_sentence(tmp_path):
    with pytest.raises(FileWriteError, match="Is a directory"):
        write_atomic(tmp_path, b"new")

    assert not list(tmp_path.iterdir())
    assert not list(tmp_path.parent.glob(f".{tmp_path.name}.*"))


def test_write_stream__source_refuses__raises_what_the_source_says(tmp_path):
    def chunks():
        yield b"begun"
        raise ExistingFileError(tmp_path / "other")

    with pytest.raises(ExistingFileError, match="other exists already"):
        write_stream(tmp_path / "a", chunks())

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("mask", "mode", "expected"),
    [(0o077, 0o644, 0o600), (0o027, 0o644, 0o640), (0o022, 0o644, 0o644), (0, 0o600, 0o600)],
)
def test_write_atomic__umask__is_kept(tmp_path, umask, mask, mode, expected):
    umask(mask)

    write_atomic(tmp_path / "a", b"new", mode=mode)

    assert mode_of(tmp_path / "a") == expected


def test_file_write_error__pickled__comes_back_the_same(tmp_path):
    error = FileWriteError(tmp_path, "No space left on device")

    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # its own bytes

    assert (type(again), str(again)) == (FileWriteError, str(error))


def test_write_atomic__no_replacing__leaves_the_old_file(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")

    with pytest.raises(ExistingFileError, match=f"{path} exists already"):
        write_atomic(path, b"new", replace=False)

    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a": "old"}


def test_write_atomic__no_hard_links__writes_a_new_file(tmp_path, no_links):
    write_atomic(tmp_path / "a", b"new", mode=0o600, replace=False)

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"new"}
    assert mode_of(tmp_path / "a") == 0o600


def test_write_atomic__no_hard_links_and_no_replacing__leaves_the_old_file(tmp_path, no_links):
    (tmp_path / "a").write_text("old")

    with pytest.raises(ExistingFileError, match="exists already"):
        write_atomic(tmp_path / "a", b"new", replace=False)

    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a": "old"}


def test_write_atomic__no_hard_links_and_a_failing_rename__leaves_nothing(
    tmp_path, no_links, monkeypatch
):
    def fail(_source, _target):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("weilian.files.Path.replace", fail)
    with pytest.raises(FileWriteError, match="Input/output error"):
        write_atomic(tmp_path / "a", b"new", replace=False)

    assert not list(tmp_path.iterdir())


def test_create_folder__parent_is_a_file__names_the_folder(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(FileWriteError, match=re.escape(f"{tmp_path / 'file' / 'a'}: Not a dir")):
        create_folder(tmp_path / "file" / "a")


@pytest.mark.parametrize(("name", "reason"), [("none", "No such file"), ("file", "Not a dir")])
def test_locked_folder__no_folder__is_named(tmp_path, name, reason):
    (tmp_path / "file").touch()

    with (
        pytest.raises(FileWriteError, match=f"cannot write {tmp_path / name}: {reason}"),
        locked_folder(tmp_path / name, WeilianError("held")),
    ):
        pytest.fail("it was held")


def test_locked_folder__no_locks_there__is_named(tmp_path, monkeypatch):
    def fail(_descriptor, _operation):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("weilian.files.fcntl.flock", fail)
    with (
        pytest.raises(FileWriteError, match="No locks available"),
        locked_folder(tmp_path, WeilianError("held")),
    ):
        pytest.fail("it was held")


def test_locked_folder__held_already__refuses_until_it_is_free(tmp_path):
    with (
        locked_folder(tmp_path, WeilianError("first")),
        pytest.raises(WeilianError, match="second"),
        locked_folder(tmp_path, WeilianError("second")),
    ):
        pytest.fail("it was held twice")

    with locked_folder(tmp_path, WeilianError("third")):
        assert os.access(tmp_path, os.R_OK)


def test_locked_folder__error_inside__passes_unchanged(tmp_path):
    with pytest.raises(OSError, match=r"^inside$"), locked_folder(tmp_path, WeilianError("held")):
        raise OSError("inside")
