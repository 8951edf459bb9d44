from itertools import count as counter

from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import batch_id_of, register_batch
from tests.support.properties import on_one_chain
from tests.support.traces import EMPTY_HEAD, EVENTS, correction_of, head_over

HASHES = st.binary(min_size=32, max_size=32).filter(any)
LISTS = st.lists(HASHES, min_size=1, max_size=4)


def extend(provenance, issuer, batch_id, entries, hashes, corrected):
    """Append a list, or the first of it as a correction if that event can be corrected."""
    sequence = len(entries)
    if corrected < sequence and provenance.latestOf(batch_id, corrected) == corrected:
        provenance.correctTrace(batch_id, sequence, corrected, hashes[0], sender=issuer)
        entries.append(correction_of(corrected, hashes[0]))
    else:
        provenance.appendTrace(batch_id, sequence, hashes, sender=issuer)
        entries += hashes


def test_trace_of__no_batch__is_all_zero(provenance, issuer):
    assert tuple(provenance.traceOf(batch_id_of(issuer))) == (EMPTY_HEAD, 0)


def test_trace_of__no_trace__is_all_zero(provenance, batch):
    assert tuple(provenance.traceOf(batch.batch_id)) == (EMPTY_HEAD, 0)


def test_trace_of__one_event__is_one_link_of_chain(provenance, batch, issuer):
    provenance.appendTrace(batch.batch_id, 0, EVENTS[:1], sender=issuer)

    trace = tuple(provenance.traceOf(batch.batch_id))
    assert trace == (head_over(batch.batch_id, EVENTS[:1]), 1)


def test_trace_of__lists_of_any_length_and_corrections_are_tried__is_what_fold_gives(
    provenance, issuer
):
    gtins = counter(1)

    @on_one_chain(15)
    @given(st.lists(st.tuples(LISTS, st.integers(0, 8)), min_size=1, max_size=6))
    def check(steps):
        batch_id = register_batch(provenance, issuer, gtin=next(gtins)).batch_id
        entries = []

        for hashes, corrected in steps:
            extend(provenance, issuer, batch_id, entries, hashes, corrected)

        trace = tuple(provenance.traceOf(batch_id))
        assert trace == (head_over(batch_id, entries), len(entries))

    check()
