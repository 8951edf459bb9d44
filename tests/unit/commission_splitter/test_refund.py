import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.clock import next_block_at
from tests.support.commerce import (
    MAX_AMOUNT,
    Status,
    bring_to,
    credits_of,
    in_coin,
    order_id,
    refund_expiry,
    status_of,
)
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.orders import create_order, publish_plan
from tests.support.reverts import reverts

ORDER = permission("order")


@in_coin
@pytest.mark.parametrize(
    "status",
    [status for status in Status if status not in (Status.NONE, Status.CAPTURED)],
    ids=lambda status: status.name,
)
def test_refund__order_is_not_captured__reverts(splitter, authorized, brand, status):
    bring_to(status, splitter, authorized, brand)

    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, authorized),
        actual=status,
        expected=Status.CAPTURED,
    ):
        splitter.refund(authorized, 1, sender=brand)


@in_coin
def test_refund__order_is_new__reverts(splitter, order, brand):
    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, order),
        actual=Status.NONE,
        expected=Status.CAPTURED,
    ):
        splitter.refund(order, 1, sender=brand)


@in_coin
@pytest.mark.parametrize("prepare", REFUSED)
def test_refund__caller_may_not_act_for_brand__reverts(
    splitter, identities, captured, brand, manufacturer, prepare
):
    prepare(identities, brand, ORDER, manufacturer)

    with reverts(
        splitter.OrderEscrow_NotAuthorized,
        orderId=order_id(splitter, captured),
        brand=brand,
        actor=manufacturer,
    ):
        splitter.refund(captured, 1, sender=manufacturer)


@in_coin
def test_refund__caller_is_payer__reverts(splitter, captured, brand, payer):
    with reverts(
        splitter.OrderEscrow_NotAuthorized,
        orderId=order_id(splitter, captured),
        brand=brand,
        actor=payer,
    ):
        splitter.refund(captured, 1, sender=payer)


@in_coin
@pytest.mark.parametrize("prepare", ALLOWED)
def test_refund__caller_may_act_for_brand__refunds(
    splitter, identities, captured, brand, manufacturer, prepare
):
    prepare(identities, brand, ORDER, manufacturer)

    splitter.refund(captured, 10_000, sender=manufacturer)

    assert status_of(splitter, captured) == Status.REFUNDED


@in_coin
def test_refund__window_ends_next_second__refunds(splitter, captured, brand):
    next_block_at(refund_expiry(splitter, captured) - 1)

    splitter.refund(captured, 10_000, sender=brand)

    assert status_of(splitter, captured) == Status.REFUNDED


@in_coin
def test_refund__window_ends_this_second__reverts(splitter, captured, brand):
    expiry = refund_expiry(splitter, captured)
    next_block_at(expiry)

    with reverts(
        splitter.OrderEscrow_RefundWindowOver,
        orderId=order_id(splitter, captured),
        refundExpiry=expiry,
        time=expiry,
    ):
        splitter.refund(captured, 1, sender=brand)


@in_coin
def test_refund__amount_is_zero__reverts(splitter, captured, brand):
    with reverts(splitter.OrderEscrow_AmountZero, orderId=order_id(splitter, captured)):
        splitter.refund(captured, 0, sender=brand)


@in_coin
@pytest.mark.parametrize("amount", [10_001, MAX_AMOUNT])
def test_refund__amount_is_above_order__reverts(splitter, captured, brand, amount):
    with reverts(
        splitter.OrderEscrow_RefundTooHigh,
        orderId=order_id(splitter, captured),
        amount=amount,
        refundable=10_000,
    ):
        splitter.refund(captured, amount, sender=brand)


@in_coin
def test_refund__amount_is_above_rest__reverts(splitter, captured, brand):
    splitter.refund(captured, 4000, sender=brand)

    with reverts(
        splitter.OrderEscrow_RefundTooHigh,
        orderId=order_id(splitter, captured),
        amount=6001,
        refundable=6000,
    ):
        splitter.refund(captured, 6001, sender=brand)


def test_refund__amount_is_part__stays_captured(splitter, currency, captured, brand, payer):
    before = splitter.orderOf(order_id(splitter, captured))

    splitter.refund(captured, 9999, sender=brand)

    after = splitter.orderOf(order_id(splitter, captured))
    assert tuple(after) == (Status.CAPTURED, before.capturedAt, 9999)
    assert credits_of(splitter, currency, payer) == [9999]


@in_coin
def test_refund__amount_is_part__emits_total(splitter, captured, brand):
    splitter.refund(captured, 1, sender=brand)

    tx = splitter.refund(captured, 2, sender=brand)

    assert events_of(tx) == [
        event(
            splitter.OrderRefunded,
            orderId=order_id(splitter, captured),
            actor=brand,
            amount=2,
            totalRefunded=3,
        )
    ]


def test_refund__parts_reach_whole__is_final(splitter, currency, captured, brand, payer):
    for amount in (1, 2, 9997):
        splitter.refund(captured, amount, sender=brand)

    assert status_of(splitter, captured) == Status.REFUNDED
    assert credits_of(splitter, currency, payer) == [10_000]


def test_refund__whole_is_refunded__moves_credit_alone(
    splitter, currency, captured, brand, payer, parties
):
    with Money(*parties, token=currency.token) as money:
        splitter.refund(captured, 10_000, sender=brand)

    assert money.changes == {}
    assert credits_of(splitter, currency, *parties) == [
        10_000 if party == payer else 0 for party in parties
    ]


def test_refund__amount_is_largest__refunds_it(splitter, dollar, brand, payer):
    plan_id = publish_plan(splitter, brand, currency=dollar.address)
    order = create_order(plan_id, payer, amount=MAX_AMOUNT)
    dollar.pay(splitter, order)
    splitter.capture(order, sender=payer)

    splitter.refund(order, MAX_AMOUNT, sender=brand)

    assert tuple(splitter.orderOf(order_id(splitter, order)))[::2] == (
        Status.REFUNDED,
        MAX_AMOUNT,
    )
