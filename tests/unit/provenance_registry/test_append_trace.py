import pytest

from tests.support.abi import ZERO_HASH, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of, register_batch
from tests.support.clock import later, next_block_at
from tests.support.delegation import delegate_all
from tests.support.notices import issue_notice
from tests.support.reverts import reverts
from tests.support.traces import EVENTS, appended, head_over


@pytest.mark.parametrize("prepare", ALLOWED)
def test_append_trace__caller_may_act_for_issuer__appends(
    provenance, identities, batch, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("trace"), manufacturer)

    tx = provenance.appendTrace(batch.batch_id, 0, EVENTS[:1], sender=manufacturer)

    assert tx.events == [appended(provenance, batch, 0, EVENTS[0], manufacturer)]


@pytest.mark.parametrize("prepare", REFUSED)
def test_append_trace__caller_may_not_act_for_issuer__reverts(
    provenance, identities, batch, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("trace"), attacker)

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
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
    with reverts(provenance.TraceLog_NoEvents):
        provenance.appendTrace(batch.batch_id, 0, [], sender=issuer)


def test_append_trace__trace_and_list_is_empty__reverts(provenance, batch, issuer):
    provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)

    with reverts(provenance.TraceLog_NoEvents):
        provenance.appendTrace(batch.batch_id, len(EVENTS), [], sender=issuer)


@pytest.mark.parametrize("position", [0, 2, 4])
def test_append_trace__hash_is_zero__reverts_with_its_position(provenance, batch, issuer, position):
    events = [*EVENTS[:position], ZERO_HASH, *EVENTS[position + 1 :]]

    with reverts(provenance.TraceLog_EventHashZero, batchId=batch.batch_id, sequence=position):
        provenance.appendTrace(batch.batch_id, 0, events, sender=issuer)

    assert provenance.traceOf(batch.batch_id).count == 0


def test_append_trace__there_are_several_events__emits_each_with_next_number(
    provenance, batch, issuer
):
    tx = provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)

    assert tx.events == [
        appended(provenance, batch, number, event, issuer) for number, event in enumerate(EVENTS)
    ]


def test_append_trace__there_are_several_events__chains_their_hashes(provenance, batch, issuer):
    provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)

    trace = provenance.traceOf(batch.batch_id)
    assert trace.count == len(EVENTS)
    assert trace.head == head_over(batch.batch_id, EVENTS)


def test_append_trace__trace__goes_on_from_it(provenance, batch, issuer):
    provenance.appendTrace(batch.batch_id, 0, EVENTS[:3], sender=issuer)

    tx = provenance.appendTrace(batch.batch_id, 3, EVENTS[3:], sender=issuer)

    assert tx.events == [
        appended(provenance, batch, sequence, EVENTS[sequence], issuer) for sequence in (3, 4)
    ]
    assert provenance.traceOf(batch.batch_id).count == len(EVENTS)


@pytest.mark.parametrize("sequence", [0, 2, 4, 2**256 - 1])
def test_append_trace__trace_and_sequence_is_not_its_end__reverts(
    provenance, batch, issuer, sequence
):
    provenance.appendTrace(batch.batch_id, 0, EVENTS[:3], sender=issuer)

    with reverts(
        provenance.TraceLog_SequenceWrong,
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
    expires_at = later(1000)
    batch = register_batch(provenance, issuer, expires_at=expires_at)
    issue_notice(provenance, batch, issuer)
    next_block_at(expires_at)

    provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)

    assert provenance.traceOf(batch.batch_id).count == len(EVENTS)


def test_append_trace__traces_of_two_batches__keeps_them_apart(provenance, batch, issuer, brand):
    other = register_batch(provenance, brand)
    provenance.appendTrace(batch.batch_id, 0, EVENTS[:2], sender=issuer)

    provenance.appendTrace(other.batch_id, 0, EVENTS[2:], sender=brand)

    assert provenance.traceOf(batch.batch_id).head == head_over(batch.batch_id, EVENTS[:2])
    assert provenance.traceOf(other.batch_id).head == head_over(other.batch_id, EVENTS[2:])


def test_append_trace__no_trace_and_sequence_is_not_zero__reverts(provenance, batch, issuer):
    with reverts(provenance.TraceLog_SequenceWrong, batchId=batch.batch_id, sequence=1, next=0):
        provenance.appendTrace(batch.batch_id, 1, EVENTS, sender=issuer)


def test_append_trace__same_list_is_sent_twice__is_appended_once(provenance, batch, issuer):
    provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)

    with reverts(
        provenance.TraceLog_SequenceWrong, batchId=batch.batch_id, sequence=0, next=len(EVENTS)
    ):
        provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)

    assert provenance.traceOf(batch.batch_id).head == head_over(batch.batch_id, EVENTS)


def test_append_trace__same_event_comes_twice__takes_both(provenance, batch, issuer):
    provenance.appendTrace(batch.batch_id, 0, EVENTS[:1] * 2, sender=issuer)

    trace = tuple(provenance.traceOf(batch.batch_id))
    assert trace == (head_over(batch.batch_id, EVENTS[:1] * 2), 2)


def test_append_trace__key_of_operator_is_revoked__still_appends(
    provenance, batch, identities, issuer, manufacturer
):
    delegate_all(identities, issuer, manufacturer, ["trace"])
    provenance.revokeKey(issuer, manufacturer, 1, sender=issuer)

    provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=manufacturer)

    assert provenance.traceOf(batch.batch_id).count == len(EVENTS)
