"""What scripts take from the command line, checked before anything else happens."""

import os
from pathlib import Path
from typing import Any

import click

from weilian.address import to_address
from weilian.batch_folder import BatchFolder
from weilian.errors import WeilianError
from weilian.gs1 import DigitalLink
from weilian.keys import BrandSeed

PASSPHRASE_VARIABLE = "WEILIAN_PASSPHRASE"  # noqa: S105  # the name of a variable, not a secret


class _Address(click.ParamType):
    name = "address"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        try:
            return to_address(str(value))
        except WeilianError as error:
            self.fail(str(error), param, ctx)


class _Id(click.ParamType):
    name = "id"

    def convert(self, value: Any, param: Any, ctx: Any) -> bytes:
        if isinstance(value, bytes):
            return value
        try:
            data = bytes.fromhex(value.removeprefix("0x"))
        except ValueError:
            data = b""
        if len(data) != 32:
            self.fail(f"{value!r} is not an id; it must be 0x and 64 hex digits", param, ctx)
        return data


ADDRESS = _Address()
ID = _Id()
PATH = click.Path(path_type=Path)

batch_option = click.option(
    "--batch", "folder", type=PATH, required=True, help="The batch's folder, with its batch.json."
)


class LabelError(WeilianError, ValueError):
    """A label that does not fit what was asked."""


def read_passphrase(purpose: str, *, is_new: bool = False) -> str:
    """Take a passphrase from WEILIAN_PASSPHRASE, or from a prompt that does not show it."""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given is not None:
        return given
    return str(click.prompt(purpose, hide_input=True, confirmation_prompt=is_new, err=True))


seed_option = click.option(
    "--seed",
    "seed_path",
    type=PATH,
    default="brand-seed.age",
    show_default=True,
    help="The brand's seed, encrypted: salts and hidden codes follow from it.",
)


def read_seed(path: Path) -> BrandSeed:
    """Open the brand's seed with its passphrase."""
    return BrandSeed.load(path, read_passphrase("Passphrase of the brand's seed"))


def read_hidden_label(path: Path | None) -> DigitalLink:
    """Read the link of a hidden label from a file, or from a prompt that does not show it.

    Never from an argument: arguments are seen by every process and kept in histories.
    """
    if path is None:
        text = str(click.prompt("Scan the hidden label", hide_input=True, err=True))
    else:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise LabelError(f"cannot read the label in {path}: {error}") from error
    link = DigitalLink.parse(text.strip())
    if link.hidden_code is None:
        raise LabelError("the label has no hidden code: its link must end in # and the code")
    return link


def check_batch(link: DigitalLink, folder: BatchFolder) -> str:
    """Return the serial of a link that is of the folder's batch; raises LabelError."""
    record = folder.record
    if link.serial is None:
        raise LabelError(f"{link} names no item: it must have a serial, /21/ and a value")
    lot = record.lot if link.lot is None else link.lot.value
    if (link.gtin.value, lot) != (record.gtin, record.lot):
        raise LabelError(f"{link} is not of batch {record.gtin} {record.lot} in {folder.path}")
    return link.serial.value
