"""Traces: appending EPCIS event hashes to batches, correcting them, reading them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from weilian.chain import Signer
from weilian.chain.values import to_hex
from weilian.errors import WeilianError
from weilian.issuer import Issuers
from weilian.merkle.items import issuer_of
from weilian.progress import Progress
from weilian.provenance.trace_chain import trace_head
from weilian.suite import Suite

__all__ = [
    "ENTRIES_PER_TRANSACTION",
    "EVENTS_PER_TRANSACTION",
    "Trace",
    "TraceError",
    "TraceEvent",
    "Traces",
    "trace_head",
]

EVENTS_PER_TRANSACTION = 200
"""Of one batch."""

ENTRIES_PER_TRANSACTION = 256
"""Of many batches: at worst each is the first of its batch and takes some 45,000 gas, which with
the margin of a transaction stays below the 16,777,216 that EIP-7825 allows."""


class TraceError(WeilianError, ValueError):
    """Events that cannot be appended as they are."""


@dataclass(frozen=True, slots=True)
class Trace:
    """How many events a batch has, and the head of their hash chain."""

    count: int
    head: bytes


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One anchored event: the CBV hash of an EPCIS document's event.

    `corrects` is the event that it stands for, `corrected_by` the one to be read in its place.
    `is_suspect` marks what a key recorded after the second from which its issuer revoked it.
    """

    batch_id: bytes
    sequence: int
    event_hash: bytes
    actor: str
    block_number: int
    corrects: int | None = None
    corrected_by: int | None = None
    is_suspect: bool = False


@dataclass(frozen=True, slots=True)
class Traces:
    """The trace log in the provenance registry."""

    suite: Suite

    def append(
        self,
        batch_id: bytes,
        event_hashes: Sequence[bytes],
        signer: Signer,
        *,
        sequence: int | None = None,
        progress: Progress | None = None,
    ) -> list[TraceEvent]:
        """Append events in order, at most 200 in a transaction; return them as anchored.

        `sequence` is how many events the batch is known to have, None for as many as it has now:
        if others were appended since, the contract refuses, so nothing is ever appended twice. If
        a later transaction fails, the events of those before it stay: compare with `get`.
        `progress` is called with (events done, events in all). Raises TraceError for an empty list.
        """
        _check_hashes(event_hashes)
        contract = self.suite.provenance
        place = self.get(batch_id).count if sequence is None else sequence
        anchored: list[TraceEvent] = []
        for start in range(0, len(event_hashes), EVENTS_PER_TRANSACTION):
            part = list(event_hashes[start : start + EVENTS_PER_TRANSACTION])
            function = contract.functions.appendTrace(batch_id, place + start, part)
            tx = self.suite.chain.send(function, signer)
            anchored += map(_event, tx.events(contract.events.TraceAppended()))
            if progress:
                progress(len(anchored), len(event_hashes))
        return anchored

    def append_many(
        self,
        events: Mapping[bytes, Sequence[bytes]],
        signer: Signer,
        *,
        sequences: Mapping[bytes, int] | None = None,
        progress: Progress | None = None,
    ) -> list[TraceEvent]:
        """Append to the traces of many batches, at most 256 events in a transaction.

        `events` are hashes in order by batch; `sequences` says how many events each batch is known
        to have. Else as `append`.
        """
        _check_hashes([digest for hashes in events.values() for digest in hashes])
        contract = self.suite.provenance
        entries = [
            (batch_id, start + offset, digest)
            for batch_id, hashes in events.items()
            for start in [sequences[batch_id] if sequences else self.get(batch_id).count]
            for offset, digest in enumerate(hashes)
        ]
        anchored: list[TraceEvent] = []
        for first in range(0, len(entries), ENTRIES_PER_TRANSACTION):
            part = entries[first : first + ENTRIES_PER_TRANSACTION]
            tx = self.suite.chain.send(contract.functions.appendTraces(part), signer)
            anchored += map(_event, tx.events(contract.events.TraceAppended()))
            if progress:
                progress(len(anchored), len(entries))
        return anchored

    def correct(
        self,
        batch_id: bytes,
        corrected: int,
        event_hash: bytes,
        signer: Signer,
        *,
        sequence: int | None = None,
    ) -> TraceEvent:
        """Append an event that stands for event `corrected` from now on; return it.

        The earlier event stays, with a link forward. Raises TraceError where there is no such
        event, or it was corrected before: then its latest correction is the one to be corrected.
        """
        _check_hashes([event_hash])
        place = self.get(batch_id).count if sequence is None else sequence
        if not 0 <= corrected < place:
            raise TraceError(
                f"batch {to_hex(batch_id)} has no event {corrected}; it has {place}, from 0"
            )
        latest = self.latest(batch_id, corrected)
        if latest != corrected:
            raise TraceError(f"event {corrected} is corrected already; correct event {latest}")
        contract = self.suite.provenance
        function = contract.functions.correctTrace(batch_id, place, corrected, event_hash)
        tx = self.suite.chain.send(function, signer)
        (appended,) = tx.events(contract.events.TraceAppended())
        return replace(_event(appended), corrects=corrected)

    def get(self, batch_id: bytes, *, block: int | None = None) -> Trace:
        """Return number and head of a batch's events; nothing and zeros if it has none."""
        function = self.suite.provenance.functions.traceOf(batch_id)
        kept = self.suite.chain.call(function, block="latest" if block is None else block)
        return Trace(kept.count, kept.head)

    def latest(self, batch_id: bytes, sequence: int) -> int:
        """Return the place of the event to be read in place of event `sequence`, or its own."""
        function = self.suite.provenance.functions.latestOf(batch_id, sequence)
        return int(self.suite.chain.call(function))

    def events(self, batch_id: bytes, *, to_block: int | None = None) -> list[TraceEvent]:
        """List a batch's events from the chain's log, in order, with what corrects what.

        `to_block` is the last block that is read, the newest final one if none is given.
        """
        contract, chain = self.suite.provenance, self.suite.chain
        last = chain.head - chain.confirmations if to_block is None else to_block

        logs = list(
            chain.events_of(
                contract,
                ("TraceAppended", "TraceCorrected"),
                from_block=self.suite.record.first_block,
                to_block=last,
                topic=batch_id,
            )
        )
        found = [_event(log) for log in logs if log["event"] == "TraceAppended"]
        links = [log["args"] for log in logs if log["event"] == "TraceCorrected"]
        corrects = {link["sequence"]: link["corrected"] for link in links}
        corrected_by = {link["corrected"]: link["sequence"] for link in links}
        revoked = _Revocations(self.suite, issuer_of(batch_id))
        return [
            replace(
                event,
                corrects=corrects.get(event.sequence),
                corrected_by=corrected_by.get(event.sequence),
                is_suspect=revoked.covers(event.actor, event.block_number),
            )
            for event in found
        ]


class _Revocations:
    """Whether a key was revoked from before a block on; each is asked for once."""

    def __init__(self, suite: Suite, issuer: str) -> None:
        self._chain = suite.chain
        self._issuers = Issuers(suite)
        self._issuer = issuer
        self._from: dict[str, int | None] = {}

    def covers(self, actor: str, block: int) -> bool:
        if actor not in self._from:
            revoked = self._issuers.operator(self._issuer, actor).revoked_from
            self._from[actor] = int(revoked.timestamp()) if revoked else None
        since = self._from[actor]
        return since is not None and self._chain.block(block)[1] >= since


def _check_hashes(event_hashes: Sequence[bytes]) -> None:
    if not event_hashes:
        raise TraceError("there are no events to append; give at least one")
    for place, digest in enumerate(event_hashes):
        if len(digest) != 32 or not any(digest):
            raise TraceError(
                f"event {place} has the hash {to_hex(digest)}; it must be 32 bytes, not all zero"
            )


def _event(found: Any) -> TraceEvent:
    args = found["args"]
    return TraceEvent(
        args["batchId"], args["sequence"], args["eventHash"], args["actor"], found["blockNumber"]
    )
