from tests.support.clock import next_block_at
from tests.support.events import event, events_of
from tests.support.programme import Line, Part, account
from tests.support.reverts import reverts
from tests.support.sales import Status


def test_reclaim__authorization_expires_this_second__credits_payer(
    sales, order, escrow, attacker, payer
):
    sales.authorize(order)
    next_block_at(order["authorizationExpiry"])

    tx = escrow.reclaim(order, sender=attacker)

    assert events_of(tx) == [
        event(escrow.OrderReclaimed, orderId=sales.id_of(order), amount=10_000)
    ]
    assert sales.status(order) == Status.RECLAIMED
    assert sales.credit(account(payer)) == 10_000


def test_reclaim__authorization_expires_next_second__reverts(coin_sales, coin_order, escrow, payer):
    coin_sales.authorize(coin_order)
    expiry = coin_order["authorizationExpiry"]
    next_block_at(expiry - 1)

    with reverts(
        escrow.CommissionEscrow_AuthorizationNotExpired,
        orderId=coin_sales.id_of(coin_order),
        expiry=expiry,
        time=expiry - 1,
    ):
        escrow.reclaim(coin_order, sender=payer)


def test_reclaim__part_was_captured__returns_rest_and_starts_window(
    coin_sales, coin_plan, escrow, brand, payer
):
    order = coin_sales.order(coin_plan, lines=[Line(600), Line(400)])
    coin_sales.authorize(order)
    escrow.capture(order, [Part(1, 100)], sender=brand)
    next_block_at(order["authorizationExpiry"])

    escrow.reclaim(order, sender=payer)

    assert coin_sales.status(order) == Status.CAPTURED
    assert coin_sales.changed_at(order) == order["authorizationExpiry"]
    assert coin_sales.credit(account(payer)) == 900


def test_reclaim__order_was_captured__reverts(coin_sales, coin_order, escrow, payer):
    coin_sales.captured(coin_order)
    next_block_at(coin_order["authorizationExpiry"])

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.CAPTURED,
        needed=Status.AUTHORIZED,
    ):
        escrow.reclaim(coin_order, sender=payer)


def test_reclaim__order_was_reclaimed__reverts(coin_sales, coin_order, escrow, payer):
    coin_sales.authorize(coin_order)
    next_block_at(coin_order["authorizationExpiry"])
    escrow.reclaim(coin_order, sender=payer)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.RECLAIMED,
        needed=Status.AUTHORIZED,
    ):
        escrow.reclaim(coin_order, sender=payer)
