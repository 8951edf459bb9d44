"""Writing labels to a folder: many files, each whole, drawn by as many processes as wanted.

A file is drawn, sealed if it is to be, and only then written, so what is secret reaches the disk
sealed or not at all. `labels.json` holds a digest of what the folder's files are made from: the
same run goes on where it broke off, another run is refused.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from stat import S_ISREG
from typing import Protocol

from weilian.errors import WeilianError
from weilian.files import create_folder, locked_folder, write_atomic, writing_to
from weilian.labels.archive import ImageKind, image_archive
from weilian.labels.codes import Level
from weilian.labels.errors import LabelError
from weilian.labels.label import Label, LabelRun
from weilian.labels.layout import SheetLayout
from weilian.labels.sheet import pdf_sheets
from weilian.pool import results
from weilian.progress import Progress
from weilian.sealed import SealError, check_recipient, read_sealed, seal_to, write_sealed

SHEETS_PER_FILE = 20
IMAGES_PER_FILE = 1_000
MANIFEST = "labels.json"
_STEMS = ("sheets", "labels")
_WRITTEN = (*(f"{stem}-" for stem in _STEMS), f"{MANIFEST}.")
"""How the names of files begin that are written here."""

_SEALED_MODE = 0o600


class OtherLabelsError(LabelError):
    """A folder with files of other labels."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} holds labels of other items, another layout or other recipients; choose "
            "another folder or move this one away"
        )


class OtherPassphraseError(LabelError):
    """A folder with files that open with another passphrase."""

    def __init__(self, path: Path, reason: SealError) -> None:
        super().__init__(
            f"{reason}; all files of a run must open with one passphrase, so give the one that "
            f"{path.name} was sealed with, or move the folder away and draw again"
        )


class LabelsRunningError(WeilianError, RuntimeError):
    """Another process writes into the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"another process writes labels into {folder}; wait until it has ended")


class UnsealedLabelsError(LabelError):
    """Hidden labels that would be written for anyone to read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"the hidden labels for {folder} must be sealed; name the age key of who prints them, "
            "or a passphrase of at least one word"
        )


class LabelCountError(LabelError):
    """A stream of labels that is not as long as was said."""

    def __init__(self, said: int, found: int) -> None:
        super().__init__(
            f"{found} labels came where {said} were said to come; the run's count must be right"
        )


class LabelOptionError(LabelError):
    """A number that nothing can be written by."""

    def __init__(self, name: str, value: int) -> None:
        super().__init__(f"{name} is {value}; it must be 1 or more, or None for the default")


class Draw(Protocol):
    """Makes the content of one file."""

    def __call__(self, labels: Sequence[Label]) -> bytes:
        """Draw labels."""


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """How the files are written.

    With `recipients` (age1...) every file is sealed to them, and only they can open it; with a
    `passphrase` instead, to that, which takes a second a file. Secret labels need one of the two.
    `level` is that of the codes, `workers` None takes every processor, `per_file` counts sheets or
    images, `progress` is called with (labels written, labels in all). Raises LabelOptionError.
    """

    recipients: tuple[str, ...] = ()
    passphrase: str | None = field(default=None, repr=False)
    level: Level = "M"
    workers: int | None = None
    per_file: int | None = None
    progress: Progress | None = None

    def __post_init__(self) -> None:
        for name, value in (("workers", self.workers), ("per_file", self.per_file)):
            if value is not None and value < 1:
                raise LabelOptionError(name, value)


@dataclass(frozen=True, slots=True)
class _File:
    """One file to be made; what is in it is made where it is drawn."""

    path: Path
    labels: list[Label] = field(repr=False)
    draw: Draw
    recipients: tuple[str, ...]
    passphrase: str | None = field(repr=False)

    def write(self) -> int:
        """Draw, seal and write; return the number of labels."""
        content = self.draw(self.labels)
        if self.recipients:
            write_atomic(self.path, seal_to(content, self.recipients), mode=_SEALED_MODE)
        elif self.passphrase is not None:
            write_sealed(self.path, content, self.passphrase)
        else:
            write_atomic(self.path, content)
        return len(self.labels)


def write_sheets(
    folder: Path, run: LabelRun, layout: SheetLayout, options: OutputOptions | None = None
) -> list[Path]:
    """Write `sheets-00001.pdf` and so on, 20 sheets each; return the paths in order.

    Sealed files end in `.pdf.age`. Files of an earlier run with equal arguments are kept. Raises
    QrTextError, SmallModuleError, LabelSpaceError, RecipientKeyError, UnsealedLabelsError,
    OtherLabelsError, OtherPassphraseError, LabelCountError, LabelsRunningError, FileWriteError,
    WorkersError; the first three before anything is written, as far as `run.largest` goes.
    """
    chosen = options or OutputOptions()
    draw = partial(pdf_sheets, layout=layout, level=chosen.level)
    size = (chosen.per_file or SHEETS_PER_FILE) * layout.per_sheet
    return _Output(folder, run, chosen, "sheets-{:05d}.pdf", size).write(draw, repr(layout))


def write_images(
    folder: Path, run: LabelRun, kind: ImageKind, options: OutputOptions | None = None
) -> list[Path]:
    """Write `labels-00001.svg.zip` and so on, 1,000 images each; return the paths in order.

    As `write_sheets` does, with `kind` 'svg' or 'png'.
    """
    chosen = options or OutputOptions()
    draw = partial(image_archive, kind=kind, level=chosen.level)
    size = chosen.per_file or IMAGES_PER_FILE
    return _Output(folder, run, chosen, f"labels-{{:05d}}.{kind}.zip", size).write(draw, kind)


@dataclass(frozen=True, slots=True)
class _Output:
    """The files of one run, `size` labels each."""

    folder: Path
    run: LabelRun
    options: OutputOptions
    pattern: str
    size: int

    def write(self, draw: Draw, form: str) -> list[Path]:
        recipients = tuple(sorted(map(check_recipient, self.options.recipients)))
        if self.options.passphrase == "" or (self.run.is_secret and not self._is_sealed):
            raise UnsealedLabelsError(self.folder)
        if self.run.largest:
            draw(self.run.largest)
        create_folder(self.folder)
        with locked_folder(self.folder, LabelsRunningError(self.folder)):
            self._begin(recipients, form)
            self._draw_missing(draw, recipients)
        return [self._path(number) for number in range(-(-self.run.count // self.size))]

    def _draw_missing(self, draw: Draw, recipients: tuple[str, ...]) -> None:
        done = 0
        for count in results(self._tasks(draw, recipients), self.options.workers):
            done += count
            if self.options.progress:
                self.options.progress(done, self.run.count)

    def _tasks(self, draw: Draw, recipients: tuple[str, ...]) -> Iterator[Callable[[], int]]:
        """Yield what writes a file, or only counts the labels of one that is there."""
        labels, found, number = iter(self.run.labels), 0, 0
        while chunk := list(islice(labels, self.size)):
            found += len(chunk)
            path = self._path(number)
            file = _File(path, chunk, draw, recipients, self.options.passphrase)
            yield partial(int, len(chunk)) if _is_finished(path) else file.write
            number += 1
        if found != self.run.count:
            raise LabelCountError(self.run.count, found)

    def _path(self, number: int) -> Path:
        return self.folder / (self.pattern.format(number + 1) + ".age" * self._is_sealed)

    @property
    def _is_sealed(self) -> bool:
        return bool(self.options.recipients) or self.options.passphrase is not None

    def _begin(self, recipients: tuple[str, ...], form: str) -> None:
        """Claim the folder for this run, and clear what a broken one left half-written."""
        # NOTE: a digest of the passphrase could be tried out offline, so it only counts that there
        # is one.
        run, options = self.run, self.options
        made_from = [1, run.name, run.count, recipients, self._is_sealed, options.level, form]
        text = json.dumps([*made_from, self.pattern, self.size])
        digest = sha256(text.encode()).hexdigest()
        manifest = self.folder / MANIFEST
        if _read_digest(manifest) != digest and _outputs(self.folder):
            raise OtherLabelsError(self.folder)
        self._check_passphrase()
        for left_over in _left_overs(self.folder):
            with writing_to(left_over):
                left_over.unlink()
        write_atomic(manifest, json.dumps({"digest": digest}).encode() + b"\n")

    def _check_passphrase(self) -> None:
        """Open the first file that is kept; its passphrase is stored nowhere."""
        kept = _outputs(self.folder)
        if self.options.recipients or self.options.passphrase is None or not kept:
            return
        try:
            read_sealed(kept[0], self.options.passphrase)
        except SealError as error:
            raise OtherPassphraseError(kept[0], error) from error


def _read_digest(manifest: Path) -> str | None:
    try:
        return str(json.loads(manifest.read_bytes())["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _outputs(folder: Path) -> list[Path]:
    """Return the finished files of labels in a folder, in order."""
    found = (path for stem in _STEMS for path in folder.glob(f"{stem}-*"))
    return sorted(path for path in found if _is_finished(path))


def _left_overs(folder: Path) -> list[Path]:
    """Return what a broken run or a loss of power left unfinished."""
    hidden = [path for name in _WRITTEN for path in folder.glob(f".{name}*")]
    hollow = [path for stem in _STEMS for path in folder.glob(f"{stem}-*")]
    return hidden + [path for path in hollow if not _is_finished(path) and not _is_folder(path)]


def _is_finished(path: Path) -> bool:
    status = path.lstat() if os.path.lexists(path) else None
    return status is not None and S_ISREG(status.st_mode) and status.st_size > 0


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
