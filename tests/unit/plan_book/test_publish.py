import ape
import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.clock import next_block_at, now
from tests.support.events import event, events_of
from tests.support.plan_words import create_ladder, plan_word
from tests.support.programme import NOTICE, create_order, create_terms, publish
from tests.support.reverts import reverts

PLAN = permission("plan")
NEEDS_LADDER = [
    {"rates": [[1_000, 200, 100], [1_100, 300, 200]]},
    {"isGated": True},
    {"countsSales": True},
]


def active_from(tx):
    return tx.events[0].activeFrom


@pytest.mark.parametrize("prepare", ALLOWED)
def test_publish__caller_may_act_for_brand__publishes(
    book, identities, brand, manufacturer, prepare
):
    terms = create_terms(brand)
    prepare(identities, brand, PLAN, manufacturer)

    book.publish(terms, sender=manufacturer)

    assert book.planOf(book.planIdOf(terms)).brand == brand


@pytest.mark.parametrize("prepare", REFUSED)
def test_publish__caller_may_not_act_for_brand__reverts(
    book, identities, brand, manufacturer, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    with reverts(book.PlanBook_NotAuthorized, brand=brand, actor=manufacturer):
        book.publish(create_terms(brand), sender=manufacturer)


def test_publish__brand_is_zero__reverts(book, attacker):
    with reverts(book.PlanBook_NotAuthorized, brand=ZERO_ADDRESS, actor=attacker):
        book.publish(create_terms(ZERO_ADDRESS), sender=attacker)


def test_publish__brand_is_platform__reverts(book, platform):
    with reverts(book.PlanBook_BrandIsPlatform, platform=platform):
        book.publish(create_terms(platform), sender=platform)


def test_publish__brand_publishes__emits_whole_plan(book, brand, stablecoin):
    terms = create_terms(brand, currency=stablecoin.address)

    tx = book.publish(terms, sender=brand)

    assert events_of(tx) == [
        event(
            book.PlanPublished,
            planId=book.planIdOf(terms),
            brand=brand,
            currency=stablecoin,
            plan=terms,
            activeFrom=now(),
        )
    ]


def test_publish__same_plan_exists__reverts(book, brand):
    plan_id = publish(book, brand)

    with reverts(book.PlanBook_PlanExists, planId=plan_id):
        publish(book, brand)


def test_publish__same_plan_was_retired__reverts(book, brand):
    plan_id = publish(book, brand)
    book.retire(plan_id, sender=brand)

    with reverts(book.PlanBook_PlanExists, planId=plan_id):
        publish(book, brand)


def test_publish__only_agreement_differs__publishes_another_plan(book, escrow, brand):
    first = publish(book, brand)
    terms = create_terms(brand, termsHash=b"\2" * 32)

    book.publish(terms, sender=brand)

    second = book.planIdOf(terms)
    assert second != first
    word = escrow.planStateOf(second, brand, ZERO_ADDRESS)
    assert word == plan_word(terms, now() + NOTICE)


@pytest.mark.parametrize("is_coin_first", [True, False])
def test_publish__it_is_first_in_currency__holds_at_once(
    book, brand, manufacturer, stablecoin, is_coin_first
):
    before, currency = (ZERO_ADDRESS, stablecoin.address)[:: 1 if is_coin_first else -1]
    publish(book, manufacturer, currency=currency)
    publish(book, brand, currency=before)

    tx = book.publish(create_terms(brand, currency=currency), sender=brand)

    assert active_from(tx) == now()


def test_publish__it_is_first__takes_orders_at_once(book, escrow, brand, payer):
    order = create_order(publish(book, brand), payer, brand)

    escrow.authorize(order, sender=payer, value=10_000)

    assert escrow.orderOf(order).status == 1


def test_publish__it_is_second_in_its_currency__takes_notice(book, brand, stablecoin):
    publish(book, brand, currency=stablecoin.address)

    terms = create_terms(brand, currency=stablecoin.address, maturity=0)
    tx = book.publish(terms, sender=brand)

    assert active_from(tx) == now() + NOTICE


def test_publish__it_is_not_first_in_currency__takes_orders_from_end_of_notice_on(
    book, escrow, brand, payer
):
    publish(book, brand)
    plan_id = publish(book, brand, maturity=0)
    start = now() + NOTICE
    order = create_order(plan_id, payer, brand)

    next_block_at(start - 1)
    times = {"from": start, "until": 0, "time": start - 1}
    with reverts(escrow.CommissionEscrow_PlanNotActive, planId=plan_id, **times):
        escrow.authorize(order, sender=payer, value=10_000)

    next_block_at(start)
    escrow.authorize(order, sender=payer, value=10_000)


def test_publish__first_plan_was_retired__takes_notice_too(book, brand):
    book.retire(publish(book, brand), sender=brand)

    tx = book.publish(create_terms(brand, maturity=0), sender=brand)

    assert active_from(tx) == now() + NOTICE


def test_publish__notice_is_none__holds_at_once(deploy_book, brand):
    book = deploy_book(notice_period=0)
    publish(book, brand)

    tx = book.publish(create_terms(brand, maturity=0), sender=brand)

    assert active_from(tx) == now()


@pytest.mark.parametrize("changes", NEEDS_LADDER)
def test_publish__ranks_or_activity_lack_ladder__reverts(book, brand, stablecoin, changes):
    book.announceLadder(brand, stablecoin, create_ladder(), sender=brand)

    with reverts(book.PlanBook_LadderMissing, brand=brand, currency=ZERO_ADDRESS):
        publish(book, brand, **changes)


@pytest.mark.parametrize("changes", NEEDS_LADDER)
def test_publish__ranks_or_activity_have_ladder__publishes(book, brand, changes):
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)

    plan_id = publish(book, brand, **changes)

    assert book.planOf(plan_id).brand == brand


@pytest.mark.parametrize(
    "changes", [{"compresses": True}, {"isDifferential": True, "rates": [[1]]}]
)
def test_publish__neither_ranks_nor_activity_matter__needs_no_ladder(book, brand, changes):
    plan_id = publish(book, brand, **changes)

    assert book.planOf(plan_id).brand == brand


def test_publish__coin_comes_with_it__reverts(book, brand):
    call = book.publish.encode_input(create_terms(brand))

    with ape.reverts():
        brand.transfer(book, 1, data=call)

    assert book.balance == 0
