import pytest

from tests.support.abi import permission
from tests.support.authority import REFUSED, VALIDITY, new_owner
from tests.support.clock import later, next_block_at, now
from tests.support.delegation import PERMISSIONS, delegate_all
from tests.support.operators import register_items, twin_of
from tests.support.reverts import reverts


def test_revoke_key__caller_owns_issuer__revokes(
    provenance, identities, issuer, brand, manufacturer
):
    new_owner(identities, issuer, None, brand)

    provenance.revokeKey(issuer, manufacturer, 5, sender=brand)

    assert tuple(provenance.operatorOf(issuer, manufacturer)) == (5, 0, 0, 0)


@pytest.mark.parametrize("name", PERMISSIONS)
def test_revoke_key__caller_is_delegate_of_any_kind__reverts(
    provenance, identities, issuer, manufacturer, name
):
    identities.addDelegate(issuer, permission(name), manufacturer, VALIDITY, sender=issuer)

    with reverts(
        provenance.IssuerRegistry_NotOwner, issuer=issuer, actor=manufacturer, owner=issuer
    ):
        provenance.revokeKey(issuer, manufacturer, 1, sender=manufacturer)


@pytest.mark.parametrize("prepare", REFUSED)
def test_revoke_key__caller_does_not_own_issuer__reverts(
    provenance, identities, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("batch"), attacker)
    owner = identities.identityOwner(issuer)

    with reverts(provenance.IssuerRegistry_NotOwner, issuer=issuer, actor=attacker, owner=owner):
        provenance.revokeKey(issuer, issuer, 1, sender=attacker)


@pytest.mark.parametrize("earlier", [None, 9])
def test_revoke_key__time_is_zero__reverts(provenance, issuer, manufacturer, earlier):
    if earlier:
        provenance.revokeKey(issuer, manufacturer, earlier, sender=issuer)

    with reverts(provenance.IssuerRegistry_RevocationZero, issuer=issuer, operator=manufacturer):
        provenance.revokeKey(issuer, manufacturer, 0, sender=issuer)


def test_revoke_key__time_is_first_second_after_1970__revokes(provenance, issuer, manufacturer):
    provenance.revokeKey(issuer, manufacturer, 1, sender=issuer)

    assert provenance.operatorOf(issuer, manufacturer).revokedFrom == 1


def test_revoke_key__time_is_this_second__revokes(provenance, issuer, manufacturer):
    time = later(1000)
    next_block_at(time)

    provenance.revokeKey(issuer, manufacturer, time, sender=issuer)

    assert provenance.operatorOf(issuer, manufacturer).revokedFrom == time


def test_revoke_key__time_is_one_second_ahead__reverts(provenance, issuer, manufacturer):
    time = later(1000)
    next_block_at(time)

    with reverts(
        provenance.IssuerRegistry_RevocationTooLate,
        issuer=issuer,
        operator=manufacturer,
        revokedFrom=time + 1,
        latest=time,
    ):
        provenance.revokeKey(issuer, manufacturer, time + 1, sender=issuer)


def test_revoke_key__key_was_revoked_from_time__moves_to_earlier_one(
    provenance, issuer, manufacturer
):
    for revoked_from in (1000, 999, 1):
        provenance.revokeKey(issuer, manufacturer, revoked_from, sender=issuer)

        assert provenance.operatorOf(issuer, manufacturer).revokedFrom == revoked_from


def test_revoke_key__key_was_revoked_from_time__takes_same_one_again(
    provenance, issuer, manufacturer
):
    first = provenance.revokeKey(issuer, manufacturer, 1000, sender=issuer)

    second = provenance.revokeKey(issuer, manufacturer, 1000, sender=issuer)

    assert second.events == first.events
    assert provenance.operatorOf(issuer, manufacturer).revokedFrom == 1000


def test_revoke_key__key_was_revoked_from_time__reverts_for_later_one(
    provenance, issuer, manufacturer
):
    provenance.revokeKey(issuer, manufacturer, 1000, sender=issuer)

    with reverts(
        provenance.IssuerRegistry_RevocationTooLate,
        issuer=issuer,
        operator=manufacturer,
        revokedFrom=1001,
        latest=1000,
    ):
        provenance.revokeKey(issuer, manufacturer, 1001, sender=issuer)


@pytest.mark.parametrize("offset", [1, 500, 1000])
def test_revoke_key__key_was_revoked_and_time_has_passed__reverts_for_any_time_since(
    provenance, issuer, manufacturer, offset
):
    time = provenance.revokeKey(issuer, manufacturer, now(), sender=issuer).timestamp
    revoked_from = provenance.operatorOf(issuer, manufacturer).revokedFrom
    next_block_at(time + 1000)

    with reverts(
        provenance.IssuerRegistry_RevocationTooLate,
        issuer=issuer,
        operator=manufacturer,
        revokedFrom=revoked_from + offset,
        latest=revoked_from,
    ):
        provenance.revokeKey(issuer, manufacturer, revoked_from + offset, sender=issuer)


def test_revoke_key__owner_revokes__emits_time(provenance, issuer, manufacturer):
    tx = provenance.revokeKey(issuer, manufacturer, 1000, sender=issuer)

    assert tx.events == [
        provenance.KeyRevoked(issuer=issuer, operator=manufacturer, revokedFrom=1000)
    ]


def test_revoke_key__owner_revokes__changes_nothing_else_of_operator(provenance, issuer):
    provenance.setDailyLimit(issuer, issuer, 2**48 - 1, sender=issuer)
    register_items(provenance, issuer, 2**32 - 1)
    before, time = tuple(provenance.operatorOf(issuer, issuer)), now()

    provenance.revokeKey(issuer, issuer, time, sender=issuer)

    assert before[3] == 2**32 - 1
    assert tuple(provenance.operatorOf(issuer, issuer)) == (time, *before[1:])


def test_revoke_key__another_account_has_same_last_7_bytes__shares_revocation(provenance, issuer):
    provenance.revokeKey(issuer, twin_of(issuer), 1000, sender=issuer)

    with reverts(
        provenance.IssuerRegistry_KeyRevoked, issuer=issuer, operator=issuer, revokedFrom=1000
    ):
        register_items(provenance, issuer, 1)


def test_revoke_key__revoked_key_and_new_delegation__registers_nothing_any_more(
    provenance, identities, issuer, manufacturer
):
    delegate_all(identities, issuer, manufacturer, ["batch"])
    provenance.revokeKey(issuer, manufacturer, 1000, sender=issuer)
    identities.revokeDelegate(issuer, permission("batch"), manufacturer, sender=issuer)
    delegate_all(identities, issuer, manufacturer, ["batch"])

    with reverts(
        provenance.IssuerRegistry_KeyRevoked,
        issuer=issuer,
        operator=manufacturer,
        revokedFrom=1000,
    ):
        register_items(provenance, issuer, 1, sender=manufacturer)


def test_revoke_key__revocations_by_two_issuers__keeps_them_apart(
    provenance, issuer, brand, manufacturer
):
    provenance.revokeKey(issuer, manufacturer, 5, sender=issuer)
    provenance.revokeKey(brand, manufacturer, 6, sender=brand)

    assert provenance.operatorOf(issuer, manufacturer).revokedFrom == 5
    assert provenance.operatorOf(brand, manufacturer).revokedFrom == 6
