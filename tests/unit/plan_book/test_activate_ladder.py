import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import later, next_block_at, now
from tests.support.events import event, events_of
from tests.support.plan_words import create_ladder, ladder_word
from tests.support.programme import DAY, NOTICE
from tests.support.reverts import reverts

SECOND = create_ladder(activityMinimum=0, own=[1, 2, 3])


@pytest.fixture
def due(book, brand):
    """A second ladder is announced, and can be put in force from then on."""
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)
    book.announceLadder(brand, ZERO_ADDRESS, SECOND, sender=brand)
    return now() + NOTICE


@pytest.mark.parametrize("wait", [0, 1, 30 * DAY])
def test_activate_ladder__notice_is_over__holds_whoever_calls(
    book, escrow, brand, due, attacker, wait
):
    assert not escrow.standingOf(brand, ZERO_ADDRESS, 2).isActive
    next_block_at(due + wait)

    tx = book.activateLadder(brand, ZERO_ADDRESS, sender=attacker)

    assert events_of(tx) == [event(book.LadderActivated, brand=brand, currency=ZERO_ADDRESS)]
    assert escrow.standingOf(brand, ZERO_ADDRESS, 2).isActive


def test_activate_ladder__notice_is_over__writes_announced_word(recorded, brand):
    book, recorder = recorded
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)
    book.announceLadder(brand, ZERO_ADDRESS, SECOND, sender=brand)
    next_block_at(now() + NOTICE)

    tx = book.activateLadder(brand, ZERO_ADDRESS, sender=brand)

    (log,) = recorder.LadderWritten.from_receipt(tx)
    assert (log.brand, log.currency, log.ladder) == (brand, ZERO_ADDRESS, ladder_word(SECOND))


def test_activate_ladder__notice_has_one_second_left__reverts(book, brand, due):
    next_block_at(due - 1)

    with reverts(book.PlanBook_LadderNotDue, activeFrom=due, time=due - 1):
        book.activateLadder(brand, ZERO_ADDRESS, sender=brand)


def test_activate_ladder__nothing_is_announced__reverts(book, brand):
    time = later(DAY)
    next_block_at(time)

    with reverts(book.PlanBook_LadderNotDue, activeFrom=0, time=time):
        book.activateLadder(brand, ZERO_ADDRESS, sender=brand)


def test_activate_ladder__only_first_was_announced__reverts(book, brand):
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)
    time = now() + DAY
    next_block_at(time)

    with reverts(book.PlanBook_LadderNotDue, activeFrom=0, time=time):
        book.activateLadder(brand, ZERO_ADDRESS, sender=brand)


def test_activate_ladder__it_was_activated__reverts(book, brand, due):
    next_block_at(due)
    book.activateLadder(brand, ZERO_ADDRESS, sender=brand)
    next_block_at(due + 1)

    with reverts(book.PlanBook_LadderNotDue, activeFrom=0, time=due + 1):
        book.activateLadder(brand, ZERO_ADDRESS, sender=brand)


def test_activate_ladder__it_is_due_in_another_currency__reverts(book, brand, stablecoin, due):
    next_block_at(due)

    with reverts(book.PlanBook_LadderNotDue, activeFrom=0, time=due):
        book.activateLadder(brand, stablecoin, sender=brand)


def test_activate_ladder__it_is_due_for_another_brand__reverts(book, manufacturer, due):
    next_block_at(due)

    with reverts(book.PlanBook_LadderNotDue, activeFrom=0, time=due):
        book.activateLadder(manufacturer, ZERO_ADDRESS, sender=manufacturer)


def test_activate_ladder__period_was_kept__lets_same_period_be_announced_again(book, brand, due):
    next_block_at(due)
    book.activateLadder(brand, ZERO_ADDRESS, sender=brand)

    with reverts(book.PlanBook_LadderInvalid, periodDays=31, unitDecimals=0):
        book.announceLadder(brand, ZERO_ADDRESS, create_ladder(periodDays=31), sender=brand)
    tx = book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)

    assert tx.events[0].activeFrom == now() + NOTICE
