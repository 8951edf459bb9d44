from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import Line, Part, account
from tests.support.reverts import reverts
from tests.support.sales import Status


def test_void__brand_gives_up__credits_payer(sales, order, escrow, brand, payer):
    sales.authorize(order)

    with Money(payer, escrow, token=sales.token) as money:
        tx = escrow.void(order, sender=brand)

    assert money.changes == {}
    assert events_of(tx) == [
        event(escrow.OrderVoided, orderId=sales.id_of(order), actor=brand, amount=10_000)
    ]
    assert sales.status(order) == Status.VOIDED
    assert sales.credit(account(payer)) == 10_000


def test_void__part_was_captured__keeps_part(coin_sales, coin_plan, escrow, brand, payer):
    order = coin_sales.order(coin_plan, lines=[Line(600), Line(400)])
    coin_sales.authorize(order)
    escrow.capture(order, [Part(0, 250)], sender=brand)

    escrow.void(order, sender=brand)

    assert coin_sales.status(order) == Status.CAPTURED
    assert list(escrow.orderOf(order).captured) == [250, 0]
    assert coin_sales.credit(account(payer)) == 750


def test_void__operator_gives_up__credits_payer(coin_sales, coin_plan, escrow, relayer, payer):
    order = coin_sales.order(coin_plan, operator=relayer)
    coin_sales.authorize(order)

    escrow.void(order, sender=relayer)

    assert coin_sales.credit(account(payer)) == 10_000


def test_void__caller_is_payer__reverts(coin_sales, coin_order, escrow, payer):
    coin_sales.authorize(coin_order)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized,
        orderId=coin_sales.id_of(coin_order),
        actor=payer.address,
    ):
        escrow.void(coin_order, sender=payer)


def test_void__order_was_voided__reverts(coin_sales, coin_order, escrow, brand):
    coin_sales.authorize(coin_order)
    escrow.void(coin_order, sender=brand)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.VOIDED,
        needed=Status.AUTHORIZED,
    ):
        escrow.void(coin_order, sender=brand)


def test_void__order_was_voided__takes_no_second_payment(
    coin_sales, coin_order, escrow, brand, payer
):
    coin_sales.authorize(coin_order)
    escrow.void(coin_order, sender=brand)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.VOIDED,
        needed=Status.NONE,
    ):
        escrow.authorize(coin_order, sender=payer, value=10_000)
