import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.clock import next_block_at, now
from tests.support.events import event, events_of
from tests.support.plan_words import plan_word
from tests.support.programme import DAY, NOTICE, create_order, create_terms, publish
from tests.support.reverts import reverts

PLAN = permission("plan")


@pytest.fixture
def plan_id(book, brand):
    return publish(book, brand)


@pytest.mark.parametrize("prepare", ALLOWED)
def test_retire__caller_may_act_for_brand__retires(
    book, escrow, identities, brand, manufacturer, plan_id, prepare
):
    start = now()
    prepare(identities, brand, PLAN, manufacturer)

    book.retire(plan_id, sender=manufacturer)

    word = plan_word(create_terms(brand), start, now() + NOTICE)
    assert escrow.planStateOf(plan_id, brand, ZERO_ADDRESS) == word


@pytest.mark.parametrize("prepare", REFUSED)
def test_retire__caller_may_not_act_for_brand__reverts(
    book, identities, brand, manufacturer, plan_id, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    with reverts(book.PlanBook_NotAuthorized, brand=brand, actor=manufacturer):
        book.retire(plan_id, sender=manufacturer)


@pytest.mark.parametrize("unknown", [bytes(32), b"\xff" * 32])
def test_retire__plan_is_unknown__reverts(book, brand, unknown):
    with reverts(book.PlanBook_PlanUnknown, planId=unknown):
        book.retire(unknown, sender=brand)


def test_retire__brand_retires__emits_end_of_notice(book, brand, plan_id):
    tx = book.retire(plan_id, sender=brand)

    end = now() + NOTICE
    assert events_of(tx) == [event(book.PlanRetired, planId=plan_id, brand=brand, activeUntil=end)]


def test_retire__end_was_announced__reverts(book, brand, plan_id):
    book.retire(plan_id, sender=brand)
    end = now() + NOTICE

    with reverts(book.PlanBook_AlreadyRetired, planId=plan_id, activeUntil=end):
        book.retire(plan_id, sender=brand)


def test_retire__end_is_past__reverts(book, brand, plan_id):
    book.retire(plan_id, sender=brand)
    end = now() + NOTICE
    next_block_at(end + DAY)

    with reverts(book.PlanBook_AlreadyRetired, planId=plan_id, activeUntil=end):
        book.retire(plan_id, sender=brand)


def test_retire__notice_runs__takes_orders_until_its_last_second(
    book, escrow, brand, payer, plan_id
):
    start = now()
    book.retire(plan_id, sender=brand)
    end = now() + NOTICE
    order = create_order(plan_id, payer, brand)

    next_block_at(end - 1)
    escrow.authorize(order, sender=payer, value=10_000)

    next_block_at(end)
    times = {"from": start, "until": end, "time": end}
    with reverts(escrow.CommissionEscrow_PlanNotActive, planId=plan_id, **times):
        escrow.authorize(order | {"salt": 2}, sender=payer, value=10_000)


def test_retire__order_was_made_before__does_not_touch_it(book, escrow, brand, payer, plan_id):
    order = create_order(plan_id, payer, brand)
    escrow.authorize(order, sender=payer, value=10_000)
    book.retire(plan_id, sender=brand)
    next_block_at(now() + NOTICE + DAY)

    escrow.capture(order, [], sender=payer)
    next_block_at(now() + NOTICE + DAY)
    escrow.settle([order], sender=payer)

    assert escrow.creditOf(int(brand.address, 16), ZERO_ADDRESS) == 9_800


def test_retire__plan_has_not_begun__is_retired_too(book, escrow, brand, plan_id):
    second = publish(book, brand, maturity=0)
    start = now() + NOTICE

    book.retire(second, sender=brand)

    word = plan_word(create_terms(brand, maturity=0), start, now() + NOTICE)
    assert escrow.planStateOf(second, brand, ZERO_ADDRESS) == word


def test_retire__another_plan_of_brand_is_retired__leaves_this_one(book, escrow, brand, plan_id):
    before = escrow.planStateOf(plan_id, brand, ZERO_ADDRESS)

    book.retire(publish(book, brand, maturity=0), sender=brand)

    assert escrow.planStateOf(plan_id, brand, ZERO_ADDRESS) == before
