"""M10: nothing is stuck.

From every state an order comes to its end by time and by acts of a stranger alone; neither brand
nor platform nor operator has to do anything. Then every credit can be paid out, and the escrow is
empty.
"""

import pytest

from tests.support.clock import now, read_at
from tests.support.disputes import ARBITRATION_PERIOD, COST, PARTIES_PERIOD
from tests.support.order_paths import Paths
from tests.support.programme import account, member
from tests.support.sales import Status

ENDS = {
    "authorized": ("reclaim",),
    "partly captured": ("reclaim", "settle"),
    "captured": ("settle",),
    "held": ("lapse", "settle"),
    "ruled": ("settle",),
}
"""How a stranger ends an order in each state."""


@pytest.fixture
def paths(coin_sales, disputes, attacker):
    """A stranger does what is left to do."""
    return Paths(coin_sales, disputes, attacker)


@pytest.fixture
def pay_out(escrow, coin_sales, brand, payer, attacker):
    """A stranger pays everyone what they have."""

    def pay():
        members = [member(brand, number) for number in (1, *coin_sales.numbers)]
        parties = [account(brand), account(payer), *members]
        payees = [(party, coin_sales.currency) for party in parties]
        escrow.withdrawBatch(payees, sender=attacker)

    return pay


@pytest.mark.parametrize("state", ENDS)
def test_m10_time_frees_money__nobody_but_stranger_acts__ends_order_and_pays_everyone(
    paths, coin_order, pay_out, state
):
    paths.bring(coin_order, state)

    for act in ENDS[state]:
        paths.act(act)(coin_order)
    pay_out()

    assert paths.status(coin_order) in (Status.SETTLED, Status.RECLAIMED)
    assert paths.sales.held() == 0


@pytest.mark.parametrize("is_ruled", [False, True], ids=["silent", "ruled"])
def test_m10_time_frees_money__dispute_is_before_arbitrator__ends_order_and_pays_everyone(
    paths, coin_order, pay_out, disputes, payer, arbitrator, attacker, is_ruled
):
    paths.bring(coin_order, "held")
    disputes.escalate(coin_order, sender=payer, value=COST)
    if is_ruled:
        arbitrator.giveRuling(arbitrator.count(), 31, sender=attacker)
        disputes.execute(coin_order, sender=attacker)
    else:
        read_at(now() + ARBITRATION_PERIOD)
        disputes.lapse(coin_order, sender=attacker)

    paths.act("settle")(coin_order)
    pay_out()

    assert paths.sales.held() == 0


def test_m10_time_frees_money__brand_answers_nothing__gives_dispute_no_longer_than_its_period(
    paths, coin_order, disputes, attacker
):
    paths.bring(coin_order, "held")
    until = disputes.disputeOf(paths.sales.id_of(coin_order)).until
    assert until <= now() + PARTIES_PERIOD
    read_at(until)

    disputes.lapse(coin_order, sender=attacker)

    assert not paths.sales.escrow.orderOf(coin_order).isHeld
