"""Who invited whom holds in every currency, whatever touched a distributor's word first."""

import ape
import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.programme import (
    DAY,
    Line,
    Part,
    create_order,
    join_line,
    member,
    publish,
    total_of,
)

LADDER = {
    "periodDays": 30,
    "unitDecimals": 0,
    "activityMinimum": 1,
    "own": [1, 2, 3],
    "team": [1, 2, 3],
}
TOP, MIDDLE, SELLER = 2, 3, 4


@pytest.fixture
def sell(escrow, payer, brand):
    """Sell through a number and settle; return the order and how it was shared."""

    def operate(plan_id, seller, amount):
        order = create_order(plan_id, payer, brand, seller=seller, lines=[Line(amount)])
        escrow.authorize(order, sender=payer, value=total_of(order))
        escrow.capture(order, [], sender=payer)
        ape.chain.pending_timestamp += 10 * DAY
        receipt = escrow.settle([order], sender=payer)
        lines = [
            (event.net, event.allocation)
            for event in receipt.events
            if event.event_name == "OrderSettled"
        ]
        return order, lines

    return operate


def test_sponsors_stay__number_was_refreshed_before_it_was_taken__pays_sponsor(
    book, network, escrow, brand, payer, distributor, sponsor, upline, sell
):
    book.announceLadder(brand, ZERO_ADDRESS, LADDER, sender=brand)
    escrow.refreshRank(brand, ZERO_ADDRESS, MIDDLE, sender=payer)
    join_line(network, brand, upline, sponsor, distributor)
    plan_id = publish(book, brand)

    sell(plan_id, MIDDLE, 10_000)

    assert escrow.creditOf(member(brand, TOP), ZERO_ADDRESS) == 200


def test_sponsors_stay__first_credit_came_from_rounding_at_refund__pays_sponsor(
    book, network, escrow, brand, distributor, sponsor, upline, sell
):
    join_line(network, brand, upline, sponsor, distributor)
    plan_id = publish(book, brand, rates=[[200, 50, 0]], platformFeeBps=100)
    order, lines = sell(plan_id, SELLER, 100)
    assert escrow.creditOf(member(brand, MIDDLE), ZERO_ADDRESS) == 0
    escrow.refundSettled(order, lines, [Part(0, 1)], sender=brand, value=1)
    assert escrow.creditOf(member(brand, MIDDLE), ZERO_ADDRESS) == 1

    sell(plan_id, MIDDLE, 10_000)

    assert escrow.creditOf(member(brand, TOP), ZERO_ADDRESS) == 50
