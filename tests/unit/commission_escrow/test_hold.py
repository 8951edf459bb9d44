from tests.support.events import events_of
from tests.support.reverts import reverts
from tests.support.sales import Status


def test_hold__caller_is_not_disputes_contract__reverts(coin_sales, coin_order, escrow, brand):
    coin_sales.captured(coin_order)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized,
        orderId=coin_sales.id_of(coin_order),
        actor=brand.address,
    ):
        escrow.hold(coin_order, sender=brand)


def test_hold__order_is_disputed__does_not_settle(coin_sales, coin_order, escrow, disputes, payer):
    coin_sales.captured(coin_order)
    tx = disputes.open(coin_order, bytes(32), b"", sender=payer)
    coin_sales.mature()

    assert "OrderHeld" in [name for _, name, _ in events_of(tx)]
    assert escrow.orderOf(coin_order).isHeld
    with reverts(escrow.CommissionEscrow_Held, orderId=coin_sales.id_of(coin_order)):
        coin_sales.settle(coin_order)


def test_hold__order_is_held__reverts(coin_sales, coin_order, escrow, disputes, payer):
    coin_sales.captured(coin_order)
    disputes.open(coin_order, bytes(32), b"", sender=payer)

    with reverts(escrow.CommissionEscrow_Held, orderId=coin_sales.id_of(coin_order)):
        disputes.open(coin_order, bytes(32), b"", sender=payer)


def test_hold__order_was_ruled_on__reverts(coin_sales, coin_order, escrow, disputes, payer):
    coin_sales.captured(coin_order)
    disputes.open(coin_order, bytes(32), b"", sender=payer)
    disputes.concede(coin_order, sender=payer)

    with reverts(escrow.CommissionEscrow_AlreadyRuled, orderId=coin_sales.id_of(coin_order)):
        disputes.open(coin_order, bytes(32), b"", sender=payer)


def test_hold__order_is_only_authorized__reverts(coin_sales, coin_order, escrow, disputes, payer):
    coin_sales.authorize(coin_order)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.AUTHORIZED,
        needed=Status.CAPTURED,
    ):
        disputes.open(coin_order, bytes(32), b"", sender=payer)
