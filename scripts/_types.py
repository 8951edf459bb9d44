"""What scripts take from the command line, checked before anything else happens."""

import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from weilian.address import to_address
from weilian.batch_folder import BatchFolder
from weilian.errors import WeilianError, shown
from weilian.gs1 import DigitalLink, Gtin
from weilian.gs1.identifiers import Sscc
from weilian.hashing import keccak256
from weilian.keys import BrandSeed
from weilian.money import AmountError, to_units

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


class _BatchId(_Id):
    name = "batch"

    def convert(self, value: Any, param: Any, ctx: Any) -> bytes:
        if isinstance(value, bytes) or str(value).startswith("0x"):
            return super().convert(value, param, ctx)
        try:
            return BatchFolder.load(Path(value)).record.batch_id
        except WeilianError as error:
            self.fail(f"{error}; name a batch's folder or its id", param, ctx)


class _Checked(click.ParamType):
    """A GS1 number, of which the message says what is wrong."""

    def __init__(self, name: str, kind: type[Gtin | Sscc]) -> None:
        self.name = name
        self.kind = kind

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        try:
            return value if isinstance(value, self.kind) else self.kind(str(value))
        except WeilianError as error:
            self.fail(str(error), param, ctx)


class _Moment(click.ParamType):
    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{value!r} is no time; write 2027-01-31 or 2027-01-31T12:00:00+08:00", param, ctx
            )
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_MOST_DECIMALS = 36
"""Of any currency."""


class _Amount(click.ParamType):
    """An amount of money, whatever the currency."""

    name = "amount"

    def convert(self, value: Any, param: Any, ctx: Any) -> Decimal:
        try:
            to_units(value, _MOST_DECIMALS)
        except AmountError as error:
            self.fail(f"{shown(value)} is no amount such as 0.50: {error.rule}", param, ctx)
        return Decimal(value)


AMOUNT = _Amount()
ADDRESS = _Address()
ID = _Id()
BATCH_ID = _BatchId()
GTIN = _Checked("gtin", Gtin)
SSCC = _Checked("sscc", Sscc)
MOMENT = _Moment()
PATH = click.Path(path_type=Path)


def member_number(least: int) -> click.IntRange:
    """Make the type of a number in a brand's programme, which the chain keeps in 32 bits.

    0 is the brand itself, 1 the platform, from 2 on those who joined.
    """
    return click.IntRange(least, 2**32 - 1)


batch_option = click.option(
    "--batch", "folder", type=PATH, required=True, help="The batch's folder, with its batch.json."
)


batch_id_option = click.option(
    "--batch", "batch_id", type=BATCH_ID, required=True, help="The batch's folder, or its id."
)


class UsageRuleError(WeilianError, ValueError):
    """Options that do not go together."""


def read_note(path: Path | None) -> bytes:
    """Return the keccak-256 of a file whose hash goes on chain, zeros without one."""
    if path is None:
        return bytes(32)
    try:
        return keccak256(path.read_bytes())
    except OSError as error:
        raise UsageRuleError(f"cannot read {path}: {error.strerror}") from error


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
