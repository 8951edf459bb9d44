"""The folder a batch lives in off chain: the record, the tree, the labels.

    <folder>/<gtin>-<lot>/
        batch.json            what is registered; public
        tree.weilian          tree, serials and claim keys; kept by the brand (mode 0600)
        outer-labels.csv      for the label printer; public once printed
        inner-labels/         hidden codes, sealed to the brand and to its label printers (age)
        job.json              a keyed digest of what all this was built from

Salts and codes are stored nowhere else: they follow from the brand's seed. Everything but the
encryption's randomness follows from items and seed, so a run that broke off is simply run again,
and goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from weilian.batch_build.build import (
    OUTER_LABELS,
    TREE_NAME,
    BuildFolder,
    OtherBatchError,
    build_tree,
    digest_of,
    inner_labels_paths,
    read_job,
    remove_parts,
    seal_of,
    write_job,
    write_outer_labels,
)
from weilian.batch_build.part import BatchJob
from weilian.batch_build.workers import Builder, here
from weilian.batchfile import BatchFile
from weilian.errors import WeilianError, describe_validation
from weilian.files import create_folder, locked_folder, write_atomic
from weilian.gs1 import CANONICAL_DOMAIN, DigitalLink, Gtin, Lot, Serial
from weilian.keys import (
    CODE_LENGTH,
    MAX_CODE_LENGTH,
    MIN_SHORT_CODE_LENGTH,
    BrandSeed,
    batch_secret,
    check_code_length,
    label_key,
)
from weilian.merkle import BatchTree, batch_id
from weilian.merkle.batch_tree import (
    DerivedItems,
    ProofKeys,
    TreeDamagedError,
    TreeHead,
    derive_items,
)
from weilian.merkle.nodes import EmptyTreeError
from weilian.merkle.proof_file import Address, GtinText, LotText, Node
from weilian.merkle.tree_file import open_tree
from weilian.progress import Progress
from weilian.sealed import check_recipient, recipient_of
from weilian.serials import SerialRule, Serials

RECORD_NAME = "batch.json"
_CODES_AT_ONCE = 1 << 14


class BatchFolderError(WeilianError, ValueError):
    """A folder that does not hold a batch."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"batch folder {path}: {rule}")


class BuildRunningError(WeilianError, RuntimeError):
    """Another process builds in the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"another process builds a batch in {folder}; wait until it has ended")


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """What is registered of a batch. Times in seconds since 1970, 0 for none."""

    __pydantic_config__ = ConfigDict(strict=True, extra="forbid")

    chain_id: Annotated[int, Field(gt=0, lt=2**64)]
    registry: Address
    issuer: Address
    gtin: GtinText
    lot: LotText
    batch_id: Node
    count: Annotated[int, Field(gt=0, lt=2**32)]
    root: Node
    produced_at: Annotated[int, Field(ge=0, lt=2**48)]
    expires_at: Annotated[int, Field(ge=0, lt=2**48)]
    document_hash: Node
    domain: str = CANONICAL_DOMAIN
    code_length: Annotated[int, Field(ge=MIN_SHORT_CODE_LENGTH, le=MAX_CODE_LENGTH)] = CODE_LENGTH


_RECORD = TypeAdapter(BatchRecord)


@dataclass(frozen=True, slots=True)
class BatchPlace:
    """Where a batch is to be registered and by whom: checksum addresses."""

    chain_id: int
    registry: str
    issuer: str


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What else decides how a batch is built.

    `document_hash` (32 bytes) is registered with it, `domain` is that of the links, `code_length`
    counts characters of 5 bits, `recipients` may read the hidden codes besides the brand.
    """

    document_hash: bytes = bytes(32)
    domain: str = CANONICAL_DOMAIN
    code_length: int = CODE_LENGTH
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchFolder:
    """A batch's folder and what its record says."""

    path: Path
    record: BatchRecord

    @classmethod
    def load(cls, path: Path) -> "BatchFolder":
        """Read a folder's record; raises BatchFolderError."""
        try:
            record = _RECORD.validate_json((path / RECORD_NAME).read_bytes())
        except OSError as error:
            raise BatchFolderError(path, f"no {RECORD_NAME} in it ({error.strerror})") from error
        except ValidationError as error:
            rule = f"{RECORD_NAME}: {describe_validation(error)}"
            raise BatchFolderError(path, rule) from error
        return cls(path, record)

    def tree(self, keys: ProofKeys | None = None) -> BatchTree:
        """Map the tree; raises TreeFileError or BatchFolderError."""
        tree, record = open_tree(self.path / TREE_NAME, keys), self.record
        head = TreeHead(record.chain_id, record.registry, record.batch_id, record.count)
        if (tree.head, tree.root) != (head, record.root):
            raise BatchFolderError(self.path, f"{TREE_NAME} is not the tree of {RECORD_NAME}")
        return tree

    def secret(self, seed: BrandSeed) -> bytes:
        """Derive the batch's secret; raises BatchFolderError for another brand's seed."""
        record = self.record
        secret = batch_secret(seed, record.chain_id, record.registry, record.batch_id)
        tree = self.tree()
        try:
            tree.check_items(0, self._derived(tree, secret, 0, 1))
        except TreeDamagedError as error:
            rule = "it was built from another seed than this one, or its first item was changed"
            raise BatchFolderError(self.path, rule) from error
        return secret

    def proof_keys(self, seed: BrandSeed) -> ProofKeys:
        """Derive what the salts follow from; raises BatchFolderError for another seed."""
        return ProofKeys.of(self.secret(seed))

    def codes(self, secret: bytes, first: int = 0, last: int | None = None) -> Iterator[str]:
        """Yield the hidden codes of the items from index `first` to `last`, itself included.

        Raises TreeDamagedError where a code would not be that of its leaf: it could never claim.
        """
        end = self.record.count if last is None else last + 1
        tree = self.tree()
        for start in range(first, end, _CODES_AT_ONCE):
            made = self._derived(tree, secret, start, min(start + _CODES_AT_ONCE, end))
            tree.check_items(start, made)
            yield from made.codes

    def _derived(self, tree: BatchTree, secret: bytes, first: int, end: int) -> DerivedItems:
        length = self.record.code_length
        return derive_items(tree.head, first, tree.serials[first:end], secret, length)

    def links(self, first: int = 0, last: int | None = None) -> Iterator[DigitalLink]:
        """Yield the Digital Links of the items from index `first` to `last`, itself included."""
        gtin, lot, domain = Gtin(self.record.gtin), Lot(self.record.lot), self.record.domain
        end = self.record.count if last is None else last + 1
        for serial in self.tree().serials[first:end]:
            yield DigitalLink(gtin, lot, Serial(serial), domain)


def batch_path(parent: Path, items: BatchFile) -> Path:
    """Return where the folder of a batch is: `<gtin>-<lot>`."""
    return parent / f"{items.gtin.value}-{_file_name(items.lot.value)}"


def write_batch_folder(
    parent: Path,
    items: BatchFile,
    place: BatchPlace,
    seed: BrandSeed,
    *,
    options: BatchOptions | None = None,
    build: Builder = here,
    progress: Progress | None = None,
) -> BatchFolder:
    """Build a batch's tree and labels and write its folder; nothing is sent.

    What an earlier run with the same input built is kept; a finished folder is left as it is.
    `progress` is called with (items built, items in all). Raises MerkleError, Gs1Error, CodeError,
    RecipientKeyError, OtherBatchError, BuildRunningError, WorkersError.
    """
    chosen = options or BatchOptions()
    check_code_length(chosen.code_length, allow_short=True)
    recipients = set(chosen.recipients)
    name = batch_id(place.issuer, int(items.gtin), items.lot.value)
    secret = batch_secret(seed, place.chain_id, place.registry, name)
    serials = _serials_of(items.serials, secret)
    job = BatchJob(
        head=TreeHead(place.chain_id, place.registry, name, len(serials)),
        secret=secret,
        code_length=chosen.code_length,
        link_stem=f"{DigitalLink(items.gtin, items.lot, domain=chosen.domain)}/21/",
        recipients=(recipient_of(label_key(secret)), *sorted(map(check_recipient, recipients))),
    )
    create_folder(parent)
    with locked_folder(parent, BuildRunningError(parent)):
        return _Writer(parent, items, place, chosen, job, serials).write(build, progress)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one batch's folder."""

    parent: Path
    items: BatchFile
    place: BatchPlace
    options: BatchOptions
    job: BatchJob
    serials: Serials

    def write(self, build: Builder, progress: Progress | None) -> BatchFolder:
        final = batch_path(self.parent, self.items)
        digest = digest_of(self.job, self.serials, self._fixed())
        if final.exists():
            return self._finished(final, digest)
        folder = BuildFolder.beside(final)
        folder.begin(digest)
        root = build_tree(folder, self.job, self.serials, build, progress)
        write_outer_labels(folder.path, self.job, self.serials)
        record = self._record(root)
        content = _RECORD.dump_json(record, indent=2) + b"\n"
        write_atomic(folder.path / RECORD_NAME, content)
        write_job(folder.path, {"digest": digest, "seal": seal_of(self.job, digest, root)})
        folder.finish(final)
        return BatchFolder(final, record)

    def _finished(self, final: Path, digest: str) -> BatchFolder:
        """Return a finished folder if it is the one of this input, and whole."""
        job = read_job(final)
        if job.get("digest") != digest:
            raise OtherBatchError(final)
        folder = BatchFolder.load(final)
        tree = folder.tree(ProofKeys.of(self.job.secret))
        seal = seal_of(self.job, digest, tree.root)
        found = (folder.record, tree.serials, job.get("seal"))
        if found != (self._record(tree.root), self.serials, seal):
            raise BatchFolderError(final, "it was changed; move it away and build it again")
        tree.check()
        for path in (final / OUTER_LABELS, *inner_labels_paths(final, self.job, self.serials)):
            if not path.is_file():
                rule = f"{path.relative_to(final)} is missing; move the folder away and build again"
                raise BatchFolderError(final, rule)
        remove_parts(final)
        return folder

    def _fixed(self) -> Sequence[object]:
        """Return what decides the record and does not stand in the job."""
        return [
            _seconds(self.items.produced_at),
            _seconds(self.items.expires_at),
            self.options.document_hash.hex(),
        ]

    def _record(self, root: bytes) -> BatchRecord:
        return BatchRecord(
            chain_id=self.place.chain_id,
            registry=self.place.registry,
            issuer=self.place.issuer,
            gtin=self.items.gtin.value,
            lot=self.items.lot.value,
            batch_id=self.job.head.batch_id,
            count=len(self.serials),
            root=root,
            produced_at=_seconds(self.items.produced_at),
            expires_at=_seconds(self.items.expires_at),
            document_hash=self.options.document_hash,
            domain=self.options.domain,
            code_length=self.options.code_length,
        )


def _serials_of(serials: Serials | SerialRule, secret: bytes) -> Serials:
    drawn = serials.draw(secret) if isinstance(serials, SerialRule) else Serials.of(serials)
    if not len(drawn):
        raise EmptyTreeError
    drawn.check_unique()
    return drawn


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _file_name(lot: str) -> str:
    """A lot may hold any of 82 characters, a slash among them; keep what is safe in a name."""
    return "".join(c if c.isalnum() or c in "-_." else f"%{ord(c):02X}" for c in lot)
