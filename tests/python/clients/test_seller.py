from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from eth_abi.abi import encode

from tests.python.chain.world import pass_time
from tests.python.clients.conftest import FAR
from weilian.chain import ContractRevert
from weilian.hashing import keccak256
from weilian.seller import NO_TERRITORY, SellerError, Territory

DAY = timedelta(days=1)


@pytest.fixture
def now(chain):
    return lambda: datetime.fromtimestamp(chain.block()[1], UTC)


@pytest.fixture
def territory(brand, distributor):
    return Territory.new(brand.address, distributor.address, "福建省 Fujian")


def test_authorize__seller__may_sell_until_then(sellers, brand, distributor, territory, now):
    end = now() + DAY

    change = sellers.authorize(brand.address, distributor.address, end, brand, territory=territory)

    kept = sellers.get(brand.address, distributor.address)
    assert (change.brand, change.seller, change.valid_to) == (brand.address, kept.seller, end)
    assert (kept.since, kept.valid_to, kept.territory) == (now(), end, territory.commitment)
    assert kept.is_authorized(end - timedelta(seconds=1))
    assert not kept.is_authorized(end)


def test_authorize__again__keeps_the_first_time(sellers, brand, distributor, now):
    sellers.authorize(brand.address, distributor.address, FAR, brand)
    first = now()

    sellers.authorize(brand.address, distributor.address, now() + DAY, brand)

    kept = sellers.get(brand.address, distributor.address)
    assert (kept.since, kept.territory) == (first, NO_TERRITORY)


def test_authorize__time_that_is_past__is_refused(sellers, brand, distributor, now):
    with pytest.raises(SellerError, match="is past"):
        sellers.authorize(brand.address, distributor.address, now(), brand)


def test_authorize__brand_itself__is_refused(sellers, brand):
    with pytest.raises(SellerError, match="the brand itself"):
        sellers.authorize(brand.address, brand.address, FAR, brand)


def test_authorize__territory_of_another_seller__is_refused(sellers, brand, retailer, territory):
    with pytest.raises(SellerError, match="the territory file is of brand"):
        sellers.authorize(brand.address, retailer.address, FAR, brand, territory=territory)


def test_authorize__stranger__is_told_the_permission(sellers, brand, distributor, stranger):
    with pytest.raises(ContractRevert, match="weilian/seller"):
        sellers.authorize(brand.address, distributor.address, FAR, stranger)


def test_revoke__seller__lapses_at_once(sellers, brand, distributor, now):
    sellers.authorize(brand.address, distributor.address, FAR, brand)

    change = sellers.revoke(brand.address, distributor.address, brand)

    kept = sellers.get(brand.address, distributor.address)
    assert change.valid_to is None
    assert (kept.valid_to, kept.is_authorized(now())) == (now(), False)
    with pytest.raises(SellerError, match="is not authorised to sell"):
        sellers.revoke(brand.address, distributor.address, brand)


def test_get__never_authorised__is_empty(sellers, brand, stranger, now):
    kept = sellers.get(brand.address, stranger.address)

    assert (kept.since, kept.valid_to, kept.territory) == (None, None, NO_TERRITORY)
    assert not kept.is_authorized(now())


def test_get_at__each_block__is_what_the_chain_said_then(
    sellers, chain, brand, distributor, territory
):
    seller, seen = (brand.address, distributor.address), []
    for step in (
        lambda: sellers.authorize(*seller, FAR, brand),
        lambda: sellers.authorize(*seller, FAR - DAY, brand, territory=territory),
        lambda: sellers.revoke(*seller, brand),
    ):
        seen.append((chain.head, sellers.get(*seller)))
        pass_time(chain, 50)
        step()
    seen.append((chain.head, sellers.get(*seller)))

    assert [sellers.get_at(*seller, block) for block, _ in seen] == [kept for _, kept in seen]
    assert len({kept for _, kept in seen}) == 4


def test_territory__commitment__is_that_of_the_contracts_rule(territory):
    words = encode(("bytes32", "string"), (territory.salt, "福建省 Fujian"))

    assert territory.commitment == keccak256(words)[:20]


def test_territory__file__is_private_and_can_be_shown(
    sellers, brand, distributor, territory, tmp_path
):
    path = tmp_path / "territory.json"
    sellers.authorize(brand.address, distributor.address, FAR, brand, territory=territory)
    territory.save(path)

    shown = Territory.load(path)

    assert shown == territory
    assert path.stat().st_mode & 0o077 == 0
    sellers.get(brand.address, distributor.address).check_territory(shown)


@pytest.mark.parametrize("change", [{"territory": "浙江省"}, {"salt": b"\1" * 32}])
def test_check_territory__other_file__is_refused(sellers, brand, distributor, territory, change):
    sellers.authorize(brand.address, distributor.address, FAR, brand, territory=territory)
    kept = sellers.get(brand.address, distributor.address)

    with pytest.raises(SellerError, match="is not what"):
        kept.check_territory(replace(territory, **change))


def test_territory__same_name_twice__has_another_commitment(brand, distributor):
    made = [Territory.new(brand.address, distributor.address, "福建省") for _ in range(2)]

    assert made[0].commitment != made[1].commitment


@pytest.mark.parametrize("name", ["", "x" * 201], ids=["empty", "long"])
def test_territory__no_name__is_refused(brand, distributor, name):
    with pytest.raises(SellerError, match=f"not {len(name)}"):
        Territory.new(brand.address, distributor.address, name)
