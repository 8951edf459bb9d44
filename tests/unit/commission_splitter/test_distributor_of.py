from tests.support.abi import ZERO_ADDRESS


def test_distributor_of__account_joined__returns_its_place(splitter, brand, sponsor, upline):
    place = splitter.distributorOf(brand, sponsor)

    assert (place.sponsor, place.depth) == (upline, 2)
    assert place.joinedAt > splitter.distributorOf(brand, upline).joinedAt


def test_distributor_of__account_has_not_joined__returns_zeros(splitter, brand, shopper):
    assert tuple(splitter.distributorOf(brand, shopper)) == (ZERO_ADDRESS, 0, 0)


def test_distributor_of__account_is_brand__returns_zeros(splitter, brand):
    assert tuple(splitter.distributorOf(brand, brand)) == (ZERO_ADDRESS, 0, 0)
