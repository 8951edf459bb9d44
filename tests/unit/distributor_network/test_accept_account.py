import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import next_block_at, now
from tests.support.events import event, events_of
from tests.support.invitations import Member, member_of
from tests.support.programme import (
    DAY,
    create_order,
    join,
    join_line,
    member,
    publish,
)
from tests.support.reverts import reverts

DELAY = 2 * DAY


def not_offered(network, brand, number, account):
    return reverts(
        network.DistributorNetwork_NotOffered, brand=brand, number=number, account=account
    )


@pytest.fixture
def offered(network, brand, number, distributor, upline):
    """The distributor offered its number to the upline's account."""
    network.offerAccount(brand, number, upline, sender=distributor)
    return number


def test_accept_account__number_is_offered__moves_it_to_caller(
    network, escrow, brand, distributor, upline, offered
):
    before = member_of(network, brand, offered)

    tx = network.acceptAccount(brand, offered, sender=upline)

    names = {"brand": brand, "number": offered}
    assert events_of(tx) == [
        event(network.AccountChanged, **names, account=upline, before=distributor),
        event(network.PayoutChanged, **names, payout=upline),
    ]
    assert member_of(network, brand, offered) == before._replace(account=upline, payout=upline)
    assert tuple(escrow.customerOf(brand, upline)) == (offered, 0)
    assert escrow.payoutOf(member(brand, offered)) == upline


def test_accept_account__number_is_offered__takes_it_from_account_before(
    network, escrow, brand, distributor, upline, offered
):
    network.acceptAccount(brand, offered, sender=upline)

    assert tuple(escrow.customerOf(brand, distributor)) == (0, 0)
    assert tuple(network.authorizationOf(brand, distributor)) == (False, 0, 0, bytes(32))
    with reverts(network.DistributorNetwork_NotAuthorized, account=upline, actor=distributor):
        network.offerAccount(brand, offered, distributor, sender=distributor)


def test_accept_account__caller_is_not_who_it_was_offered_to__reverts(
    network, brand, distributor, attacker, offered
):
    for caller in (distributor, attacker, brand):
        with not_offered(network, brand, offered, caller):
            network.acceptAccount(brand, offered, sender=caller)


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
    network.offerAccount(brand, 3, upline, sender=payer)
    network.acceptAccount(brand, 3, sender=upline)

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
    network.offerAccount(brand, offered, distributor, sender=upline)

    network.acceptAccount(brand, offered, sender=distributor)

    assert member_of(network, brand, offered).account == distributor
    assert tuple(escrow.customerOf(brand, upline)) == (0, 0)


def test_accept_account__account_has_others_below__keeps_line_and_programme(
    network, brand, sponsor, distributor, shopper, upline
):
    join_line(network, brand, sponsor, distributor, shopper)
    network.offerAccount(brand, 3, upline, sender=distributor)

    network.acceptAccount(brand, 3, sender=upline)

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
    due = now() + DELAY

    network.acceptAccount(brand, offered, sender=upline)

    next_block_at(due)
    with reverts(network.DistributorNetwork_PayoutNotDue, activeFrom=0, time=due):
        network.activatePayout(brand, offered, sender=payer)
    assert member_of(network, brand, offered).payout == upline


def test_accept_account__payout_was_elsewhere__pays_caller_from_then_on(
    network, escrow, brand, distributor, payer, upline, offered
):
    network.announcePayout(brand, offered, payer, sender=distributor)
    next_block_at(now() + DELAY)
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
