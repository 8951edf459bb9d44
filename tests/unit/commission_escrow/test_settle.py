import itertools

import pytest

from tests.support.clock import next_block_at
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.plan_words import GTIN_AND_RATES
from tests.support.programme import (
    DAY,
    REFUND_WINDOW,
    Line,
    account,
    join,
    member,
    packed_rates,
    publish,
)
from tests.support.reverts import reverts
from tests.support.sales import MATURITY, Status, allocation, shares_of
from weilian.merkle.standard import StandardMerkleTree

GTIN = 6_901_234_567_892
ENTRIES = [1_000, 200, 100]


def test_settle__line_is_whole__credits_everyone(sales, order, escrow, attacker, brand):
    sales.captured(order)
    sales.mature()

    with Money(escrow, brand, token=sales.token) as money:
        tx = escrow.settle([order], sender=attacker)

    assert money.changes == {}
    up = sales.numbers[::-1]
    assert events_of(tx) == [
        event(
            escrow.OrderSettled,
            orderId=sales.id_of(order),
            line=0,
            net=10_000,
            breakage=0,
            allocation=allocation(*zip(up, ENTRIES, strict=True)),
        )
    ]
    assert sales.credits() == [200, 8_500, 100, 200, 1_000]
    assert sales.status(order) == Status.SETTLED


def test_settle__window_and_maturity_end_this_second__settles(
    coin_sales, coin_order, escrow, attacker
):
    coin_sales.captured(coin_order)
    next_block_at(coin_sales.changed_at(coin_order) + REFUND_WINDOW + MATURITY)

    escrow.settle([coin_order], sender=attacker)

    assert coin_sales.status(coin_order) == Status.SETTLED


def test_settle__window_and_maturity_end_next_second__reverts(
    coin_sales, coin_order, escrow, attacker
):
    coin_sales.captured(coin_order)
    due = coin_sales.changed_at(coin_order) + REFUND_WINDOW + MATURITY
    next_block_at(due - 1)

    with reverts(
        escrow.CommissionEscrow_NotMature,
        orderId=coin_sales.id_of(coin_order),
        maturesAt=due,
        time=due - 1,
    ):
        escrow.settle([coin_order], sender=attacker)


def test_settle__order_is_not_captured__reverts(coin_sales, coin_order, escrow, attacker):
    coin_sales.authorize(coin_order)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.AUTHORIZED,
        needed=Status.CAPTURED,
    ):
        escrow.settle([coin_order], sender=attacker)


def test_settle__order_is_settled__is_passed_over(coin_sales, coin_order, coin_plan):
    coin_sales.settled(coin_order)
    before = coin_sales.credits()
    other = coin_sales.order(coin_plan, salt=2)
    coin_sales.captured(other)
    coin_sales.mature()

    assert len(shares_of(coin_sales.settle(coin_order, other, other))) == 1

    assert coin_sales.credits() == [2 * credit for credit in before]


def test_settle__line_is_short__leaves_breakage_with_brand(coin_sales, coin_plan, escrow):
    top = coin_sales.numbers[0]
    order = coin_sales.order(coin_plan, seller=top)
    coin_sales.captured(order)
    coin_sales.mature()

    tx = coin_sales.settle(order)

    assert events_of(tx) == [
        event(
            escrow.OrderSettled,
            orderId=coin_sales.id_of(order),
            line=0,
            net=10_000,
            breakage=300,
            allocation=allocation((top, 1_000), (0, 200), (0, 100)),
        )
    ]
    assert coin_sales.credits() == [200, 8_800, 1_000, 0, 0]


def test_settle__order_has_no_seller__gives_all_but_fee_to_brand(coin_sales, coin_plan):
    order = coin_sales.order(coin_plan, seller=0)

    coin_sales.settled(order)

    assert coin_sales.credits() == [200, 9_800, 0, 0, 0]


def test_settle__product_has_own_rates__shares_its_line_by_them(coin_sales, book, brand, payer):
    rates = packed_rates(500, 300, 200)
    tree = StandardMerkleTree.of([(GTIN, rates)], GTIN_AND_RATES)
    plan_id = publish(book, brand, catalogueRoot=tree.root, catalogueBps=1_000)
    book.listProduct(plan_id, GTIN, rates, tree.proof(0), sender=payer)
    order = coin_sales.order(plan_id, lines=[Line(10_000, GTIN, rates), Line(10_000, GTIN)])

    coin_sales.settled(order)

    assert coin_sales.credits() == [400, 8_800 + 8_500, 200 + 100, 300 + 200, 500 + 1_000]


@pytest.mark.parametrize("policy", [0, 1])
def test_settle__payer_stands_on_line__earns_nothing(coin_sales, book, brand, sponsor, policy):
    plan_id = publish(book, brand, selfPurchase=policy)
    order = coin_sales.order(plan_id, payer=sponsor)

    coin_sales.settled(order)

    assert coin_sales.credits() == [200, 8_700, 100, 0, 1_000]


def test_settle__plan_allows_own_orders__pays_payer(coin_sales, book, brand, sponsor):
    plan_id = publish(book, brand, selfPurchase=2)
    order = coin_sales.order(plan_id, payer=sponsor)

    coin_sales.settled(order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]


def test_settle__orders_are_alike__shares_each_by_itself(coin_sales, coin_plan):
    orders = [coin_sales.order(coin_plan, salt=n, lines=[Line(999 + n)]) for n in range(4)]
    for order in orders:
        coin_sales.captured(order)
    coin_sales.mature()

    coin_sales.settle(*orders)

    amounts = [999, 1_000, 1_001, 1_002]
    assert sum(coin_sales.credits()) == sum(amounts)
    assert coin_sales.credits()[0] == sum(amount * 2 // 100 for amount in amounts)
    assert coin_sales.credits()[4] == sum(
        amount * 12 // 100 - amount * 2 // 100 for amount in amounts
    )


def test_settle__orders_differ_in_seller_and_plan__shares_each_by_its_own(
    coin_sales, coin_plan, book, brand
):
    other = publish(book, brand, platformFeeBps=500, rates=[[500, 0, 0]])
    coin_sales.mature(8 * DAY)
    orders = [
        coin_sales.order(coin_plan, salt=1),
        coin_sales.order(other, salt=2, seller=coin_sales.numbers[0]),
        coin_sales.order(coin_plan, salt=3),
    ]
    for order in orders:
        coin_sales.captured(order)
    coin_sales.mature()

    coin_sales.settle(*orders)

    assert coin_sales.credits() == [900, 26_000, 700, 400, 2_000]


def test_settle__amount_is_largest__credits_it_exactly(coin_sales, book, brand, stablecoin):
    plan_id = publish(book, brand, currency=stablecoin.address)
    sales = type(coin_sales)(
        coin_sales.escrow, brand, coin_sales.payer, coin_sales.numbers, stablecoin
    )
    amount = 2**128 - 1

    sales.settled(sales.order(plan_id, lines=[Line(amount)]))

    fee = amount * 200 // 10_000
    seller = amount * 1_200 // 10_000 - fee
    assert sum(sales.credits()) + sales.credit(account(platform_of(sales))) == amount
    assert sales.credit(member(brand, sales.seller)) == seller


@pytest.mark.parametrize("amount", [1, 9, 49, 50, 9_999])
def test_settle__amount_does_not_divide__leaves_rest_to_brand(coin_sales, coin_plan, amount):
    coin_sales.settled(coin_sales.order(coin_plan, lines=[Line(amount)]))

    cumulative = [amount * bps // 10_000 for bps in (0, 200, 1_200, 1_400, 1_500)]
    fee, seller, second, third = (b - a for a, b in itertools.pairwise(cumulative))
    assert coin_sales.credits() == [fee, amount - cumulative[-1], third, second, seller]


def test_settle__others_join_after_payment__changes_no_share(
    coin_sales, coin_order, network, brand, shopper, distributor
):
    coin_sales.captured(coin_order)
    join(network, brand, shopper, distributor, coin_sales.seller)
    coin_sales.mature()

    coin_sales.settle(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]


def test_settle__seller_is_suspended_after_payment__earns_its_share(
    coin_sales, coin_order, network, brand
):
    coin_sales.captured(coin_order)
    network.setSuspended(brand, coin_sales.seller, True, bytes(32), sender=brand)
    coin_sales.mature()

    coin_sales.settle(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]


def test_settle__brand_is_deactivated__settles(coin_sales, coin_order, identities, brand):
    coin_sales.captured(coin_order)
    identities.changeOwner(brand, "0x" + "00" * 20, sender=brand)
    coin_sales.mature()

    coin_sales.settle(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]


def test_settle__plan_is_retired__settles_by_plan(coin_sales, coin_order, book, brand):
    coin_sales.captured(coin_order)
    book.retire(coin_order["planId"], sender=brand)
    coin_sales.mature(30 * DAY)

    coin_sales.settle(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]


def platform_of(sales):
    return sales.escrow.PLATFORM()
