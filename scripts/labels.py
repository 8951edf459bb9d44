"""Print a batch's labels: sheets as PDF, or single images."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from scripts._session import Output, offline_script
from scripts._types import PATH, read_passphrase, seed_option
from weilian.batch_folder import BatchFolder
from weilian.errors import WeilianError
from weilian.keys import BrandSeed
from weilian.labels import (
    Label,
    LabelRun,
    OutputOptions,
    SheetLayout,
    read_layout,
    write_images,
    write_sheets,
)
from weilian.labels.codes import QUIET_ZONE, qr_matrix
from weilian.labels.layout import PRESETS
from weilian.labels.source import LabelKind, inner_run, largest_labels, outer_run
from weilian.sealed import check_recipient

OUTER: LabelKind = "outer"
INNER: LabelKind = "inner"


class _Items(click.ParamType):
    name = "range"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, int]:
        match = re.fullmatch(r"(\d{1,10})(?:-(\d{1,10}))?", str(value), re.ASCII)
        if not match:
            self.fail(f"{value!r} names no items; write FIRST-LAST, such as 0-999", param, ctx)
        return int(match[1]), int(match[2] or match[1])


class _Layout(click.ParamType):
    name = "layout"

    def convert(self, value: Any, param: Any, ctx: Any) -> SheetLayout:
        try:
            return value if isinstance(value, SheetLayout) else read_layout(str(value))
        except WeilianError as error:
            self.fail(str(error), param, ctx)


class _Recipient(click.ParamType):
    name = "age key"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        try:
            return check_recipient(str(value))
        except WeilianError as error:
            self.fail(str(error), param, ctx)


@offline_script
@click.argument("folder", type=PATH)
@click.option(
    "--kind",
    type=click.Choice([OUTER, INNER]),
    default=OUTER,
    show_default=True,
    help="Outer labels are public; inner ones hold the hidden codes and are written sealed.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["pdf", "svg", "png"]),
    default="pdf",
    show_default=True,
    help="Sheets to print (pdf), or an image for each label, in ZIP files.",
)
@click.option(
    "--layout",
    type=_Layout(),
    default="a4-50",
    show_default=True,
    help=f"Of a sheet: {', '.join(PRESETS)}, or a grid such as 5x10@A4, 6x12@SRA3, 4x9@Letter.",
)
@click.option("--cut-marks", is_flag=True, help="Mark in the sheets' margins where to cut.")
@click.option(
    "--allow-small", is_flag=True, help="Accept modules below GS1's 0.396 mm, for proofs."
)
@seed_option
@click.option("--items", type=_Items(), help="Indexes FIRST-LAST, from 0.  [default: all]")
@click.option(
    "--recipient",
    "recipients",
    type=_Recipient(),
    multiple=True,
    help="Age key (age1...) of who prints the inner labels, and alone can open them; repeatable.  "
    "[default: they open with the passphrase of the seed]",
)
@click.option(
    "--out", "target", type=PATH, help="Folder for the files.  [default: FOLDER/labels/KIND-FORMAT]"
)
@click.option("--workers", type=click.IntRange(1), help="Processes to draw in.  [default: all]")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
def cli(
    out: Output,
    folder: Path,
    kind: LabelKind,
    form: str,
    layout: SheetLayout,
    cut_marks: bool,
    allow_small: bool,
    seed_path: Path,
    items: tuple[int, int] | None,
    recipients: tuple[str, ...],
    target: Path | None,
    workers: int | None,
    dry_run: bool,
) -> None:
    """Write the labels of the batch in FOLDER.

    Inner labels need the brand's seed; its passphrase is asked for, or taken from
    WEILIAN_PASSPHRASE. They are written sealed only: open a file with `age -d -i KEY FILE`, or
    with `age -d FILE` and the passphrase. What an earlier run wrote is kept.
    """
    small = allow_small or layout.allow_small
    layout = replace(layout, cut_marks=cut_marks, allow_small=small)
    batch = BatchFolder.load(folder)
    first, last = items or (0, batch.record.count - 1)
    target = target or folder / "labels" / f"{kind}-{form}"
    document = {"kind": kind, "format": form, "labels": last - first + 1, "first": first}
    document |= _sheets(largest_labels(batch, kind, first, last), form, layout, last - first + 1)
    document["folder"] = str(target)
    out.say(_sentence(document))
    if not dry_run:
        run, passphrase = _run(batch, kind, first, last, seed_path)
        with out.progress("Drawing labels") as progress:
            sealing = None if recipients else passphrase
            options = OutputOptions(recipients, sealing, workers=workers, progress=progress)
            paths = _write(target, run, form, layout, options)
        out.say(f"✓ {len(paths)} {'files' if len(paths) > 1 else 'file'} in {target}")
        document["files"] = [path.name for path in paths]
    out.result(document | {"written": not dry_run})


def _run(
    batch: BatchFolder, kind: LabelKind, first: int, last: int, seed_path: Path
) -> tuple[LabelRun, str | None]:
    """Return the labels, and for inner ones the passphrase of the seed."""
    if kind != INNER:
        return outer_run(batch, first, last), None
    passphrase = read_passphrase("Passphrase of the brand's seed")
    return inner_run(batch, BrandSeed.load(seed_path, passphrase), first, last), passphrase


def _write(
    target: Path, run: LabelRun, form: str, layout: SheetLayout, options: OutputOptions
) -> list[Path]:
    if form == "pdf":
        return write_sheets(target, run, layout, options)
    return write_images(target, run, "svg" if form == "svg" else "png", options)


def _sheets(
    labels: tuple[Label, ...], form: str, layout: SheetLayout, count: int
) -> dict[str, Any]:
    """Describe sheets by the labels that need the most room; refuse what could not be printed."""
    sides = [len(qr_matrix(label.text)) for label in labels]
    if form != "pdf":
        return {}
    modules = [
        layout.placement(label.index, side, label.lines).code / (side + 2 * QUIET_ZONE)
        for label, side in zip(labels, sides, strict=True)
    ]
    return {
        "layout": layout.name,
        "sheets": -(-count // layout.per_sheet),
        "moduleMm": round(min(modules), 3),
    }


def _sentence(document: dict[str, Any]) -> str:
    text = f"{document['labels']:,} {document['kind']} labels as {document['format']}"
    if "sheets" in document:
        text += (
            f" on {document['sheets']:,} sheet{'s'[: document['sheets'] > 1]} of "
            f"{document['layout']}, a module "
            f"{document['moduleMm']:.3f} mm wide"
        )
    return f"{text}, into {document['folder']}"
