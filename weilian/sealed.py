"""Files encrypted in the age format (age-encryption.org/v1): with a passphrase, or to recipients.

Such files also open with the `age` and `rage` command lines: `age -d FILE`, and for what was sealed
to recipients `age -d -i KEYFILE FILE`.
"""

from collections.abc import Iterable
from pathlib import Path

from pyrage import DecryptError, IdentityError, RecipientError, decrypt, encrypt, passphrase, x25519

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


class RecipientKeyError(WeilianError, ValueError):
    """A text that is no age recipient."""

    def __init__(self, value: str) -> None:
        # NOTE: a secret key given by mistake must not be repeated.
        shown = "a secret key" if "AGE-SECRET-KEY" in value.upper() else f"{value!r:.80}"
        super().__init__(
            f"{shown} is no age recipient; give the public key 'age1...' that age-keygen prints"
        )


class NoRecipientError(WeilianError, ValueError):
    """A list of recipients with nobody in it."""

    def __init__(self) -> None:
        super().__init__("nobody could open what is sealed to no recipient; name one at least")


class IdentityKeyError(WeilianError, ValueError):
    """A text that is no age secret key; it is never repeated."""

    def __init__(self) -> None:
        super().__init__(
            "the secret key given is no age identity; give the line 'AGE-SECRET-KEY-1...' that "
            "age-keygen writes, and nothing else"
        )


def write_sealed(path: Path, data: bytes, secret: str, *, replace: bool = True) -> None:
    """Encrypt `data` with the passphrase `secret` and write it to `path` with mode 0600.

    The plain bytes never reach the disk. Raises SealError for an empty passphrase or one that is no
    text, FileWriteError, and ExistingFileError where `replace` is False and the file exists.
    """
    if not secret:
        raise SealError(path, "the passphrase is empty; choose at least one word")
    _check_passphrase(path, secret)
    write_atomic(path, passphrase.encrypt(data, secret), mode=0o600, replace=replace)


def read_sealed(path: Path, secret: str) -> bytes:
    """Read and decrypt a file written by `write_sealed` or by `age --passphrase`.

    Raises SealedFileError, and SealError for another passphrase or a damaged file.
    """
    data = _read_age(path)
    _check_passphrase(path, secret)
    try:
        return bytes(passphrase.decrypt(data, secret))
    except DecryptError as error:
        raise SealError(path, _decryption_rule(error)) from error


def seal_to(data: bytes, recipients: Iterable[str]) -> bytes:
    """Encrypt `data` so that each of the recipients `age1...` can read it, and nobody else.

    Raises RecipientKeyError and NoRecipientError.
    """
    keys = [_recipient(text) for text in recipients]
    if not keys:
        raise NoRecipientError
    return bytes(encrypt(data, keys))


def check_recipient(text: str) -> str:
    """Return `text` if it is an age recipient; raise RecipientKeyError."""
    return str(_recipient(text))


def recipient_of(identity: str) -> str:
    """Return the public half `age1...` of a secret key; raises IdentityKeyError."""
    return str(_identity(identity).to_public())


def open_sealed(path: Path, identity: str) -> bytes:
    """Read and decrypt a file that was sealed to the recipient of a secret key.

    Raises SealedFileError, SealError and IdentityKeyError.
    """
    key = _identity(identity)
    data = _read_age(path)
    try:
        return bytes(decrypt(data, [key]))
    except DecryptError as error:
        raise SealError(path, f"cannot be opened with this key ({_sentence(error)})") from error


def _recipient(text: str) -> x25519.Recipient:
    if not _is_text(text):
        raise RecipientKeyError(text)
    try:
        return x25519.Recipient.from_str(text)
    except RecipientError as error:
        raise RecipientKeyError(text) from error


def _identity(text: str) -> x25519.Identity:
    if not _is_text(text):
        raise IdentityKeyError
    try:
        return x25519.Identity.from_str(text)
    except IdentityError as error:
        raise IdentityKeyError from error


def _check_passphrase(path: Path, secret: str) -> None:
    if not _is_text(secret):
        rule = (
            "the passphrase holds bytes that are no UTF-8 text; type it again in a UTF-8 terminal"
        )
        raise SealError(path, rule)


def _is_text(value: str) -> bool:
    # NOTE: encoding it to find out would keep a secret in the UnicodeEncodeError.
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _read_age(path: Path) -> bytes:
    data = _read(path)
    if not data.startswith(_MAGIC):
        raise SealError(path, "not an age file; it should begin with 'age-encryption.org/v1'")
    return data


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SealedFileError(path, "there is no such file") from error
    except OSError as error:
        raise SealedFileError(path, error.strerror or str(error)) from error


def _decryption_rule(error: DecryptError) -> str:
    if "Decryption failed" in str(error):
        return "wrong passphrase"
    return f"cannot be decrypted with a passphrase ({_sentence(error)})"


def _sentence(error: DecryptError) -> str:
    """Put what the library says into one line without marks of direction."""
    printable = "".join(c if c.isprintable() else " " for c in str(error))
    return " ".join(printable.split()).rstrip(".")
