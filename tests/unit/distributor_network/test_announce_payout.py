import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED, new_owner
from tests.support.clock import next_block_at, now
from tests.support.events import event, events_of
from tests.support.invitations import member_of
from tests.support.programme import OWNER_DELAY, member
from tests.support.reverts import reverts

# What decides where money goes is for the owner alone, whatever a delegate may do elsewhere.
DELEGATES = [prepare for prepare in ALLOWED if prepare is not new_owner]


def announced(network, brand, number, payout):
    names = {"brand": brand, "number": number, "payout": payout}
    return event(network.PayoutAnnounced, **names, activeFrom=now() + OWNER_DELAY)


def test_announce_payout__account_announces__emits_end_of_delay_and_changes_nothing_yet(
    network, escrow, brand, number, distributor, payer
):
    tx = network.announcePayout(brand, number, payer, sender=distributor)

    assert events_of(tx) == [announced(network, brand, number, payer)]
    assert member_of(network, brand, number).payout == distributor
    assert escrow.payoutOf(member(brand, number)) == distributor


def test_announce_payout__caller_is_new_owner_of_account__announces(
    network, identities, brand, number, distributor, manufacturer
):
    identities.changeOwner(distributor, manufacturer, sender=distributor)

    tx = network.announcePayout(brand, number, manufacturer, sender=manufacturer)

    assert events_of(tx) == [announced(network, brand, number, manufacturer)]


@pytest.mark.parametrize("prepare", DELEGATES + REFUSED)
@pytest.mark.parametrize("matter", ["invite", "withdraw"])
def test_announce_payout__caller_does_not_own_account__reverts(
    network, identities, brand, number, distributor, manufacturer, prepare, matter
):
    prepare(identities, distributor, permission(matter), manufacturer)

    with reverts(network.DistributorNetwork_NotAuthorized, account=distributor, actor=manufacturer):
        network.announcePayout(brand, number, manufacturer, sender=manufacturer)


def test_announce_payout__caller_is_brand__reverts(network, brand, number, distributor):
    with reverts(network.DistributorNetwork_NotAuthorized, account=distributor, actor=brand):
        network.announcePayout(brand, number, brand, sender=brand)


@pytest.mark.parametrize("unknown", [0, 1, 3, 2**32 - 1])
def test_announce_payout__number_is_unknown__reverts(network, brand, number, distributor, unknown):
    with reverts(network.DistributorNetwork_Unknown, brand=brand, number=unknown):
        network.announcePayout(brand, unknown, distributor, sender=distributor)


def test_announce_payout__payout_is_zero__reverts(network, brand, number, distributor):
    with reverts(network.DistributorNetwork_PayoutInvalid, payout=ZERO_ADDRESS):
        network.announcePayout(brand, number, ZERO_ADDRESS, sender=distributor)


def test_announce_payout__payout_is_escrow__reverts(network, escrow, brand, number, distributor):
    with reverts(network.DistributorNetwork_PayoutInvalid, payout=escrow):
        network.announcePayout(brand, number, escrow, sender=distributor)


def test_announce_payout__another_was_announced__takes_its_place_and_starts_delay_anew(
    network, brand, number, distributor, payer, attacker
):
    network.announcePayout(brand, number, attacker, sender=distributor)
    first_due = now() + OWNER_DELAY
    next_block_at(first_due - 1)

    network.announcePayout(brand, number, payer, sender=distributor)

    due = now() + OWNER_DELAY
    next_block_at(first_due)
    with reverts(network.DistributorNetwork_PayoutNotDue, activeFrom=due, time=first_due):
        network.activatePayout(brand, number, sender=attacker)
    next_block_at(due)
    network.activatePayout(brand, number, sender=attacker)
    assert member_of(network, brand, number).payout == payer


def test_announce_payout__distributor_is_suspended__announces(
    network, brand, number, distributor, payer
):
    network.setSuspended(brand, number, True, bytes(32), sender=brand)

    tx = network.announcePayout(brand, number, payer, sender=distributor)

    assert events_of(tx) == [announced(network, brand, number, payer)]
