import pytest

from tests.support.clock import next_block_at
from tests.support.commerce import Status, credits_of, in_coin, order_id, refund_expiry, status_of
from tests.support.events import events_of
from tests.support.money import Money
from tests.support.reverts import reverts


@pytest.fixture
def orders(splitter, currency, order, payer):
    """Three orders of 10,000 units, captured one after another."""
    orders = [order | {"salt": salt} for salt in (1, 2, 3)]
    for each in orders:
        currency.pay(splitter, each)
        splitter.capture(each, sender=payer)
    return orders


@pytest.fixture
def after_window(splitter, orders):
    """The next block is the first in which all can settle."""
    next_block_at(refund_expiry(splitter, orders[-1]))


def test_settle_batch__all_are_due__settles_all(
    splitter, currency, orders, after_window, relayer, parties
):
    _, platform, brand, _, distributor, sponsor, _ = parties

    with Money(*parties, token=currency.token) as money:
        tx = splitter.settleBatch(orders, sender=relayer)

    assert money.changes == {}
    assert [values["orderId"] for _, _, values in events_of(tx)] == [
        order_id(splitter, each) for each in orders
    ]
    shares = credits_of(splitter, currency, platform, distributor, sponsor, brand)
    assert shares == [600, 3000, 1500, 24_900]


@in_coin
def test_settle_batch__all_are_due__returns_how_many(splitter, orders, chain):
    chain.pending_timestamp = refund_expiry(splitter, orders[-1])
    chain.mine()

    assert splitter.settleBatch.call(orders) == 3
    assert splitter.settleBatch.call(orders[:1] * 3) == 1


@in_coin
def test_settle_batch__some_are_settled__passes_over_them(
    splitter, currency, orders, after_window, brand, distributor, relayer
):
    splitter.settle(orders[1], sender=brand)

    tx = splitter.settleBatch(orders, sender=relayer)

    assert [values["orderId"] for _, _, values in events_of(tx)] == [
        order_id(splitter, orders[0]),
        order_id(splitter, orders[2]),
    ]
    assert credits_of(splitter, currency, distributor) == [3000]


@in_coin
def test_settle_batch__order_is_there_twice__settles_it_once(
    splitter, currency, orders, after_window, distributor, relayer
):
    tx = splitter.settleBatch([orders[0], orders[0], orders[1], orders[0]], sender=relayer)

    assert len(events_of(tx)) == 2
    assert credits_of(splitter, currency, distributor) == [2000]


@in_coin
def test_settle_batch__one_window_is_open__reverts_all(
    splitter, currency, orders, parties, relayer
):
    expiry = refund_expiry(splitter, orders[-1])
    next_block_at(expiry - 1)

    with reverts(
        splitter.OrderEscrow_RefundWindowOpen,
        orderId=order_id(splitter, orders[-1]),
        refundExpiry=expiry,
        time=expiry - 1,
    ):
        splitter.settleBatch(orders, sender=relayer)

    assert [status_of(splitter, each) for each in orders] == [Status.CAPTURED] * 3
    assert not any(credits_of(splitter, currency, *parties))


@in_coin
def test_settle_batch__one_is_refunded__reverts_all(splitter, orders, brand, relayer):
    splitter.refund(orders[2], 10_000, sender=brand)
    next_block_at(refund_expiry(splitter, orders[2]))

    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, orders[2]),
        actual=Status.REFUNDED,
        expected=Status.CAPTURED,
    ):
        splitter.settleBatch(orders, sender=relayer)


def test_settle_batch__batch_is_empty__does_nothing(splitter, relayer):
    tx = splitter.settleBatch([], sender=relayer)

    assert events_of(tx) == []
