import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.clock import NEVER, later, next_block_at, now
from tests.support.events import event, events_of
from tests.support.plan_words import plan_key
from tests.support.programme import DAY, NOTICE, create_order, join_line, publish
from tests.support.reverts import reverts

PLAN = permission("plan")
NUMBER = 2


@pytest.fixture
def plan_id(book, brand):
    return publish(book, brand)


@pytest.fixture
def locked_until(book, brand, plan_id):
    """The read of a number's lock."""
    key = plan_key(plan_id, brand, ZERO_ADDRESS)
    return lambda number=NUMBER: book.termsLockedUntil(key, number)


@pytest.fixture
def retired(book, network, brand, plan_id, sponsor, distributor):
    """When the plan began and when it ended; 2 and 3 are distributors, 2 has a lock beyond."""
    start = now()
    join_line(network, brand, sponsor, distributor)
    book.retire(plan_id, sender=brand)
    end = now() + NOTICE
    book.lockTerms(plan_id, NUMBER, end + DAY, sender=brand)
    return start, end


def not_active(escrow, plan_id, start, end, time):
    times = {"from": start, "until": end, "time": time}
    return reverts(escrow.CommissionEscrow_PlanNotActive, planId=plan_id, **times)


@pytest.mark.parametrize("prepare", ALLOWED)
def test_lock_terms__caller_may_act_for_brand__locks(
    book, identities, brand, manufacturer, plan_id, locked_until, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    book.lockTerms(plan_id, NUMBER, 5, sender=manufacturer)

    assert locked_until() == 5


@pytest.mark.parametrize("prepare", REFUSED)
def test_lock_terms__caller_may_not_act_for_brand__reverts(
    book, identities, brand, manufacturer, plan_id, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    with reverts(book.PlanBook_NotAuthorized, brand=brand, actor=manufacturer):
        book.lockTerms(plan_id, NUMBER, 5, sender=manufacturer)


def test_lock_terms__plan_is_unknown__reverts(book, brand):
    with reverts(book.PlanBook_PlanUnknown, planId=bytes(32)):
        book.lockTerms(bytes(32), NUMBER, 5, sender=brand)


@pytest.mark.parametrize("until", [1, NEVER])
def test_lock_terms__brand_locks__emits_until_when(book, brand, plan_id, until):
    tx = book.lockTerms(plan_id, NUMBER, until, sender=brand)

    assert events_of(tx) == [event(book.TermsLocked, planId=plan_id, number=NUMBER, until=until)]


def test_lock_terms__until_is_zero__reverts(book, brand, plan_id):
    with reverts(book.PlanBook_LockShortened, until=0, before=0):
        book.lockTerms(plan_id, NUMBER, 0, sender=brand)


@pytest.mark.parametrize("until", [0, 99, 100])
def test_lock_terms__until_is_not_later_than_before__reverts(book, brand, plan_id, until):
    book.lockTerms(plan_id, NUMBER, 100, sender=brand)

    with reverts(book.PlanBook_LockShortened, until=until, before=100):
        book.lockTerms(plan_id, NUMBER, until, sender=brand)


def test_lock_terms__until_is_one_second_later_than_before__locks(
    book, brand, plan_id, locked_until
):
    book.lockTerms(plan_id, NUMBER, 100, sender=brand)

    book.lockTerms(plan_id, NUMBER, 101, sender=brand)

    assert locked_until() == 101


def test_lock_terms__another_number_or_plan_is_locked__locks_each_alone(
    book, brand, plan_id, locked_until
):
    other = publish(book, brand, maturity=0)
    book.lockTerms(plan_id, NUMBER + 1, 100, sender=brand)
    book.lockTerms(other, NUMBER, 200, sender=brand)

    book.lockTerms(plan_id, NUMBER, 50, sender=brand)

    assert (locked_until(NUMBER), locked_until(NUMBER + 1)) == (50, 100)


def test_lock_terms__plan_is_retired__takes_orders_of_number_until_last_second(
    book, escrow, brand, payer, plan_id, retired
):
    start, end = retired
    order = create_order(plan_id, payer, brand, seller=NUMBER, authorizationExpiry=later(60 * DAY))

    next_block_at(end + DAY - 1)
    escrow.authorize(order, sender=payer, value=10_000)

    next_block_at(end + DAY)
    with not_active(escrow, plan_id, start, end, end + DAY):
        escrow.authorize(order | {"salt": 2}, sender=payer, value=10_000)


@pytest.mark.parametrize("seller", [0, NUMBER + 1])
def test_lock_terms__plan_is_retired__takes_no_orders_of_others(
    book, escrow, brand, payer, plan_id, retired, seller
):
    start, end = retired
    order = create_order(plan_id, payer, brand, seller=seller)

    next_block_at(end)
    with not_active(escrow, plan_id, start, end, end):
        escrow.authorize(order, sender=payer, value=10_000)


def test_lock_terms__plan_has_not_begun__does_not_open_it(
    book, network, escrow, brand, payer, sponsor
):
    join_line(network, brand, sponsor)
    publish(book, brand)
    second = publish(book, brand, maturity=0)
    start = now() + NOTICE
    book.lockTerms(second, NUMBER, NEVER, sender=brand)
    order = create_order(second, payer, brand, seller=NUMBER)

    next_block_at(start - 1)
    with not_active(escrow, second, start, 0, start - 1):
        escrow.authorize(order, sender=payer, value=10_000)


@pytest.mark.parametrize("number", [0, 1])
def test_lock_terms__number_is_no_distributors__reverts(book, brand, plan_id, number):
    with reverts(book.PlanBook_NumberInvalid, number=number):
        book.lockTerms(plan_id, number, NEVER, sender=brand)


def test_lock_terms__plan_ends_next_second__locks(book, brand, plan_id, retired, locked_until):
    _, end = retired
    next_block_at(end - 1)

    book.lockTerms(plan_id, NUMBER + 1, NEVER, sender=brand)

    assert locked_until(NUMBER + 1) == NEVER


def test_lock_terms__plan_ends_this_second__reverts(book, brand, plan_id, retired):
    _, end = retired
    next_block_at(end)

    with reverts(book.PlanBook_PlanEnded, planId=plan_id, end=end):
        book.lockTerms(plan_id, NUMBER + 1, NEVER, sender=brand)


def test_lock_terms__lock_ends_next_second__locks(book, brand, plan_id, retired, locked_until):
    _, end = retired
    next_block_at(end + DAY - 1)

    book.lockTerms(plan_id, NUMBER, NEVER, sender=brand)

    assert locked_until() == NEVER


def test_lock_terms__lock_ends_this_second__reverts(book, brand, plan_id, retired):
    _, end = retired
    next_block_at(end + DAY)

    with reverts(book.PlanBook_PlanEnded, planId=plan_id, end=end):
        book.lockTerms(plan_id, NUMBER, NEVER, sender=brand)
