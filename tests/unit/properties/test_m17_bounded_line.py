"""M17: a line costs what a plan pays, however long it is.

At most the plan's depth is paid, five at most, and no further up is read: settling through the end
of a line of sixty costs the gas of a line of five. (`tests/integration/test_worst_tree.py` measures
ten thousand.)
"""

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.bulk_network import deploy_crowd
from tests.support.programme import PlanLimits, deploy_programme, member
from tests.support.reverts import reverts

SHORT, LONG = 5, 60
TOLERANCE = 200
"""Gas, for bytes of calldata that are not zero."""


@pytest.fixture
def crowd(project, deployer, identities, platform, brand, payer):
    return deploy_crowd(project, deployer, identities, platform, brand, payer)


def test_m17_bounded_line__line_is_long__settles_for_gas_of_short_one(crowd):
    end_of_short = crowd.write("Line", 2, SHORT, 0)
    end_of_long = crowd.write("Line", end_of_short + 1, LONG, 0)

    short, long = crowd.settling_gas(end_of_short), crowd.settling_gas(end_of_long)

    assert abs(long - short) <= TOLERANCE


def test_m17_bounded_line__line_is_long__pays_five(crowd, brand):
    end = crowd.write("Line", 2, LONG, 0)

    crowd.settling_gas(end)

    line = [member(brand, number) for number in range(end, end - 7, -1)]
    credits_ = [crowd.escrow.creditOf(party, ZERO_ADDRESS) for party in line]
    assert credits_ == [1_000, 500, 300, 200, 100, 0, 0]


def test_m17_bounded_line__profile_wants_more_levels__is_not_deployed(
    project, deployer, identities, platform, book
):
    with reverts(book.PlanBook_LimitsInvalid):
        deploy_programme(project, deployer, identities, platform, PlanLimits(6, 4_000, 100, 600))
