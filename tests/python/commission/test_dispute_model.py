"""The time that the model of disputes gives to parties."""

import pytest

from tests.python.commission.shop import BRAND, PAYER, Shop
from weilian.commission.disputes import PARTIES_PERIOD, Disputes, DisputeStatus
from weilian.commission.plan import DAY
from weilian.refusal import RefusedError

WINDOW = 30 * DAY


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def disputes(shop):
    return Disputes(shop.escrow)


@pytest.fixture
def order(shop):
    order = shop.order(shop.publish(1_000, refund_window=WINDOW), 100)
    shop.capture(order)
    return order


@pytest.mark.parametrize(("opener", "start"), [(PAYER, 0), (BRAND, WINDOW)])
def test_open__either_party__takes_none_of_payers_time(shop, disputes, order, opener, start):
    disputes.open(order, opener, shop.now)

    assert disputes.dispute_of(order).until == shop.now + start + PARTIES_PERIOD


def test_escalate__last_second__asks_arbitrator(shop, disputes, order):
    disputes.open(order, PAYER, shop.now)

    disputes.escalate(order, PAYER, shop.now + PARTIES_PERIOD - 1)

    assert disputes.dispute_of(order).status == DisputeStatus.ESCALATED


def test_escalate__second_later__is_refused(shop, disputes, order):
    disputes.open(order, PAYER, shop.now)

    with pytest.raises(RefusedError, match="OrderDisputes_TooLate"):
        disputes.escalate(order, PAYER, shop.now + PARTIES_PERIOD)

    assert disputes.dispute_of(order).status == DisputeStatus.OPEN
