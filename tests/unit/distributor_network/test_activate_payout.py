import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import next_block_at, now
from tests.support.events import event, events_of
from tests.support.invitations import member_of
from tests.support.money import Money
from tests.support.programme import DAY, OWNER_DELAY, create_order, member, publish
from tests.support.reverts import reverts


@pytest.fixture
def due(network, brand, number, distributor, shopper):
    """The distributor wants to be paid at the shopper's address; when that can begin."""
    network.announcePayout(brand, number, shopper, sender=distributor)
    return now() + OWNER_DELAY


def not_due(network, active_from, time):
    return reverts(network.DistributorNetwork_PayoutNotDue, activeFrom=active_from, time=time)


@pytest.mark.parametrize("wait", [0, 1, 365 * DAY])
def test_activate_payout__delay_is_over__pays_there_whoever_calls(
    network, escrow, brand, number, distributor, shopper, attacker, due, wait
):
    next_block_at(due + wait)

    tx = network.activatePayout(brand, number, sender=attacker)

    names = {"brand": brand, "number": number}
    assert events_of(tx) == [event(network.PayoutChanged, **names, payout=shopper)]
    after = member_of(network, brand, number)
    assert (after.account, after.payout) == (distributor, shopper)
    assert escrow.payoutOf(member(brand, number)) == shopper


def test_activate_payout__delay_has_one_second_left__reverts(network, brand, number, due):
    next_block_at(due - 1)

    with not_due(network, due, due - 1):
        network.activatePayout(brand, number, sender=brand)


@pytest.mark.parametrize("unknown", [0, 1, 3, 2**32 - 1])
def test_activate_payout__nothing_was_announced__reverts(network, brand, due, unknown):
    next_block_at(due)

    with not_due(network, 0, due):
        network.activatePayout(brand, unknown, sender=brand)


def test_activate_payout__it_was_announced_for_another_brand__reverts(
    network, manufacturer, number, due
):
    next_block_at(due)

    with not_due(network, 0, due):
        network.activatePayout(manufacturer, number, sender=manufacturer)


def test_activate_payout__it_was_activated_before__reverts(network, brand, number, due):
    next_block_at(due)
    network.activatePayout(brand, number, sender=brand)
    next_block_at(due + 1)

    with not_due(network, 0, due + 1):
        network.activatePayout(brand, number, sender=brand)


def test_activate_payout__payout_is_account_itself__pays_account_of_number_again(
    network, escrow, brand, number, distributor, due
):
    next_block_at(due)
    network.activatePayout(brand, number, sender=distributor)
    network.announcePayout(brand, number, distributor, sender=distributor)
    next_block_at(now() + OWNER_DELAY)

    network.activatePayout(brand, number, sender=distributor)

    assert member_of(network, brand, number).payout == distributor
    assert escrow.payoutOf(member(brand, number)) == distributor


@pytest.mark.parametrize("is_suspended", [False, True])
def test_activate_payout__number_has_credit__moves_it_there_alone(
    network, book, escrow, brand, number, distributor, shopper, payer, due, is_suspended
):
    plan_id = publish(book, brand, isFinal=True, refundWindow=0, maturity=0)
    order = create_order(plan_id, payer, brand, seller=number)
    escrow.charge(order, sender=payer, value=10_000)
    if is_suspended:
        network.setSuspended(brand, number, True, bytes(32), sender=brand)
    next_block_at(due)

    network.activatePayout(brand, number, sender=payer)

    with Money(escrow, distributor, shopper, brand, payer) as money:
        escrow.withdraw(member(brand, number), ZERO_ADDRESS, sender=payer)
    assert money.changes == {escrow.address: -1_000, shopper.address: 1_000}


def test_activate_payout__it_waits__pays_account_until_then(
    network, book, escrow, brand, number, distributor, shopper, payer, due
):
    plan_id = publish(book, brand, isFinal=True, refundWindow=0, maturity=0)
    order = create_order(plan_id, payer, brand, seller=number)
    escrow.charge(order, sender=payer, value=10_000)
    next_block_at(due + 1)

    with Money(escrow, distributor, shopper, brand, payer) as money:
        escrow.withdraw(member(brand, number), ZERO_ADDRESS, sender=payer)

    assert money.changes == {escrow.address: -1_000, distributor.address: 1_000}


def test_activate_payout__number_is_suspended__stays_suspended(
    network, escrow, book, brand, number, payer, due
):
    network.setSuspended(brand, number, True, bytes(32), sender=brand)
    order = create_order(publish(book, brand), payer, brand, seller=number)
    next_block_at(due)

    network.activatePayout(brand, number, sender=payer)

    assert member_of(network, brand, number).isSuspended
    with reverts(escrow.CommissionEscrow_SellerSuspended, brand=brand, seller=number):
        escrow.authorize(order, sender=payer, value=10_000)
