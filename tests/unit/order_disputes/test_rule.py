import pytest

from tests.support.clock import next_block_at
from tests.support.disputes import DisputeStatus
from tests.support.events import event, events_of
from tests.support.reverts import reverts

CHOICES = 101


@pytest.fixture
def until(disputes, escalated, order_id):
    return disputes.disputeOf(order_id).until


def ruled(disputes, order_id):
    dispute = disputes.disputeOf(order_id)
    return DisputeStatus(dispute.status), dispute.payerBps


@pytest.mark.parametrize(
    ("ruling", "bps"), [(0, 5_000), (1, 0), (2, 100), (51, 5_000), (100, 9_900), (101, 10_000)]
)
def test_rule__arbitrator_rules__keeps_ruling(
    escrow, disputes, arbitrator, escalated, order_id, books, until, relayer, ruling, bps
):
    tx = arbitrator.giveRuling(1, ruling, sender=relayer)

    assert events_of(tx) == [
        event(disputes.Ruling, arbitrator=arbitrator, disputeId=1, ruling=ruling)
    ]
    assert tuple(disputes.disputeOf(order_id)) == (DisputeStatus.RULED, until, bps, 1)
    assert escrow.orderOf(escalated).isHeld
    assert books.read() == {}


@pytest.mark.parametrize("ruling", [CHOICES + 1, 2**256 - 1])
def test_rule__ruling_is_no_choice__reverts(
    disputes, arbitrator, escalated, order_id, relayer, ruling
):
    with reverts(disputes.OrderDisputes_RulingInvalid, ruling=ruling, choices=CHOICES):
        arbitrator.giveRuling(1, ruling, sender=relayer)

    assert ruled(disputes, order_id) == (DisputeStatus.ESCALATED, 0)


@pytest.mark.parametrize("actor", ["payer", "brand", "platform", "attacker"])
def test_rule__caller_is_not_arbitrator__reverts(disputes, escalated, actor, request):
    stranger = request.getfixturevalue(actor)

    with reverts(disputes.OrderDisputes_NotArbitrator, actor=stranger, arbitrationId=1):
        disputes.rule(1, 101, sender=stranger)


def test_rule__arbitrator_ruled_before__reverts(disputes, arbitrator, escalated, order_id, relayer):
    arbitrator.giveRuling(1, 11, sender=relayer)

    with reverts(disputes.OrderDisputes_NotArbitrator, actor=arbitrator, arbitrationId=1):
        arbitrator.giveRuling(1, 101, sender=relayer)

    assert ruled(disputes, order_id) == (DisputeStatus.RULED, 1_000)


def test_rule__time_of_arbitrator_is_over__counts_while_nobody_ended_it(
    disputes, arbitrator, escalated, order_id, until, relayer
):
    next_block_at(until + 1)

    arbitrator.giveRuling(1, 11, sender=relayer)

    assert ruled(disputes, order_id) == (DisputeStatus.RULED, 1_000)


@pytest.mark.parametrize("ending", ["concede", "lapse"])
def test_rule__dispute_ended_before__changes_nothing(
    disputes, arbitrator, escalated, order_id, books, until, payer, relayer, ending
):
    if ending == "lapse":
        next_block_at(until)
    getattr(disputes, ending)(escalated, sender=payer)
    before = books.read()

    tx = arbitrator.giveRuling(1, 101, sender=relayer)

    assert events_of(tx) == [event(disputes.Ruling, arbitrator=arbitrator, disputeId=1, ruling=101)]
    assert tuple(disputes.disputeOf(order_id)) == (DisputeStatus.NONE, 0, 0, 0)
    assert books.read() == before
    with reverts(disputes.OrderDisputes_NotOpen, orderId=order_id):
        disputes.execute(escalated, sender=relayer)
