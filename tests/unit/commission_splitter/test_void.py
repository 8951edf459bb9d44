import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.clock import next_block_at
from tests.support.commerce import Status, bring_to, credits_of, in_coin, order_id, status_of
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.reverts import reverts

ORDER = permission("order")


@in_coin
def test_void__order_is_new__reverts(splitter, order, brand):
    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, order),
        actual=Status.NONE,
        expected=Status.AUTHORIZED,
    ):
        splitter.void(order, sender=brand)


@in_coin
@pytest.mark.parametrize("status", list(Status)[2:], ids=lambda status: status.name)
def test_void__order_left_authorization__reverts(splitter, authorized, brand, status):
    bring_to(status, splitter, authorized, brand)

    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, authorized),
        actual=status,
        expected=Status.AUTHORIZED,
    ):
        splitter.void(authorized, sender=brand)


@in_coin
@pytest.mark.parametrize("prepare", REFUSED)
def test_void__caller_may_not_act_for_brand__reverts(
    splitter, identities, authorized, brand, manufacturer, prepare
):
    prepare(identities, brand, ORDER, manufacturer)

    with reverts(
        splitter.OrderEscrow_NotAuthorized,
        orderId=order_id(splitter, authorized),
        brand=brand,
        actor=manufacturer,
    ):
        splitter.void(authorized, sender=manufacturer)


@in_coin
def test_void__caller_is_payer__reverts(splitter, authorized, brand, payer):
    with reverts(
        splitter.OrderEscrow_NotAuthorized,
        orderId=order_id(splitter, authorized),
        brand=brand,
        actor=payer,
    ):
        splitter.void(authorized, sender=payer)


@in_coin
@pytest.mark.parametrize("prepare", ALLOWED)
def test_void__caller_may_act_for_brand__voids(
    splitter, identities, authorized, brand, manufacturer, prepare
):
    prepare(identities, brand, ORDER, manufacturer)

    splitter.void(authorized, sender=manufacturer)

    assert status_of(splitter, authorized) == Status.VOIDED


@in_coin
def test_void__brand_gives_up__emits_whole_amount(splitter, authorized, brand):
    tx = splitter.void(authorized, sender=brand)

    assert events_of(tx) == [
        event(
            splitter.OrderVoided,
            orderId=order_id(splitter, authorized),
            actor=brand,
            amount=10_000,
        )
    ]


def test_void__brand_gives_up__credits_payer_alone(
    splitter, currency, authorized, brand, payer, parties
):
    with Money(*parties, token=currency.token) as money:
        splitter.void(authorized, sender=brand)

    assert money.changes == {}
    assert credits_of(splitter, currency, *parties) == [
        10_000 if party == payer else 0 for party in parties
    ]


@in_coin
def test_void__authorization_is_expired__voids(splitter, authorized, brand):
    next_block_at(authorized["authorizationExpiry"])

    splitter.void(authorized, sender=brand)

    assert status_of(splitter, authorized) == Status.VOIDED
