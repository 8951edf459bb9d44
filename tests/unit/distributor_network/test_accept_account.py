import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import next_block_at, now, read_at
from tests.support.events import event, events_of
from tests.support.invitations import Member, member_of
from tests.support.money import Money
from tests.support.programme import (
    DAY,
    OWNER_DELAY,
    create_order,
    hand_over,
    join,
    join_line,
    member,
    publish,
)
from tests.support.reverts import reverts


def not_offered(network, brand, number, account):
    return reverts(
        network.DistributorNetwork_NotOffered, brand=brand, number=number, account=account
    )


@pytest.fixture
def due(network, brand, number, distributor, upline):
    """The distributor offered its number to the upline's account; when that can accept."""
    network.offerAccount(brand, number, upline, sender=distributor)
    return now() + OWNER_DELAY


@pytest.fixture
def offered(number, due):
    """The number that the upline's account can accept now."""
    read_at(due)
    return number


@pytest.mark.parametrize("wait", [0, 1, 365 * DAY])
def test_accept_account__delay_is_over__moves_number_to_caller(
    network, escrow, brand, number, distributor, upline, due, wait
):
    before = member_of(network, brand, number)
    next_block_at(due + wait)

    tx = network.acceptAccount(brand, number, sender=upline)

    names = {"brand": brand, "number": number}
    assert events_of(tx) == [
        event(network.AccountChanged, **names, account=upline, before=distributor),
        event(network.PayoutChanged, **names, payout=upline),
    ]
    assert member_of(network, brand, number) == before._replace(account=upline, payout=upline)
    assert tuple(escrow.customerOf(brand, upline)) == (number, 0)
    assert escrow.payoutOf(member(brand, number)) == upline


def test_accept_account__delay_is_over__takes_number_from_account_before(
    network, escrow, brand, distributor, upline, offered
):
    network.acceptAccount(brand, offered, sender=upline)

    assert tuple(escrow.customerOf(brand, distributor)) == (0, 0)
    assert tuple(network.authorizationOf(brand, distributor)) == (False, 0, 0, bytes(32))
    with reverts(network.DistributorNetwork_NotAuthorized, account=upline, actor=distributor):
        network.offerAccount(brand, offered, distributor, sender=distributor)


@pytest.mark.parametrize("left", [1, OWNER_DELAY - 1])
def test_accept_account__delay_has_seconds_left__reverts(network, brand, number, upline, due, left):
    next_block_at(due - left)

    with reverts(network.DistributorNetwork_OfferNotDue, activeFrom=due, time=due - left):
        network.acceptAccount(brand, number, sender=upline)


def test_accept_account__delay_has_seconds_left__pays_account_before(
    network, book, escrow, brand, number, distributor, upline, payer, due
):
    plan_id = publish(book, brand, isFinal=True, refundWindow=0, maturity=0)
    order = create_order(plan_id, payer, brand, seller=number)
    escrow.charge(order, sender=payer, value=10_000)
    next_block_at(due - 1)

    with Money(escrow, distributor, upline, brand, payer) as money:
        escrow.withdraw(member(brand, number), ZERO_ADDRESS, sender=payer)

    assert money.changes == {escrow.address: -1_000, distributor.address: 1_000}


@pytest.mark.parametrize("wait", [0, OWNER_DELAY])
def test_accept_account__caller_is_not_who_it_was_offered_to__reverts(
    network, brand, number, distributor, attacker, due, wait
):
    read_at(due - OWNER_DELAY + 1 + wait)

    for caller in (distributor, attacker, brand):
        with not_offered(network, brand, number, caller):
            network.acceptAccount(brand, number, sender=caller)


@pytest.mark.parametrize("unknown", [0, 1, 3, 2**32 - 1])
def test_accept_account__another_number_is_offered__reverts(
    network, brand, upline, offered, unknown
):
    with not_offered(network, brand, unknown, upline):
        network.acceptAccount(brand, unknown, sender=upline)


def test_accept_account__it_is_offered_by_another_brands_distributor__reverts(
    network, manufacturer, upline, offered
):
    with not_offered(network, manufacturer, offered, upline):
        network.acceptAccount(manufacturer, offered, sender=upline)


def test_accept_account__it_was_accepted_before__reverts(network, brand, upline, offered):
    network.acceptAccount(brand, offered, sender=upline)

    with not_offered(network, brand, offered, upline):
        network.acceptAccount(brand, offered, sender=upline)


def test_accept_account__caller_joined_meanwhile__reverts(network, brand, upline, offered):
    join(network, brand, upline)

    with reverts(network.DistributorNetwork_AlreadyJoined, brand=brand, account=upline, number=3):
        network.acceptAccount(brand, offered, sender=upline)


def test_accept_account__caller_accepted_another_number__reverts(
    network, brand, payer, upline, offered
):
    join(network, brand, payer)
    hand_over(network, brand, 3, payer, upline)

    with reverts(network.DistributorNetwork_AlreadyJoined, brand=brand, account=upline, number=3):
        network.acceptAccount(brand, offered, sender=upline)


def test_accept_account__account_before_wants_back__may_join_again_under_new_number(
    network, escrow, brand, distributor, upline, offered
):
    network.acceptAccount(brand, offered, sender=upline)

    again = join(network, brand, distributor, upline, offered)

    assert again == offered + 1
    assert member_of(network, brand, again) == Member(distributor, offered, now(), 2, distributor)
    assert tuple(escrow.customerOf(brand, distributor)) == (again, 0)


def test_accept_account__account_before_wants_back__may_be_offered_it_again(
    network, escrow, brand, distributor, upline, offered
):
    network.acceptAccount(brand, offered, sender=upline)

    hand_over(network, brand, offered, upline, distributor)

    assert member_of(network, brand, offered).account == distributor
    assert tuple(escrow.customerOf(brand, upline)) == (0, 0)


def test_accept_account__account_has_others_below__keeps_line_and_programme(
    network, brand, sponsor, distributor, shopper, upline
):
    join_line(network, brand, sponsor, distributor, shopper)

    hand_over(network, brand, 3, distributor, upline)

    assert [member_of(network, brand, number).sponsor for number in (2, 3, 4)] == [0, 2, 3]
    assert tuple(network.programmeOf(brand)) == (3, 3)


def test_accept_account__number_is_suspended__stays_suspended_in_its_territory(
    network, book, escrow, brand, payer, upline, offered
):
    network.setSuspended(brand, offered, True, bytes(32), sender=brand)
    network.setTerritory(brand, offered, b"\1" * 32, sender=brand)

    network.acceptAccount(brand, offered, sender=upline)

    after = member_of(network, brand, offered)
    assert (after.isSuspended, after.territory) == (True, b"\1" * 32)
    order = create_order(publish(book, brand), payer, brand, seller=offered)
    with reverts(escrow.CommissionEscrow_SellerSuspended, brand=brand, seller=offered):
        escrow.authorize(order, sender=payer, value=10_000)


def test_accept_account__payout_was_announced__forgets_it(
    network, brand, distributor, payer, upline, offered
):
    network.announcePayout(brand, offered, payer, sender=distributor)
    due = now() + OWNER_DELAY

    network.acceptAccount(brand, offered, sender=upline)

    next_block_at(due)
    with reverts(network.DistributorNetwork_PayoutNotDue, activeFrom=0, time=due):
        network.activatePayout(brand, offered, sender=payer)
    assert member_of(network, brand, offered).payout == upline


def test_accept_account__payout_was_elsewhere__pays_caller_from_then_on(
    network, escrow, brand, distributor, payer, upline, offered
):
    network.announcePayout(brand, offered, payer, sender=distributor)
    next_block_at(now() + OWNER_DELAY)
    network.activatePayout(brand, offered, sender=payer)
    assert escrow.payoutOf(member(brand, offered)) == payer

    network.acceptAccount(brand, offered, sender=upline)

    assert escrow.payoutOf(member(brand, offered)) == upline


def test_accept_account__number_earned_before__leaves_credit_with_number(
    network, book, escrow, brand, payer, upline, offered
):
    plan_id = publish(book, brand, isFinal=True, refundWindow=0, maturity=0)
    order = create_order(plan_id, payer, brand, seller=offered)
    escrow.charge(order, sender=payer, value=10_000)

    network.acceptAccount(brand, offered, sender=upline)

    assert escrow.creditOf(member(brand, offered), ZERO_ADDRESS) == 1_000
    before = upline.balance
    escrow.withdraw(member(brand, offered), ZERO_ADDRESS, sender=payer)
    assert upline.balance == before + 1_000
