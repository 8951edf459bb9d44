import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.clock import next_block_at, now
from tests.support.events import event, events_of
from tests.support.plan_words import create_ladder, ladder_word
from tests.support.programme import NOTICE
from tests.support.reverts import reverts

PLAN = permission("plan")
LARGEST = 2**32 - 1
INVALID = [
    {"periodDays": 0},
    {"unitDecimals": 31},
    {"unitDecimals": 255},
    {"own": [0, 2_000, 3_000], "team": [0, 20_000, 30_000]},
    {"own": [1_001, 1_000, 3_000]},
    {"own": [1_000, 3_001, 3_000]},
    {"team": [20_001, 20_000, 30_000]},
    {"team": [10_000, 30_001, 30_000]},
    {"own": [LARGEST, 0, 0]},
]
VALID = [
    {"periodDays": 1},
    {"periodDays": 65_535},
    {"unitDecimals": 30},
    {"own": [0, 0, 0], "team": [1, 1, 1]},
    {"own": [1, 1, 1], "team": [0, 0, 0]},
    {"activityMinimum": 0},
    {"activityMinimum": LARGEST, "own": [LARGEST] * 3, "team": [LARGEST] * 3},
    {"own": [1, 2, 3], "team": [4, 5, 6]},
]


def announced(book, brand, ladder, active_from, currency=ZERO_ADDRESS):
    return event(
        book.LadderAnnounced, brand=brand, currency=currency, ladder=ladder, activeFrom=active_from
    )


def activated(book, brand, currency=ZERO_ADDRESS):
    return event(book.LadderActivated, brand=brand, currency=currency)


@pytest.mark.parametrize("prepare", ALLOWED)
def test_announce_ladder__caller_may_act_for_brand__announces(
    book, escrow, identities, brand, manufacturer, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=manufacturer)

    assert escrow.standingOf(brand, ZERO_ADDRESS, 2).rank == 0


@pytest.mark.parametrize("prepare", REFUSED)
def test_announce_ladder__caller_may_not_act_for_brand__reverts(
    book, identities, brand, manufacturer, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    with reverts(book.PlanBook_NotAuthorized, brand=brand, actor=manufacturer):
        book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=manufacturer)


def test_announce_ladder__it_is_first__holds_at_once(book, escrow, brand):
    ladder = create_ladder()
    with reverts(escrow.Programme_LadderMissing, brand=brand, currency=ZERO_ADDRESS):
        escrow.refreshRank(brand, ZERO_ADDRESS, 2, sender=brand)

    tx = book.announceLadder(brand, ZERO_ADDRESS, ladder, sender=brand)

    assert events_of(tx) == [announced(book, brand, ladder, now()), activated(book, brand)]
    escrow.refreshRank(brand, ZERO_ADDRESS, 2, sender=brand)


def test_announce_ladder__it_is_first_in_another_currency__holds_at_once(
    book, escrow, brand, stablecoin
):
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)
    other = create_ladder(periodDays=7)

    tx = book.announceLadder(brand, stablecoin, other, sender=brand)

    currency = stablecoin.address
    assert events_of(tx) == [
        announced(book, brand, other, now(), currency),
        activated(book, brand, currency),
    ]


@pytest.mark.parametrize("changes", VALID)
def test_announce_ladder__it_is_valid__is_kept_in_one_word(recorded, brand, changes):
    book, recorder = recorded
    ladder = create_ladder(**changes)

    tx = book.announceLadder(brand, ZERO_ADDRESS, ladder, sender=brand)

    (log,) = recorder.LadderWritten.from_receipt(tx)
    assert (log.brand, log.currency, log.ladder) == (brand, ZERO_ADDRESS, ladder_word(ladder))


@pytest.mark.parametrize("changes", INVALID)
def test_announce_ladder__it_is_not_valid__reverts(book, brand, changes):
    ladder = create_ladder(**changes)
    inputs = {name: ladder[name] for name in ("periodDays", "unitDecimals")}

    with reverts(book.PlanBook_LadderInvalid, **inputs):
        book.announceLadder(brand, ZERO_ADDRESS, ladder, sender=brand)


@pytest.mark.parametrize("days", [0, 29, 31])
def test_announce_ladder__period_is_not_that_of_first__reverts(book, brand, days):
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)

    with reverts(book.PlanBook_LadderInvalid, periodDays=days, unitDecimals=0):
        book.announceLadder(brand, ZERO_ADDRESS, create_ladder(periodDays=days), sender=brand)


def test_announce_ladder__ladder_holds__is_only_announced(book, brand):
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)
    second = create_ladder(activityMinimum=1)

    tx = book.announceLadder(brand, ZERO_ADDRESS, second, sender=brand)

    assert events_of(tx) == [announced(book, brand, second, now() + NOTICE)]


def test_announce_ladder__another_is_announced__takes_its_place_and_starts_notice_anew(
    recorded, brand
):
    book, recorder = recorded
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(activityMinimum=1), sender=brand)
    first_due = now() + NOTICE
    next_block_at(first_due - 1)
    third = create_ladder(activityMinimum=2)

    book.announceLadder(brand, ZERO_ADDRESS, third, sender=brand)

    due = now() + NOTICE
    next_block_at(first_due)
    with reverts(book.PlanBook_LadderNotDue, activeFrom=due, time=first_due):
        book.activateLadder(brand, ZERO_ADDRESS, sender=brand)
    next_block_at(due)
    tx = book.activateLadder(brand, ZERO_ADDRESS, sender=brand)
    (log,) = recorder.LadderWritten.from_receipt(tx)
    assert log.ladder == ladder_word(third)
