"""Worked examples: what people expect to see on their statements."""

import itertools

import pytest

from tests.support.clock import next_block_at, now
from tests.support.programme import NOTICE, Line, Part, account, join, member, publish
from tests.support.sales import Sales

DOLLAR = 10**6


@pytest.fixture
def dollars(escrow, brand, payer, numbers, stablecoin):
    return Sales(escrow, brand, payer, numbers, stablecoin)


def test_examples__sale_of_100_at_10_2_1_per_cent__gives_10_2_and_1(dollars, book, brand):
    plan_id = publish(book, brand, currency=dollars.currency, rates=[[1_000, 200, 100]])

    dollars.settled(dollars.order(plan_id, lines=[Line(100 * DOLLAR)]))

    assert dollars.credits() == [
        2 * DOLLAR,
        85 * DOLLAR,
        1 * DOLLAR,
        2 * DOLLAR,
        10 * DOLLAR,
    ]


def test_examples__nine_units_over_weights_of_3_and_2__loses_nothing(dollars, book, brand):
    plan_id = publish(
        book,
        brand,
        currency=dollars.currency,
        platformFeeBps=6_000,
        rates=[[4_000, 0, 0]],
    )

    dollars.settled(dollars.order(plan_id, lines=[Line(9)]))

    assert dollars.credits() == [5, 0, 0, 0, 4]


def test_examples__199_99_at_5_and_2_5_per_cent__is_exact_to_six_decimals(dollars, book, brand):
    plan_id = publish(book, brand, currency=dollars.currency, rates=[[500, 250, 0]])

    dollars.settled(dollars.order(plan_id, lines=[Line(199_990_000)]))

    assert dollars.credits()[3:] == [4_999_750, 9_999_500]


def test_examples__25_per_cent_of_100_with_40_refunded__leaves_15(dollars, book, brand, escrow):
    plan_id = publish(book, brand, currency=dollars.currency, rates=[[2_500, 0, 0]])
    order = dollars.captured(dollars.order(plan_id, lines=[Line(100)]))
    escrow.refund(order, [Part(0, 40)], sender=brand)
    dollars.mature()

    dollars.settle(order)

    assert dollars.credit(member(brand, dollars.seller)) == 15


def test_examples__price_is_one_unit_at_full_depth__goes_to_brand(dollars, book, brand):
    plan_id = publish(
        book, brand, currency=dollars.currency, depth=5, rates=[[1_000, 500, 300, 200, 100]]
    )

    dollars.settled(dollars.order(plan_id, lines=[Line(1)]))

    assert dollars.credits() == [0, 1, 0, 0, 0]


def test_examples__price_is_largest_at_full_depth__loses_nothing(
    dollars, book, network, brand, escrow, distributor, accounts
):
    plan_id = publish(
        book, brand, currency=dollars.currency, depth=5, rates=[[1_000, 500, 300, 200, 100]]
    )
    sponsor, number = distributor, dollars.seller
    for newcomer in accounts[13:15]:
        number = join(network, brand, newcomer, sponsor, number)
        sponsor = newcomer
    amount = 2**128 - 1

    dollars.settled(dollars.order(plan_id, lines=[Line(amount)], seller=number))

    members = [*dollars.numbers, number - 1, number]
    cumulative = [amount * bps // 10_000 for bps in (200, 1_200, 1_700, 2_000, 2_200, 2_300)]
    shares = [b - a for a, b in itertools.pairwise(cumulative)]
    earned = [dollars.credit(member(brand, each)) for each in members]
    assert earned == shares[::-1]
    assert dollars.credit(account(brand)) == amount - cumulative[-1]
    assert dollars.credit(account(escrow.PLATFORM())) == cumulative[0]


def test_examples__plan_changes_after_payment__touches_no_order(
    coin_sales, coin_order, book, brand
):
    coin_sales.authorize(coin_order)
    publish(book, brand, rates=[[10, 10, 10]])
    book.retire(coin_order["planId"], sender=brand)
    next_block_at(now() + NOTICE)
    coin_sales.capture(coin_order)
    coin_sales.mature()

    coin_sales.settle(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]
