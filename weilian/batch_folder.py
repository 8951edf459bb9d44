"""The folder a batch lives in off chain: the record, the tree, the labels.

    <folder>/<gtin>-<lot>/
        batch.json            what is registered; public
        tree.json             tree, serials and salts; makes proofs, kept by the brand (mode 0600)
        outer-labels.csv      for the label printer; public once printed
        outer-sheets/         the same as A4 sheets of QR codes
        inner-labels.csv.age  hidden codes, encrypted with a passphrase (age)

Everything but the encryption's randomness follows from CSV and seed: writing it again changes
nothing, so a run that broke off is simply run again.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from weilian.batchfile import BatchFile
from weilian.errors import WeilianError, describe_validation
from weilian.files import write_atomic
from weilian.gs1 import CANONICAL_DOMAIN
from weilian.keys import BrandSeed, batch_secret
from weilian.labels import outer_links, write_inner_labels, write_outer_csv, write_outer_sheets
from weilian.labels.outer import PER_SHEET
from weilian.merkle import BatchTree, batch_id, build_batch_tree
from weilian.merkle.item_proof import Address, Node
from weilian.progress import Progress


class BatchFolderError(WeilianError, ValueError):
    """A folder that does not hold a batch."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"batch folder {path}: {rule}")


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


_RECORD = TypeAdapter(BatchRecord)


@dataclass(frozen=True, slots=True)
class BatchPlace:
    """Where a batch is to be registered and by whom: checksum addresses."""

    chain_id: int
    registry: str
    issuer: str


@dataclass(frozen=True, slots=True)
class BatchFolder:
    """A batch's folder and what its record says."""

    path: Path
    record: BatchRecord

    @classmethod
    def load(cls, path: Path) -> "BatchFolder":
        """Read a folder's record; raises BatchFolderError."""
        try:
            record = _RECORD.validate_json((path / "batch.json").read_bytes())
        except OSError as error:
            raise BatchFolderError(path, f"no batch.json in it ({error.strerror})") from error
        except ValidationError as error:
            raise BatchFolderError(path, f"batch.json: {describe_validation(error)}") from error
        return cls(path, record)

    def tree(self) -> BatchTree:
        """Read the tree and check every hash; raises MerkleError or BatchFolderError."""
        try:
            tree = BatchTree.load(self.path / "tree.json")
        except OSError as error:
            raise BatchFolderError(self.path, f"no tree.json in it ({error.strerror})") from error
        if (tree.batch_id, tree.root) != (self.record.batch_id, self.record.root):
            raise BatchFolderError(self.path, "tree.json is not the tree of batch.json")
        return tree


def write_batch_folder(
    parent: Path,
    items: BatchFile,
    place: BatchPlace,
    seed: BrandSeed,
    passphrase: str,
    *,
    document_hash: bytes = bytes(32),
    domain: str = CANONICAL_DOMAIN,
    sheets: int | None = None,
    progress: Progress | None = None,
) -> BatchFolder:
    """Build a batch's tree and labels and write its folder; nothing is sent.

    `sheets` limits how many A4 sheets of 50 codes are drawn (None for all). Raises MerkleError,
    Gs1Error, SealError.
    """
    gtin, lot = items.gtin, items.lot
    name = batch_id(place.issuer, int(gtin), lot.value)
    secret = batch_secret(seed, name)
    tree = build_batch_tree(place.chain_id, place.registry, name, items.serials, secret, progress)
    record = BatchRecord(
        chain_id=place.chain_id,
        registry=tree.registry,
        issuer=place.issuer,
        gtin=gtin.value,
        lot=lot.value,
        batch_id=name,
        count=tree.count,
        root=tree.root,
        produced_at=_seconds(items.produced_at),
        expires_at=_seconds(items.expires_at),
        document_hash=document_hash,
    )
    path = parent / f"{gtin.value}-{_file_name(lot.value)}"
    path.mkdir(parents=True, exist_ok=True)
    tree.save(path / "tree.json")
    _write_labels(path, items, secret, passphrase, domain, sheets)
    write_atomic(path / "batch.json", _RECORD.dump_json(record, indent=2) + b"\n")
    return BatchFolder(path, record)


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _write_labels(
    path: Path,
    items: BatchFile,
    secret: bytes,
    passphrase: str,
    domain: str,
    sheets: int | None,
) -> None:
    links = outer_links(items.gtin, items.lot, items.serials, domain)
    write_outer_csv(path / "outer-labels.csv", links)
    drawn = links if sheets is None else links[: sheets * PER_SHEET]
    folder = path / "outer-sheets"
    folder.mkdir(exist_ok=True)
    write_outer_sheets(folder, drawn)
    write_inner_labels(path / "inner-labels.csv.age", links, secret, passphrase)


def _file_name(lot: str) -> str:
    """A lot may hold any of 82 characters, a slash among them; keep what is safe in a name."""
    return "".join(c if c.isalnum() or c in "-_." else f"%{ord(c):02X}" for c in lot)
