from eth_utils import keccak

from tests.support.abi import permission
from tests.support.reverts import reverts

DAY = 86_400


def test_revoke_delegate__caller_does_not_own_identity__reverts(
    identities, matter, issuer, manufacturer, attacker
):
    identities.addDelegate(issuer, matter, manufacturer, DAY, sender=issuer)

    with reverts(
        identities.IdentityRegistry_NotOwner, identity=issuer, actor=attacker, owner=issuer
    ):
        identities.revokeDelegate(issuer, matter, manufacturer, sender=attacker)


def test_revoke_delegate__delegate_revokes_itself__reverts(
    identities, matter, issuer, manufacturer
):
    identities.addDelegate(issuer, matter, manufacturer, DAY, sender=issuer)

    with reverts(
        identities.IdentityRegistry_NotOwner, identity=issuer, actor=manufacturer, owner=issuer
    ):
        identities.revokeDelegate(issuer, matter, manufacturer, sender=manufacturer)


def test_revoke_delegate__owner_revokes__ends_at_once(identities, matter, issuer, manufacturer):
    identities.addDelegate(issuer, matter, manufacturer, DAY, sender=issuer)

    identities.revokeDelegate(issuer, matter, manufacturer, sender=issuer)

    assert not identities.validDelegate(issuer, matter, manufacturer)
    assert identities.delegates(issuer, keccak(matter), manufacturer) == 0


def test_revoke_delegate__owner_revokes__emits_zero(identities, matter, issuer, manufacturer):
    added = identities.addDelegate(issuer, matter, manufacturer, DAY, sender=issuer)

    tx = identities.revokeDelegate(issuer, matter, manufacturer, sender=issuer)

    assert tx.events == [
        identities.DIDDelegateChanged(
            identity=issuer,
            delegateType=matter,
            delegate=manufacturer,
            validTo=0,
            previousChange=added.block_number,
        )
    ]


def test_revoke_delegate__owner_revokes__leaves_other_matters(
    identities, matter, issuer, manufacturer
):
    identities.addDelegate(issuer, matter, manufacturer, DAY, sender=issuer)
    identities.addDelegate(issuer, permission("trace"), manufacturer, DAY, sender=issuer)

    identities.revokeDelegate(issuer, matter, manufacturer, sender=issuer)

    assert identities.validDelegate(issuer, permission("trace"), manufacturer)


def test_revoke_delegate__nothing_was_delegated__emits_all_same(
    identities, matter, issuer, manufacturer
):
    tx = identities.revokeDelegate(issuer, matter, manufacturer, sender=issuer)

    assert tx.events == [
        identities.DIDDelegateChanged(
            identity=issuer,
            delegateType=matter,
            delegate=manufacturer,
            validTo=0,
            previousChange=0,
        )
    ]
