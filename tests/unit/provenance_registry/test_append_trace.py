import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.abi import ZERO_HASH, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of, register_batch
from tests.support.clock import next_block_at, now
from tests.support.reverts import reverts

EVENTS = [keccak(text=f"event {number}") for number in range(5)]


def head_over(batch_id, events):
    """Fold the hash chain that the trace's head must be."""
    head = b"\0" * 26
    for sequence, event in enumerate(events):
        types = ("bytes32", "uint48", "bytes26", "bytes32")
        head = keccak(encode(types, (batch_id, sequence, head, event)))[:26]
    return head


@pytest.mark.parametrize("prepare", ALLOWED)
def test_append_trace__caller_may_act_for_issuer__appends(
    provenance, identities, batch, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("trace"), manufacturer)

    tx = provenance.appendTrace(batch.batch_id, 0, EVENTS[:1], sender=manufacturer)

    assert tx.events == [
        provenance.TraceAppended(
            batchId=batch.batch_id, sequence=0, eventHash=EVENTS[0], actor=manufacturer
        )
    ]


@pytest.mark.parametrize("prepare", REFUSED)
def test_append_trace__caller_may_not_act_for_issuer__reverts(
    provenance, identities, batch, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("trace"), attacker)

    with reverts(
        provenance.ProvenanceRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("trace"),
        actor=attacker,
    ):
        provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=attacker)


def test_append_trace__batch_is_unknown__reverts(provenance, issuer):
    batch_id = batch_id_of(issuer)

    with reverts(provenance.ProvenanceRegistry_BatchUnknown, batchId=batch_id):
        provenance.appendTrace(batch_id, 0, EVENTS, sender=issuer)


def test_append_trace__list_is_empty__reverts(provenance, batch, issuer):
    with reverts(provenance.ProvenanceRegistry_NoEvents, batchId=batch.batch_id):
        provenance.appendTrace(batch.batch_id, 0, [], sender=issuer)


def test_append_trace__trace_and_list_is_empty__reverts(provenance, batch, issuer):
    provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)

    with reverts(provenance.ProvenanceRegistry_NoEvents, batchId=batch.batch_id):
        provenance.appendTrace(batch.batch_id, len(EVENTS), [], sender=issuer)


@pytest.mark.parametrize("position", [0, 2, 4])
def test_append_trace__hash_is_zero__reverts_with_its_position(provenance, batch, issuer, position):
    events = [*EVENTS[:position], ZERO_HASH, *EVENTS[position + 1 :]]

    with reverts(
        provenance.ProvenanceRegistry_EventHashZero, batchId=batch.batch_id, position=position
    ):
        provenance.appendTrace(batch.batch_id, 0, events, sender=issuer)

    assert provenance.traceOf(batch.batch_id).count == 0


def test_append_trace__there_are_several_events__emits_each_with_next_number(
    provenance, batch, issuer
):
    tx = provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)

    assert tx.events == [
        provenance.TraceAppended(
            batchId=batch.batch_id, sequence=number, eventHash=event, actor=issuer
        )
        for number, event in enumerate(EVENTS)
    ]


def test_append_trace__there_are_several_events__chains_their_hashes(provenance, batch, issuer):
    provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)

    trace = provenance.traceOf(batch.batch_id)
    assert trace.count == len(EVENTS)
    assert trace.head == head_over(batch.batch_id, EVENTS)


def test_append_trace__trace__goes_on_from_it(provenance, batch, issuer):
    provenance.appendTrace(batch.batch_id, 0, EVENTS[:3], sender=issuer)

    tx = provenance.appendTrace(batch.batch_id, 3, EVENTS[3:], sender=issuer)

    assert [event.sequence for event in tx.events] == [3, 4]
    assert provenance.traceOf(batch.batch_id).count == len(EVENTS)


@pytest.mark.parametrize("sequence", [0, 2, 4, 2**256 - 1])
def test_append_trace__trace_and_sequence_is_not_its_end__reverts(
    provenance, batch, issuer, sequence
):
    provenance.appendTrace(batch.batch_id, 0, EVENTS[:3], sender=issuer)

    with reverts(
        provenance.ProvenanceRegistry_SequenceWrong,
        batchId=batch.batch_id,
        sequence=sequence,
        next=3,
    ):
        provenance.appendTrace(batch.batch_id, sequence, EVENTS[3:], sender=issuer)


def test_append_trace__same_events_come_in_two_transactions__has_same_head(
    provenance, batch, issuer
):
    provenance.appendTrace(batch.batch_id, 0, EVENTS[:3], sender=issuer)
    provenance.appendTrace(batch.batch_id, 3, EVENTS[3:], sender=issuer)

    assert provenance.traceOf(batch.batch_id).head == head_over(batch.batch_id, EVENTS)


def test_append_trace__batch_is_recalled_and_expired__still_appends(provenance, issuer):
    expires_at = now() + 1000
    batch = register_batch(provenance, issuer, expires_at=expires_at)
    provenance.recallBatch(batch.batch_id, keccak(text="notice"), sender=issuer)
    next_block_at(expires_at)

    provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)

    assert provenance.traceOf(batch.batch_id).count == len(EVENTS)


def test_append_trace__traces_of_two_batches__keeps_them_apart(provenance, batch, issuer, brand):
    other = register_batch(provenance, brand)
    provenance.appendTrace(batch.batch_id, 0, EVENTS[:2], sender=issuer)

    provenance.appendTrace(other.batch_id, 0, EVENTS[2:], sender=brand)

    assert provenance.traceOf(batch.batch_id).head == head_over(batch.batch_id, EVENTS[:2])
    assert provenance.traceOf(other.batch_id).head == head_over(other.batch_id, EVENTS[2:])
