import pytest

from tests.support.orders import create_plan, publish_plan
from tests.support.reverts import reverts
from tests.support.suite import Limits, deploy_splitter


@pytest.mark.parametrize(
    "levels", [[], [1000], [1, 2, 3, 4, 5], [10_000, 0, 0, 0, 0], [0, 0, 0, 0, 10_000], [0]]
)
def test_plan_of__plan_is_published__returns_its_terms(
    project, deployer, identities, platform, brand, stablecoin, levels
):
    limits = Limits(max_depth=5, max_commission_bps=10_000, min_platform_fee_bps=0)
    deep = deploy_splitter(project, deployer, identities, platform, limits)

    plan_id = publish_plan(
        deep, brand, currency=stablecoin, platformFeeBps=0, refundWindow=601, levelBps=levels
    )

    assert tuple(deep.planOf(plan_id)) == (brand, stablecoin, 0, 601, levels)


def test_plan_of__plan_is_unknown__reverts(splitter, brand):
    plan_id = splitter.planIdOf(create_plan(brand))

    with reverts(splitter.PlanRegistry_PlanUnknown, planId=plan_id):
        splitter.planOf(plan_id)
