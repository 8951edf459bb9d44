import pytest

from tests.support.clock import next_block_at
from tests.support.disputes import DisputeStatus, settle
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.reverts import reverts
from tests.unit.order_disputes.conftest import AMOUNT


@pytest.fixture(params=["opened", "escalated"])
def standing(request):
    """An order whose dispute waits for the parties, or for the arbitrator."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def until(disputes, standing, order_id):
    return disputes.disputeOf(order_id).until


def test_lapse__time_ends_next_second__reverts(disputes, standing, order_id, until, payer):
    next_block_at(until - 1)

    with reverts(disputes.OrderDisputes_NotOver, orderId=order_id, until=until, time=until - 1):
        disputes.lapse(standing, sender=payer)


def test_lapse__time_ends_this_second__ends_dispute(
    escrow, disputes, standing, order_id, until, books, payer, brand, attacker
):
    bps = 5_000 if disputes.disputeOf(order_id).status == DisputeStatus.ESCALATED else 0
    next_block_at(until)

    with Money(escrow, disputes, payer, brand, attacker) as money:
        tx = disputes.lapse(standing, sender=attacker)

    assert events_of(tx) == [
        event(disputes.DisputeEnded, orderId=order_id, actor=attacker, payerBps=bps),
        event(escrow.OrderRuled, orderId=order_id, payerBps=bps),
    ]
    assert money.changes == {}
    assert books.read() == ({"payer": bps} if bps else {})
    assert tuple(disputes.disputeOf(order_id)) == (DisputeStatus.NONE, 0, 0, 0)


def test_lapse__order_settles_afterwards__shares_rest(
    escrow, disputes, standing, order_id, until, books, relayer
):
    rest = AMOUNT
    if disputes.disputeOf(order_id).status == DisputeStatus.ESCALATED:
        rest = AMOUNT // 2
    next_block_at(until)
    disputes.lapse(standing, sender=relayer)

    settle(escrow, standing, relayer)

    shares = {
        "payer": AMOUNT - rest,
        "brand": rest * 85 // 100,
        "platform": rest * 2 // 100,
        "distributor": rest * 10 // 100,
        "sponsor": rest * 2 // 100,
        "upline": rest // 100,
    }
    assert books.read() == {name: share for name, share in shares.items() if share}


def test_lapse__arbitrator_has_ruled__reverts(
    disputes, arbitrator, escalated, order_id, relayer, payer
):
    arbitrator.giveRuling(1, 1, sender=relayer)
    next_block_at(disputes.disputeOf(order_id).until + 1)

    with reverts(disputes.OrderDisputes_AlreadyRuled, orderId=order_id, payerBps=0):
        disputes.lapse(escalated, sender=payer)


def test_lapse__order_is_not_disputed__reverts(disputes, captured, order_id, payer):
    with reverts(disputes.OrderDisputes_NotOpen, orderId=order_id):
        disputes.lapse(captured, sender=payer)


def test_lapse__dispute_ended_before__reverts(disputes, standing, order_id, until, payer):
    next_block_at(until)
    disputes.lapse(standing, sender=payer)

    with reverts(disputes.OrderDisputes_NotOpen, orderId=order_id):
        disputes.lapse(standing, sender=payer)
