import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED, delegate
from tests.support.clock import later, next_block_at
from tests.support.events import event, events_of
from tests.support.invitations import invitation_digest, invite
from tests.support.programme import create_invitation, hand_over, join
from tests.support.reverts import reverts

INVITE = permission("invite")


def revoked(network, invitation):
    return event(
        network.InvitationRevoked,
        invitation=invitation_digest(network, invitation),
        brand=invitation["brand"],
        sponsor=invitation["sponsor"],
    )


def assert_refused(network, invitation, signature, newcomer):
    digest = invitation_digest(network, invitation)
    with reverts(network.DistributorNetwork_InvitationRevoked, invitation=digest):
        network.join(invitation, signature, newcomer, b"", sender=newcomer)


@pytest.mark.parametrize("prepare", ALLOWED)
def test_revoke_invitation__caller_may_act_for_brand__revokes(
    network, identities, brand, manufacturer, prepare
):
    invitation = create_invitation(brand)
    prepare(identities, brand, INVITE, manufacturer)

    tx = network.revokeInvitation(invitation, sender=manufacturer)

    assert events_of(tx) == [revoked(network, invitation)]


@pytest.mark.parametrize("prepare", REFUSED)
def test_revoke_invitation__caller_may_not_act_for_brand__reverts(
    network, identities, brand, manufacturer, prepare
):
    invitation = create_invitation(brand)
    prepare(identities, brand, INVITE, manufacturer)

    with reverts(network.DistributorNetwork_NotAuthorized, account=brand, actor=manufacturer):
        network.revokeInvitation(invitation, sender=manufacturer)


@pytest.mark.parametrize("prepare", ALLOWED)
def test_revoke_invitation__caller_may_act_for_sponsor__revokes(
    network, identities, brand, number, distributor, manufacturer, prepare
):
    invitation = create_invitation(brand, number)
    prepare(identities, distributor, INVITE, manufacturer)

    tx = network.revokeInvitation(invitation, sender=manufacturer)

    assert events_of(tx) == [revoked(network, invitation)]


@pytest.mark.parametrize("prepare", REFUSED)
def test_revoke_invitation__caller_may_not_act_for_sponsor__reverts(
    network, identities, brand, number, distributor, manufacturer, prepare
):
    invitation = create_invitation(brand, number)
    prepare(identities, distributor, INVITE, manufacturer)

    with reverts(network.DistributorNetwork_NotAuthorized, account=distributor, actor=manufacturer):
        network.revokeInvitation(invitation, sender=manufacturer)


def test_revoke_invitation__invitation_is_of_sponsor__reverts_for_brand(
    network, brand, number, distributor
):
    with reverts(network.DistributorNetwork_NotAuthorized, account=distributor, actor=brand):
        network.revokeInvitation(create_invitation(brand, number), sender=brand)


def test_revoke_invitation__brand_has_another_owner__counts_delegates_of_brand(
    network, identities, brand, upline, manufacturer, payer
):
    invitation = create_invitation(brand)
    identities.changeOwner(brand, upline, sender=brand)
    identities.addDelegate(brand, INVITE, manufacturer, 1_000, sender=upline)
    delegate(identities, upline, INVITE, payer)

    with reverts(network.DistributorNetwork_NotAuthorized, account=brand, actor=payer):
        network.revokeInvitation(invitation, sender=payer)
    tx = network.revokeInvitation(invitation, sender=manufacturer)

    assert events_of(tx) == [revoked(network, invitation)]


def test_revoke_invitation__sponsor_has_another_account__reverts_for_account_before(
    network, brand, number, distributor, upline
):
    hand_over(network, brand, number, distributor, upline)

    with reverts(network.DistributorNetwork_NotAuthorized, account=upline, actor=distributor):
        network.revokeInvitation(create_invitation(brand, number), sender=distributor)


@pytest.mark.parametrize("number", [1, 2, 2**32 - 1])
def test_revoke_invitation__sponsor_is_unknown__reverts(network, brand, number):
    with reverts(network.DistributorNetwork_Unknown, brand=brand, number=number):
        network.revokeInvitation(create_invitation(brand, number), sender=brand)


def test_revoke_invitation__it_was_revoked_before__revokes_again(network, brand, payer):
    invitation, signature = invite(network, brand)
    network.revokeInvitation(invitation, sender=brand)

    tx = network.revokeInvitation(invitation, sender=brand)

    assert events_of(tx) == [revoked(network, invitation)]
    assert_refused(network, invitation, signature, payer)


def test_revoke_invitation__it_served_before__leaves_who_joined(network, brand, payer, distributor):
    invitation, signature = invite(network, brand)
    network.join(invitation, signature, distributor, b"", sender=distributor)

    network.revokeInvitation(invitation, sender=brand)

    assert network.authorizationOf(brand, distributor).isAuthorized
    assert_refused(network, invitation, signature, payer)


def test_revoke_invitation__it_is_over__revokes(network, brand):
    expiry = later(5)
    invitation = create_invitation(brand, expiry=expiry)
    next_block_at(expiry)

    tx = network.revokeInvitation(invitation, sender=brand)

    assert events_of(tx) == [revoked(network, invitation)]


def test_revoke_invitation__another_invitation_is_revoked__leaves_this_one(
    network, brand, distributor
):
    invitation, signature = invite(network, brand)

    network.revokeInvitation(invitation | {"campaign": b"\1" * 32}, sender=brand)

    network.join(invitation, signature, distributor, b"", sender=distributor)
    assert network.authorizationOf(brand, distributor).number == 2


def test_revoke_invitation__sponsor_revokes_its_own__leaves_that_of_brand(
    network, brand, number, distributor, payer
):
    network.revokeInvitation(create_invitation(brand, number), sender=distributor)

    assert join(network, brand, payer) == number + 1
