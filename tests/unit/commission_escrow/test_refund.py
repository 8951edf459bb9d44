import pytest

from tests.support.abi import permission
from tests.support.authority import REFUSED
from tests.support.events import event, events_of
from tests.support.programme import Line, Part, account
from tests.support.reverts import reverts
from tests.support.sales import Status, shares_of

ORDER = permission("order")


def test_refund__brand_refunds_part__credits_payer(sales, order, escrow, brand, payer):
    sales.captured(order)

    tx = escrow.refund(order, [Part(0, 4_000)], sender=brand)

    assert events_of(tx) == [
        event(escrow.OrderRefunded, orderId=sales.id_of(order), actor=brand, parts=[Part(0, 4_000)])
    ]
    assert list(escrow.orderOf(order).refunded) == [4_000]
    assert sales.credit(account(payer)) == 4_000


def test_refund__refunds_are_repeated__shares_what_is_left(coin_sales, coin_plan, escrow, brand):
    order = coin_sales.order(coin_plan, lines=[Line(6_000), Line(4_000)])
    coin_sales.captured(order)
    escrow.refund(order, [Part(0, 1_000), Part(1, 500)], sender=brand)
    escrow.refund(order, [Part(0, 2_000)], sender=brand)
    coin_sales.mature()

    shares = shares_of(coin_sales.settle(order))

    assert [net for net, _ in shares] == [3_000, 3_500]
    assert coin_sales.credits() == [130, 6_500 - 130 - 845, 65, 130, 650]


def test_refund__part_names_line_twice__counts_both(coin_sales, coin_order, escrow, brand):
    coin_sales.captured(coin_order)

    escrow.refund(coin_order, [Part(0, 6_000), Part(0, 4_000)], sender=brand)

    assert list(escrow.orderOf(coin_order).refunded) == [10_000]


def test_refund__everything_is_refunded__settles_to_nothing(
    coin_sales, coin_order, escrow, brand, payer
):
    coin_sales.captured(coin_order)
    escrow.refund(coin_order, [Part(0, 10_000)], sender=brand)
    coin_sales.mature()

    assert shares_of(coin_sales.settle(coin_order))[0][0] == 0

    assert coin_sales.credits() == [0] * 5
    assert coin_sales.credit(account(payer)) == 10_000
    assert coin_sales.status(coin_order) == Status.SETTLED


@pytest.mark.parametrize("first", [0, 4_000])
def test_refund__part_is_larger_than_line_holds__reverts(
    coin_sales, coin_order, escrow, brand, first
):
    coin_sales.captured(coin_order)
    if first:
        escrow.refund(coin_order, [Part(0, first)], sender=brand)

    with reverts(
        escrow.CommissionEscrow_PartTooHigh,
        orderId=coin_sales.id_of(coin_order),
        line=0,
        amount=10_001 - first,
        limit=10_000 - first,
    ):
        escrow.refund(coin_order, [Part(0, 10_001 - first)], sender=brand)


def test_refund__parts_together_are_larger__reverts(coin_sales, coin_order, escrow, brand):
    coin_sales.captured(coin_order)

    with reverts(
        escrow.CommissionEscrow_PartTooHigh,
        orderId=coin_sales.id_of(coin_order),
        line=0,
        amount=4_001,
        limit=4_000,
    ):
        escrow.refund(coin_order, [Part(0, 6_000), Part(0, 4_001)], sender=brand)


def test_refund__part_is_zero__reverts(coin_sales, coin_order, escrow, brand):
    coin_sales.captured(coin_order)

    with reverts(escrow.CommissionEscrow_AmountZero, line=0):
        escrow.refund(coin_order, [Part(0, 0)], sender=brand)


def test_refund__part_names_no_line__reverts(coin_sales, coin_order, escrow, brand):
    coin_sales.captured(coin_order)

    with reverts(
        escrow.CommissionEscrow_LineUnknown,
        orderId=coin_sales.id_of(coin_order),
        line=7,
        lines=1,
    ):
        escrow.refund(coin_order, [Part(7, 1)], sender=brand)


def test_refund__nothing_is_captured__reverts(coin_sales, coin_order, escrow, brand):
    coin_sales.authorize(coin_order)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.AUTHORIZED,
        needed=Status.CAPTURED,
    ):
        escrow.refund(coin_order, [Part(0, 1)], sender=brand)


def test_refund__order_is_settled__reverts(coin_sales, coin_order, escrow, brand):
    coin_sales.settled(coin_order)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.SETTLED,
        needed=Status.CAPTURED,
    ):
        escrow.refund(coin_order, [Part(0, 1)], sender=brand)


@pytest.mark.parametrize("prepare", REFUSED, ids=lambda each: each.__name__)
def test_refund__caller_may_not_act_for_brand__reverts(
    coin_sales, coin_order, escrow, identities, brand, manufacturer, prepare
):
    coin_sales.captured(coin_order)
    order_id = coin_sales.id_of(coin_order)
    prepare(identities, brand, ORDER, manufacturer)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized, orderId=order_id, actor=manufacturer.address
    ):
        escrow.refund(coin_order, [Part(0, 1)], sender=manufacturer)


def test_refund__caller_is_payer__reverts(coin_sales, coin_order, escrow, payer):
    coin_sales.captured(coin_order)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized,
        orderId=coin_sales.id_of(coin_order),
        actor=payer.address,
    ):
        escrow.refund(coin_order, [Part(0, 1)], sender=payer)


def test_refund__caller_is_operator_that_payer_named__reverts(coin_sales, coin_plan, escrow, payer):
    order = coin_sales.order(coin_plan, operator=payer)
    coin_sales.captured(order)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized,
        orderId=coin_sales.id_of(order),
        actor=payer.address,
    ):
        escrow.refund(order, [Part(0, 1)], sender=payer)
