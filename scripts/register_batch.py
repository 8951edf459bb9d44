"""Register a batch of items, whatever its size, in one transaction."""

from pathlib import Path

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, PATH, read_passphrase
from weilian.batch import Batches, Registration
from weilian.batch_folder import BatchFolder, BatchPlace, write_batch_folder
from weilian.batchfile import BatchFile, read_batch_file
from weilian.chain.values import to_hex
from weilian.gs1 import CANONICAL_DOMAIN
from weilian.hashing import keccak256
from weilian.keys import BrandSeed


@script(writes=True)
@click.argument("csv_path", metavar="CSV", type=PATH)
@click.option("--issuer", type=ADDRESS, help="Identity to register for.  [default: the account]")
@click.option(
    "--seed",
    "seed_path",
    type=PATH,
    default="brand-seed.age",
    show_default=True,
    help="The brand's seed, encrypted; made at the first use. All hidden codes follow from it.",
)
@click.option("--out", type=PATH, default="batches", show_default=True, help="Folder for batches.")
@click.option("--document", type=PATH, help="File whose keccak-256 is registered with the batch.")
@click.option("--domain", default=CANONICAL_DOMAIN, show_default=True, help="Domain of the links.")
@click.option("--sheets", type=click.IntRange(0), help="Most A4 sheets to draw.  [default: all]")
def cli(
    session: Session,
    csv_path: Path,
    issuer: str | None,
    seed_path: Path,
    out: Path,
    document: Path | None,
    domain: str,
    sheets: int | None,
) -> None:
    """Register the items of CSV as one batch: tree, transaction, label files.

    CSV has the columns gtin, lot, serial and, if wanted, production_date and expiry_date. Every bad
    row is reported before anything is sent. The passphrase that encrypts seed and hidden labels
    comes from WEILIAN_PASSPHRASE or a prompt. Running it again writes the same files and sends
    nothing.
    """
    items = read_batch_file(csv_path)
    digest = bytes(32) if document is None else keccak256(document.read_bytes())
    suite = session.suite()
    owner = issuer or session.signer().address
    session.out.say(f"{csv_path.name}: {len(items.serials):,} items of {items.gtin}, {items.lot}")
    if items.ignored_columns:
        session.out.say(f"Columns not used: {', '.join(items.ignored_columns)}")
    if session.dry_run:
        session.out.say(f"Would register them for {owner} in one transaction. Nothing was sent.")
        session.finish({"items": len(items.serials), "issuer": owner})
        return

    passphrase = read_passphrase("Passphrase of the brand's seed", is_new=not seed_path.exists())
    seed = _seed(session, seed_path, passphrase)
    place = BatchPlace(session.chain.chain_id, suite.provenance.address, owner)
    with session.out.progress("Building tree and labels") as progress:
        folder = write_batch_folder(
            out / str(place.chain_id),
            items,
            place,
            seed,
            passphrase,
            document_hash=digest,
            domain=domain,
            sheets=sheets,
            progress=progress,
        )
    _register(session, folder, items, Batches(suite))


def _seed(session: Session, path: Path, passphrase: str) -> BrandSeed:
    if path.exists():
        return BrandSeed.load(path, passphrase)
    seed = BrandSeed.generate()
    seed.save(path, passphrase)
    session.out.say(f"New seed in {path}: keep a copy and the passphrase, labels depend on both.")
    return seed


def _register(session: Session, folder: BatchFolder, items: BatchFile, batches: Batches) -> None:
    record = folder.record
    result = {
        "batchId": to_hex(record.batch_id),
        "root": to_hex(record.root),
        "items": record.count,
        "issuer": record.issuer,
        "folder": str(folder.path),
    }
    session.out.say(f"Batch {result['batchId']}\nRoot  {result['root']}\nFiles {folder.path}")
    if batches.is_registered(record.batch_id, record.root):
        session.out.say("This batch is registered already; the files are up to date.")
        session.finish(result)
        return
    session.confirm(f"Register {record.count:,} items for {record.issuer}?")
    registration = Registration.of(record.issuer, items, record.root, record.document_hash)
    batches.register(registration, session.signer())
    session.finish(result, f"registered {record.count:,} items")
