"""An item's story: EPCIS documents against the trace that the chain keeps of its batch.

The chain has one head over all events. Documents that fold to it are complete, unchanged and in
order, whoever keeps them. Which events are corrections only the chain can say.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from weilian.epcis import EpcisDocument, EpcisEvent, event_hash
from weilian.errors import WeilianError
from weilian.provenance.trace_chain import trace_head


class StoryError(WeilianError, ValueError):
    """Documents or a log that do not give the trace's head."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """One event of a trace; it stands for the event `corrected` from then on, None for no other."""

    sequence: int
    event_hash: bytes
    corrected: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a document."""

    document: str
    event: EpcisEvent
    event_hash: bytes


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """An event that the chain confirms. `corrected_by` is the event to be read in its place."""

    anchored: Anchored
    told: Told
    corrected_by: int | None


@dataclass(frozen=True, slots=True)
class Story:
    """What documents tell of a batch, in the order of its trace.

    `missing` is on chain and in no document, `foreign` in a document and not on chain (or told
    twice). `is_ordered` is whether the documents have the events in the trace's order.
    """

    events: tuple[StoryEvent, ...]
    missing: tuple[Anchored, ...]
    foreign: tuple[Told, ...]
    is_ordered: bool

    @property
    def is_whole(self) -> bool:
        """Whether the documents tell all that was anchored and nothing else."""
        return not self.missing and not self.foreign


def read_documents(documents: Iterable[EpcisDocument]) -> list[Told]:
    """Hash every event of documents anew; raises EpcisFieldError and EventTimeError."""
    return [
        Told(document.name, event, event_hash(event))
        for document in documents
        for event in document.events
    ]


def tell_by_log(
    batch_id: bytes, trace: tuple[bytes, int], log: Sequence[Anchored], told: Sequence[Told]
) -> Story:
    """Compare documents with a log of the trace that a node gave.

    `trace` is head and number of events that the chain keeps: a log that does not give it is
    refused with StoryError.
    """
    head, count = trace
    if len(log) != count or _fold(batch_id, log) != head:
        raise StoryError(
            f"the node's log has {len(log)} events and does not give the trace's head of {count}; "
            "ask another node"
        )
    places: defaultdict[bytes, deque[Anchored]] = defaultdict(deque)
    for anchored in log:
        places[anchored.event_hash].append(anchored)
    found: list[tuple[Anchored, Told]] = []
    foreign: list[Told] = []
    for each in told:
        if places[each.event_hash]:
            found.append((places[each.event_hash].popleft(), each))
        else:
            foreign.append(each)
    missing = sorted((each for left in places.values() for each in left), key=_sequence)
    return _story(log, found, missing, foreign)


def tell_by_head(
    batch_id: bytes,
    trace: tuple[bytes, int],
    told: Sequence[Told],
    corrections: Mapping[int, int] | None = None,
) -> Story:
    """Compare documents with the trace's head alone, as a node without logs or a state proof has.

    `corrections` are the numbers of events that correct others, and of those. Raises StoryError
    where the documents do not give the head: then nobody can say which event is wrong.
    """
    head, count = trace
    known = corrections or {}
    log = [Anchored(n, each.event_hash, known.get(n)) for n, each in enumerate(told)]
    if len(log) != count or _fold(batch_id, log) != head:
        raise StoryError(
            f"{len(log)} events in the documents do not give the head of the trace's {count}: one "
            "is missing, added, changed or out of order, or corrects another; a node with logs can "
            "say which"
        )
    return _story(log, list(zip(log, told, strict=True)), [], [])


def _story(
    log: Sequence[Anchored],
    found: list[tuple[Anchored, Told]],
    missing: list[Anchored],
    foreign: list[Told],
) -> Story:
    corrected_by = {each.corrected: each.sequence for each in log if each.corrected is not None}
    numbers = [anchored.sequence for anchored, _ in found]
    events = [
        StoryEvent(anchored, told, corrected_by.get(anchored.sequence))
        for anchored, told in sorted(found, key=lambda pair: pair[0].sequence)
    ]
    is_ordered = numbers == sorted(numbers)
    return Story(tuple(events), tuple(missing), tuple(foreign), is_ordered)


def _fold(batch_id: bytes, log: Sequence[Anchored]) -> bytes:
    corrections = {n: each.corrected for n, each in enumerate(log) if each.corrected is not None}
    return trace_head(batch_id, [each.event_hash for each in log], corrections)


def _sequence(anchored: Anchored) -> int:
    return anchored.sequence
