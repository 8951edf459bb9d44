import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.events import event, events_of
from tests.support.orders import create_plan, publish_plan
from tests.support.reverts import reverts
from tests.support.suite import Limits, deploy_splitter

PLAN = permission("plan")

YEAR = 365 * 86_400


@pytest.mark.parametrize("prepare", ALLOWED)
def test_publish_plan__caller_may_act_for_brand__publishes(
    splitter, identities, brand, manufacturer, prepare
):
    plan = create_plan(brand)
    prepare(identities, brand, PLAN, manufacturer)

    splitter.publishPlan(plan, sender=manufacturer)

    assert splitter.planOf(splitter.planIdOf(plan)).brand == brand


@pytest.mark.parametrize("prepare", REFUSED)
def test_publish_plan__caller_may_not_act_for_brand__reverts(
    splitter, identities, brand, manufacturer, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    with reverts(splitter.PlanRegistry_NotAuthorized, brand=brand, actor=manufacturer):
        splitter.publishPlan(create_plan(brand), sender=manufacturer)


def test_publish_plan__brand_is_zero__reverts(splitter, attacker):
    with reverts(splitter.PlanRegistry_NotAuthorized, brand=ZERO_ADDRESS, actor=attacker):
        splitter.publishPlan(create_plan(ZERO_ADDRESS), sender=attacker)


def test_publish_plan__brand_publishes__emits_whole_plan(splitter, brand, currency):
    plan = create_plan(brand, currency=currency.address)

    tx = splitter.publishPlan(plan, sender=brand)

    plan_id = splitter.planIdOf(plan)
    assert events_of(tx) == [
        event(
            splitter.PlanPublished,
            planId=plan_id,
            brand=brand,
            currency=currency.address,
            plan=plan,
        )
    ]


@pytest.mark.parametrize(
    ("changes", "error", "inputs"),
    [
        ({"levelBps": [1, 1, 1, 1]}, "TooDeep", {"depth": 4, "limit": 3}),
        (
            {"levelBps": [2000, 1000, 1]},
            "CommissionTooHigh",
            {"commissionBps": 3001, "limit": 3000},
        ),
        (
            {"levelBps": [65_535] * 3},
            "CommissionTooHigh",
            {"commissionBps": 196_605, "limit": 3000},
        ),
        ({"platformFeeBps": 99}, "PlatformFeeTooLow", {"platformFeeBps": 99, "limit": 100}),
        ({"platformFeeBps": 8501}, "TotalTooHigh", {"totalBps": 10_001, "limit": 10_000}),
        ({"platformFeeBps": 65_535}, "TotalTooHigh", {"totalBps": 67_035, "limit": 10_000}),
        ({"refundWindow": 599}, "RefundWindowTooShort", {"refundWindow": 599, "limit": 600}),
        (
            {"refundWindow": YEAR + 1},
            "RefundWindowTooLong",
            {"refundWindow": YEAR + 1, "limit": YEAR},
        ),
        (
            {"refundWindow": 2**48 - 1},
            "RefundWindowTooLong",
            {"refundWindow": 2**48 - 1, "limit": YEAR},
        ),
    ],
)
def test_publish_plan__terms_pass_limit__reverts(splitter, brand, changes, error, inputs):
    with reverts(getattr(splitter, f"PlanRegistry_{error}"), **inputs):
        splitter.publishPlan(create_plan(brand, **changes), sender=brand)


@pytest.mark.parametrize(
    "changes",
    [
        {"levelBps": []},
        {"levelBps": [0, 0, 0]},
        {"levelBps": [2000, 999, 1]},
        {"platformFeeBps": 100},
        {"platformFeeBps": 8500},
        {"refundWindow": 600},
        {"refundWindow": YEAR},
    ],
)
def test_publish_plan__terms_reach_limit__publishes(splitter, brand, changes):
    plan = create_plan(brand, **changes)

    plan_id = publish_plan(splitter, brand, **changes)

    terms = splitter.planOf(plan_id)
    assert terms.platformFeeBps == plan["platformFeeBps"]
    assert terms.refundWindow == plan["refundWindow"]
    assert terms.levelBps == plan["levelBps"]


def test_publish_plan__currency_has_no_code__reverts(splitter, brand, attacker):
    with reverts(splitter.PlanRegistry_CurrencyNotContract, currency=attacker):
        splitter.publishPlan(create_plan(brand, currency=attacker), sender=brand)


def test_publish_plan__same_plan_exists__reverts(splitter, brand):
    plan_id = publish_plan(splitter, brand)

    with reverts(splitter.PlanRegistry_PlanExists, planId=plan_id):
        splitter.publishPlan(create_plan(brand), sender=brand)


def test_publish_plan__only_document_differs__publishes(splitter, brand):
    first = publish_plan(splitter, brand)

    second = publish_plan(splitter, brand, documentHash=b"\1" * 32)

    assert first != second
    assert splitter.planOf(first) == splitter.planOf(second)


@pytest.mark.parametrize("depth", [0, 1])
def test_publish_plan__deployment_is_shallow__reverts_one_level_deeper(
    project, deployer, identities, platform, brand, depth
):
    strict = deploy_splitter(project, deployer, identities, platform, Limits(max_depth=depth))
    publish_plan(strict, brand, levelBps=[1000] * depth)

    with reverts(strict.PlanRegistry_TooDeep, depth=depth + 1, limit=depth):
        publish_plan(strict, brand, levelBps=[1000] * (depth + 1))
