"""Orders paid outside the chain: the platform is the claimant, commissions alone are at stake."""

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import later, next_block_at
from tests.support.disputes import (
    COST,
    EVIDENCE,
    PARTIES_PERIOD,
    DisputeStatus,
    settle,
    sign_agreement,
    sign_open,
)
from tests.support.events import event, events_of
from tests.support.reverts import reverts
from tests.unit.order_disputes.conftest import AMOUNT

RESERVE = 1_500  # 2 % for the platform, at most 13 % for distributors
UNDISPUTED = {
    "brand": AMOUNT - RESERVE,
    "platform": 200,
    "distributor": 1_000,
    "sponsor": 200,
    "upline": 100,
}
"""What everyone has of an order that nobody disputes."""


@pytest.fixture
def order_id(escrow, reported):
    return bytes(escrow.orderIdOf(reported))


@pytest.fixture
def disputed(disputes, reported, platform):
    disputes.open(reported, EVIDENCE, b"", sender=platform)
    return reported


def test_reported_orders__platform_opens__holds_order(
    escrow, disputes, reported, order_id, platform
):
    tx = disputes.open(reported, EVIDENCE, b"", sender=platform)

    until = tx.timestamp + PARTIES_PERIOD
    assert events_of(tx) == [
        event(
            disputes.DisputeOpened,
            orderId=order_id,
            opener=platform,
            evidence=EVIDENCE,
            until=until,
        ),
        event(escrow.OrderHeld, orderId=order_id),
    ]


def test_reported_orders__stranger_sends_what_platform_signed__opens(
    disputes, reported, order_id, platform, relayer
):
    signature = sign_open(disputes, platform, order_id)

    disputes.open(reported, EVIDENCE, signature, sender=relayer)

    assert disputes.disputeOf(order_id).status == DisputeStatus.OPEN


@pytest.mark.parametrize("actor", ["payer", "distributor", "attacker"])
def test_reported_orders__caller_is_no_party__reverts(disputes, reported, order_id, actor, request):
    stranger = request.getfixturevalue(actor)

    with reverts(disputes.OrderDisputes_NotParty, orderId=order_id, actor=stranger):
        disputes.open(reported, EVIDENCE, b"\0" * 65, sender=stranger)


def test_reported_orders__brand_gives_in__leaves_no_commission(
    escrow, disputes, disputed, books, brand, relayer
):
    assert books.read() == {"brand": AMOUNT - RESERVE}

    disputes.concede(disputed, sender=brand)
    settle(escrow, disputed, relayer)

    assert books.read() == {"brand": AMOUNT}


def test_reported_orders__platform_gives_in__leaves_all_commissions(
    escrow, disputes, disputed, books, platform, relayer
):
    disputes.concede(disputed, sender=platform)
    settle(escrow, disputed, relayer)

    assert books.read() == UNDISPUTED


@pytest.mark.parametrize(("sender", "signer"), [("platform", "brand"), ("brand", "platform")])
def test_reported_orders__parties_agree_on_half__halves_commissions(
    escrow, disputes, disputed, order_id, books, relayer, sender, signer, request
):
    deadline = later(3_600)
    signature = sign_agreement(disputes, request.getfixturevalue(signer), order_id, 5_000, deadline)

    disputes.agree(disputed, 5_000, deadline, signature, sender=request.getfixturevalue(sender))
    settle(escrow, disputed, relayer)

    assert books.read() == {
        "brand": AMOUNT - RESERVE // 2,
        "platform": 100,
        "distributor": 500,
        "sponsor": 100,
        "upline": 50,
    }


def test_reported_orders__arbitrator_gives_claimant_one_percent__leaves_commissions_on_rest(
    escrow, disputes, arbitrator, disputed, books, platform, relayer
):
    disputes.escalate(disputed, sender=platform, value=COST)
    arbitrator.giveRuling(1, 2, sender=relayer)

    disputes.execute(disputed, sender=relayer)
    settle(escrow, disputed, relayer)

    assert books.read() == {
        "brand": AMOUNT - 1_485,
        "platform": 198,
        "distributor": 990,
        "sponsor": 198,
        "upline": 99,
    }


def test_reported_orders__arbitrator_stays_silent__leaves_all_commissions(
    escrow, disputes, disputed, order_id, books, platform, relayer
):
    disputes.escalate(disputed, sender=platform, value=COST)
    next_block_at(disputes.disputeOf(order_id).until)

    disputes.lapse(disputed, sender=relayer)
    settle(escrow, disputed, relayer)

    assert books.read() == UNDISPUTED


def test_reported_orders__dispute_ended__owes_zero_address_nothing(
    escrow, disputes, disputed, brand
):
    disputes.concede(disputed, sender=brand)

    assert escrow.creditOf(0, ZERO_ADDRESS) == 0
