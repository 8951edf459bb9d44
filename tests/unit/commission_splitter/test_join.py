import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.reverts import reverts


def test_join__caller_is_brand__reverts(splitter, brand, distributor):
    with reverts(splitter.DistributorRegistry_BrandCannotJoin, brand=brand):
        splitter.join(brand, distributor, sender=brand)


def test_join__caller_joined_before__reverts(splitter, brand, distributor, sponsor):
    with reverts(
        splitter.DistributorRegistry_AlreadyJoined,
        brand=brand,
        distributor=distributor,
        sponsor=sponsor,
    ):
        splitter.join(brand, brand, sender=distributor)


def test_join__sponsor_would_close_cycle__reverts(splitter, brand, upline, distributor):
    with reverts(
        splitter.DistributorRegistry_AlreadyJoined, brand=brand, distributor=upline, sponsor=brand
    ):
        splitter.join(brand, distributor, sender=upline)


def test_join__sponsor_has_not_joined__reverts(splitter, brand, shopper, attacker):
    with reverts(splitter.DistributorRegistry_SponsorUnknown, brand=brand, sponsor=attacker):
        splitter.join(brand, attacker, sender=shopper)


def test_join__sponsor_is_caller__reverts(splitter, brand, shopper):
    with reverts(splitter.DistributorRegistry_SponsorUnknown, brand=brand, sponsor=shopper):
        splitter.join(brand, shopper, sender=shopper)


@pytest.mark.parametrize("is_brand_zero", [False, True])
def test_join__sponsor_is_zero__reverts(splitter, brand, shopper, is_brand_zero):
    brand = ZERO_ADDRESS if is_brand_zero else brand

    with reverts(splitter.DistributorRegistry_SponsorUnknown, brand=brand, sponsor=ZERO_ADDRESS):
        splitter.join(brand, ZERO_ADDRESS, sender=shopper)


def test_join__sponsor_joined_another_brand__reverts(splitter, issuer, distributor, shopper):
    with reverts(splitter.DistributorRegistry_SponsorUnknown, brand=issuer, sponsor=distributor):
        splitter.join(issuer, distributor, sender=shopper)


def test_join__sponsor_is_brand__stands_at_depth_one(splitter, brand, shopper):
    tx = splitter.join(brand, brand, sender=shopper)

    assert tuple(splitter.distributorOf(brand, shopper)) == (brand, tx.timestamp, 1)
    assert events_of(tx) == [
        event(splitter.DistributorJoined, brand=brand, distributor=shopper, sponsor=brand, depth=1)
    ]


def test_join__sponsor_joined__stands_one_below(splitter, brand, distributor, shopper):
    tx = splitter.join(brand, distributor, sender=shopper)

    assert tuple(splitter.distributorOf(brand, shopper)) == (distributor, tx.timestamp, 4)
    assert events_of(tx) == [
        event(
            splitter.DistributorJoined,
            brand=brand,
            distributor=shopper,
            sponsor=distributor,
            depth=4,
        )
    ]


def test_join__caller_joined_another_brand__stands_in_both(splitter, brand, issuer, distributor):
    before = splitter.distributorOf(brand, distributor)

    splitter.join(issuer, issuer, sender=distributor)

    assert splitter.distributorOf(issuer, distributor).depth == 1
    assert splitter.distributorOf(brand, distributor) == before


def test_join__anyone_joins__moves_no_money(splitter, brand, distributor, shopper, coin, parties):
    with Money(*parties, shopper) as money:
        splitter.join(brand, distributor, sender=shopper)

    assert money.changes == {}
    assert not any(splitter.creditOf(party, coin.address) for party in (*parties, shopper))
