"""Ranks and activity come from sales that settled, and from nothing else."""

import pytest

from tests.support.clock import now, read_at
from tests.support.events import event, events_of
from tests.support.programme import DAY, Line, join, publish
from tests.support.reverts import reverts

PERIOD_DAYS = 30
PERIOD = PERIOD_DAYS * DAY
ZERO = "0x" + "00" * 20
LADDER = (PERIOD_DAYS, 3, 10, (20, 50, 200), (20, 80, 400))
RATES = [[1_000, 200], [1_500, 300], [2_000, 400], [2_500, 500]]


@pytest.fixture
def ladder(book, brand):
    book.announceLadder(brand, ZERO, LADDER, sender=brand)


@pytest.fixture
def ranked_plan(book, brand, ladder):
    return publish(book, brand, depth=2, rates=RATES, countsSales=True)


def start_of_period():
    """Go to the start of a period in which all orders until now are mature."""
    read_at(((now() + 9 * DAY) // PERIOD + 1) * PERIOD + 10)


def standing(sales, number):
    return tuple(sales.escrow.standingOf(sales.brand, ZERO, number))


def sell(sales, plan_id, amount, salt=1, **changes):
    order = sales.order(plan_id, lines=[Line(amount)], salt=salt, **changes)
    sales.captured(order)
    return order


def test_standing__sale_settles__counts_for_seller_and_team(coin_sales, ranked_plan):
    order = sell(coin_sales, ranked_plan, 30_999)
    start_of_period()

    coin_sales.settle(order)

    top, middle, seller = coin_sales.numbers
    assert standing(coin_sales, seller) == (1, True, 30, 30)
    assert standing(coin_sales, middle) == (0, False, 0, 30)
    assert standing(coin_sales, top) == (0, False, 0, 0)


def test_standing__sale_crosses_threshold__is_shared_by_new_rank(
    coin_sales, ranked_plan, escrow, brand
):
    order = sell(coin_sales, ranked_plan, 20_000)
    start_of_period()

    tx = coin_sales.settle(order)

    assert event(
        escrow.RankChanged, brand=brand, currency=ZERO, number=coin_sales.seller, rank=1
    ) in events_of(tx)
    assert coin_sales.credits()[4] == 20_000 * 15 // 100


def test_standing__sale_is_one_unit_short__stays_at_its_rank(coin_sales, ranked_plan):
    order = sell(coin_sales, ranked_plan, 19_999)
    start_of_period()

    coin_sales.settle(order)

    assert standing(coin_sales, coin_sales.seller)[0] == 0
    assert coin_sales.credits()[4] == 19_999 * 12 // 100 - 19_999 * 2 // 100


def test_standing__next_period_begins__keeps_rank_of_last(coin_sales, ranked_plan):
    order = sell(coin_sales, ranked_plan, 50_000)
    start_of_period()
    coin_sales.settle(order)

    read_at(now() + PERIOD)

    assert standing(coin_sales, coin_sales.seller) == (1, True, 0, 0)


@pytest.mark.parametrize(
    ("periods", "second", "expected"),
    [
        (1, -1, (1, True, 50, 50)),
        (1, 0, (1, True, 0, 0)),
        (2, -1, (1, True, 0, 0)),
        (2, 0, (0, False, 0, 0)),
    ],
)
def test_standing__period_turns__changes_at_its_first_second(
    coin_sales, ranked_plan, periods, second, expected
):
    order = sell(coin_sales, ranked_plan, 50_000)
    start_of_period()
    coin_sales.settle(order)

    read_at((now() // PERIOD + periods) * PERIOD + second)

    assert standing(coin_sales, coin_sales.seller) == expected


@pytest.mark.parametrize(("amount", "rank"), [(79_999, 1), (80_000, 2)])
def test_standing__team_sales_are_at_threshold__is_promoted_not_before(
    coin_sales, ranked_plan, amount, rank
):
    order = sell(coin_sales, ranked_plan, amount)
    start_of_period()

    coin_sales.settle(order)

    assert standing(coin_sales, coin_sales.seller)[0] == rank
    assert coin_sales.credits()[4] == amount * (1_200 + 500 * rank) // 10_000 - amount // 50


def test_standing__period_without_sales_is_over__is_demoted_by_anyone(
    coin_sales, ranked_plan, escrow, brand, attacker
):
    order = sell(coin_sales, ranked_plan, 50_000)
    start_of_period()
    coin_sales.settle(order)
    read_at(now() + 2 * PERIOD)

    tx = escrow.refreshRank(brand, ZERO, coin_sales.seller, sender=attacker)

    assert events_of(tx) == [
        event(escrow.RankChanged, brand=brand, currency=ZERO, number=coin_sales.seller, rank=0)
    ]
    assert standing(coin_sales, coin_sales.seller) == (0, False, 0, 0)


def test_standing__rank_is_refreshed_twice__changes_once(
    coin_sales, ranked_plan, escrow, brand, attacker
):
    start_of_period()
    escrow.refreshRank(brand, ZERO, coin_sales.seller, sender=attacker)

    assert events_of(escrow.refreshRank(brand, ZERO, coin_sales.seller, sender=attacker)) == []


def test_standing__programme_has_no_ladder__reverts(coin_sales, escrow, brand, attacker):
    with reverts(escrow.Programme_LadderMissing, brand=brand.address, currency=ZERO):
        escrow.refreshRank(brand, ZERO, coin_sales.seller, sender=attacker)


def test_standing__many_are_recruited__changes_nothing(
    coin_sales, ranked_plan, network, brand, accounts, distributor
):
    order = sell(coin_sales, ranked_plan, 10_000)
    start_of_period()
    for newcomer in accounts[13:19]:
        join(network, brand, newcomer, distributor, coin_sales.seller)

    coin_sales.settle(order)

    assert standing(coin_sales, coin_sales.seller) == (0, True, 10, 10)
    assert coin_sales.credits()[4] == 1_000


def test_standing__upline_is_inactive__skips_its_level(coin_sales, book, brand, ladder):
    plan_id = publish(book, brand, isGated=True, countsSales=True)
    order = sell(coin_sales, plan_id, 10_000)
    start_of_period()

    coin_sales.settle(order)

    assert coin_sales.credits() == [200, 8_800, 0, 0, 1_000]


def test_standing__upline_is_inactive_and_plan_compresses__passes_it_over(
    coin_sales, book, brand, ladder
):
    plan_id = publish(book, brand, isGated=True, countsSales=True, compresses=True)
    top, _, _seller = coin_sales.numbers
    first = sell(coin_sales, plan_id, 10_000, salt=1, seller=top)
    second = sell(coin_sales, plan_id, 10_000, salt=2)
    start_of_period()

    coin_sales.settle(first, second)

    assert coin_sales.credits() == [400, 20_000 - 400 - 1_000 - 1_200, 1_200, 0, 1_000]


def test_standing__seller_is_below_minimum__earns_nothing(coin_sales, book, brand, ladder):
    plan_id = publish(book, brand, isGated=True, countsSales=True)
    order = sell(coin_sales, plan_id, 9_999)
    start_of_period()

    coin_sales.settle(order)

    assert coin_sales.credits()[2:] == [0, 0, 0]


def test_standing__plan_is_differential__pays_difference_of_ranks(coin_sales, book, brand, ladder):
    plan_id = publish(
        book,
        brand,
        depth=3,
        rates=[[500], [1_000], [2_000], [3_000]],
        isDifferential=True,
        countsSales=True,
    )
    top, middle, _ = coin_sales.numbers
    orders = [
        sell(coin_sales, plan_id, 90_000, salt=1, seller=top),
        sell(coin_sales, plan_id, 30_000, salt=2, seller=middle),
    ]
    start_of_period()
    coin_sales.settle(*orders)
    before = coin_sales.credits()
    small = sell(coin_sales, plan_id, 1_000, salt=3)
    coin_sales.mature()

    coin_sales.settle(small)

    after = coin_sales.credits()
    assert [b - a for a, b in zip(before, after, strict=True)] == [20, 780, 100, 50, 50]


@pytest.mark.parametrize("buyer", ["distributor", "upline", "stranger"])
def test_standing__buyer_is_distributor__counts_for_nobody(
    coin_sales, book, brand, ladder, network, request, shopper, buyer
):
    """Its own seller, who buys for itself, an upline of the seller, or one of another line."""
    if buyer == "stranger":
        buying = shopper
        join(network, brand, shopper)
    else:
        buying = request.getfixturevalue(buyer)
    terms = {"depth": 2, "rates": RATES, "countsSales": True, "selfPurchase": 2}
    plan_id = publish(book, brand, **terms)
    order = sell(coin_sales, plan_id, 30_000, payer=buying)
    start_of_period()

    coin_sales.settle(order)

    assert standing(coin_sales, coin_sales.seller) == (0, False, 0, 0)
    assert coin_sales.credits()[3:] == [30_000 * 2 // 100, 30_000 * 10 // 100]
