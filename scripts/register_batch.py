"""Register a batch of items, whatever its size, in one transaction."""

from pathlib import Path

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, PATH, read_passphrase
from weilian.batch import Batches, BatchNotFoundError, Registration
from weilian.batch_build import cluster, processes
from weilian.batch_folder import BatchFolder, BatchOptions, BatchPlace, write_batch_folder
from weilian.batchfile import BatchFile
from weilian.batchspec import read_batch
from weilian.chain.values import to_hex
from weilian.gs1 import CANONICAL_DOMAIN, DigitalLink
from weilian.hashing import keccak256
from weilian.keys import CODE_LENGTH, MIN_CODE_LENGTH, BrandSeed, check_code_length
from weilian.sealed import check_recipient

SHORT_CODE_SECONDS = 0.4
"""About what one item of a short code takes of a processor."""


@script(writes=True)
@click.argument("items_path", metavar="ITEMS", type=PATH)
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
@click.option(
    "--carton-size",
    type=click.IntRange(0, 2**16 - 1),
    default=0,
    help="Items of a carton, activated together by `ape run activate`.  [0: all are active]",
)
@click.option("--domain", default=CANONICAL_DOMAIN, show_default=True, help="Domain of the links.")
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    help="Age key (age1...) of a label printer that may read the hidden codes too; repeatable.",
)
@click.option(
    "--code-length",
    type=int,
    default=CODE_LENGTH,
    show_default=True,
    help="Characters of a hidden code, 5 bits each; below 16 only with --allow-short-codes.",
)
@click.option(
    "--allow-short-codes",
    is_flag=True,
    help="Accept 10 to 15 characters: slow on purpose, 128 MiB and a third of a second an item.",
)
@click.option("--workers", type=click.IntRange(1), help="Processes to build in.  [default: all]")
@click.option(
    "--scheduler", help="Build on the Dask cluster at this address, tcp://... or tls://..."
)
@click.option(
    "--trust-network",
    is_flag=True,
    help="Send the batch's secret to a tcp:// cluster on another machine, unencrypted.",
)
def cli(
    session: Session,
    items_path: Path,
    issuer: str | None,
    seed_path: Path,
    out: Path,
    document: Path | None,
    carton_size: int,
    domain: str,
    recipients: tuple[str, ...],
    code_length: int,
    allow_short_codes: bool,
    workers: int | None,
    scheduler: str | None,
    trust_network: bool,
) -> None:
    """Register ITEMS as one batch: tree, label files, one transaction.

    ITEMS is a CSV with the columns gtin, lot, serial and, if wanted, production_date and
    expiry_date; or a description (.yaml) with gtin, lot, count, and how serials are drawn: at
    random, if it does not say otherwise. Every bad row is reported before anything is sent. The
    passphrase that encrypts seed and hidden labels comes from WEILIAN_PASSPHRASE or a prompt.
    Running it again goes on where it broke off; on a batch that is done it sends nothing. Labels
    are drawn by `ape run labels`, proofs by `ape run prove`.
    """
    check_code_length(code_length, allow_short=allow_short_codes)
    build = cluster(scheduler, trust_network=trust_network) if scheduler else processes(workers)
    printers = tuple(map(check_recipient, recipients))
    with session.out.progress("Reading items") as progress:
        items = read_batch(items_path, progress)
    options = BatchOptions(
        document_hash=bytes(32) if document is None else keccak256(document.read_bytes()),
        domain=domain,
        code_length=code_length,
        recipients=printers,
    )
    DigitalLink(items.gtin, items.lot, domain=domain)
    suite = session.suite()
    owner = issuer or session.signer().address
    _tell(session, items_path, items, code_length)
    if session.dry_run:
        _rehearse(session, owner, items, options.document_hash, carton_size)
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
            options=options,
            build=build,
            progress=progress,
        )
    _register(session, folder, items, carton_size)


def _rehearse(
    session: Session, owner: str, items: BatchFile, document_hash: bytes, carton_size: int
) -> None:
    """Estimate the transaction. The tree is not built for that: any root costs the same."""
    batches = Batches(session.suite())
    registration = Registration.of(
        owner, items, keccak256(b""), document_hash, carton_size=carton_size
    )
    try:
        batches.get(registration.batch_id)
        session.out.say("This batch is registered already.")
    except BatchNotFoundError:
        session.attempt(
            "Register?",
            f"registered for {owner}, {items.count:,} items in one transaction",
            lambda: batches.register(registration, session.signer()),
        )
    session.finish({"items": items.count, "issuer": owner})


def _tell(session: Session, path: Path, items: BatchFile, code_length: int) -> None:
    session.out.say(f"{path.name}: {items.count:,} items of {items.gtin}, {items.lot}")
    if items.ignored_columns:
        session.out.say(f"Columns not used: {', '.join(items.ignored_columns)}")
    if code_length < MIN_CODE_LENGTH:
        hours = items.count * SHORT_CODE_SECONDS / 3600
        session.out.say(
            f"Codes of {5 * code_length} bits: about {hours:,.1f} processor hours, and 128 MiB for "
            "each worker."
        )


def _seed(session: Session, path: Path, passphrase: str) -> BrandSeed:
    if path.exists():
        return BrandSeed.load(path, passphrase)
    seed = BrandSeed.generate()
    seed.save(path, passphrase)
    session.out.say(f"New seed in {path}: keep a copy and the passphrase, labels depend on both.")
    return seed


def _register(session: Session, folder: BatchFolder, items: BatchFile, carton_size: int) -> None:
    record, batches = folder.record, Batches(session.suite())
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
    registration = Registration.of(
        record.issuer, items, record.root, record.document_hash, carton_size=carton_size
    )
    session.attempt(
        f"Register {record.count:,} items for {record.issuer}?",
        f"registered {record.count:,} items",
        lambda: batches.register(registration, session.signer()),
    )
    session.finish(result)
