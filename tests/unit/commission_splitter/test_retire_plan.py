import pytest

from tests.support.abi import ZERO_HASH, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.commerce import Status, in_coin, settle, status_of
from tests.support.events import event, events_of
from tests.support.reverts import reverts

PLAN = permission("plan")


def test_retire_plan__plan_is_unknown__reverts(splitter, brand):
    with reverts(splitter.PlanRegistry_PlanUnknown, planId=ZERO_HASH):
        splitter.retirePlan(ZERO_HASH, sender=brand)


@in_coin
@pytest.mark.parametrize("prepare", REFUSED)
def test_retire_plan__caller_may_not_act_for_brand__reverts(
    splitter, identities, plan_id, brand, manufacturer, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    with reverts(splitter.PlanRegistry_NotAuthorized, brand=brand, actor=manufacturer):
        splitter.retirePlan(plan_id, sender=manufacturer)


@in_coin
@pytest.mark.parametrize("prepare", ALLOWED)
def test_retire_plan__caller_may_act_for_brand__retires(
    splitter, identities, plan_id, brand, manufacturer, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    tx = splitter.retirePlan(plan_id, sender=manufacturer)

    assert splitter.isRetired(plan_id)
    assert events_of(tx) == [event(splitter.PlanRetired, planId=plan_id, actor=manufacturer)]


@in_coin
def test_retire_plan__plan_is_retired__reverts(splitter, plan_id, brand):
    splitter.retirePlan(plan_id, sender=brand)

    with reverts(splitter.PlanRegistry_PlanRetired, planId=plan_id):
        splitter.retirePlan(plan_id, sender=brand)


@in_coin
def test_retire_plan__plan_has_orders__keeps_their_terms(
    splitter, plan_id, authorized, brand, payer, relayer
):
    before = splitter.planOf(plan_id)

    splitter.retirePlan(plan_id, sender=brand)
    splitter.capture(authorized, sender=payer)
    settle(splitter, authorized, relayer)

    assert status_of(splitter, authorized) == Status.SETTLED
    assert splitter.planOf(plan_id) == before
