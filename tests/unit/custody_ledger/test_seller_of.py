from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import read_at
from tests.support.sellers import MAX_TIME, TERRITORY


def test_seller_of__seller_was_never_authorized__is_all_zero(custody, brand, distributor):
    assert tuple(custody.sellerOf(brand, distributor)) == (0, 0, bytes(20))


def test_seller_of__authorization_is_over__still_tells_it(custody, brand, distributor):
    tx = custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=brand)
    end = custody.revokeSeller(brand, distributor, sender=brand)
    read_at(end.timestamp + 1000)

    kept = custody.sellerOf(brand, distributor)

    assert tuple(kept) == (tx.timestamp, end.timestamp, TERRITORY)


def test_seller_of__brand_is_deactivated__still_tells_it(custody, identities, brand, distributor):
    tx = custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=brand)
    identities.changeOwner(brand, ZERO_ADDRESS, sender=brand)

    kept = custody.sellerOf(brand, distributor)

    assert tuple(kept) == (tx.timestamp, MAX_TIME, TERRITORY)


def test_seller_of__brand_and_seller_change_places__is_all_zero(custody, brand, distributor):
    custody.authorizeSeller(brand, distributor, MAX_TIME, TERRITORY, sender=brand)

    assert tuple(custody.sellerOf(distributor, brand)) == (0, 0, bytes(20))
