import pytest

from tests.support.clock import next_block_at
from tests.support.disputes import EVIDENCE, DisputeStatus, settle
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import Line, Part, create_order, total_of
from tests.support.reverts import reverts
from tests.unit.order_disputes.conftest import AMOUNT

COST = 10**9


@pytest.fixture
def ruled(arbitrator, escalated, relayer):
    """Let the arbitrator rule on the order."""

    def ruled(ruling):
        arbitrator.giveRuling(1, ruling, sender=relayer)
        return escalated

    return ruled


@pytest.mark.parametrize(
    ("ruling", "bps"), [(0, 5_000), (1, 0), (2, 100), (34, 3_300), (101, 10_000)]
)
def test_execute__stranger_carries_it_out__gives_payer_its_part(
    escrow, disputes, ruled, order_id, books, payer, brand, attacker, ruling, bps
):
    order = ruled(ruling)

    with Money(escrow, disputes, payer, brand, attacker) as money:
        tx = disputes.execute(order, sender=attacker)

    assert events_of(tx) == [
        event(disputes.DisputeEnded, orderId=order_id, actor=attacker, payerBps=bps),
        event(escrow.OrderRuled, orderId=order_id, payerBps=bps),
    ]
    assert money.changes == {}
    assert books.read() == ({"payer": bps} if bps else {})
    assert tuple(disputes.disputeOf(order_id)) == (DisputeStatus.NONE, 0, 0, 0)
    view = escrow.orderOf(order)
    assert (view.isHeld, view.captured, view.refunded) == (False, [AMOUNT], [bps])


@pytest.mark.parametrize(
    ("ruling", "shares"),
    [
        (0, (5_000, 4_250, 100, 500, 100, 50)),
        (1, (0, 8_500, 200, 1_000, 200, 100)),
        (2, (100, 8_415, 198, 990, 198, 99)),
        (101, (AMOUNT, 0, 0, 0, 0, 0)),
    ],
)
def test_execute__order_settles_afterwards__shares_rest_pro_rata(
    escrow, disputes, ruled, books, relayer, ruling, shares
):
    order = ruled(ruling)
    disputes.execute(order, sender=relayer)

    settle(escrow, order, relayer)

    named = dict(zip(books.parties, shares, strict=True))
    assert books.read() == {name: share for name, share in named.items() if share}
    assert sum(shares) == AMOUNT


def test_execute__order_settles_afterwards__pays_out_all(
    escrow, disputes, ruled, books, payer, brand, platform, distributor, sponsor, upline, relayer
):
    order = ruled(2)
    disputes.execute(order, sender=relayer)
    settle(escrow, order, relayer)
    everyone = (escrow, payer, brand, platform, distributor, sponsor, upline)

    with Money(*everyone) as money:
        for party in books.parties.values():
            escrow.withdraw(party, "0x" + "0" * 40, sender=relayer)

    assert list(money.changes.values()) == [-AMOUNT, 100, 8_415, 198, 990, 198, 99]
    assert books.read() == {}


def test_execute__order_has_many_lines__rounds_each_down_for_payer(
    escrow, disputes, arbitrator, books, plan_id, payer, brand, relayer
):
    lines = [Line(199), Line(1), Line(100)]
    order = create_order(plan_id, payer, brand, lines=lines, salt=3)
    escrow.authorize(order, sender=payer, value=total_of(order))
    escrow.capture(order, [], sender=payer)
    disputes.open(order, EVIDENCE, b"", sender=payer)
    disputes.escalate(order, sender=payer, value=COST)
    arbitrator.giveRuling(1, 2, sender=relayer)

    disputes.execute(order, sender=relayer)

    assert escrow.orderOf(order).refunded == [1, 0, 1]
    assert books.read() == {"payer": 2}


def test_execute__line_was_never_captured__gives_back_nothing_twice(
    escrow, disputes, arbitrator, books, plan_id, payer, brand, relayer
):
    order = create_order(plan_id, payer, brand, lines=[Line(1_000), Line(2_000)], salt=3)
    escrow.authorize(order, sender=payer, value=total_of(order))
    escrow.capture(order, [Part(0, 600)], sender=payer)
    escrow.void(order, sender=brand)
    disputes.open(order, EVIDENCE, b"", sender=payer)
    disputes.escalate(order, sender=payer, value=COST)
    arbitrator.giveRuling(1, 101, sender=relayer)

    disputes.execute(order, sender=relayer)

    assert books.read() == {"payer": 3_000}
    assert escrow.orderOf(order).refunded == [600, 0]


def test_execute__brand_refunds_before__takes_part_of_rest(
    escrow, disputes, ruled, books, brand, relayer
):
    order = ruled(51)
    escrow.refund(order, [Part(0, 4_000)], sender=brand)

    disputes.execute(order, sender=relayer)

    assert books.read() == {"payer": 4_000 + 3_000}


def test_execute__time_of_arbitrator_is_over__carries_ruling_out(
    disputes, ruled, order_id, books, relayer
):
    order = ruled(101)
    next_block_at(disputes.disputeOf(order_id).until + 1)

    disputes.execute(order, sender=relayer)

    assert books.read() == {"payer": AMOUNT}


def test_execute__dispute_is_open__reverts(disputes, opened, order_id, payer):
    with reverts(disputes.OrderDisputes_NotRuled, orderId=order_id):
        disputes.execute(opened, sender=payer)


def test_execute__arbitrator_has_not_ruled__reverts(disputes, escalated, order_id, payer):
    with reverts(disputes.OrderDisputes_NotRuled, orderId=order_id):
        disputes.execute(escalated, sender=payer)


def test_execute__order_is_not_disputed__reverts(disputes, captured, order_id, payer):
    with reverts(disputes.OrderDisputes_NotOpen, orderId=order_id):
        disputes.execute(captured, sender=payer)


def test_execute__it_was_carried_out_before__reverts(disputes, ruled, order_id, books, payer):
    order = ruled(51)
    disputes.execute(order, sender=payer)

    with reverts(disputes.OrderDisputes_NotOpen, orderId=order_id):
        disputes.execute(order, sender=payer)

    assert books.read() == {"payer": 5_000}


def test_execute__it_was_carried_out_before__lets_nobody_dispute_again(
    escrow, disputes, ruled, order_id, payer
):
    order = ruled(1)
    disputes.execute(order, sender=payer)

    with reverts(escrow.CommissionEscrow_AlreadyRuled, orderId=order_id):
        disputes.open(order, EVIDENCE, b"", sender=payer)
