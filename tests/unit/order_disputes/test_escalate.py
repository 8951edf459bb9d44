import pytest

from tests.support.abi import permission
from tests.support.clock import next_block_at
from tests.support.disputes import (
    ARBITRATION_PERIOD,
    COST,
    EVIDENCE,
    DisputeStatus,
)
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.reverts import reverts


@pytest.fixture
def until(disputes, opened, order_id):
    return disputes.disputeOf(order_id).until


@pytest.mark.parametrize("actor", ["payer", "brand", "manufacturer"])
def test_escalate__party_pays_cost__asks_arbitrator(
    identities, disputes, arbitrator, opened, order_id, brand, manufacturer, actor, request
):
    identities.addDelegate(brand, permission("order"), manufacturer, 10**9, sender=brand)
    party = request.getfixturevalue(actor)

    tx = disputes.escalate(opened, sender=party, value=COST)

    until = tx.timestamp + ARBITRATION_PERIOD
    assert events_of(tx) == [
        event(
            disputes.DisputeEscalated, orderId=order_id, actor=party, arbitrationId=1, until=until
        )
    ]
    assert tuple(disputes.disputeOf(order_id)) == (DisputeStatus.ESCALATED, until, 0, 1)
    assert arbitrator.arbitrableOf(1) == disputes


def test_escalate__party_pays_cost__moves_it_to_arbitrator(
    escrow, disputes, arbitrator, opened, books, payer, brand
):
    with Money(escrow, disputes, arbitrator, payer, brand) as money:
        disputes.escalate(opened, sender=payer, value=COST)

    assert money.changes == {payer.address: -COST, arbitrator.address: COST}
    assert books.read() == {}


def test_escalate__other_party_opened__asks_arbitrator(disputes, captured, order_id, brand, payer):
    disputes.open(captured, EVIDENCE, b"", sender=brand)

    disputes.escalate(captured, sender=payer, value=COST)

    assert disputes.disputeOf(order_id).status == DisputeStatus.ESCALATED


@pytest.mark.parametrize("sent", [0, COST - 1, COST + 1])
def test_escalate__value_is_not_cost__reverts(disputes, opened, payer, sent):
    with reverts(disputes.OrderDisputes_WrongFee, sent=sent, cost=COST):
        disputes.escalate(opened, sender=payer, value=sent)


@pytest.mark.parametrize("actor", ["attacker", "distributor", "platform"])
def test_escalate__caller_is_no_party__reverts(disputes, opened, order_id, actor, request):
    stranger = request.getfixturevalue(actor)

    with reverts(disputes.OrderDisputes_NotParty, orderId=order_id, actor=stranger):
        disputes.escalate(opened, sender=stranger, value=COST)


def test_escalate__order_is_not_disputed__reverts(disputes, captured, order_id, payer):
    with reverts(disputes.OrderDisputes_NotOpen, orderId=order_id):
        disputes.escalate(captured, sender=payer, value=COST)


@pytest.mark.parametrize("became", ["escalated", "ruled", "ended"])
def test_escalate__dispute_is_open_no_more__reverts(
    disputes, arbitrator, escalated, order_id, payer, relayer, became
):
    if became == "ruled":
        arbitrator.giveRuling(1, 1, sender=relayer)
    if became == "ended":
        disputes.concede(escalated, sender=payer)

    with reverts(disputes.OrderDisputes_NotOpen, orderId=order_id):
        disputes.escalate(escalated, sender=payer, value=COST)


def test_escalate__parties_time_ends_next_second__asks_arbitrator(
    disputes, opened, order_id, payer, until
):
    next_block_at(until - 1)

    disputes.escalate(opened, sender=payer, value=COST)

    assert disputes.disputeOf(order_id).until == until - 1 + ARBITRATION_PERIOD


def test_escalate__parties_time_ends_this_second__reverts(disputes, opened, order_id, payer, until):
    next_block_at(until)

    with reverts(disputes.OrderDisputes_TooLate, orderId=order_id, until=until, time=until):
        disputes.escalate(opened, sender=payer, value=COST)
