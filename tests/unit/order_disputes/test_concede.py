import pytest

from tests.support.abi import permission
from tests.support.clock import next_block_at
from tests.support.disputes import EVIDENCE, DisputeStatus, settle
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import Part
from tests.support.reverts import reverts
from tests.unit.order_disputes.conftest import AMOUNT


def test_concede__payer_gives_in__ends_dispute(escrow, disputes, opened, order_id, payer):
    tx = disputes.concede(opened, sender=payer)

    assert events_of(tx) == [
        event(disputes.DisputeEnded, orderId=order_id, actor=payer, payerBps=0),
        event(escrow.OrderRuled, orderId=order_id, payerBps=0),
    ]
    assert tuple(disputes.disputeOf(order_id)) == (DisputeStatus.NONE, 0, 0, 0)
    view = escrow.orderOf(opened)
    assert (view.isHeld, view.captured, view.refunded) == (False, [AMOUNT], [0])


def test_concede__payer_gives_in__shares_order_as_if_never_disputed(
    escrow, disputes, opened, books, payer, brand, relayer
):
    disputes.concede(opened, sender=payer)

    with Money(escrow, disputes, payer, brand) as money:
        settle(escrow, opened, relayer)

    assert money.changes == {}
    assert books.read() == {
        "brand": 8_500,
        "platform": 200,
        "distributor": 1_000,
        "sponsor": 200,
        "upline": 100,
    }


@pytest.mark.parametrize("actor", ["brand", "manufacturer"])
def test_concede__brand_gives_in__gives_all_back(
    identities, escrow, disputes, opened, order_id, books, brand, manufacturer, actor, request
):
    identities.addDelegate(brand, permission("order"), manufacturer, 10**9, sender=brand)
    party = request.getfixturevalue(actor)

    tx = disputes.concede(opened, sender=party)

    assert events_of(tx) == [
        event(disputes.DisputeEnded, orderId=order_id, actor=party, payerBps=10_000),
        event(escrow.OrderRuled, orderId=order_id, payerBps=10_000),
    ]
    assert books.read() == {"payer": AMOUNT}


def test_concede__brand_gives_in__leaves_nothing_to_share(
    escrow, disputes, opened, books, brand, relayer
):
    disputes.concede(opened, sender=brand)

    settle(escrow, opened, relayer)

    assert books.read() == {"payer": AMOUNT}


def test_concede__brand_refunded_part_before__gives_back_what_is_left(
    escrow, disputes, opened, books, brand
):
    escrow.refund(opened, [Part(0, 4_000)], sender=brand)
    assert books.read() == {"payer": 4_000}

    disputes.concede(opened, sender=brand)

    assert books.read() == {"payer": AMOUNT}


def test_concede__dispute_is_escalated__ends_it(
    escrow, disputes, escalated, order_id, books, brand
):
    disputes.concede(escalated, sender=brand)

    assert disputes.disputeOf(order_id).status == DisputeStatus.NONE
    assert books.read() == {"payer": AMOUNT}


def test_concede__its_time_is_over__still_ends_it(disputes, opened, order_id, books, brand):
    next_block_at(disputes.disputeOf(order_id).until + 1)

    disputes.concede(opened, sender=brand)

    assert books.read() == {"payer": AMOUNT}


@pytest.mark.parametrize("actor", ["attacker", "distributor", "platform"])
def test_concede__caller_is_no_party__reverts(disputes, opened, order_id, actor, request):
    stranger = request.getfixturevalue(actor)

    with reverts(disputes.OrderDisputes_NotParty, orderId=order_id, actor=stranger):
        disputes.concede(opened, sender=stranger)


@pytest.mark.parametrize("actor", ["payer", "brand"])
def test_concede__order_is_not_disputed__reverts(disputes, captured, order_id, actor, request):
    with reverts(disputes.OrderDisputes_NotOpen, orderId=order_id):
        disputes.concede(captured, sender=request.getfixturevalue(actor))


@pytest.mark.parametrize("actor", ["payer", "brand"])
def test_concede__arbitrator_has_ruled__reverts(
    disputes, arbitrator, escalated, order_id, relayer, actor, request
):
    arbitrator.giveRuling(1, 31, sender=relayer)

    with reverts(disputes.OrderDisputes_AlreadyRuled, orderId=order_id, payerBps=3_000):
        disputes.concede(escalated, sender=request.getfixturevalue(actor))


def test_concede__dispute_ended_before__reverts(disputes, opened, order_id, payer, brand):
    disputes.concede(opened, sender=payer)

    with reverts(disputes.OrderDisputes_NotOpen, orderId=order_id):
        disputes.concede(opened, sender=brand)


def test_concede__terms_differ_from_order__reverts(disputes, escrow, opened, attacker):
    forged = opened | {"payer": attacker}

    with reverts(disputes.OrderDisputes_NotOpen, orderId=escrow.orderIdOf(forged)):
        disputes.concede(forged, sender=attacker)


def test_concede__brand_opened__lets_payer_keep_its_claim(
    disputes, captured, order_id, brand, payer, books
):
    disputes.open(captured, EVIDENCE, b"", sender=brand)

    disputes.concede(captured, sender=brand)

    assert books.read() == {"payer": AMOUNT}
