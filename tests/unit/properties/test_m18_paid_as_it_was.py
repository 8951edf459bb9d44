"""M18: what happens to a line after payment does not change who is paid.

Sponsors never change, so an order is shared along the line its seller had when it was paid, whoever
joins, is suspended, hands its number over or is paid elsewhere since. A number's share stays with
the number. One thing is read when the order is shared: the payer's own number, which earns nothing.
"""

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.money import Money
from tests.support.programme import hand_over, join, member, publish


def test_m18_paid_as_it_was__others_join_below_and_beside__pays_line_it_was_paid_through(
    coin_sales, coin_order, network, brand, distributor, sponsor, shopper, manufacturer, issuer
):
    coin_sales.captured(coin_order)
    _, middle, seller = coin_sales.numbers
    below = join(network, brand, shopper, distributor, seller)
    beside = join(network, brand, manufacturer, sponsor, middle)
    apart = join(network, brand, issuer)
    coin_sales.mature()

    coin_sales.settle(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]
    assert [coin_sales.credit(member(brand, new)) for new in (below, beside, apart)] == [0, 0, 0]


def test_m18_paid_as_it_was__line_is_suspended__pays_line_it_was_paid_through(
    coin_sales, coin_order, network, brand
):
    coin_sales.captured(coin_order)
    for number in coin_sales.numbers:
        network.setSuspended(brand, number, True, bytes(32), sender=brand)
    coin_sales.mature()

    coin_sales.settle(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]


def test_m18_paid_as_it_was__seller_handed_its_number_over__pays_number(
    coin_sales, coin_order, escrow, network, brand, distributor, shopper, attacker
):
    coin_sales.captured(coin_order)
    hand_over(network, brand, coin_sales.seller, distributor, shopper)
    again = join(network, brand, distributor)
    coin_sales.mature()

    coin_sales.settle(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]
    assert coin_sales.credit(member(brand, again)) == 0
    with Money(escrow, shopper, distributor) as money:
        escrow.withdraw(member(brand, coin_sales.seller), ZERO_ADDRESS, sender=attacker)
    assert money.changes == {escrow.address: -1_000, shopper.address: 1_000}


def test_m18_paid_as_it_was__other_plan_is_published__pays_by_plan_it_was_paid_under(
    coin_sales, coin_order, book, brand
):
    coin_sales.captured(coin_order)
    publish(book, brand, rates=[[2_000, 1_000, 500]])
    coin_sales.mature()

    coin_sales.settle(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]


@pytest.mark.parametrize("hands_over", [False, True])
def test_m18_paid_as_it_was__payer_is_of_line__reads_its_own_number_when_order_is_shared(
    coin_sales, coin_plan, network, brand, upline, shopper, hands_over
):
    top = coin_sales.numbers[0]
    order = coin_sales.order(coin_plan, payer=upline)
    coin_sales.captured(order)
    if hands_over:
        hand_over(network, brand, top, upline, shopper)
    coin_sales.mature()

    coin_sales.settle(order)

    share = 100 if hands_over else 0
    assert coin_sales.credits() == [200, 8_600 - share, share, 200, 1_000]
