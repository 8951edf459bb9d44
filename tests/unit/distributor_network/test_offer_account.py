import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED, new_owner
from tests.support.clock import next_block_at, now
from tests.support.events import event, events_of
from tests.support.invitations import member_of
from tests.support.programme import OWNER_DELAY, join
from tests.support.reverts import reverts

# What decides where money goes is for the owner alone, whatever a delegate may do elsewhere.
DELEGATES = [prepare for prepare in ALLOWED if prepare is not new_owner]


def offered(network, brand, number, account):
    names = {"brand": brand, "number": number, "account": account}
    active_from = 0 if account == ZERO_ADDRESS else now() + OWNER_DELAY
    return event(network.AccountOffered, **names, activeFrom=active_from)


def test_offer_account__account_offers__emits_and_changes_nothing_yet(
    network, brand, number, distributor, upline
):
    before = member_of(network, brand, number)

    tx = network.offerAccount(brand, number, upline, sender=distributor)

    assert events_of(tx) == [offered(network, brand, number, upline)]
    assert member_of(network, brand, number) == before
    assert network.authorizationOf(brand, upline).number == 0


def test_offer_account__caller_is_new_owner_of_account__offers(
    network, identities, brand, number, distributor, upline, manufacturer
):
    identities.changeOwner(distributor, manufacturer, sender=distributor)

    tx = network.offerAccount(brand, number, upline, sender=manufacturer)

    assert events_of(tx) == [offered(network, brand, number, upline)]


@pytest.mark.parametrize("prepare", DELEGATES + REFUSED)
@pytest.mark.parametrize("matter", ["invite", "withdraw"])
def test_offer_account__caller_does_not_own_account__reverts(
    network, identities, brand, number, distributor, manufacturer, prepare, matter
):
    prepare(identities, distributor, permission(matter), manufacturer)

    with reverts(network.DistributorNetwork_NotAuthorized, account=distributor, actor=manufacturer):
        network.offerAccount(brand, number, manufacturer, sender=manufacturer)


def test_offer_account__caller_gave_account_away__reverts(
    network, identities, brand, number, distributor, upline
):
    identities.changeOwner(distributor, upline, sender=distributor)

    with reverts(network.DistributorNetwork_NotAuthorized, account=distributor, actor=distributor):
        network.offerAccount(brand, number, upline, sender=distributor)


def test_offer_account__caller_is_brand__reverts(network, brand, number, distributor):
    with reverts(network.DistributorNetwork_NotAuthorized, account=distributor, actor=brand):
        network.offerAccount(brand, number, ZERO_ADDRESS, sender=brand)


@pytest.mark.parametrize("unknown", [0, 1, 3, 2**32 - 1])
def test_offer_account__number_is_unknown__reverts(network, brand, number, distributor, unknown):
    with reverts(network.DistributorNetwork_Unknown, brand=brand, number=unknown):
        network.offerAccount(brand, unknown, distributor, sender=distributor)


def test_offer_account__number_is_of_another_brand__reverts(
    network, manufacturer, number, distributor, upline
):
    with reverts(network.DistributorNetwork_Unknown, brand=manufacturer, number=number):
        network.offerAccount(manufacturer, number, upline, sender=distributor)


def test_offer_account__it_goes_to_brand__reverts(network, brand, number, distributor):
    with reverts(network.DistributorNetwork_AccountInvalid, brand=brand, account=brand):
        network.offerAccount(brand, number, brand, sender=distributor)


def test_offer_account__it_goes_to_itself__reverts(network, brand, number, distributor):
    with reverts(
        network.DistributorNetwork_AlreadyJoined, brand=brand, account=distributor, number=number
    ):
        network.offerAccount(brand, number, distributor, sender=distributor)


def test_offer_account__it_goes_to_another_distributor__reverts(
    network, brand, number, distributor, payer
):
    join(network, brand, payer)

    with reverts(network.DistributorNetwork_AlreadyJoined, brand=brand, account=payer, number=3):
        network.offerAccount(brand, number, payer, sender=distributor)


def test_offer_account__it_goes_to_distributor_of_another_brand__offers(
    network, brand, manufacturer, number, distributor, payer
):
    join(network, manufacturer, payer)

    tx = network.offerAccount(brand, number, payer, sender=distributor)

    assert events_of(tx) == [offered(network, brand, number, payer)]


def test_offer_account__it_goes_to_zero__withdraws_offer(
    network, brand, number, distributor, upline
):
    network.offerAccount(brand, number, upline, sender=distributor)

    tx = network.offerAccount(brand, number, ZERO_ADDRESS, sender=distributor)

    assert events_of(tx) == [offered(network, brand, number, ZERO_ADDRESS)]
    with reverts(network.DistributorNetwork_NotOffered, brand=brand, number=number, account=upline):
        network.acceptAccount(brand, number, sender=upline)


def test_offer_account__another_was_offered_before__takes_its_place(
    network, brand, number, distributor, upline, payer
):
    network.offerAccount(brand, number, upline, sender=distributor)

    network.offerAccount(brand, number, payer, sender=distributor)

    next_block_at(now() + OWNER_DELAY)
    with reverts(network.DistributorNetwork_NotOffered, brand=brand, number=number, account=upline):
        network.acceptAccount(brand, number, sender=upline)
    network.acceptAccount(brand, number, sender=payer)
    assert member_of(network, brand, number).account == payer


@pytest.mark.parametrize("first", ["attacker", "payer"])
def test_offer_account__another_was_offered_before__starts_delay_anew(
    network, brand, number, distributor, payer, first, request
):
    network.offerAccount(brand, number, request.getfixturevalue(first), sender=distributor)
    first_due = now() + OWNER_DELAY
    next_block_at(first_due - 1)

    network.offerAccount(brand, number, payer, sender=distributor)

    due = now() + OWNER_DELAY
    next_block_at(first_due)
    with reverts(network.DistributorNetwork_OfferNotDue, activeFrom=due, time=first_due):
        network.acceptAccount(brand, number, sender=payer)
    next_block_at(due)
    network.acceptAccount(brand, number, sender=payer)
    assert member_of(network, brand, number).account == payer
