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

from pydantic import ConfigDict, TypeAdapter, ValidationError

from weilian.batch_build.build import (
    TREE_NAME,
    BuildFolder,
    OtherBatchError,
    build_tree,
    digest_of,
    inner_labels_path,
    read_digest,
    write_outer_labels,
)
from weilian.batch_build.part import BatchJob
from weilian.batch_build.workers import Builder, here
from weilian.batchfile import BatchFile
from weilian.errors import WeilianError, describe_validation
from weilian.files import locked_folder, write_atomic
from weilian.gs1 import CANONICAL_DOMAIN, DigitalLink, Gtin, Lot, Serial
from weilian.keys import (
    CODE_LENGTH,
    BrandSeed,
    batch_secret,
    check_code_length,
    item_codes,
    label_key,
)
from weilian.merkle import BatchTree, batch_id
from weilian.merkle.batch_tree import ProofKeys, TreeHead
from weilian.merkle.item_proof import Address, Node
from weilian.merkle.nodes import EmptyTreeError
from weilian.merkle.tree_file import open_tree
from weilian.progress import Progress
from weilian.sealed import SealError, check_recipient, open_sealed, recipient_of
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

    chain_id: int
    registry: Address
    issuer: Address
    gtin: str
    lot: str
    batch_id: Node
    count: int
    root: Node
    produced_at: int
    expires_at: int
    document_hash: Node
    domain: str = CANONICAL_DOMAIN
    code_length: int = CODE_LENGTH


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
        tree = open_tree(self.path / TREE_NAME, keys)
        if (tree.head.batch_id, tree.root) != (self.record.batch_id, self.record.root):
            raise BatchFolderError(self.path, f"{TREE_NAME} is not the tree of {RECORD_NAME}")
        return tree

    def secret(self, seed: BrandSeed) -> bytes:
        """Derive the batch's secret; raises BatchFolderError for another brand's seed."""
        secret = batch_secret(seed, self.record.batch_id)
        if not self._is_of(secret):
            raise BatchFolderError(self.path, "it was built from another seed than this one")
        return secret

    def proof_keys(self, seed: BrandSeed) -> ProofKeys:
        """Derive what the salts follow from; raises BatchFolderError for another seed."""
        return ProofKeys.of(self.secret(seed))

    def codes(self, secret: bytes, first: int = 0, last: int | None = None) -> Iterator[str]:
        """Yield the hidden codes of the items from index `first` to `last`, itself included."""
        end = self.record.count if last is None else last + 1
        serials = self.tree().serials
        for start in range(first, end, _CODES_AT_ONCE):
            texts = serials.column[start : min(start + _CODES_AT_ONCE, end)].tolist()
            yield from item_codes(secret, texts, self.record.code_length)

    def _is_of(self, secret: bytes) -> bool:
        """Tell by the first sealed list of codes whether it opens with this secret."""
        try:
            open_sealed(inner_labels_path(self.path, 0), label_key(secret))
        except SealError:
            return False
        return True

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
    secret = batch_secret(seed, name)
    serials = _serials_of(items.serials, secret)
    job = BatchJob(
        head=TreeHead(place.chain_id, place.registry, name, len(serials)),
        secret=secret,
        code_length=chosen.code_length,
        link_stem=f"{DigitalLink(items.gtin, items.lot, domain=chosen.domain)}/21/",
        recipients=(recipient_of(label_key(secret)), *sorted(map(check_recipient, recipients))),
    )
    parent.mkdir(parents=True, exist_ok=True)
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
            if read_digest(final) != digest:
                raise OtherBatchError(final)
            return BatchFolder.load(final)
        folder = BuildFolder.beside(final)
        folder.begin(digest)
        root = build_tree(folder, self.job, self.serials, build, progress)
        write_outer_labels(folder.path, self.job, self.serials)
        record = self._record(root)
        content = _RECORD.dump_json(record, indent=2) + b"\n"
        write_atomic(folder.path / RECORD_NAME, content)
        folder.finish(final)
        return BatchFolder(final, record)

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
