import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_HASH, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of
from tests.support.reverts import reverts
from tests.support.traces import EVENTS, appended, correction_of, head_over
from tests.support.undone import undone

FIX = keccak(text="correction")
COUNT = len(EVENTS)


@pytest.fixture
def traced(provenance, batch, issuer):
    """A batch with five events in its trace."""
    provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)
    return batch


@pytest.mark.parametrize("prepare", ALLOWED)
def test_correct_trace__caller_may_act_for_issuer__corrects(
    provenance, identities, traced, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("trace"), manufacturer)

    provenance.correctTrace(traced.batch_id, COUNT, 1, FIX, sender=manufacturer)

    assert provenance.latestOf(traced.batch_id, 1) == COUNT


@pytest.mark.parametrize("prepare", REFUSED)
def test_correct_trace__caller_may_not_act_for_issuer__reverts(
    provenance, identities, traced, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("trace"), attacker)

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("trace"),
        actor=attacker,
    ):
        provenance.correctTrace(traced.batch_id, COUNT, 1, FIX, sender=attacker)


def test_correct_trace__batch_is_unknown__reverts(provenance, issuer):
    batch_id = batch_id_of(issuer)

    with reverts(provenance.ProvenanceRegistry_BatchUnknown, batchId=batch_id):
        provenance.correctTrace(batch_id, 0, 0, FIX, sender=issuer)


def test_correct_trace__no_trace__reverts(provenance, batch, issuer):
    with reverts(provenance.TraceLog_EventUnknown, batchId=batch.batch_id, sequence=0, count=0):
        provenance.correctTrace(batch.batch_id, 0, 0, FIX, sender=issuer)


@pytest.mark.parametrize("sequence", [0, COUNT - 1, COUNT + 1, 2**256 - 1])
def test_correct_trace__sequence_is_not_end_of_trace__reverts(provenance, traced, issuer, sequence):
    with reverts(
        provenance.TraceLog_SequenceWrong, batchId=traced.batch_id, sequence=sequence, next=COUNT
    ):
        provenance.correctTrace(traced.batch_id, sequence, 0, FIX, sender=issuer)


@pytest.mark.parametrize("corrected", [COUNT + 1, 2**48, 2**256 - 1])
def test_correct_trace__event_is_not_in_trace__reverts(provenance, traced, issuer, corrected):
    with reverts(
        provenance.TraceLog_EventUnknown,
        batchId=traced.batch_id,
        sequence=corrected,
        count=COUNT,
    ):
        provenance.correctTrace(traced.batch_id, COUNT, corrected, FIX, sender=issuer)


def test_correct_trace__correction_is_to_correct_itself__reverts(provenance, traced, issuer):
    with reverts(
        provenance.TraceLog_EventUnknown, batchId=traced.batch_id, sequence=COUNT, count=COUNT
    ):
        provenance.correctTrace(traced.batch_id, COUNT, COUNT, FIX, sender=issuer)


def test_correct_trace__event_was_corrected_before__reverts(provenance, traced, issuer):
    provenance.correctTrace(traced.batch_id, COUNT, 1, FIX, sender=issuer)

    with reverts(
        provenance.TraceLog_AlreadyCorrected,
        batchId=traced.batch_id,
        sequence=1,
        correction=COUNT,
    ):
        provenance.correctTrace(traced.batch_id, COUNT + 1, 1, FIX, sender=issuer)


def test_correct_trace__hash_is_zero__reverts_and_corrects_nothing(provenance, traced, issuer):
    with reverts(provenance.TraceLog_EventHashZero, batchId=traced.batch_id, sequence=COUNT):
        provenance.correctTrace(traced.batch_id, COUNT, 1, ZERO_HASH, sender=issuer)

    assert provenance.latestOf(traced.batch_id, 1) == 1
    assert provenance.traceOf(traced.batch_id).count == COUNT


def test_correct_trace__issuer_corrects__emits_correction_and_event(provenance, traced, issuer):
    tx = provenance.correctTrace(traced.batch_id, COUNT, 1, FIX, sender=issuer)

    assert tx.events == [
        provenance.TraceCorrected(batchId=traced.batch_id, corrected=1, sequence=COUNT),
        appended(provenance, traced, COUNT, FIX, issuer),
    ]


def test_correct_trace__issuer_corrects__folds_event_and_place_into_chain(
    provenance, traced, issuer
):
    provenance.correctTrace(traced.batch_id, COUNT, 1, FIX, sender=issuer)

    head = head_over(traced.batch_id, [*EVENTS, correction_of(1, FIX)])
    assert tuple(provenance.traceOf(traced.batch_id)) == (head, COUNT + 1)


@pytest.mark.parametrize("corrected", [0, COUNT - 1])
def test_correct_trace__first_or_last_event_is_corrected__points_to_correction(
    provenance, traced, issuer, corrected
):
    provenance.correctTrace(traced.batch_id, COUNT, corrected, FIX, sender=issuer)

    latest = [provenance.latestOf(traced.batch_id, sequence) for sequence in range(COUNT + 1)]
    assert latest == [COUNT if n == corrected else n for n in range(COUNT + 1)]


def test_correct_trace__correction_is_corrected__forms_chain(provenance, traced, issuer):
    provenance.correctTrace(traced.batch_id, COUNT, 0, FIX, sender=issuer)

    tx = provenance.correctTrace(traced.batch_id, COUNT + 1, COUNT, EVENTS[0], sender=issuer)

    assert tx.events[0] == provenance.TraceCorrected(
        batchId=traced.batch_id, corrected=COUNT, sequence=COUNT + 1
    )
    latest = [provenance.latestOf(traced.batch_id, n) for n in (0, COUNT, COUNT + 1)]
    assert latest == [COUNT + 1] * 3


def test_correct_trace__two_events_are_corrected__points_each_to_its_own(
    provenance, traced, issuer
):
    provenance.correctTrace(traced.batch_id, COUNT, 3, FIX, sender=issuer)
    provenance.correctTrace(traced.batch_id, COUNT + 1, 1, FIX, sender=issuer)

    latest = [provenance.latestOf(traced.batch_id, n) for n in range(COUNT)]
    assert latest == [0, COUNT + 1, 2, COUNT, 4]


def test_correct_trace__correction_has_same_hash__differs_from_appended_event(
    provenance, traced, issuer
):
    with undone():
        provenance.appendTrace(traced.batch_id, COUNT, [FIX], sender=issuer)
        heads = {bytes(provenance.traceOf(traced.batch_id).head)}

    for corrected in (0, 1):
        with undone():
            provenance.correctTrace(traced.batch_id, COUNT, corrected, FIX, sender=issuer)
            heads.add(bytes(provenance.traceOf(traced.batch_id).head))

    assert len(heads) == 3


def test_correct_trace__corrections_among_events__goes_on_from_them(provenance, traced, issuer):
    batch_id = traced.batch_id
    provenance.correctTrace(batch_id, COUNT, 2, FIX, sender=issuer)
    provenance.appendTrace(batch_id, COUNT + 1, EVENTS[:2], sender=issuer)
    provenance.correctTrace(batch_id, COUNT + 3, COUNT, EVENTS[4], sender=issuer)

    entries = [*EVENTS, correction_of(2, FIX), *EVENTS[:2], correction_of(COUNT, EVENTS[4])]
    assert tuple(provenance.traceOf(batch_id)) == (head_over(batch_id, entries), COUNT + 4)


def test_correct_trace__same_place_in_another_batch__leaves_other_as_it_is(
    provenance, traced, other, issuer
):
    provenance.appendTrace(other.batch_id, 0, EVENTS, sender=issuer)

    provenance.correctTrace(traced.batch_id, COUNT, 1, FIX, sender=issuer)

    assert provenance.latestOf(other.batch_id, 1) == 1
    assert provenance.traceOf(other.batch_id).head == head_over(other.batch_id, EVENTS)
