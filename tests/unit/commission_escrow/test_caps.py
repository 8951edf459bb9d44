"""What fits into a word of the chain: the largest, and one above it."""

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import now, read_at
from tests.support.money import Money
from tests.support.programme import DAY, Line, account, join, member, publish
from tests.support.sales import Sales, Status

MAX_CREDIT = 2**96 - 1
MAX_SALES = 2**50 - 1
MAX_AMOUNT = 2**128 - 1
MAX_COMPRESSED = 5
PER_UNIT_OF_FEE = 50
"""What is paid for one unit of a fee of 2 %."""

PERIOD_DAYS = 30


@pytest.fixture
def dollars(escrow, brand, payer, numbers, stablecoin):
    """Sales in a token, of which there is enough."""
    return Sales(escrow, brand, payer, numbers, stablecoin)


@pytest.fixture
def dollar_plan(book, brand, stablecoin):
    return publish(book, brand, currency=stablecoin.address)


@pytest.fixture
def counting(book, brand):
    """A plan in coin that only who sells earns by, whose idle uplines are passed over."""
    ladder = (PERIOD_DAYS, 0, 10, [2**32 - 1] * 3, [2**32 - 1] * 3)
    book.announceLadder(brand, ZERO_ADDRESS, ladder, sender=brand)
    flags = dict.fromkeys(("isGated", "countsSales", "compresses"), True)
    return publish(book, brand, depth=2, rates=[[1_000, 200]], **flags)


def start_of_period():
    """Go to the start of a period in which all orders until now are mature."""
    period = PERIOD_DAYS * DAY
    read_at(((now() + 9 * DAY) // period + 1) * period + 10)


@pytest.mark.parametrize("above", [0, 1, 2])
def test_caps__credit_of_brand_reaches_end_of_its_word__leaves_fees_beside_it(
    dollars, dollar_plan, escrow, brand, attacker, above
):
    dollars.settled(dollars.order(dollar_plan))
    dollars.deposit(brand, MAX_CREDIT - 8_500)
    for _ in range(above):
        dollars.deposit(brand, 1)

    credits_ = dollars.credits()
    with Money(escrow, brand, token=dollars.token) as money:
        escrow.withdraw(account(brand), dollars.currency, sender=attacker)

    due = MAX_CREDIT + above
    assert credits_ == [200, due, 100, 200, 1_000]
    assert money.changes == {escrow.address: -due, brand.address: due}
    assert dollars.credits() == [200, 0, 100, 200, 1_000]


def test_caps__credit_of_brand_is_above_its_word__covers_what_is_set_aside(
    dollars, book, brand, escrow
):
    plan_id = publish(book, brand, currency=dollars.currency, dailyReportLimit=MAX_AMOUNT)
    dollars.deposit(brand, MAX_CREDIT + 1_500)

    escrow.report([dollars.order(plan_id, payer=ZERO_ADDRESS)], sender=brand)

    assert dollars.credit(account(brand)) == MAX_CREDIT


def test_caps__share_above_its_word_is_taken_back__leaves_rest(dollars, dollar_plan, escrow, brand):
    first = dollars.order(dollar_plan, lines=[Line(MAX_AMOUNT)], salt=1)
    second = dollars.order(dollar_plan, salt=2)
    (line,) = dollars.settled(first)
    dollars.settled(second)
    seller = member(brand, dollars.seller)
    before = dollars.credit(seller)
    dollars.provide(brand, MAX_AMOUNT)

    escrow.refundSettled(first, [line], [(0, MAX_AMOUNT)], sender=brand)

    assert before > MAX_CREDIT
    assert (dollars.credit(seller), dollars.debt(dollars.seller)) == (1_000, 0)


def test_caps__fees_fill_their_word__keeps_them_there(dollars, dollar_plan, platform):
    price = MAX_CREDIT * PER_UNIT_OF_FEE

    dollars.settled(dollars.order(dollar_plan, lines=[Line(price)]))

    assert dollars.credits()[0] == MAX_CREDIT
    assert dollars.credit(account(platform)) == 0


def test_caps__fees_are_one_above_their_word__gives_them_to_platform(
    dollars, dollar_plan, platform
):
    price = MAX_CREDIT * PER_UNIT_OF_FEE
    dollars.settled(dollars.order(dollar_plan, lines=[Line(price)], salt=1))
    brands = dollars.credits()[1]

    dollars.settled(dollars.order(dollar_plan, lines=[Line(PER_UNIT_OF_FEE)], salt=2))

    fees, brand_later, *_ = dollars.credits()
    assert (fees, dollars.credit(account(platform))) == (0, MAX_CREDIT + 1)
    assert brand_later - brands == PER_UNIT_OF_FEE * 85 // 100 + 1


def test_caps__lines_sum_to_largest_amount__takes_them(dollars, dollar_plan):
    order = dollars.order(dollar_plan, lines=[Line(MAX_AMOUNT - 1), Line(1)])

    dollars.authorize(order)

    assert dollars.status(order) == Status.AUTHORIZED


def test_caps__sales_fill_their_word__counts_no_further(coin_sales, counting, escrow, brand):
    start = MAX_SALES - 1
    orders = [
        coin_sales.captured(coin_sales.order(counting, lines=[Line(amount)], salt=salt))
        for salt, amount in enumerate((start, 1, 1))
    ]
    start_of_period()

    seen = []
    for order in orders:
        coin_sales.settle(order)
        seen.append(tuple(escrow.standingOf(brand, ZERO_ADDRESS, coin_sales.seller))[2:])

    assert seen == [(start, start), (MAX_SALES, MAX_SALES), (MAX_SALES, MAX_SALES)]


@pytest.mark.parametrize(("idle", "share"), [(MAX_COMPRESSED, 200), (MAX_COMPRESSED + 1, 0)])
def test_caps__idle_uplines_are_passed_over__reaches_beyond_five_alone(
    coin_sales, counting, network, brand, distributor, accounts, idle, share
):
    top, *passed, sponsor = coin_sales.numbers
    holder = distributor
    for newcomer in accounts[13 : 13 + idle - len(passed)]:
        sponsor = join(network, brand, newcomer, holder, sponsor)
        holder = newcomer
    sales = [(top, 1), (sponsor, 2)]
    orders = [
        coin_sales.captured(coin_sales.order(counting, seller=seller, salt=salt))
        for seller, salt in sales
    ]
    start_of_period()

    coin_sales.settle(*orders)

    assert coin_sales.credit(member(brand, top)) == 1_000 + share
    assert coin_sales.credit(member(brand, sponsor)) == 1_000
