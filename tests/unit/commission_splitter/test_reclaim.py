import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import next_block_at
from tests.support.commerce import Status, bring_to, credits_of, in_coin, order_id
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.reverts import reverts


@in_coin
def test_reclaim__order_is_new__reverts(splitter, order, payer):
    next_block_at(order["authorizationExpiry"])

    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, order),
        actual=Status.NONE,
        expected=Status.AUTHORIZED,
    ):
        splitter.reclaim(order, sender=payer)


@in_coin
@pytest.mark.parametrize("status", list(Status)[2:], ids=lambda status: status.name)
def test_reclaim__order_left_authorization__reverts(splitter, authorized, brand, payer, status):
    bring_to(status, splitter, authorized, brand)

    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, authorized),
        actual=status,
        expected=Status.AUTHORIZED,
    ):
        splitter.reclaim(authorized, sender=payer)


@in_coin
def test_reclaim__caller_is_anyone__credits_payer(splitter, currency, authorized, payer, relayer):
    next_block_at(authorized["authorizationExpiry"])

    splitter.reclaim(authorized, sender=relayer)

    assert credits_of(splitter, currency, payer, relayer) == [10_000, 0]


@in_coin
def test_reclaim__authorization_expires_next_second__reverts(splitter, authorized, payer):
    expiry = authorized["authorizationExpiry"]
    next_block_at(expiry - 1)

    with reverts(
        splitter.OrderEscrow_AuthorizationNotExpired,
        orderId=order_id(splitter, authorized),
        authorizationExpiry=expiry,
        time=expiry - 1,
    ):
        splitter.reclaim(authorized, sender=payer)


@in_coin
def test_reclaim__authorization_expires_this_second__emits_whole_amount(
    splitter, authorized, payer
):
    next_block_at(authorized["authorizationExpiry"])

    tx = splitter.reclaim(authorized, sender=payer)

    assert events_of(tx) == [
        event(splitter.OrderReclaimed, orderId=order_id(splitter, authorized), amount=10_000)
    ]


def test_reclaim__authorization_expires_this_second__credits_payer_alone(
    splitter, currency, authorized, payer, parties
):
    next_block_at(authorized["authorizationExpiry"])

    with Money(*parties, token=currency.token) as money:
        splitter.reclaim(authorized, sender=payer)

    assert money.changes == {}
    assert credits_of(splitter, currency, *parties) == [
        10_000 if party == payer else 0 for party in parties
    ]


def test_reclaim__brand_is_deactivated__gives_money_back(
    splitter, identities, currency, authorized, brand, payer
):
    identities.changeOwner(brand, ZERO_ADDRESS, sender=brand)
    next_block_at(authorized["authorizationExpiry"])

    splitter.reclaim(authorized, sender=payer)

    assert credits_of(splitter, currency, payer) == [10_000]
