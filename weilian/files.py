"""Writing files so that a crash leaves either the old content or the new, never a part."""

import os
import tempfile
from pathlib import Path

from weilian.errors import WeilianError


class ExistingFileError(WeilianError, FileExistsError):
    """The file is there already and must not be replaced."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists already; choose another name or move the old file away")


def write_atomic(path: Path, data: bytes, *, mode: int = 0o644, replace: bool = True) -> None:
    """Write `data` to `path` through a temporary file, fsync and rename.

    `mode` is set before the content is written, so a private file is never readable by others.
    Raises ExistingFileError where `replace` is False and the file exists.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if replace:
            temporary.replace(path)
        else:
            _link_new(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _link_new(temporary: Path, path: Path) -> None:
    # NOTE: link() fails where the name exists; a check before a rename would leave a gap.
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise ExistingFileError(path) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
