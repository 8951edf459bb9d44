import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import next_block_at
from tests.support.commerce import (
    MAX_AMOUNT,
    Status,
    bring_to,
    credits_of,
    in_coin,
    order_id,
    refund_expiry,
    settle,
    status_of,
)
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.orders import create_order, publish_plan
from tests.support.reverts import reverts


@pytest.fixture
def sell(splitter, brand, payer, currency):
    """Pay and capture an order of a plan with these rates."""

    def sell(level_bps, seller, amount=10_000):
        plan_id = publish_plan(splitter, brand, currency=currency.address, levelBps=level_bps)
        order = create_order(plan_id, payer, distributor=seller, amount=amount)
        currency.pay(splitter, order)
        splitter.capture(order, sender=payer)
        return order

    return sell


@in_coin
def test_settle__order_is_new__reverts(splitter, order, relayer):
    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, order),
        actual=Status.NONE,
        expected=Status.CAPTURED,
    ):
        splitter.settle(order, sender=relayer)


@in_coin
@pytest.mark.parametrize(
    "status",
    [status for status in Status if status not in (Status.NONE, Status.CAPTURED)],
    ids=lambda status: status.name,
)
def test_settle__order_is_not_captured__reverts(splitter, authorized, brand, relayer, status):
    bring_to(status, splitter, authorized, brand)

    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, authorized),
        actual=status,
        expected=Status.CAPTURED,
    ):
        splitter.settle(authorized, sender=relayer)


@in_coin
def test_settle__window_ends_next_second__reverts(splitter, captured, relayer):
    expiry = refund_expiry(splitter, captured)
    next_block_at(expiry - 1)

    with reverts(
        splitter.OrderEscrow_RefundWindowOpen,
        orderId=order_id(splitter, captured),
        refundExpiry=expiry,
        time=expiry - 1,
    ):
        splitter.settle(captured, sender=relayer)


@in_coin
def test_settle__window_ends_this_second__settles_for_anyone(splitter, captured, attacker):
    before = splitter.orderOf(order_id(splitter, captured))
    next_block_at(refund_expiry(splitter, captured))

    splitter.settle(captured, sender=attacker)

    after = splitter.orderOf(order_id(splitter, captured))
    assert tuple(after) == (Status.SETTLED, before.capturedAt, 0)


def test_settle__line_is_whole__emits_shares(
    splitter, captured, plan_id, platform, distributor, sponsor, brand, relayer
):
    tx = settle(splitter, captured, relayer)

    assert events_of(tx) == [
        event(
            splitter.OrderSettled,
            orderId=order_id(splitter, captured),
            planId=plan_id,
            net=10_000,
            breakage=0,
            shares=[(platform, 200), (distributor, 1000), (sponsor, 500), (brand, 8300)],
        )
    ]


@in_coin
def test_settle__payer_stands_on_line__earns_nothing(
    splitter, currency, order, plan_id, platform, distributor, sponsor, brand, relayer
):
    order |= {"payer": sponsor}
    currency.pay(splitter, order)
    splitter.capture(order, sender=brand)

    tx = settle(splitter, order, relayer)

    assert events_of(tx) == [
        event(
            splitter.OrderSettled,
            orderId=order_id(splitter, order),
            planId=plan_id,
            net=10_000,
            breakage=500,
            shares=[(platform, 200), (distributor, 1000), (sponsor, 0), (brand, 8800)],
        )
    ]


@in_coin
def test_settle__line_is_short__emits_breakage(
    splitter, authorized, plan_id, platform, upline, brand, payer, relayer, currency
):
    order = authorized | {"distributor": upline}
    currency.pay(splitter, order)
    splitter.capture(order, sender=payer)

    tx = settle(splitter, order, relayer)

    assert events_of(tx) == [
        event(
            splitter.OrderSettled,
            orderId=order_id(splitter, order),
            planId=plan_id,
            net=10_000,
            breakage=500,
            shares=[(platform, 200), (upline, 1000), (brand, 8800)],
        )
    ]


@pytest.mark.parametrize(
    ("level_bps", "seller", "expected"),
    [
        # platform, distributor, sponsor, upline, brand
        ([1000, 500, 300], "distributor", [200, 1000, 500, 300, 8000]),
        ([1000, 500, 300], "sponsor", [200, 0, 1000, 500, 8300]),
        ([1000, 500, 300], "upline", [200, 0, 0, 1000, 8800]),
        ([1000, 500, 300], None, [200, 0, 0, 0, 9800]),
        ([1000], "distributor", [200, 1000, 0, 0, 8800]),
        ([0, 500], "distributor", [200, 0, 500, 0, 9300]),
        ([], "distributor", [200, 0, 0, 0, 9800]),
    ],
)
def test_settle__line_and_levels_differ__credits_by_rule(
    splitter, currency, sell, parties, payer, request, level_bps, seller, expected
):
    order = sell(level_bps, request.getfixturevalue(seller) if seller else ZERO_ADDRESS)
    _, platform, brand, _, *line = parties

    with Money(*parties, token=currency.token) as money:
        settle(splitter, order, payer)

    assert money.changes == {}
    assert credits_of(splitter, currency, platform, *line, brand) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (1, [0, 0, 0, 1]),
        (49, [0, 5, 3, 41]),
        (9999, [199, 1000, 500, 8300]),
        (10_001, [200, 1000, 500, 8301]),
    ],
)
def test_settle__amount_does_not_divide__leaves_rest_to_brand(
    splitter, currency, sell, platform, distributor, sponsor, brand, payer, amount, expected
):
    order = sell([1000, 500], distributor, amount)

    settle(splitter, order, payer)

    assert credits_of(splitter, currency, platform, distributor, sponsor, brand) == expected


@pytest.mark.parametrize("currency", ["token"], indirect=True)
def test_settle__amount_is_largest__credits_it_exactly(
    splitter, currency, sell, platform, distributor, sponsor, brand, payer
):
    order = sell([1000, 500], distributor, MAX_AMOUNT)

    settle(splitter, order, payer)

    shares = credits_of(splitter, currency, platform, distributor, sponsor, brand)
    assert sum(shares) == MAX_AMOUNT
    assert shares[:2] == [
        MAX_AMOUNT * 200 // 10_000,
        MAX_AMOUNT * 1200 // 10_000 - MAX_AMOUNT * 200 // 10_000,
    ]


def test_settle__order_is_partly_refunded__splits_rest(
    splitter, currency, captured, platform, distributor, sponsor, brand, payer
):
    splitter.refund(captured, 3000, sender=brand)
    splitter.refund(captured, 1000, sender=brand)

    settle(splitter, captured, payer)

    everyone = (payer, platform, distributor, sponsor, brand)
    assert credits_of(splitter, currency, *everyone) == [4000, 120, 600, 300, 4980]
    assert tuple(splitter.orderOf(order_id(splitter, captured)))[::2] == (Status.SETTLED, 4000)


@in_coin
def test_settle__one_account_has_two_parts__credits_both(
    splitter, currency, sell, platform, brand, payer
):
    splitter.join(brand, brand, sender=platform)

    settle(splitter, sell([1000], platform), payer)

    assert credits_of(splitter, currency, platform, brand) == [1200, 8800]


@in_coin
def test_settle__others_join_after_payment__changes_no_share(
    splitter, currency, captured, distributor, sponsor, brand, shopper, attacker
):
    splitter.join(brand, distributor, sender=shopper)
    splitter.join(brand, sponsor, sender=attacker)

    settle(splitter, captured, brand)

    shares = credits_of(splitter, currency, distributor, sponsor, shopper, attacker)
    assert shares == [1000, 500, 0, 0]


@in_coin
def test_settle__brand_is_deactivated__settles(
    splitter, identities, currency, captured, brand, distributor, relayer
):
    identities.changeOwner(brand, ZERO_ADDRESS, sender=brand)

    settle(splitter, captured, relayer)

    assert status_of(splitter, captured) == Status.SETTLED
    assert credits_of(splitter, currency, distributor) == [1000]


@in_coin
def test_settle__tree_is_deep__costs_no_more(splitter, sell, accounts, brand, distributor, payer):
    shallow = settle(splitter, sell([1000, 500], distributor), payer)
    seller = distributor
    for account in list(accounts)[13:20]:
        splitter.join(brand, seller, sender=account)
        seller = account

    deep = settle(splitter, sell([1001, 500], seller), payer)

    # Two new sellers have a credit for the first time, platform and brand for the second.
    new_slots = 2 * 17_100
    assert abs(deep.gas_used + new_slots - shallow.gas_used) < 200
