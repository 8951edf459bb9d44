"""Anchor EPCIS events in a batch's trace."""

from pathlib import Path

import click

from scripts._session import Session, script
from scripts._types import PATH, batch_option
from weilian.batch import Batches
from weilian.batch_folder import BatchFolder
from weilian.chain.values import to_hex
from weilian.epcis import EpcisDocument, EpcisError, cid_v1, event_hash
from weilian.files import create_folder, write_atomic


@script(writes=True)
@click.argument("documents", nargs=-1, required=True, type=PATH)
@batch_option
@click.option("--strict", is_flag=True, help="Refuse own words and wrong ids too.")
@click.option(
    "--store", type=PATH, help="Folder for the documents as canonical JSON, each named by its CID."
)
def cli(
    session: Session, documents: tuple[Path, ...], folder: Path, strict: bool, store: Path | None
) -> None:
    """Append the events of EPCIS 2.0 DOCUMENTS, in their order, to a batch's trace.

    What is anchored is the CBV 2.0 event hash. Events that the batch has already are passed over,
    so the same command can be run again after a break or with further documents. An event id that
    claims to be the event's hash and is not is told of; with --strict it is refused.
    """
    batch = BatchFolder.load(folder).record
    read = [_read(session, path, strict) for path in documents]
    hashes = [event_hash(event) for document in read for event in document.events]
    stored = [] if store is None or session.dry_run else [_store(each, store) for each in read]
    batches = Batches(session.suite())
    batches.get(batch.batch_id)
    trace = batches.trace_events(batch.batch_id)
    anchored = {event.event_hash for event in trace}
    fresh = [digest for digest in hashes if digest not in anchored]
    session.out.say(
        f"{len(hashes)} events in {len(documents)} documents, {len(hashes) - len(fresh)} of them "
        f"anchored already"
    )
    result: dict[str, object] = {
        "batchId": to_hex(batch.batch_id),
        "events": [to_hex(digest) for digest in fresh],
        "stored": stored,
    }
    if session.dry_run or not fresh:
        session.finish(result)
        return
    session.confirm(f"Append {len(fresh)} events?")
    batches.append_trace(batch.batch_id, fresh, session.signer(), sequence=len(trace))
    now = batches.trace(batch.batch_id)
    session.out.say(f"The trace has {now.count} events now, head {to_hex(now.head)}")
    result |= {"count": now.count, "head": to_hex(now.head)}
    session.finish(result, "appended to the trace")


def _read(session: Session, path: Path, strict: bool) -> EpcisDocument:
    document = EpcisDocument.read(path, strict=strict)
    try:
        document.verify_event_ids()
    except EpcisError as error:
        if strict:
            raise
        session.out.say(f"Note: {error}")
    return document


def _store(document: EpcisDocument, folder: Path) -> str:
    """Write a document's canonical bytes under their content address; return the address."""
    data = document.canonical_bytes()
    address = cid_v1(data)
    create_folder(folder)
    write_atomic(folder / f"{address}.jsonld", data)
    return address
