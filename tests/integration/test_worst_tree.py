"""The worst trees that anybody can grow: settling costs in them what it costs in a small one."""

import pytest

from tests.support.bulk_network import deploy_crowd

pytestmark = pytest.mark.anvil

MANY = 10_000
SMALL = 5
TOLERANCE = 200
"""Gas, for bytes of calldata that are not zero."""


@pytest.fixture
def crowd(project, deployer, identities, platform, brand, payer):
    return deploy_crowd(project, deployer, identities, platform, brand, payer)


def test_settle__line_is_ten_thousand_deep__costs_gas_of_small_one(crowd):
    small = crowd.settling_gas(crowd.write("Line", 2, SMALL, 0))

    deep = crowd.settling_gas(crowd.write("Line", 2 + SMALL, MANY, 0))

    assert abs(deep - small) <= TOLERANCE


def test_settle__sponsor_invited_ten_thousand__costs_gas_of_small_one(crowd):
    small = crowd.settling_gas(crowd.write("Line", 2, SMALL, 0))
    sponsor = crowd.write("Line", 2 + SMALL, SMALL - 1, 0)

    wide = crowd.settling_gas(crowd.write("Star", sponsor + 1, MANY, sponsor))

    assert abs(wide - small) <= TOLERANCE
