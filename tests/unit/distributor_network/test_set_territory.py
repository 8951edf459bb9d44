import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.events import event, events_of
from tests.support.invitations import member_of
from tests.support.reverts import reverts

PLAN = permission("plan")
GUANGDONG = b"CN-GD".ljust(32, b"\0")


@pytest.mark.parametrize("prepare", ALLOWED)
def test_set_territory__caller_may_act_for_brand__sets_it(
    network, identities, brand, number, manufacturer, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    network.setTerritory(brand, number, GUANGDONG, sender=manufacturer)

    assert member_of(network, brand, number).territory == GUANGDONG


@pytest.mark.parametrize("prepare", REFUSED)
def test_set_territory__caller_may_not_act_for_brand__reverts(
    network, identities, brand, number, manufacturer, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    with reverts(network.DistributorNetwork_NotAuthorized, account=brand, actor=manufacturer):
        network.setTerritory(brand, number, GUANGDONG, sender=manufacturer)


def test_set_territory__caller_is_distributor_itself__reverts(network, brand, number, distributor):
    with reverts(network.DistributorNetwork_NotAuthorized, account=brand, actor=distributor):
        network.setTerritory(brand, number, GUANGDONG, sender=distributor)


@pytest.mark.parametrize("unknown", [0, 1, 3, 2**32 - 1])
def test_set_territory__number_is_unknown__reverts(network, brand, number, unknown):
    with reverts(network.DistributorNetwork_Unknown, brand=brand, number=unknown):
        network.setTerritory(brand, unknown, GUANGDONG, sender=brand)


@pytest.mark.parametrize("territory", [GUANGDONG, bytes(32), b"\xff" * 32])
def test_set_territory__brand_sets_it__emits_and_changes_nothing_else(
    network, brand, number, distributor, territory
):
    network.setTerritory(brand, number, b"\1" * 32, sender=brand)
    before = member_of(network, brand, number)

    tx = network.setTerritory(brand, number, territory, sender=brand)

    names = {"brand": brand, "number": number}
    assert events_of(tx) == [event(network.TerritorySet, **names, territory=territory)]
    assert member_of(network, brand, number) == before._replace(territory=territory)
    assert network.authorizationOf(brand, distributor).territory == territory
