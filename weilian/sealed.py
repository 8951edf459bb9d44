"""Files encrypted with a passphrase in the age format (age-encryption.org/v1).

Such a file also opens with the `age` and `rage` command lines.
"""

from pathlib import Path

from pyrage import DecryptError, passphrase

from weilian.errors import WeilianError
from weilian.files import write_atomic

_MAGIC = b"age-encryption.org/v1\n"


class SealedFileError(WeilianError, OSError):
    """The file is missing or may not be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"cannot read {path}: {reason}")


class SealError(WeilianError, ValueError):
    """The file or the passphrase is not what it should be."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{path}: {rule}")


def write_sealed(path: Path, data: bytes, secret: str, *, replace: bool = True) -> None:
    """Encrypt `data` with the passphrase `secret` and write it to `path` with mode 0600.

    The plain bytes never reach the disk. Raises SealError for an empty passphrase, and
    ExistingFileError where `replace` is False and the file exists.
    """
    if not secret:
        raise SealError(path, "the passphrase is empty; choose at least one word")
    write_atomic(path, passphrase.encrypt(data, secret), mode=0o600, replace=replace)


def read_sealed(path: Path, secret: str) -> bytes:
    """Read and decrypt a file written by `write_sealed` or by `age --passphrase`."""
    data = _read(path)
    if not data.startswith(_MAGIC):
        raise SealError(path, "not an age file; it should begin with 'age-encryption.org/v1'")
    try:
        return bytes(passphrase.decrypt(data, secret))
    except DecryptError as error:
        raise SealError(path, _decryption_rule(str(error))) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SealedFileError(path, "there is no such file") from error
    except OSError as error:
        raise SealedFileError(path, error.strerror or str(error)) from error


def _decryption_rule(reason: str) -> str:
    if "Decryption failed" in reason:
        return "wrong passphrase"
    return f"cannot be decrypted with a passphrase ({reason.rstrip('.')})"
