"""Recalls and suspensions in the reference model, and what they end."""

import pytest

from tests.python.provenance.conftest import (
    COUNT,
    GTIN,
    ISSUER,
    REGISTERED_AT,
    SHOP,
    call,
)
from weilian.provenance.grading import bits_of
from weilian.provenance.registry_model import NOTICE_LIMIT
from weilian.provenance.terms import (
    GtinNoticeState,
    NoticeKind,
    NoticeState,
    Reason,
)
from weilian.refusal import RefusedError

LATER = REGISTERED_AT + 10
RECALL, SUSPENSION = NoticeKind.RECALL, NoticeKind.SUSPENSION


def offer(model, unit, kind, time=LATER):
    """Offer a lot to the shop, alone or on a pallet; return how it is received."""
    if kind == "lot":
        model.custody.ship_lot(call(ISSUER, time), unit, SHOP)
        return lambda: model.custody.receive_lot(call(SHOP), unit, COUNT)
    name = model.custody.pack_pallet(call(ISSUER, time), 1, [unit])
    model.custody.ship_pallet(call(ISSUER, time), name, SHOP)
    return lambda: model.custody.receive_pallet(call(SHOP), name, [unit])


@pytest.mark.parametrize("kind", ["lot", "pallet"])
def test_receive__item_recalled_and_lifted_since__is_refused(model, whole, kind):
    receive = offer(model, whole, kind)
    model.registry.recall(call(ISSUER, LATER), whole.batch_id, 5, 5, SUSPENSION)
    model.registry.reinstate(call(ISSUER), whole.batch_id, 0)

    with pytest.raises(RefusedError, match="NotTradable") as refusal:
        receive()

    assert refusal.value.inputs["reasons"] == 1 << Reason.SUSPENDED.value


@pytest.mark.parametrize("kind", ["lot", "pallet"])
def test_receive__item_recalled_and_lifted_before__changes_hands(model, whole, kind):
    model.registry.recall(call(ISSUER, LATER - 1), whole.batch_id, 5, 5, SUSPENSION)
    model.registry.reinstate(call(ISSUER, LATER), whole.batch_id, 0)

    offer(model, whole, kind)()

    assert model.custody.custody(whole).holder == SHOP


def test_receive_lot__gtin_recalled_and_lifted_since__is_refused(model, whole):
    receive = offer(model, whole, "lot")
    model.registry.recall_gtin(call(ISSUER, LATER), ISSUER, GTIN, RECALL)
    model.registry.reinstate_gtin(call(ISSUER), ISSUER, GTIN)

    with pytest.raises(RefusedError, match="NotTradable") as refusal:
        receive()

    expected = {Reason.GTIN_NOTICE, Reason.RECALLED}
    assert refusal.value.inputs["reasons"] == bits_of(expected)
    assert model.custody.condition(whole, 2_000) == set()


def test_receive_lot__back_to_issuer_after_recall__changes_hands(model, whole):
    offer(model, whole, "lot")()
    model.custody.ship_lot(call(SHOP), whole, ISSUER)
    model.registry.recall(call(ISSUER), whole.batch_id, 0, 0, RECALL)

    model.custody.receive_lot(call(ISSUER), whole, COUNT)

    assert model.custody.custody(whole).holder == ISSUER


def fill_notices(model, batch_id):
    for _ in range(NOTICE_LIMIT):
        model.registry.recall(call(ISSUER), batch_id, 0, 0, SUSPENSION)


def test_recall__notices_used_up__reaches_whole_batch_alone(model, batch):
    fill_notices(model, batch.batch_id)

    with pytest.raises(RefusedError, match="TooManyNotices") as refusal:
        model.registry.recall(call(ISSUER), batch.batch_id, 0, COUNT - 2, RECALL)

    assert refusal.value.inputs == {"batchId": batch.batch_id, "limit": NOTICE_LIMIT}
    assert model.registry.recall(call(ISSUER), batch.batch_id, 0, COUNT - 1, RECALL) == 32


@pytest.mark.parametrize(
    ("is_lifted", "kind"), [(False, NoticeKind.RECALL), (True, NoticeKind.SUSPENSION)]
)
def test_recall__whole_batch_again__weakens_no_standing_recall(model, batch, is_lifted, kind):
    fill_notices(model, batch.batch_id)
    whole = (batch.batch_id, 0, COUNT - 1)
    model.registry.recall(call(ISSUER), *whole, RECALL)
    if is_lifted:
        model.registry.reinstate(call(ISSUER), batch.batch_id, NOTICE_LIMIT)

    number = model.registry.recall(call(ISSUER, 3_000), *whole, SUSPENSION)

    assert number == NOTICE_LIMIT
    assert model.registry.notices[batch.batch_id][number:] == [
        NoticeState(0, COUNT - 1, 3_000, 0, kind)
    ]
    assert model.registry.batch(batch.batch_id).notice_count == NOTICE_LIMIT + 1


@pytest.mark.parametrize(
    ("is_lifted", "kind"), [(False, NoticeKind.RECALL), (True, NoticeKind.SUSPENSION)]
)
def test_recall_gtin__again__weakens_no_standing_recall(model, is_lifted, kind):
    model.registry.recall_gtin(call(ISSUER), ISSUER, GTIN, RECALL)
    if is_lifted:
        model.registry.reinstate_gtin(call(ISSUER), ISSUER, GTIN)

    model.registry.recall_gtin(call(ISSUER, 3_000), ISSUER, GTIN, SUSPENSION)

    assert model.registry.gtin_notice(ISSUER, GTIN) == GtinNoticeState(3_000, 0, kind)
