import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.clock import later, next_block_at
from tests.support.events import event, events_of
from tests.support.programme import DAY, Line, Part, account
from tests.support.reverts import reverts
from tests.support.sales import Status

ORDER = permission("order")


def test_capture__order_is_new__reverts(coin_sales, coin_order, escrow, payer):
    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.NONE,
        needed=Status.AUTHORIZED,
    ):
        escrow.capture(coin_order, [], sender=payer)


def test_capture__payer_confirms__captures_all(sales, order, escrow, payer):
    sales.authorize(order)

    tx = escrow.capture(order, [], sender=payer)

    assert events_of(tx) == [event(escrow.OrderCaptured, orderId=sales.id_of(order), actor=payer)]
    assert sales.status(order) == Status.CAPTURED
    assert list(escrow.orderOf(order).captured) == [10_000]
    assert sales.credits() == [0] * 5


def test_capture__order_was_captured__reverts(coin_sales, coin_order, escrow, payer):
    coin_sales.captured(coin_order)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.CAPTURED,
        needed=Status.AUTHORIZED,
    ):
        escrow.capture(coin_order, [], sender=payer)


def test_capture__operator_confirms__captures(coin_sales, coin_plan, escrow, relayer):
    order = coin_sales.order(coin_plan, operator=relayer)
    coin_sales.authorize(order)

    escrow.capture(order, [], sender=relayer)

    assert coin_sales.status(order) == Status.CAPTURED


@pytest.mark.parametrize("prepare", ALLOWED, ids=lambda each: each.__name__)
def test_capture__caller_may_act_for_brand__captures(
    coin_sales, coin_order, escrow, identities, brand, manufacturer, prepare
):
    coin_sales.authorize(coin_order)
    prepare(identities, brand, ORDER, manufacturer)

    escrow.capture(coin_order, [], sender=manufacturer)

    assert coin_sales.status(coin_order) == Status.CAPTURED


@pytest.mark.parametrize("prepare", REFUSED, ids=lambda each: each.__name__)
def test_capture__caller_may_not_act__reverts(
    coin_sales, coin_order, escrow, identities, brand, manufacturer, prepare
):
    coin_sales.authorize(coin_order)
    order_id = coin_sales.id_of(coin_order)
    prepare(identities, brand, ORDER, manufacturer)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized, orderId=order_id, actor=manufacturer.address
    ):
        escrow.capture(coin_order, [], sender=manufacturer)


def test_capture__authorization_expires_this_second__reverts(coin_sales, coin_order, escrow, payer):
    coin_sales.authorize(coin_order)
    expiry = coin_order["authorizationExpiry"]
    next_block_at(expiry)

    with reverts(
        escrow.CommissionEscrow_AuthorizationExpired,
        orderId=coin_sales.id_of(coin_order),
        expiry=expiry,
        time=expiry,
    ):
        escrow.capture(coin_order, [], sender=payer)


def test_capture__authorization_expires_next_second__captures(
    coin_sales, coin_order, escrow, payer
):
    coin_sales.authorize(coin_order)
    next_block_at(coin_order["authorizationExpiry"] - 1)

    escrow.capture(coin_order, [], sender=payer)

    assert coin_sales.status(coin_order) == Status.CAPTURED


def test_capture__receipt_expires_this_second__captures_for_anyone(
    coin_sales, coin_plan, escrow, attacker
):
    order = coin_sales.order(coin_plan, receiptExpiry=later(10 * DAY))
    coin_sales.authorize(order)
    next_block_at(order["receiptExpiry"])

    escrow.capture(order, [], sender=attacker)

    assert coin_sales.status(order) == Status.CAPTURED


def test_capture__receipt_expires_next_second__reverts_for_strangers(
    coin_sales, coin_plan, escrow, attacker
):
    order = coin_sales.order(coin_plan, receiptExpiry=later(10 * DAY))
    coin_sales.authorize(order)
    next_block_at(order["receiptExpiry"] - 1)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized,
        orderId=coin_sales.id_of(order),
        actor=attacker.address,
    ):
        escrow.capture(order, [], sender=attacker)


def test_capture__stranger_wants_part_after_receipt_expiry__reverts(
    coin_sales, coin_plan, escrow, attacker
):
    order = coin_sales.order(coin_plan, receiptExpiry=later(10 * DAY))
    coin_sales.authorize(order)
    next_block_at(order["receiptExpiry"])

    with reverts(
        escrow.CommissionEscrow_NotAuthorized,
        orderId=coin_sales.id_of(order),
        actor=attacker.address,
    ):
        escrow.capture(order, [Part(0, 1)], sender=attacker)


def test_capture__parts_leave_something__stays_authorized(coin_sales, coin_plan, escrow, brand):
    order = coin_sales.order(coin_plan, lines=[Line(600), Line(400)])
    coin_sales.authorize(order)

    tx = escrow.capture(order, [Part(1, 400), Part(0, 100)], sender=brand)

    assert events_of(tx) == [
        event(
            escrow.PartsCaptured,
            orderId=coin_sales.id_of(order),
            actor=brand,
            parts=[Part(1, 400), Part(0, 100)],
        )
    ]
    assert coin_sales.status(order) == Status.AUTHORIZED
    assert list(escrow.orderOf(order).captured) == [100, 400]


def test_capture__parts_leave_nothing__captures(coin_sales, coin_plan, escrow, brand):
    order = coin_sales.order(coin_plan, lines=[Line(600), Line(400)])
    coin_sales.authorize(order)
    escrow.capture(order, [Part(0, 600)], sender=brand)

    tx = escrow.capture(order, [Part(1, 150), Part(1, 250)], sender=brand)

    assert events_of(tx)[-1] == event(
        escrow.OrderCaptured, orderId=coin_sales.id_of(order), actor=brand
    )
    assert coin_sales.status(order) == Status.CAPTURED
    assert list(escrow.orderOf(order).captured) == [600, 400]


def test_capture__rest_follows_parts__captures_all(coin_sales, coin_plan, escrow, brand, payer):
    order = coin_sales.order(coin_plan, lines=[Line(600), Line(400)])
    coin_sales.authorize(order)
    escrow.capture(order, [Part(0, 500)], sender=brand)
    escrow.refund(order, [Part(0, 200)], sender=brand)

    escrow.capture(order, [], sender=payer)

    view = escrow.orderOf(order)
    assert (list(view.captured), list(view.refunded)) == ([600, 400], [200, 0])
    assert coin_sales.credit(account(payer)) == 200


def test_capture__part_is_larger_than_rest__reverts(coin_sales, coin_plan, escrow, brand):
    order = coin_sales.order(coin_plan, lines=[Line(600), Line(400)])
    coin_sales.authorize(order)
    escrow.capture(order, [Part(0, 500)], sender=brand)

    with reverts(
        escrow.CommissionEscrow_PartTooHigh,
        orderId=coin_sales.id_of(order),
        line=0,
        amount=101,
        limit=100,
    ):
        escrow.capture(order, [Part(0, 101)], sender=brand)


def test_capture__part_is_zero__reverts(coin_sales, coin_order, escrow, brand):
    coin_sales.authorize(coin_order)

    with reverts(escrow.CommissionEscrow_AmountZero, line=0):
        escrow.capture(coin_order, [Part(0, 0)], sender=brand)


def test_capture__part_names_no_line__reverts(coin_sales, coin_order, escrow, brand):
    coin_sales.authorize(coin_order)

    with reverts(
        escrow.CommissionEscrow_LineUnknown,
        orderId=coin_sales.id_of(coin_order),
        line=1,
        lines=1,
    ):
        escrow.capture(coin_order, [Part(1, 5)], sender=brand)
