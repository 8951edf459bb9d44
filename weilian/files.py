"""Writing files so that a crash leaves either the old content or the new, never a part."""

import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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
    write_stream(path, [data], mode=mode, replace=replace)


def write_stream(
    path: Path, chunks: Iterable[bytes], *, mode: int = 0o644, replace: bool = True
) -> None:
    """Write what is too large for one piece, as `write_atomic` does."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.writelines(chunks)
            stream.flush()
            os.fsync(stream.fileno())
        if replace:
            temporary.replace(path)
        else:
            _link_new(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _link_new(temporary: Path, path: Path) -> None:
    # NOTE: link() fails where the name exists; a check before a rename would leave a gap.
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise ExistingFileError(path) from error


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked_folder(folder: Path, refusal: WeilianError) -> Iterator[None]:
    """Hold a folder against other processes; raise `refusal` if another holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise refusal from error
    try:
        yield
    finally:
        os.close(descriptor)
