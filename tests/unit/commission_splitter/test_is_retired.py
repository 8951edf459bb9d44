from tests.support.abi import ZERO_HASH
from tests.support.commerce import in_coin
from tests.support.reverts import reverts


def test_is_retired__plan_is_unknown__reverts(splitter):
    with reverts(splitter.PlanRegistry_PlanUnknown, planId=ZERO_HASH):
        splitter.isRetired(ZERO_HASH)


@in_coin
def test_is_retired__plan_takes_orders__is_false(splitter, plan_id):
    assert not splitter.isRetired(plan_id)
