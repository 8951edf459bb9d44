import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.clock import next_block_at
from tests.support.commerce import Status, bring_to, in_coin, order_id, status_of
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.orders import REFUND_WINDOW
from tests.support.reverts import reverts

ORDER = permission("order")


@in_coin
def test_capture__order_is_new__reverts(splitter, order, payer):
    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, order),
        actual=Status.NONE,
        expected=Status.AUTHORIZED,
    ):
        splitter.capture(order, sender=payer)


@in_coin
@pytest.mark.parametrize("status", list(Status)[2:], ids=lambda status: status.name)
def test_capture__order_left_authorization__reverts(splitter, authorized, brand, payer, status):
    bring_to(status, splitter, authorized, brand)

    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, authorized),
        actual=status,
        expected=Status.AUTHORIZED,
    ):
        splitter.capture(authorized, sender=payer)


@in_coin
def test_capture__authorization_expires_this_second__reverts(splitter, authorized, payer):
    expiry = authorized["authorizationExpiry"]
    next_block_at(expiry)

    with reverts(
        splitter.OrderEscrow_AuthorizationExpired,
        orderId=order_id(splitter, authorized),
        authorizationExpiry=expiry,
        time=expiry,
    ):
        splitter.capture(authorized, sender=payer)


@in_coin
def test_capture__authorization_expires_next_second__captures(splitter, authorized, payer):
    time = authorized["authorizationExpiry"] - 1
    next_block_at(time)

    splitter.capture(authorized, sender=payer)

    state = splitter.orderOf(order_id(splitter, authorized))
    assert tuple(state) == (Status.CAPTURED, time, 0)


@in_coin
@pytest.mark.parametrize("prepare", REFUSED)
def test_capture__caller_may_not_act_for_brand__reverts(
    splitter, identities, authorized, brand, manufacturer, prepare
):
    prepare(identities, brand, ORDER, manufacturer)

    with reverts(
        splitter.OrderEscrow_NotAuthorized,
        orderId=order_id(splitter, authorized),
        brand=brand,
        actor=manufacturer,
    ):
        splitter.capture(authorized, sender=manufacturer)


@in_coin
@pytest.mark.parametrize("prepare", ALLOWED)
def test_capture__caller_may_act_for_brand__captures(
    splitter, identities, authorized, brand, manufacturer, prepare
):
    prepare(identities, brand, ORDER, manufacturer)

    splitter.capture(authorized, sender=manufacturer)

    assert status_of(splitter, authorized) == Status.CAPTURED


@in_coin
@pytest.mark.parametrize("prepare", ALLOWED)
def test_capture__caller_may_act_for_payer__captures(
    splitter, identities, authorized, payer, manufacturer, prepare
):
    prepare(identities, payer, ORDER, manufacturer)

    splitter.capture(authorized, sender=manufacturer)

    assert status_of(splitter, authorized) == Status.CAPTURED


@in_coin
def test_capture__payer_gave_its_identity_away__reverts(
    splitter, identities, authorized, brand, payer, manufacturer
):
    identities.changeOwner(payer, manufacturer, sender=payer)

    with reverts(
        splitter.OrderEscrow_NotAuthorized,
        orderId=order_id(splitter, authorized),
        brand=brand,
        actor=payer,
    ):
        splitter.capture(authorized, sender=payer)


@in_coin
def test_capture__payer_confirms__emits_end_of_refund_window(splitter, authorized, payer):
    tx = splitter.capture(authorized, sender=payer)

    assert events_of(tx) == [
        event(
            splitter.OrderCaptured,
            orderId=order_id(splitter, authorized),
            actor=payer,
            refundExpiry=tx.timestamp + REFUND_WINDOW,
        )
    ]


def test_capture__brand_confirms__moves_no_money(splitter, currency, authorized, brand, parties):
    with Money(*parties, token=currency.token) as money:
        splitter.capture(authorized, sender=brand)

    assert money.changes == {}
    assert not any(splitter.creditOf(party, currency.address) for party in parties)
