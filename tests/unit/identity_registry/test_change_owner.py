import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.reverts import reverts


def test_change_owner__caller_does_not_own_identity__reverts(identities, issuer, attacker):
    with reverts(
        identities.IdentityRegistry_NotOwner, identity=issuer, actor=attacker, owner=issuer
    ):
        identities.changeOwner(issuer, attacker, sender=attacker)


def test_change_owner__caller_is_identity_itself__hands_over(identities, issuer, brand):
    identities.changeOwner(issuer, brand, sender=issuer)

    assert identities.identityOwner(issuer) == brand
    assert identities.owners(issuer) == brand
    with reverts(identities.IdentityRegistry_NotOwner, identity=issuer, actor=issuer, owner=brand):
        identities.changeOwner(issuer, issuer, sender=issuer)


def test_change_owner__caller_is_identity_itself__emits_change(identities, issuer, brand):
    tx = identities.changeOwner(issuer, brand, sender=issuer)

    assert tx.events == [identities.DIDOwnerChanged(identity=issuer, owner=brand, previousChange=0)]


def test_change_owner__caller_is_new_owner__hands_over_again(identities, issuer, brand, payer):
    first = identities.changeOwner(issuer, brand, sender=issuer)

    tx = identities.changeOwner(issuer, payer, sender=brand)

    assert identities.identityOwner(issuer) == payer
    assert tx.events == [
        identities.DIDOwnerChanged(identity=issuer, owner=payer, previousChange=first.block_number)
    ]


def test_change_owner__identity_takes_itself_back__is_its_own_owner(identities, issuer, brand):
    identities.changeOwner(issuer, brand, sender=issuer)

    identities.changeOwner(issuer, issuer, sender=brand)

    assert identities.identityOwner(issuer) == issuer
    assert identities.owners(issuer) == issuer


@pytest.mark.parametrize("caller", ["issuer", "brand", "attacker"])
def test_change_owner__identity_is_deactivated__reverts_for_everyone(
    identities, issuer, brand, caller, request
):
    identities.changeOwner(issuer, brand, sender=issuer)
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=brand)
    actor = request.getfixturevalue(caller)

    with reverts(
        identities.IdentityRegistry_NotOwner, identity=issuer, actor=actor, owner=ZERO_ADDRESS
    ):
        identities.changeOwner(issuer, actor, sender=actor)


def test_change_owner__new_owner_is_zero__deactivates(identities, issuer):
    tx = identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    assert identities.identityOwner(issuer) == ZERO_ADDRESS
    assert tx.events == [
        identities.DIDOwnerChanged(identity=issuer, owner=ZERO_ADDRESS, previousChange=0)
    ]


def test_change_owner__new_owner_is_zero__stores_no_owner(identities, issuer, brand):
    identities.changeOwner(issuer, brand, sender=issuer)

    identities.changeOwner(issuer, ZERO_ADDRESS, sender=brand)

    assert identities.owners(issuer) == ZERO_ADDRESS
