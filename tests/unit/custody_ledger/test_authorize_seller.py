import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.clock import later, next_block_at
from tests.support.reverts import reverts
from tests.support.sellers import MAX_TIME, TERRITORY, territory_of


@pytest.mark.parametrize("prepare", ALLOWED)
def test_authorize_seller__caller_may_act_for_brand__authorizes(
    custody, identities, brand, distributor, manufacturer, prepare
):
    prepare(identities, brand, permission("seller"), manufacturer)

    custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=manufacturer)

    assert custody.sellerOf(brand, distributor).validTo == MAX_TIME


@pytest.mark.parametrize("prepare", REFUSED)
def test_authorize_seller__caller_may_not_act_for_brand__reverts(
    custody, identities, brand, distributor, attacker, prepare
):
    prepare(identities, brand, permission("seller"), attacker)

    with reverts(
        custody.SellerRegistry_NotAuthorized,
        brand=brand,
        permission=permission("seller"),
        actor=attacker,
    ):
        custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=attacker)


def test_authorize_seller__caller_may_only_inspect__reverts(
    custody, identities, brand, distributor, manufacturer
):
    identities.addDelegate(brand, permission("inspect"), manufacturer, 1000, sender=brand)

    with reverts(
        custody.SellerRegistry_NotAuthorized,
        brand=brand,
        permission=permission("seller"),
        actor=manufacturer,
    ):
        custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=manufacturer)


def test_authorize_seller__caller_is_seller__reverts(custody, brand, distributor):
    with reverts(
        custody.SellerRegistry_NotAuthorized,
        brand=brand,
        permission=permission("seller"),
        actor=distributor,
    ):
        custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=distributor)


def test_authorize_seller__brand_authorizes__keeps_since_end_and_territory(
    custody, brand, distributor
):
    valid_to = later(1000)

    tx = custody.authorizeSeller(brand, distributor, valid_to, TERRITORY, sender=brand)

    kept = custody.sellerOf(brand, distributor)
    assert tuple(kept) == (tx.timestamp, valid_to, TERRITORY)


def test_authorize_seller__brand_authorizes__emits_authorization(custody, brand, distributor):
    tx = custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=brand)

    assert tx.events == [
        custody.SellerAuthorized(
            brand=brand, seller=distributor, validTo=MAX_TIME, territory=TERRITORY
        )
    ]


def test_authorize_seller__seller_has_no_territory__authorizes(custody, brand, distributor):
    custody.authorizeSeller(brand, distributor, MAX_TIME, bytes(20), sender=brand)

    assert custody.sellerOf(brand, distributor).territory == bytes(20)


def test_authorize_seller__seller_is_zero__reverts(custody, brand):
    with reverts(custody.SellerRegistry_SellerInvalid, brand=brand, seller=ZERO_ADDRESS):
        custody.authorizeSeller(brand, ZERO_ADDRESS, MAX_TIME, TERRITORY, sender=brand)


def test_authorize_seller__seller_is_brand__reverts(custody, brand):
    with reverts(custody.SellerRegistry_SellerInvalid, brand=brand, seller=brand):
        custody.authorizeSeller(brand, brand, MAX_TIME, TERRITORY, sender=brand)


@pytest.mark.parametrize("age", [0, 1])
def test_authorize_seller__end_is_this_second_or_before__reverts(custody, brand, distributor, age):
    time = later(100)
    next_block_at(time)

    with reverts(custody.SellerRegistry_ValidToPast, validTo=time - age, time=time):
        custody.authorizeSeller(brand, distributor, time - age, TERRITORY, sender=brand)


def test_authorize_seller__end_is_zero__reverts(custody, brand, distributor):
    time = later(100)
    next_block_at(time)

    with reverts(custody.SellerRegistry_ValidToPast, validTo=0, time=time):
        custody.authorizeSeller(brand, distributor, 0, TERRITORY, sender=brand)


def test_authorize_seller__end_is_next_second__authorizes(custody, brand, distributor):
    time = later(100)
    next_block_at(time)

    custody.authorizeSeller(brand, distributor, time + 1, TERRITORY, sender=brand)

    assert tuple(custody.sellerOf(brand, distributor))[:2] == (time, time + 1)


def test_authorize_seller__seller_is_authorized__changes_end_and_territory_but_not_since(
    custody, brand, distributor
):
    first = custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=brand)
    valid_to, other = later(1000), territory_of("Yunnan")
    next_block_at(later(100))

    custody.authorizeSeller(brand, distributor, valid_to, other, sender=brand)

    kept = custody.sellerOf(brand, distributor)
    assert tuple(kept) == (first.timestamp, valid_to, other)


def test_authorize_seller__seller_was_revoked__keeps_since_of_first_time(
    custody, brand, distributor
):
    first = custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=brand)
    custody.revokeSeller(brand, distributor, sender=brand)
    next_block_at(later(100))

    custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=brand)

    kept = custody.sellerOf(brand, distributor)
    assert tuple(kept) == (first.timestamp, MAX_TIME, TERRITORY)


def test_authorize_seller__another_brand_has_seller_too__keeps_both_apart(
    custody, brand, issuer, distributor
):
    valid_to, other = later(1000), territory_of("Yunnan")
    custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=brand)

    custody.authorizeSeller(issuer, distributor, valid_to, other, sender=issuer)

    assert tuple(custody.sellerOf(brand, distributor))[1:] == (MAX_TIME, TERRITORY)
    assert tuple(custody.sellerOf(issuer, distributor))[1:] == (valid_to, other)
