"""One process for each journal."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weilian.files import writing_to
from weilian.sending.errors import JournalBusyError

_PRIVATE = 0o600
_MAX_DIGITS = 20


@contextmanager
def only_process(journal: Path) -> Iterator[None]:
    """Hold a journal against other processes; the lock goes with the process, however it ends.

    Raises JournalBusyError, which names the other process, and FileWriteError.
    """
    path = journal.with_name(f"{journal.name}.lock")
    with writing_to(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    try:
        _hold(descriptor, journal, path)
        yield
    finally:
        os.close(descriptor)


def _hold(descriptor: int, journal: Path, path: Path) -> None:
    with writing_to(path):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, _MAX_DIGITS, 0).decode("ascii", "replace")
            raise JournalBusyError(journal, holder or "(unknown)") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
