"""Anchor EPCIS events in the traces of batches."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scripts._session import Session, script
from scripts._types import PATH, UsageRuleError
from weilian.batch import Batches
from weilian.batch_folder import BatchFolder
from weilian.chain.values import to_hex
from weilian.epcis import EpcisDocument, EpcisError, cid_v1, event_hash
from weilian.event_routing import is_about
from weilian.files import create_folder, write_atomic
from weilian.trace import TraceEvent, Traces


@script(writes=True)
@click.argument("documents", nargs=-1, required=True, type=PATH)
@click.option(
    "--batch",
    "folders",
    type=PATH,
    required=True,
    multiple=True,
    help="A batch's folder, with its batch.json; repeatable.",
)
@click.option("--correct", type=click.IntRange(0), help="The event stands for event N from now on.")
@click.option("--strict", is_flag=True, help="Refuse own words and wrong ids too.")
@click.option(
    "--store", type=PATH, help="Folder for the documents as canonical JSON, each named by its CID."
)
def cli(
    session: Session,
    documents: tuple[Path, ...],
    folders: tuple[Path, ...],
    correct: int | None,
    strict: bool,
    store: Path | None,
) -> None:
    """Append the events of EPCIS 2.0 DOCUMENTS, in their order, to the traces of batches: 追溯.

    What is anchored is the CBV 2.0 event hash. With one --batch all events are of that batch. With
    several, an event is of each batch whose GTIN and lot it names, by EPC or class, or one of whose
    serials; an event that names none of them is refused. Events that a batch has already are passed
    over, so the same command can be run again after a break or with further documents. An event id
    that claims to be the event's hash and is not is told of; with --strict it is refused.
    """
    batches = [BatchFolder.load(folder) for folder in folders]
    read = [_read(session, path, strict) for path in documents]
    wanted = _routed(read, batches)
    stored = [] if store is None or session.dry_run else [_store(each, store) for each in read]
    if correct is not None:
        _correct(session, wanted, correct, stored)
    else:
        _append(session, wanted, stored)


def _append(session: Session, wanted: dict[bytes, list[bytes]], stored: list[str]) -> None:
    traces, known = Traces(session.suite()), {}
    for batch_id in wanted:
        Batches(session.suite()).get(batch_id)
        known[batch_id] = traces.events(batch_id)
    fresh = {batch_id: _fresh(hashes, known[batch_id]) for batch_id, hashes in wanted.items()}
    fresh = {batch_id: hashes for batch_id, hashes in fresh.items() if hashes}
    total, new = (sum(map(len, each.values())) for each in (wanted, fresh))
    session.out.say(
        f"{total} events for {len(wanted)} batches, {total - new} of them anchored already"
    )
    if fresh:
        sequences = {batch_id: len(known[batch_id]) for batch_id in fresh}

        def step() -> list[TraceEvent]:
            with session.out.progress("Anchoring events") as progress:
                signer = session.signer()
                if len(fresh) == 1:
                    ((batch_id, hashes),) = fresh.items()
                    place = sequences[batch_id]
                    return traces.append(
                        batch_id, hashes, signer, sequence=place, progress=progress
                    )
                return traces.append_many(fresh, signer, sequences=sequences, progress=progress)

        session.attempt(f"Append {new} events?", "appended to the trace", step)
    session.finish(_described(session, traces, wanted, fresh) | {"stored": stored})


def _correct(
    session: Session, wanted: dict[bytes, list[bytes]], corrected: int, stored: list[str]
) -> None:
    if len(wanted) != 1 or len(next(iter(wanted.values()))) != 1:
        raise UsageRuleError("--correct takes one batch, and a document with one event")
    ((batch_id, (digest,)),) = wanted.items()
    traces = Traces(session.suite())
    Batches(session.suite()).get(batch_id)
    known = traces.events(batch_id)
    fresh: dict[bytes, list[bytes]] = {}
    if any((event.corrects, event.event_hash) == (corrected, digest) for event in known):
        session.out.say(f"Event {corrected} is corrected by this already · 已更正，无需重复")
    else:
        fresh = {batch_id: [digest]}
        session.attempt(
            f"Let this event stand for event {corrected}?",
            f"corrected event {corrected} · 已更正",
            lambda: traces.correct(
                batch_id, corrected, digest, session.signer(), sequence=len(known)
            ),
        )
    session.finish(_described(session, traces, wanted, fresh) | {"stored": stored})


def _routed(
    documents: Sequence[EpcisDocument], batches: Sequence[BatchFolder]
) -> dict[bytes, list[bytes]]:
    """Sort the events by batch, as hashes in their order; raise UsageRuleError for a stray."""
    routed: dict[bytes, list[bytes]] = {each.record.batch_id: [] for each in batches}
    for document in documents:
        for event in document.events:
            own = batches if len(routed) == 1 else [b for b in batches if is_about(event, b)]
            if not own:
                raise UsageRuleError(
                    f"{document.name}: event {event.position} names none of the batches; anchor it "
                    "by a command of its own with the one --batch that it is of"
                )
            for batch_id in {each.record.batch_id: None for each in own}:
                routed[batch_id].append(event_hash(event))
    return routed


def _fresh(hashes: Sequence[bytes], known: Sequence[TraceEvent]) -> list[bytes]:
    anchored = {event.event_hash for event in known}
    return [digest for digest in dict.fromkeys(hashes) if digest not in anchored]


def _described(
    session: Session,
    traces: Traces,
    wanted: dict[bytes, list[bytes]],
    fresh: dict[bytes, list[bytes]],
) -> dict[str, Any]:
    """Tell of each trace as it is now; of the only one at the top, as there mostly is one."""
    described = []
    for batch_id in wanted:
        now = traces.get(batch_id)
        session.out.say(
            f"The trace of {to_hex(batch_id)[:10]}… has {now.count} events, head {to_hex(now.head)}"
        )
        events = [to_hex(digest) for digest in fresh.get(batch_id, [])]
        described.append(
            {"batchId": to_hex(batch_id), "events": events}
            | {"count": now.count, "head": to_hex(now.head)}
        )
    return described[0] if len(described) == 1 else {"batches": described}


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
