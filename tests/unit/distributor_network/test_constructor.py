import pytest

from tests.support.abi import ZERO_ADDRESS


@pytest.fixture
def fresh(project, deployer, identities):
    return deployer.deploy(project.DistributorNetwork, identities)


def test_constructor__it_is_deployed__knows_registry_and_no_escrow(fresh, identities):
    assert fresh.IDENTITIES() == identities
    assert fresh.ESCROW() == ZERO_ADDRESS


def test_constructor__it_is_deployed__has_no_programme(fresh, brand):
    assert tuple(fresh.programmeOf(brand)) == (0, 0)
