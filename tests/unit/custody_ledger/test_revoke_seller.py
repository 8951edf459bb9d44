import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.clock import later, next_block_at
from tests.support.reverts import reverts
from tests.support.sellers import MAX_TIME, TERRITORY


@pytest.fixture
def since(custody, brand, distributor):
    """The second at which the distributor became a seller of the brand, without end."""
    tx = custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=brand)
    return tx.timestamp


@pytest.mark.parametrize("prepare", ALLOWED)
def test_revoke_seller__caller_may_act_for_brand__revokes(
    custody, identities, since, brand, distributor, manufacturer, prepare
):
    prepare(identities, brand, permission("seller"), manufacturer)

    tx = custody.revokeSeller(brand, distributor, sender=manufacturer)

    assert custody.sellerOf(brand, distributor).validTo == tx.timestamp


@pytest.mark.parametrize("prepare", REFUSED)
def test_revoke_seller__caller_may_not_act_for_brand__reverts(
    custody, identities, since, brand, distributor, attacker, prepare
):
    prepare(identities, brand, permission("seller"), attacker)

    with reverts(
        custody.SellerRegistry_NotAuthorized,
        brand=brand,
        permission=permission("seller"),
        actor=attacker,
    ):
        custody.revokeSeller(brand, distributor, sender=attacker)


def test_revoke_seller__caller_is_seller__reverts(custody, since, brand, distributor):
    with reverts(
        custody.SellerRegistry_NotAuthorized,
        brand=brand,
        permission=permission("seller"),
        actor=distributor,
    ):
        custody.revokeSeller(brand, distributor, sender=distributor)


def test_revoke_seller__brand_revokes__ends_in_this_second_and_keeps_rest(
    custody, since, brand, distributor
):
    next_block_at(since + 100)

    custody.revokeSeller(brand, distributor, sender=brand)

    kept = custody.sellerOf(brand, distributor)
    assert tuple(kept) == (since, since + 100, TERRITORY)


def test_revoke_seller__brand_revokes__emits_revocation(custody, since, brand, distributor):
    tx = custody.revokeSeller(brand, distributor, sender=brand)

    assert tx.events == [custody.SellerRevoked(brand=brand, seller=distributor)]


def test_revoke_seller__seller_was_never_authorized__reverts(custody, brand, sponsor):
    with reverts(custody.SellerRegistry_NotSeller, brand=brand, seller=sponsor):
        custody.revokeSeller(brand, sponsor, sender=brand)


def test_revoke_seller__seller_is_of_another_brand__reverts(custody, since, issuer, distributor):
    with reverts(custody.SellerRegistry_NotSeller, brand=issuer, seller=distributor):
        custody.revokeSeller(issuer, distributor, sender=issuer)


def test_revoke_seller__seller_was_revoked__reverts(custody, since, brand, distributor):
    custody.revokeSeller(brand, distributor, sender=brand)

    with reverts(custody.SellerRegistry_NotSeller, brand=brand, seller=distributor):
        custody.revokeSeller(brand, distributor, sender=brand)


def test_revoke_seller__second_before_end__revokes(custody, brand, distributor):
    valid_to = later(1000)
    custody.authorizeSeller(brand, distributor, valid_to, TERRITORY, sender=brand)
    next_block_at(valid_to - 1)

    custody.revokeSeller(brand, distributor, sender=brand)

    assert custody.sellerOf(brand, distributor).validTo == valid_to - 1


def test_revoke_seller__second_of_end__reverts(custody, brand, distributor):
    valid_to = later(1000)
    custody.authorizeSeller(brand, distributor, valid_to, TERRITORY, sender=brand)
    next_block_at(valid_to)

    with reverts(custody.SellerRegistry_NotSeller, brand=brand, seller=distributor):
        custody.revokeSeller(brand, distributor, sender=brand)
