"""Building a batch into a folder, part by part; what was built before an interruption is kept.

While it is built the folder has the name `.<name>.building`. Every file in it is whole from the
moment it has its name, and holds the hidden codes sealed or not at all. The folder gets its own
name when nothing is missing. Building again with the same input gives the same tree.
"""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from weilian.batch_build.part import BatchJob, Part, csv_rows, cut, item_links, numbers, rows_of
from weilian.batch_build.workers import Builder
from weilian.errors import WeilianError
from weilian.files import remove, sync_folder, write_atomic, write_stream, writing_to
from weilian.merkle.items import ADDRESS_LENGTH
from weilian.merkle.nodes import NODE_LENGTH
from weilian.merkle.tree_file import TreeWriter
from weilian.progress import Progress
from weilian.serials import Serials, bytes_of

TREE_NAME = "tree.weilian"
OUTER_LABELS = "outer-labels.csv"
OUTER_COLUMNS = ("index", "serial", "link")
INNER_LABELS = "inner-labels"
PARTS = "parts"
_JOB_NAME = "job.json"
_JOB = TypeAdapter(dict[str, str])
_DIGEST = sha256().digest_size
_CSV_ROWS = 1 << 12


class OtherBatchError(WeilianError, ValueError):
    """A folder that holds the batch of other items."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} holds a batch of this GTIN and lot from other items, other options or "
            "another seed; move it away if you want to build this one"
        )


class BuildFolderError(WeilianError, OSError):
    """A folder in which nothing can be built."""

    def __init__(self, folder: Path, rule: str) -> None:
        super().__init__(f"{folder}: {rule}")


@dataclass(frozen=True, slots=True)
class BuildFolder:
    """The folder of a batch while it is built."""

    path: Path

    @classmethod
    def beside(cls, final: Path) -> "BuildFolder":
        """Return the folder in which `final` is built."""
        return cls(final.with_name(f".{final.name}.building"))

    def begin(self, digest: str) -> None:
        """Make the folder ready; what an earlier run with the same input built stays in it."""
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()):
            raise BuildFolderError(self.path, "it is no folder; move it away")
        with writing_to(self.path):
            if self.path.exists() and read_job(self.path).get("digest") != digest:
                remove(self.path)
            for folder in (self.path, self.path / PARTS, self.path / INNER_LABELS):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                for left_over in folder.glob(".*"):
                    remove(left_over)
        write_job(self.path, {"digest": digest})

    def keep(self, part: Part) -> None:
        """Write a part: its sealed labels first, so that a part that is there has them."""
        if part.items:
            path = inner_labels_path(self.path, part.number)
            write_atomic(path, part.inner_labels, mode=0o600)
        content = part.leaves + part.claim_keys
        write_atomic(self._part(part.number), sha256(content).digest() + content, mode=0o600)

    def kept(self, number: int, leaves: int, items: int) -> Part | None:
        """Read a part that was built before; None if it or its labels are missing or damaged."""
        if items and not inner_labels_path(self.path, number).is_file():
            return None
        try:
            data = self._part(number).read_bytes()
        except OSError:
            return None
        content, size = data[_DIGEST:], NODE_LENGTH * leaves
        if len(content) != size + ADDRESS_LENGTH * items:
            return None
        if data[:_DIGEST] != sha256(content).digest():
            return None
        return Part(number, items, content[:size], content[size:], b"")

    def finish(self, final: Path) -> None:
        """Give the folder its name, then remove the parts."""
        with writing_to(final):
            sync_folder(self.path)
            self.path.rename(final)
            sync_folder(final.parent)
        remove_parts(final)

    def _part(self, number: int) -> Path:
        return self.path / PARTS / f"{number:05d}"


def inner_labels_paths(folder: Path, job: BatchJob, serials: Serials) -> list[Path]:
    """Return where the sealed hidden codes of all parts with items are."""
    parts = [part for part in cut(job, serials) if len(part.serials)]
    return [inner_labels_path(folder, part.number) for part in parts]


def inner_labels_path(folder: Path, number: int) -> Path:
    """Return where the sealed hidden codes of a part are."""
    return folder / INNER_LABELS / f"{number + 1:05d}.csv.age"


def remove_parts(folder: Path) -> None:
    """Remove the parts from a finished folder."""
    if (folder / PARTS).exists():
        remove(folder / PARTS)


def read_job(folder: Path) -> dict[str, str]:
    """Return what a folder says that it was built from; empty if it does not say."""
    try:
        return _JOB.validate_json((folder / _JOB_NAME).read_bytes())
    except (OSError, ValidationError):
        return {}


def write_job(folder: Path, content: dict[str, str]) -> None:
    """Write what a folder is built from."""
    write_atomic(folder / _JOB_NAME, _JOB.dump_json(content) + b"\n")


def seal_of(job: BatchJob, digest: str, root: bytes) -> str:
    """Return what only the holder of the batch's secret can say of a finished tree."""
    return hmac.digest(job.secret, b"weilian/built/v1" + digest.encode() + root, "sha256").hex()


def digest_of(job: BatchJob, serials: Serials, options: object) -> str:
    """Digest all that decides what is built; keyed, so that it tells nothing of serials."""
    head = job.head
    fixed = [head.chain_id, head.registry, head.batch_id.hex(), head.count, job.code_length]
    text = json.dumps([1, fixed, job.link_stem, job.recipients, options], sort_keys=True)
    digest = hmac.new(job.secret, text.encode(), sha256)
    digest.update(bytes_of(serials.column).data)
    return digest.hexdigest()


def build_tree(
    folder: BuildFolder, job: BatchJob, serials: Serials, build: Builder, progress: Progress | None
) -> bytes:
    """Build what is missing of a batch's tree and hidden labels; return the root."""
    for part in _missing_parts(folder, job, serials, build, progress):
        folder.keep(part)
    path = folder.path / TREE_NAME
    with writing_to(path), TreeWriter(path, job.head) as writer:
        for part_input in cut(job, serials):
            kept = folder.kept(part_input.number, part_input.leaves, len(part_input.serials))
            if kept is None:
                raise BuildFolderError(
                    folder.path, f"part {part_input.number} cannot be read back; run it again"
                )
            leaves, claim_keys = rows_of(kept)
            writer.put_leaves(part_input.first, leaves)
            writer.put_claim_keys(part_input.first, claim_keys)
        return writer.finish(serials)


def write_outer_labels(folder: Path, job: BatchJob, serials: Serials) -> None:
    """Write the CSV (index, serial, link) for a label printer; nothing in it is secret."""
    write_stream(folder / OUTER_LABELS, _outer_rows(job.link_stem, serials))


def _missing_parts(
    folder: BuildFolder, job: BatchJob, serials: Serials, build: Builder, progress: Progress | None
) -> Iterator[Part]:
    missing, done = [], 0
    for part_input in cut(job, serials):
        items = len(part_input.serials)
        if folder.kept(part_input.number, part_input.leaves, items) is None:
            missing.append(part_input)
        else:
            done += items
    for part in build(job, missing):
        yield part
        done += part.items
        if progress:
            progress(done, job.head.count)


def _outer_rows(stem: str, serials: Serials) -> Iterator[bytes]:
    yield csv_rows([[name] for name in OUTER_COLUMNS])
    for first in range(0, len(serials), _CSV_ROWS):
        texts = list(serials[first : first + _CSV_ROWS])
        yield csv_rows((numbers(first, len(texts)), texts, item_links(stem, texts)))
