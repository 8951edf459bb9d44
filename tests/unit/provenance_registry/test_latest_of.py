import pytest

from tests.support.batches import batch_id_of
from tests.support.reverts import reverts
from tests.support.traces import EVENTS

COUNT = len(EVENTS)


@pytest.fixture
def traced(provenance, batch, issuer):
    """A batch with five events in its trace."""
    provenance.appendTrace(batch.batch_id, 0, EVENTS, sender=issuer)
    return batch


def test_latest_of__batch_is_unknown__reverts(provenance, issuer):
    batch_id = batch_id_of(issuer)

    with reverts(provenance.TraceLog_EventUnknown, batchId=batch_id, sequence=0, count=0):
        provenance.latestOf(batch_id, 0)


def test_latest_of__no_trace__reverts(provenance, batch):
    with reverts(provenance.TraceLog_EventUnknown, batchId=batch.batch_id, sequence=0, count=0):
        provenance.latestOf(batch.batch_id, 0)


@pytest.mark.parametrize("sequence", [COUNT, COUNT + 1, 2**256 - 1])
def test_latest_of__event_is_not_in_trace__reverts(provenance, traced, sequence):
    with reverts(
        provenance.TraceLog_EventUnknown,
        batchId=traced.batch_id,
        sequence=sequence,
        count=COUNT,
    ):
        provenance.latestOf(traced.batch_id, sequence)


@pytest.mark.parametrize("sequence", range(COUNT))
def test_latest_of__no_corrections__is_event_itself(provenance, traced, sequence):
    assert provenance.latestOf(traced.batch_id, sequence) == sequence


def test_latest_of__chain_of_corrections__is_last_of_them_from_every_link(
    provenance, traced, issuer
):
    corrected = 2
    for sequence in range(COUNT, COUNT + 6):
        provenance.correctTrace(traced.batch_id, sequence, corrected, EVENTS[0], sender=issuer)
        corrected = sequence

    links = [2, *range(COUNT, COUNT + 6)]
    assert {provenance.latestOf(traced.batch_id, link) for link in links} == {COUNT + 5}


def test_latest_of__two_chains_that_cross__is_end_of_its_own(provenance, traced, issuer):
    corrections = [(COUNT, 0), (COUNT + 1, 4), (COUNT + 2, COUNT), (COUNT + 3, COUNT + 1)]
    for sequence, corrected in corrections:
        provenance.correctTrace(traced.batch_id, sequence, corrected, EVENTS[0], sender=issuer)

    latest = [provenance.latestOf(traced.batch_id, sequence) for sequence in range(COUNT)]

    assert latest == [COUNT + 2, 1, 2, 3, COUNT + 3]
