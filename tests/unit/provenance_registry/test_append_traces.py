import pytest

from tests.support.abi import ZERO_ADDRESS, ZERO_HASH, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of, create_batch, register_batch
from tests.support.delegation import delegate_all
from tests.support.reverts import reverts
from tests.support.traces import EMPTY_HEAD, EVENTS, appended, head_over, trace_entry
from tests.support.undone import undone

FIRST, SECOND, THIRD = EVENTS[:3]


@pytest.fixture
def brands_batch(provenance, brand):
    """A batch of another issuer."""
    return register_batch(provenance, brand)


@pytest.mark.parametrize("prepare", ALLOWED)
def test_append_traces__caller_may_act_for_issuer__appends(
    provenance, identities, batch, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("trace"), manufacturer)

    tx = provenance.appendTraces([trace_entry(batch, 0)], sender=manufacturer)

    assert tx.events == [appended(provenance, batch, 0, FIRST, manufacturer)]


@pytest.mark.parametrize("prepare", REFUSED)
def test_append_traces__caller_may_not_act_for_issuer__reverts(
    provenance, identities, batch, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("trace"), attacker)

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("trace"),
        actor=attacker,
    ):
        provenance.appendTraces([trace_entry(batch, 0)], sender=attacker)


def test_append_traces__list_is_empty__reverts(provenance, issuer):
    with reverts(provenance.TraceLog_NoEvents):
        provenance.appendTraces([], sender=issuer)


@pytest.mark.parametrize("position", [0, 1])
def test_append_traces__batch_is_unknown__reverts(provenance, batch, issuer, position):
    unknown = create_batch(provenance, issuer, gtin=77)
    entries = [trace_entry(batch, 0)]
    entries.insert(position, trace_entry(unknown, 0))

    with reverts(provenance.ProvenanceRegistry_BatchUnknown, batchId=unknown.batch_id):
        provenance.appendTraces(entries, sender=issuer)


def test_append_traces__batch_belongs_to_zero_address__reverts(provenance, batch, attacker):
    entry = {"batchId": batch_id_of(ZERO_ADDRESS), "sequence": 0, "eventHash": FIRST}

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=ZERO_ADDRESS,
        permission=permission("trace"),
        actor=attacker,
    ):
        provenance.appendTraces([entry], sender=attacker)


def test_append_traces__hash_is_zero__reverts(provenance, batch, issuer):
    entries = [trace_entry(batch, 0), trace_entry(batch, 1, ZERO_HASH)]

    with reverts(provenance.TraceLog_EventHashZero, batchId=batch.batch_id, sequence=1):
        provenance.appendTraces(entries, sender=issuer)


@pytest.mark.parametrize("sequence", [0, 1, 3, 2**48 - 1])
def test_append_traces__sequence_is_not_end_of_its_trace__reverts(
    provenance, batch, other, issuer, sequence
):
    provenance.appendTrace(batch.batch_id, 0, EVENTS[:2], sender=issuer)
    entries = [trace_entry(other, 0), trace_entry(batch, sequence)]

    with reverts(
        provenance.TraceLog_SequenceWrong, batchId=batch.batch_id, sequence=sequence, next=2
    ):
        provenance.appendTraces(entries, sender=issuer)


def test_append_traces__batch_comes_twice_with_same_sequence__reverts(provenance, batch, issuer):
    with reverts(provenance.TraceLog_SequenceWrong, batchId=batch.batch_id, sequence=0, next=1):
        provenance.appendTraces([trace_entry(batch, 0)] * 2, sender=issuer)


def test_append_traces__batch_comes_several_times__chains_its_events_in_order_of_list(
    provenance, batch, issuer
):
    entries = [trace_entry(batch, number, event) for number, event in enumerate(EVENTS)]

    provenance.appendTraces(entries, sender=issuer)

    trace = tuple(provenance.traceOf(batch.batch_id))
    assert trace == (head_over(batch.batch_id, EVENTS), len(EVENTS))


def test_append_traces__batches_come_out_of_order__chains_events_of_each(
    provenance, batch, other, issuer
):
    entries = [
        trace_entry(other, 0, FIRST),
        trace_entry(batch, 0, SECOND),
        trace_entry(other, 1, THIRD),
        trace_entry(batch, 1, FIRST),
    ]

    provenance.appendTraces(entries, sender=issuer)

    heads = [provenance.traceOf(each.batch_id).head for each in (batch, other)]
    assert heads == [
        head_over(batch.batch_id, [SECOND, FIRST]),
        head_over(other.batch_id, [FIRST, THIRD]),
    ]


def test_append_traces__there_are_several_issuers_who_all_let_caller__appends_for_all(
    provenance, identities, batch, brands_batch, issuer, brand, manufacturer
):
    for owner in (issuer, brand):
        delegate_all(identities, owner, manufacturer, ["trace"])
    places = [(batch, 0), (brands_batch, 0), (batch, 1), (brands_batch, 1)]

    tx = provenance.appendTraces([trace_entry(*place) for place in places], sender=manufacturer)

    assert tx.events == [appended(provenance, *place, FIRST, manufacturer) for place in places]
    assert provenance.traceOf(batch.batch_id).count == 2
    assert provenance.traceOf(brands_batch.batch_id).count == 2


@pytest.mark.parametrize("place", [0, 1, 2])
def test_append_traces__one_of_several_issuers_does_not_let_caller__reverts_and_nothing_is_written(
    provenance, batch, brands_batch, issuer, brand, place
):
    entries = [trace_entry(batch, 0), trace_entry(batch, 1)]
    entries.insert(place, trace_entry(brands_batch, 0))

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=brand,
        permission=permission("trace"),
        actor=issuer,
    ):
        provenance.appendTraces(entries, sender=issuer)

    for each in (batch, brands_batch):
        assert tuple(provenance.traceOf(each.batch_id)) == (EMPTY_HEAD, 0)


def test_append_traces__last_entry_is_wrong__reverts_and_nothing_is_written(
    provenance, batch, other, issuer
):
    entries = [trace_entry(batch, 0), trace_entry(other, 0), trace_entry(batch, 2)]

    with reverts(provenance.TraceLog_SequenceWrong, batchId=batch.batch_id, sequence=2, next=1):
        provenance.appendTraces(entries, sender=issuer)

    for each in (batch, other):
        assert tuple(provenance.traceOf(each.batch_id)) == (EMPTY_HEAD, 0)


def test_append_traces__traces__goes_on_from_each(provenance, batch, other, issuer):
    provenance.appendTrace(batch.batch_id, 0, [FIRST, SECOND], sender=issuer)
    provenance.appendTrace(other.batch_id, 0, [THIRD], sender=issuer)

    provenance.appendTraces(
        [trace_entry(batch, 2, THIRD), trace_entry(other, 1, FIRST)], sender=issuer
    )

    assert provenance.traceOf(batch.batch_id).head == head_over(
        batch.batch_id, [FIRST, SECOND, THIRD]
    )
    assert provenance.traceOf(other.batch_id).head == head_over(other.batch_id, [THIRD, FIRST])


def test_append_traces__issuer_appends__emits_each_in_order_of_list(
    provenance, batch, other, issuer
):
    entries = [(other, 0, SECOND), (batch, 0, FIRST), (other, 1, THIRD)]

    tx = provenance.appendTraces([trace_entry(*entry) for entry in entries], sender=issuer)

    assert tx.events == [appended(provenance, *entry, issuer) for entry in entries]


def test_append_traces__same_events_come_one_by_one__has_same_heads(provenance, batch, issuer):
    entries = [trace_entry(batch, number, event) for number, event in enumerate(EVENTS)]
    with undone():
        provenance.appendTraces(entries, sender=issuer)
        together = provenance.traceOf(batch.batch_id)

    for entry in entries:
        provenance.appendTraces([entry], sender=issuer)

    assert provenance.traceOf(batch.batch_id) == together
