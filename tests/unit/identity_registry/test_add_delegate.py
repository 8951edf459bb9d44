from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import later, next_block_at
from tests.support.reverts import reverts

DAY = 86_400
LAST_TIME = 2**48 - 1


def test_add_delegate__caller_does_not_own_identity__reverts(identities, matter, issuer, attacker):
    with reverts(
        identities.IdentityRegistry_NotOwner, identity=issuer, actor=attacker, owner=issuer
    ):
        identities.addDelegate(issuer, matter, attacker, DAY, sender=attacker)


def test_add_delegate__caller_is_delegate__reverts(identities, matter, issuer, manufacturer, payer):
    identities.addDelegate(issuer, matter, manufacturer, DAY, sender=issuer)

    with reverts(
        identities.IdentityRegistry_NotOwner, identity=issuer, actor=manufacturer, owner=issuer
    ):
        identities.addDelegate(issuer, matter, payer, DAY, sender=manufacturer)


def test_add_delegate__validity_is_one_second_too_long__reverts(
    identities, matter, issuer, manufacturer
):
    time = later(100)
    next_block_at(time)

    with reverts(
        identities.IdentityRegistry_ValidityTooLong,
        validity=LAST_TIME - time + 1,
        limit=LAST_TIME - time,
    ):
        identities.addDelegate(issuer, matter, manufacturer, LAST_TIME - time + 1, sender=issuer)


def test_add_delegate__validity_is_longest__is_valid_to_last_time(
    identities, matter, issuer, manufacturer
):
    time = later(100)
    next_block_at(time)

    identities.addDelegate(issuer, matter, manufacturer, LAST_TIME - time, sender=issuer)

    assert identities.delegates(issuer, keccak(matter), manufacturer) == LAST_TIME
    assert identities.validDelegate(issuer, matter, manufacturer)


def test_add_delegate__validity_is_zero__is_never_valid(identities, matter, issuer, manufacturer):
    tx = identities.addDelegate(issuer, matter, manufacturer, 0, sender=issuer)

    assert identities.delegates(issuer, keccak(matter), manufacturer) == tx.timestamp
    assert not identities.validDelegate(issuer, matter, manufacturer)


def test_add_delegate__owner_adds__emits_end_of_validity(identities, matter, issuer, manufacturer):
    tx = identities.addDelegate(issuer, matter, manufacturer, DAY, sender=issuer)

    assert tx.events == [
        identities.DIDDelegateChanged(
            identity=issuer,
            delegateType=matter,
            delegate=manufacturer,
            validTo=tx.timestamp + DAY,
            previousChange=0,
        )
    ]


def test_add_delegate__owner_adds__stores_under_hash_of_type(
    identities, matter, issuer, manufacturer
):
    tx = identities.addDelegate(issuer, matter, manufacturer, DAY, sender=issuer)

    assert identities.delegates(issuer, keccak(matter), manufacturer) == tx.timestamp + DAY
    assert identities.delegates(issuer, matter, manufacturer) == 0


def test_add_delegate__delegate_exists__moves_end_of_validity(
    identities, matter, issuer, manufacturer
):
    identities.addDelegate(issuer, matter, manufacturer, 2 * DAY, sender=issuer)

    tx = identities.addDelegate(issuer, matter, manufacturer, DAY, sender=issuer)

    assert identities.delegates(issuer, keccak(matter), manufacturer) == tx.timestamp + DAY


def test_add_delegate__identity_is_deactivated__reverts(identities, matter, issuer, manufacturer):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    with reverts(
        identities.IdentityRegistry_NotOwner, identity=issuer, actor=issuer, owner=ZERO_ADDRESS
    ):
        identities.addDelegate(issuer, matter, manufacturer, DAY, sender=issuer)
