"""The reference model by itself; tests/stateful holds it to the contracts."""

from dataclasses import replace

import pytest

from tests.python.provenance.conftest import (
    COUNT,
    EXPIRES_AT,
    GTIN,
    ISSUER,
    REGISTERED_AT,
    SHOP,
    SHOPPER,
    STRANGER,
    call,
    terms_of,
)
from weilian.provenance.custody_model import pallet_address
from weilian.provenance.issuer_model import DAY
from weilian.provenance.lot_model import HandOver, LotRef
from weilian.provenance.membership import KeyKind
from weilian.provenance.model import Question
from weilian.provenance.terms import (
    ItemState,
    NoticeKind,
    Reason,
    Verdict,
)
from weilian.provenance.trace_model import TraceEntry, TraceState
from weilian.refusal import InvariantError, RefusedError

LATER = REGISTERED_AT + 10


def test_register__same_day__counts_to_daily_limit(model):
    model.registry.set_daily_limit(call(ISSUER), ISSUER, ISSUER, 10)
    model.registry.register(call(ISSUER), terms_of(lot=b"B" * 20))

    with pytest.raises(RefusedError, match="DailyLimitExceeded") as refusal:
        model.registry.register(call(ISSUER, DAY - 1), terms_of(lot=b"C" * 20))

    assert refusal.value.inputs["used"] == 2 * COUNT
    model.registry.register(call(ISSUER, DAY), terms_of(lot=b"C" * 20))


def test_register__refused__leaves_nothing(model):
    before = dict(model.registry.batches)

    with pytest.raises(RefusedError, match="BatchExists"):
        model.registry.register(call(ISSUER), terms_of())

    assert model.registry.batches == before


@pytest.mark.parametrize(
    ("time", "verdict"), [(EXPIRES_AT - 1, Verdict.REGISTERED), (EXPIRES_AT, Verdict.EXPIRED)]
)
def test_grade__around_expiry__changes_in_its_second(model, batch, time, verdict):
    assert model.grade(Question(batch.batch_id, 0), time)[0] is verdict


def test_grade__gtin_recalled__reaches_batches_registered_before(model, batch):
    model.registry.recall_gtin(call(ISSUER, LATER), ISSUER, GTIN, NoticeKind.RECALL)
    later = model.registry.register(call(ISSUER, LATER + 1), terms_of(lot=b"B" * 20))

    verdicts = [model.grade(Question(i, 0), LATER + 1)[0] for i in (batch.batch_id, later)]

    assert verdicts == [Verdict.RECALLED, Verdict.REGISTERED]


def test_grade__another_lot_named__tells_nothing_of_custody(model, batch, halves):
    model.custody.ship_lot(call(ISSUER), halves[0], SHOP)

    answers = [model.grade(Question(batch.batch_id, 0, first), 2_000) for first in (0, 3)]

    assert answers == [
        (Verdict.IN_TRADE, {Reason.IN_TRANSIT}),
        (Verdict.REGISTERED, {Reason.LOT_WRONG}),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"batch_id": bytes(32)}, Reason.BATCH_UNKNOWN),
        ({"index": COUNT}, Reason.INDEX_OUT_OF_RANGE),
        ({"index": 1}, Reason.PROOF_INVALID),
        ({"key_kind": KeyKind.CHIP}, Reason.PROOF_INVALID),
    ],
)
def test_verdict__item_is_no_member__is_unknown(model, batch, item, change, reason):
    changed = replace(item, **change)

    assert model.registry.verdict(changed, batch.proof(), LATER) == (Verdict.UNKNOWN, {reason})


def test_verdict__proof_too_long__is_unknown(model, batch, item):
    proof = [*batch.proof(), bytes(32)]

    found = model.registry.verdict(item, proof, LATER)

    assert found == (Verdict.UNKNOWN, {Reason.PROOF_LENGTH})


def test_hand_over__receipt_of_the_version_before__is_refused(model, whole):
    receipt = model.custody.receipt(whole, SHOP, 5_000)
    model.custody.ship_lot(call(ISSUER), whole, STRANGER)
    model.custody.cancel_offer(call(ISSUER), whole)

    with pytest.raises(RefusedError, match="ReceiptWrong"):
        model.custody.hand_over(call(ISSUER), HandOver(whole, SHOP, SHOP, 5_000), receipt, SHOP)

    assert model.custody.custody(whole).holder == ISSUER


def test_pack_pallet__lot_twice__is_refused_and_leaves_it_loose(model, whole):
    with pytest.raises(RefusedError, match="LotPacked") as refusal:
        model.custody.pack_pallet(call(ISSUER), 1, [whole, whole])

    assert refusal.value.inputs["pallet"] == pallet_address(ISSUER, 1)
    assert model.custody.lots == model.custody.pallets == {}


def test_append_traces__last_refused__appends_none(model, batch):
    entries = [TraceEntry(batch.batch_id, 0, b"\1" * 32), TraceEntry(batch.batch_id, 2, b"\2" * 32)]

    with pytest.raises(RefusedError, match="SequenceWrong"):
        model.registry.append_traces(call(ISSUER), entries)

    assert model.registry.trace(batch.batch_id) == TraceState()


def test_latest__corrected_twice__is_the_last(model, batch):
    model.registry.append_trace(call(ISSUER), batch.batch_id, 0, [b"\1" * 32, b"\2" * 32])
    model.registry.correct_trace(call(ISSUER), batch.batch_id, 2, 0, b"\3" * 32)
    model.registry.correct_trace(call(ISSUER), batch.batch_id, 3, 2, b"\4" * 32)

    assert [model.registry.latest(batch.batch_id, sequence) for sequence in range(4)] == [
        3,
        1,
        3,
        3,
    ]


def test_latest__no_such_event__is_refused(model, batch):
    with pytest.raises(RefusedError, match="EventUnknown"):
        model.registry.latest(batch.batch_id, 0)


def break_size(model, halves, item):
    model.custody.lots[halves[0]] = replace(model.custody.lots[halves[0]], size=2)


def break_end(model, halves, item):
    model.custody.lots[halves[1]] = replace(model.custody.lots[halves[1]], size=2)


def break_flags(model, halves, item):
    model.custody.lots[halves[0]] = replace(model.custody.lots[halves[0]], flags=1)


def break_version(model, halves, item):
    model.custody.lots[halves[0]] = replace(model.custody.lots[halves[0]], version=0)


def break_head(model, halves, item):
    batch_id = halves[0].batch_id
    model.registry.append_trace(call(ISSUER), batch_id, 0, [b"\1" * 32])
    model.registry.traces[batch_id] = TraceState(b"\2" * 26, 1)


def break_balance(model, halves, item):
    model.items.items[item.id] = ItemState(SHOPPER, LATER)


BREAKS = [break_size, break_end, break_flags, break_version, break_head, break_balance]


@pytest.mark.parametrize("broken", BREAKS)
def test_check__promise_broken__is_found(model, halves, item, broken):
    model.check()
    broken(model, halves, item)

    with pytest.raises(InvariantError):
        model.check()


def test_lots_of__merged_away__are_not_listed(model, halves):
    model.custody.merge_lots(call(ISSUER), halves[0], 3)

    assert model.custody.lots_of(halves[0].batch_id) == [LotRef(halves[0].batch_id, 0)]
    assert model.custody.lot(halves[1]).version == 2
