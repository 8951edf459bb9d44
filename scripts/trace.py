"""Anchor EPCIS events in a batch's trace."""

from pathlib import Path

import click

from scripts._session import Session, script
from scripts._types import PATH, batch_option
from weilian.batch import Batches
from weilian.batch_folder import BatchFolder
from weilian.chain.values import to_hex
from weilian.epcis import EpcisDocument, event_hash


@script(writes=True)
@click.argument("documents", nargs=-1, required=True, type=PATH)
@batch_option
def cli(session: Session, documents: tuple[Path, ...], folder: Path) -> None:
    """Append the events of EPCIS 2.0 DOCUMENTS, in their order, to a batch's trace.

    What is anchored is the CBV 2.0 event hash. Events that the batch has already are passed over,
    so the same command can be run again after a break or with further documents.
    """
    batch = BatchFolder.load(folder).record
    hashes = [event_hash(event) for path in documents for event in EpcisDocument.read(path).events]
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
