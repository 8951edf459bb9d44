from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.python.chain.world import pass_time
from weilian.chain import ContractRevert
from weilian.hashing import keccak256
from weilian.identity import Permission
from weilian.trace import (
    ENTRIES_PER_TRANSACTION,
    EVENTS_PER_TRANSACTION,
    TraceError,
    trace_head,
)

GAS_CAP = 16_777_216
"""Of a transaction (EIP-7825)."""

GAS_MARGIN = 1.2
"""Sent with so much more than was estimated."""


def hashes(count, text="event"):
    return [keccak256(f"{text} {number}".encode()) for number in range(count)]


def test_append__more_than_a_transaction_holds__is_split_in_order(traces, issuer, create_batch):
    made, events, seen = create_batch(issuer), hashes(EVENTS_PER_TRANSACTION + 3), []

    anchored = traces.append(made.id, events, issuer, progress=lambda *told: seen.append(told))

    assert [event.event_hash for event in anchored] == events
    assert [event.sequence for event in anchored] == list(range(len(events)))
    assert len({event.block_number for event in anchored}) == 2
    trace = traces.get(made.id)
    assert (trace.count, trace.head) == (len(events), trace_head(made.id, events))
    assert traces.events(made.id) == anchored
    assert seen == [(EVENTS_PER_TRANSACTION, len(events)), (len(events), len(events))]


def test_append__place_that_is_taken__is_refused(traces, issuer, create_batch):
    made = create_batch(issuer)
    traces.append(made.id, hashes(2), issuer)

    with pytest.raises(ContractRevert) as caught:
        traces.append(made.id, hashes(2), issuer, sequence=0)

    assert caught.value.name == "TraceLog_SequenceWrong"
    assert traces.get(made.id).count == 2


@pytest.mark.parametrize(
    ("events", "message"),
    [([], "no events"), ([bytes(32)], "event 0"), ([b"\1" * 32, b"\1" * 31], "event 1")],
)
def test_append__bad_list__is_refused_before_anything_is_sent(
    traces, issuer, create_batch, events, message
):
    made = create_batch(issuer)

    with pytest.raises(TraceError, match=message):
        traces.append(made.id, events, issuer)


def test_append__full_transaction__stays_below_the_gas_cap(traces, chain, issuer, create_batch):
    made = create_batch(issuer)

    traces.append(made.id, hashes(EVENTS_PER_TRANSACTION), issuer)

    gas = chain.w3.eth.get_block("latest")["gasUsed"]
    assert gas * GAS_MARGIN < GAS_CAP


def test_append_many__batches__each_get_their_events_in_order(traces, issuer, create_batch):
    first, second = create_batch(issuer), create_batch(issuer)
    traces.append(second.id, hashes(1), issuer)

    anchored = traces.append_many({first.id: hashes(2, "a"), second.id: hashes(2, "b")}, issuer)

    assert [(event.batch_id, event.sequence) for event in anchored] == [
        *((first.id, 0), (first.id, 1)),
        *((second.id, 1), (second.id, 2)),
    ]
    assert len({event.block_number for event in anchored}) == 1
    assert traces.get(first.id).head == trace_head(first.id, hashes(2, "a"))
    assert traces.get(second.id).head == trace_head(second.id, [*hashes(1), *hashes(2, "b")])


def test_append_many__more_than_a_transaction_holds__is_split(traces, issuer, create_batch):
    first, second = create_batch(issuer), create_batch(issuer)
    seen, total = [], ENTRIES_PER_TRANSACTION + 2

    anchored = traces.append_many(
        {first.id: hashes(total - 3), second.id: hashes(3)},
        issuer,
        sequences={first.id: 0, second.id: 0},
        progress=lambda *told: seen.append(told),
    )

    assert len({event.block_number for event in anchored}) == 2
    assert seen == [(ENTRIES_PER_TRANSACTION, total), (total, total)]
    assert (traces.get(first.id).count, traces.get(second.id).count) == (total - 3, 3)


def test_append_many__first_events_of_many_issuers__would_fit_a_full_transaction(
    traces, identities, chain, issuer, brand, distributor, retailer, stranger, create_batch
):
    owners = [issuer, brand, distributor, retailer]
    made = [create_batch(owner) for owner in owners]
    for owner in owners:
        grant = (owner.address, Permission.TRACE, stranger.address, timedelta(hours=1))
        identities.add_delegate(*grant, owner)

    traces.append_many({batch.id: hashes(1) for batch in made}, stranger)

    per_entry = chain.w3.eth.get_block("latest")["gasUsed"] / len(made)
    assert per_entry * ENTRIES_PER_TRANSACTION * GAS_MARGIN < GAS_CAP


def test_append_many__stale_place__changes_no_trace(traces, issuer, create_batch):
    first, second = create_batch(issuer), create_batch(issuer)
    traces.append(second.id, hashes(1), issuer)
    events = {first.id: hashes(1), second.id: hashes(1, "b")}

    with pytest.raises(ContractRevert) as caught:
        traces.append_many(events, issuer, sequences={first.id: 0, second.id: 0})

    assert caught.value.name == "TraceLog_SequenceWrong"
    assert (traces.get(first.id).count, traces.get(second.id).count) == (0, 1)


def test_correct__event__is_linked_both_ways(traces, issuer, create_batch):
    made, (first, second, better, best) = create_batch(issuer), hashes(4)
    traces.append(made.id, [first, second], issuer)

    corrected = traces.correct(made.id, 0, better, issuer)
    traces.correct(made.id, 2, best, issuer)

    events = traces.events(made.id)
    assert (corrected.sequence, corrected.corrects) == (2, 0)
    assert [event.corrects for event in events] == [None, None, 0, 2]
    assert [event.corrected_by for event in events] == [2, None, 3, None]
    assert [traces.latest(made.id, place) for place in range(4)] == [3, 1, 3, 3]
    assert traces.get(made.id).head == trace_head(
        made.id, [first, second, better, best], {2: 0, 3: 2}
    )


def test_correct__corrected_before__names_the_one_to_correct(traces, issuer, create_batch):
    made = create_batch(issuer)
    traces.append(made.id, hashes(1), issuer)
    traces.correct(made.id, 0, hashes(2)[1], issuer)

    with pytest.raises(TraceError, match="correct event 1"):
        traces.correct(made.id, 0, hashes(3)[2], issuer)


@pytest.mark.parametrize("place", [-1, 1, 9])
def test_correct__event_that_is_not_there__is_refused(traces, issuer, create_batch, place):
    made = create_batch(issuer)
    traces.append(made.id, hashes(1), issuer)

    with pytest.raises(TraceError, match=f"no event {place}; it has 1"):
        traces.correct(made.id, place, hashes(2)[1], issuer)


def test_events__key_revoked_from_a_time__are_marked_from_then_on(
    traces, identities, issuers, chain, issuer, stranger, create_batch
):
    made, (early, late, own) = create_batch(issuer), hashes(3)
    grant = (issuer.address, Permission.TRACE, stranger.address, timedelta(days=1))
    identities.add_delegate(*grant, issuer)
    traces.append(made.id, [early], stranger)
    pass_time(chain, 100)
    traces.append(made.id, [late], stranger)
    moment = datetime.fromtimestamp(chain.block()[1], UTC)

    issuers.revoke_key(issuer.address, stranger.address, moment, issuer)
    traces.append(made.id, [own], issuer)

    marks = [(event.event_hash, event.is_suspect) for event in traces.events(made.id)]
    assert marks == [(early, False), (late, True), (own, False)]


def test_events__up_to_a_block__ends_there(traces, issuer, create_batch):
    made = create_batch(issuer)
    (first,) = traces.append(made.id, hashes(1), issuer)
    traces.correct(made.id, 0, hashes(2)[1], issuer)

    assert traces.events(made.id, to_block=first.block_number) == [replace(first)]


def test_events__nothing_appended__is_empty(traces, issuer, create_batch):
    made = create_batch(issuer)

    assert traces.events(made.id) == []
    assert (traces.get(made.id).count, traces.get(made.id).head) == (0, bytes(26))


def test_trace_head__one_event_changed__differs():
    events = hashes(3)
    heads = {trace_head(b"\1" * 32, events[:count]) for count in range(4)}

    assert len(heads) == 4
    assert trace_head(b"\1" * 32, events, {2: 0}) != trace_head(b"\1" * 32, events, {2: 1})
