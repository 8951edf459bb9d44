import stat

import pytest

from weilian.files import write_atomic


def test_write_atomic__existing_file__is_replaced_with_mode(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")

    write_atomic(path, b"new", mode=0o600)

    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_write_atomic__disk_fails__old_content_stays(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_text("old")

    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("weilian.files.os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(path, b"new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
