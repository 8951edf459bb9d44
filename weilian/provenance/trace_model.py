"""TraceLog without a chain: events of batches in an order that nobody can rewrite."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from eth_abi.abi import encode

from weilian.hashing import keccak256
from weilian.provenance.identity_model import Call
from weilian.provenance.issuer_model import IssuerModel, issuer_of
from weilian.refusal import InvariantError, RefusedError

_HEAD_LENGTH = 26
_NO_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One event; `corrected` is the sequence number of the one that it stands for from now on."""

    event_hash: bytes
    corrected: int | None = None

    @property
    def entry(self) -> bytes:
        """What the hash chain is folded over."""
        if self.corrected is None:
            return self.event_hash
        return keccak256(encode(("bytes32", "uint256"), (self.event_hash, self.corrected)))


@dataclass(frozen=True, slots=True)
class TraceState:
    """How many events a batch has, and the head of their hash chain."""

    head: bytes = bytes(_HEAD_LENGTH)
    count: int = 0

    def after(self, batch_id: bytes, event: TraceEvent) -> "TraceState":
        """Fold one more event into the head."""
        words = (batch_id, self.count, self.head, event.entry)
        folded = keccak256(encode(("bytes32", "uint48", "bytes26", "bytes32"), words))
        return TraceState(folded[:_HEAD_LENGTH], self.count + 1)


@dataclass(frozen=True, slots=True)
class TraceEntry:
    """One event for the trace of one batch, meant for the place `sequence`."""

    batch_id: bytes
    sequence: int
    event_hash: bytes


@dataclass(kw_only=True)
class TraceModel(IssuerModel):
    """Traces by batch: their heads, and their events in order."""

    traces: dict[bytes, TraceState] = field(default_factory=dict)
    trace_events: dict[bytes, list[TraceEvent]] = field(default_factory=dict)

    def trace(self, batch_id: bytes) -> TraceState:
        """Return number and head of a batch's events."""
        return self.traces.get(batch_id, TraceState())

    def append_trace(
        self, call: Call, batch_id: bytes, sequence: int, event_hashes: Sequence[bytes]
    ) -> None:
        """Append events in order, the first as number `sequence`."""
        self._check_authorized(call, issuer_of(batch_id), "trace")
        self._check_place(batch_id, sequence, self.trace(batch_id).count)
        if not event_hashes:
            raise RefusedError("TraceLog_NoEvents")
        for place, event_hash in enumerate(event_hashes, start=sequence):
            _check_hash(batch_id, place, event_hash)
        for event_hash in event_hashes:
            self._append(batch_id, TraceEvent(event_hash))

    def append_traces(self, call: Call, entries: Sequence[TraceEntry]) -> None:
        """Append events to many traces, all or none."""
        if not entries:
            raise RefusedError("TraceLog_NoEvents")
        counts: dict[bytes, int] = {}
        for entry in entries:
            batch_id = entry.batch_id
            self._check_authorized(call, issuer_of(batch_id), "trace")
            count = counts.get(batch_id, self.trace(batch_id).count)
            self._check_place(batch_id, entry.sequence, count)
            _check_hash(batch_id, count, entry.event_hash)
            counts[batch_id] = count + 1
        for entry in entries:
            self._append(entry.batch_id, TraceEvent(entry.event_hash))

    def correct_trace(
        self, call: Call, batch_id: bytes, sequence: int, corrected: int, event_hash: bytes
    ) -> None:
        """Append an event that stands for an earlier one."""
        self._check_authorized(call, issuer_of(batch_id), "trace")
        count = self.trace(batch_id).count
        self._check_place(batch_id, sequence, count)
        if corrected >= count:
            raise RefusedError(
                "TraceLog_EventUnknown", batchId=batch_id, sequence=corrected, count=count
            )
        if correction := self.correction(batch_id, corrected):
            raise RefusedError(
                "TraceLog_AlreadyCorrected",
                batchId=batch_id,
                sequence=corrected,
                correction=correction,
            )
        _check_hash(batch_id, count, event_hash)
        self._append(batch_id, TraceEvent(event_hash, corrected))

    def correction(self, batch_id: bytes, sequence: int) -> int | None:
        """Return the number of the event that corrects an event at once; None if none does."""
        for place, event in enumerate(self.trace_events.get(batch_id, ())):
            if event.corrected == sequence:
                return place
        return None

    def latest(self, batch_id: bytes, sequence: int) -> int:
        """Return the number of the event to be read in place of an event."""
        if sequence >= (count := self.trace(batch_id).count):
            raise RefusedError(
                "TraceLog_EventUnknown", batchId=batch_id, sequence=sequence, count=count
            )
        while correction := self.correction(batch_id, sequence):
            sequence = correction
        return sequence

    def check_traces(self) -> None:
        """Raise InvariantError unless each trace is dense, and its head the fold of its events."""
        for batch_id, kept in self.traces.items():
            folded = TraceState()
            for event in self.trace_events[batch_id]:
                folded = folded.after(batch_id, event)
            if folded != kept:
                raise InvariantError(f"the trace of {batch_id.hex()} must be {folded}", kept)

    @abstractmethod
    def _check_registered(self, batch_id: bytes) -> None: ...

    def _check_place(self, batch_id: bytes, sequence: int, count: int) -> None:
        if count == 0:
            self._check_registered(batch_id)
        if sequence != count:
            raise RefusedError(
                "TraceLog_SequenceWrong", batchId=batch_id, sequence=sequence, next=count
            )

    def _append(self, batch_id: bytes, event: TraceEvent) -> None:
        self.traces[batch_id] = self.trace(batch_id).after(batch_id, event)
        self.trace_events.setdefault(batch_id, []).append(event)


def _check_hash(batch_id: bytes, sequence: int, event_hash: bytes) -> None:
    if event_hash == _NO_HASH:
        raise RefusedError("TraceLog_EventHashZero", batchId=batch_id, sequence=sequence)
