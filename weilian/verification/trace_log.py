"""What a node tells of a batch's trace: its log, or where there is none, its corrections."""

from weilian.chain.errors import NodeRefusedError
from weilian.suite import Suite
from weilian.verification.documents import Anchored, Story, Told, tell_by_head, tell_by_log


def tell(
    suite: Suite, batch_id: bytes, trace: tuple[bytes, int], told: list[Told], block: int
) -> Story:
    """Compare documents with a batch's trace as of `block`; `trace` is its head and number then.

    Raises StoryError where the node's log, or without a log the documents, do not give the head.
    """
    try:
        log = read_log(suite, batch_id, block)
    except NodeRefusedError:
        return tell_by_head(batch_id, trace, told, corrections_of(suite, batch_id, trace[1], block))
    return tell_by_log(batch_id, trace, log, told)


def read_log(suite: Suite, batch_id: bytes, block: int) -> list[Anchored]:
    """List the events of a batch's trace; raises NodeRefusedError for a node without logs."""
    log = list(
        suite.chain.events_of(
            suite.provenance,
            ("TraceAppended", "TraceCorrected"),
            from_block=suite.record.first_block,
            to_block=block,
            topic=batch_id,
        )
    )
    links = (entry["args"] for entry in log if entry["event"] == "TraceCorrected")
    corrected = {args["sequence"]: args["corrected"] for args in links}
    events = (entry["args"] for entry in log if entry["event"] == "TraceAppended")
    return [
        Anchored(args["sequence"], args["eventHash"], corrected.get(args["sequence"]))
        for args in events
    ]


def corrections_of(suite: Suite, batch_id: bytes, count: int, block: int) -> dict[int, int]:
    """Find by calls alone which events of a trace correct others: {correction: corrected}.

    Events with the same latest correction are a chain, each the correction of the one before, as
    an event is corrected once and by a later one.
    """
    last_of: dict[int, int] = {}
    corrections = {}
    for sequence in range(count):
        function = suite.provenance.functions.latestOf(batch_id, sequence)
        latest = suite.chain.call(function, block=block)
        if latest in last_of:
            corrections[sequence] = last_of[latest]
        last_of[latest] = sequence
    return corrections
