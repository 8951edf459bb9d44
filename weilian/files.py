"""Writing files so that a crash leaves either the old content or the new, never a part."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from weilian.errors import WeilianError

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
"""What link() says on a file system without hard links, such as FAT."""


class ExistingFileError(WeilianError, FileExistsError):
    """The file is there already and must not be replaced."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists already; choose another name or move the old file away")


class FileWriteError(WeilianError, OSError):
    """A file or folder that cannot be written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"cannot write {path}: {reason}; choose another place, or make this one writable with "
            "room left"
        )


def write_atomic(path: Path, data: bytes, *, mode: int = 0o644, replace: bool = True) -> None:
    """Write `data` to `path` through a temporary file, fsync and rename.

    The file has `mode` less the umask before the content is written, so a private one is never
    readable by others. Raises ExistingFileError where `replace` is False and the file exists, and
    FileWriteError.
    """
    write_stream(path, [data], mode=mode, replace=replace)


def write_stream(
    path: Path, chunks: Iterable[bytes], *, mode: int = 0o644, replace: bool = True
) -> None:
    """Write what is too large for one piece, as `write_atomic` does."""
    temporary = path.parent / f".{path.name}.{token_hex(8)}"
    with writing_to(path):
        descriptor = os.open(temporary, _NEW_FILE, mode)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.writelines(chunks)
                stream.flush()
                os.fsync(stream.fileno())
            if replace:
                temporary.replace(path)
            else:
                _move_to_new(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Turn what the system refuses inside into a FileWriteError that names `path`."""
    try:
        yield
    except OSError as error:
        if isinstance(error, WeilianError):
            raise
        raise FileWriteError(path, error.strerror or str(error)) from error


def _move_to_new(temporary: Path, path: Path) -> None:
    # NOTE: link() fails where the name exists; a check before a rename would leave a gap.
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise ExistingFileError(path) from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _take_name(temporary, path)


def _take_name(temporary: Path, path: Path) -> None:
    """Hold the name with an empty file that only this call can have made, then replace that."""
    try:
        os.close(os.open(path, _NEW_FILE, 0o600))
    except FileExistsError as error:
        raise ExistingFileError(path) from error
    try:
        temporary.replace(path)
    except BaseException:
        path.unlink()
        raise


def create_folder(path: Path) -> None:
    """Create a folder and those above it where they are missing; raises FileWriteError."""
    with writing_to(path):
        path.mkdir(parents=True, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked_folder(folder: Path, refusal: WeilianError) -> Iterator[None]:
    """Hold a folder against other processes; raise `refusal` if another holds it.

    Raises FileWriteError for a folder that is not there or cannot be held.
    """
    with writing_to(folder):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(descriptor, folder, refusal)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path, refusal: WeilianError) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise refusal from error
    except OSError as error:
        raise FileWriteError(folder, error.strerror or str(error)) from error


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
