import pytest

from tests.support.clock import later, next_block_at, now
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import (
    DAY,
    NOTICE,
    Line,
    account,
    create_order,
    publish,
    total_of,
)
from tests.support.reverts import reverts
from tests.support.sales import Status

MAX_LINES = 32


def test_authorize__order_is_new__takes_money(sales, order, escrow, payer, brand):
    value = sales.provide(payer, total_of(order))

    with Money(payer, escrow, brand, token=sales.token) as money:
        tx = escrow.authorize(order, sender=payer, value=value)

    assert money.changes == {payer.address: -10_000, escrow.address: 10_000}
    assert [e for e in events_of(tx) if e[0] == escrow.address] == [
        event(
            escrow.OrderAuthorized,
            orderId=sales.id_of(order),
            planId=order["planId"],
            payer=payer,
            order=order,
        )
    ]
    assert sales.status(order) == Status.AUTHORIZED
    assert sales.credits() == [0] * 5


def test_authorize__order_was_paid__reverts(coin_sales, coin_order, escrow, payer):
    coin_sales.authorize(coin_order)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.AUTHORIZED,
        needed=Status.NONE,
    ):
        escrow.authorize(coin_order, sender=payer, value=10_000)


def test_authorize__caller_is_not_payer__reverts(coin_sales, coin_order, escrow, attacker):
    with reverts(
        escrow.CommissionEscrow_NotAuthorized,
        orderId=coin_sales.id_of(coin_order),
        actor=attacker.address,
    ):
        escrow.authorize(coin_order, sender=attacker, value=10_000)


@pytest.mark.parametrize("wrong", [9_999, 10_001, 0])
def test_authorize__value_is_not_price__reverts(coin_order, escrow, payer, wrong):
    with reverts(escrow.PartyLedger_WrongValue, sent=wrong, due=10_000):
        escrow.authorize(coin_order, sender=payer, value=wrong)


def test_authorize__value_comes_with_token_order__reverts(
    coin_sales, book, brand, escrow, payer, stablecoin
):
    plan_id = publish(book, brand, currency=stablecoin.address)
    order = coin_sales.order(plan_id, currency=stablecoin.address)

    with reverts(escrow.PartyLedger_WrongValue, sent=1, due=0):
        escrow.authorize(order, sender=payer, value=1)


def test_authorize__expiry_is_this_second__reverts(coin_sales, coin_order, escrow, payer):
    time = later(60)
    coin_order["authorizationExpiry"] = time
    next_block_at(time)

    with reverts(
        escrow.CommissionEscrow_ExpiryInvalid, expiry=time, time=time, limit=time + 365 * DAY
    ):
        escrow.authorize(coin_order, sender=payer, value=10_000)


def test_authorize__expiry_is_next_second__takes_order(coin_sales, coin_order, escrow, payer):
    time = later(60)
    coin_order["authorizationExpiry"] = time + 1
    next_block_at(time)

    escrow.authorize(coin_order, sender=payer, value=10_000)

    assert coin_sales.status(coin_order) == Status.AUTHORIZED


@pytest.mark.parametrize("beyond", [0, 1])
def test_authorize__expiry_is_year_ahead__takes_no_later_one(
    coin_sales, coin_order, escrow, payer, beyond
):
    time = later(60)
    coin_order["authorizationExpiry"] = time + 365 * DAY + beyond
    next_block_at(time)

    if beyond:
        with reverts(
            escrow.CommissionEscrow_ExpiryInvalid,
            expiry=time + 365 * DAY + 1,
            time=time,
            limit=time + 365 * DAY,
        ):
            escrow.authorize(coin_order, sender=payer, value=10_000)
    else:
        escrow.authorize(coin_order, sender=payer, value=10_000)


@pytest.mark.parametrize("change", ["planId", "receiver", "currency"])
def test_authorize__plan_is_not_of_brand_and_currency__reverts(
    coin_sales, coin_order, escrow, payer, attacker, stablecoin, change
):
    other = {"planId": bytes(32), "receiver": attacker, "currency": stablecoin.address}
    coin_order[change] = other[change]

    with reverts(
        escrow.CommissionEscrow_PlanUnknown,
        planId=coin_order["planId"],
        brand=getattr(coin_order["receiver"], "address", coin_order["receiver"]),
        currency=coin_order["currency"],
    ):
        escrow.authorize(coin_order, sender=payer, value=10_000)


def test_authorize__plan_is_not_active_yet__reverts(coin_sales, book, brand, escrow, payer):
    publish(book, brand)
    second = publish(book, brand, maturity=2 * DAY)
    starts = now() + NOTICE
    order = coin_sales.order(second)
    next_block_at(starts - 1)

    with reverts(
        escrow.CommissionEscrow_PlanNotActive,
        planId=second,
        **{"from": starts, "until": 0, "time": starts - 1},
    ):
        escrow.authorize(order, sender=payer, value=10_000)


def test_authorize__plan_becomes_active_this_second__takes_order(
    coin_sales, book, brand, escrow, payer
):
    publish(book, brand)
    second = publish(book, brand, maturity=2 * DAY)
    order = coin_sales.order(second)
    next_block_at(now() + NOTICE)

    escrow.authorize(order, sender=payer, value=10_000)

    assert coin_sales.status(order) == Status.AUTHORIZED


def test_authorize__plan_is_retired_this_second__reverts(
    coin_sales, coin_plan, book, brand, escrow, payer
):
    starts = now()
    book.retire(coin_plan, sender=brand)
    ends = now() + NOTICE
    order = coin_sales.order(coin_plan)
    next_block_at(ends)

    with reverts(
        escrow.CommissionEscrow_PlanNotActive,
        planId=coin_plan,
        **{"from": int(starts_of(escrow, coin_plan, brand)), "until": ends, "time": ends},
    ):
        escrow.authorize(order, sender=payer, value=10_000)
    assert starts <= ends


def test_authorize__plan_is_retired_next_second__takes_order(
    coin_sales, coin_plan, book, brand, escrow, payer
):
    book.retire(coin_plan, sender=brand)
    order = coin_sales.order(coin_plan)
    next_block_at(now() + NOTICE - 1)

    escrow.authorize(order, sender=payer, value=10_000)

    assert coin_sales.status(order) == Status.AUTHORIZED


def test_authorize__terms_are_locked_for_seller__takes_its_orders(
    coin_sales, coin_plan, book, brand, escrow, payer
):
    until = later(60 * DAY)
    book.lockTerms(coin_plan, coin_sales.seller, until, sender=brand)
    book.retire(coin_plan, sender=brand)
    order = coin_sales.order(coin_plan, authorizationExpiry=until + DAY)
    next_block_at(until - 1)

    escrow.authorize(order, sender=payer, value=10_000)

    assert coin_sales.status(order) == Status.AUTHORIZED


def test_authorize__lock_of_terms_ends_this_second__reverts(
    coin_sales, coin_plan, book, brand, escrow, payer
):
    until = later(60 * DAY)
    book.lockTerms(coin_plan, coin_sales.seller, until, sender=brand)
    book.retire(coin_plan, sender=brand)
    ends = now() + NOTICE
    order = coin_sales.order(coin_plan, authorizationExpiry=until + DAY)
    next_block_at(until)

    with reverts(
        escrow.CommissionEscrow_PlanNotActive,
        planId=coin_plan,
        **{"from": int(starts_of(escrow, coin_plan, brand)), "until": ends, "time": until},
    ):
        escrow.authorize(order, sender=payer, value=10_000)


def test_authorize__plan_is_final__reverts(coin_sales, book, brand, escrow, payer):
    plan_id = publish(book, brand, isFinal=True, refundWindow=0, maturity=0)
    order = coin_sales.order(plan_id)

    with reverts(escrow.CommissionEscrow_PlanFinal, planId=plan_id):
        escrow.authorize(order, sender=payer, value=10_000)


def test_authorize__seller_is_unknown__reverts(coin_sales, coin_plan, brand, escrow, payer):
    order = coin_sales.order(coin_plan, seller=77)

    with reverts(escrow.CommissionEscrow_SellerUnknown, brand=brand.address, seller=77):
        escrow.authorize(order, sender=payer, value=10_000)


def test_authorize__seller_is_platforms_number__reverts(
    coin_sales, coin_plan, brand, escrow, payer
):
    order = coin_sales.order(coin_plan, seller=1)

    with reverts(escrow.CommissionEscrow_SellerUnknown, brand=brand.address, seller=1):
        escrow.authorize(order, sender=payer, value=10_000)


def test_authorize__seller_is_suspended__reverts(
    coin_sales, coin_plan, brand, network, escrow, payer
):
    network.setSuspended(brand, coin_sales.seller, True, b"late".ljust(32, b"\0"), sender=brand)
    order = coin_sales.order(coin_plan)

    with reverts(
        escrow.CommissionEscrow_SellerSuspended, brand=brand.address, seller=coin_sales.seller
    ):
        escrow.authorize(order, sender=payer, value=10_000)


def test_authorize__seller_was_reinstated__takes_order(coin_sales, coin_order, brand, network):
    network.setSuspended(brand, coin_sales.seller, True, bytes(32), sender=brand)
    network.setSuspended(brand, coin_sales.seller, False, bytes(32), sender=brand)

    coin_sales.authorize(coin_order)

    assert coin_sales.status(coin_order) == Status.AUTHORIZED


def test_authorize__payer_is_seller__reverts_by_default(coin_sales, coin_plan, escrow, distributor):
    order = coin_sales.order(coin_plan, payer=distributor)

    with reverts(
        escrow.CommissionEscrow_SelfPurchase, payer=distributor.address, seller=coin_sales.seller
    ):
        escrow.authorize(order, sender=distributor, value=10_000)


@pytest.mark.parametrize("policy", [1, 2])
def test_authorize__payer_is_seller__takes_it_where_plan_allows(
    coin_sales, book, brand, distributor, policy
):
    plan_id = publish(book, brand, selfPurchase=policy)
    order = coin_sales.order(plan_id, payer=distributor)

    coin_sales.authorize(order)

    assert coin_sales.status(order) == Status.AUTHORIZED


@pytest.mark.parametrize("count", [0, MAX_LINES + 1])
def test_authorize__lines_are_none_or_too_many__reverts(
    coin_sales, coin_plan, escrow, payer, count
):
    order = coin_sales.order(coin_plan, lines=[Line(1)] * count)

    with reverts(escrow.CommissionEscrow_LinesInvalid, lines=count, limit=MAX_LINES):
        escrow.authorize(order, sender=payer, value=count)


def test_authorize__lines_are_as_many_as_can_be__takes_order(coin_sales, coin_plan):
    order = coin_sales.order(coin_plan, lines=[Line(1)] * MAX_LINES)

    coin_sales.authorize(order)

    assert coin_sales.status(order) == Status.AUTHORIZED


def test_authorize__line_is_zero__reverts(coin_sales, coin_plan, escrow, payer):
    order = coin_sales.order(coin_plan, lines=[Line(5), Line(0)])

    with reverts(escrow.CommissionEscrow_AmountZero, line=1):
        escrow.authorize(order, sender=payer, value=5)


def test_authorize__lines_sum_above_largest__reverts(coin_sales, coin_plan, escrow, payer):
    largest = 2**128 - 1
    order = coin_sales.order(coin_plan, lines=[Line(largest), Line(1)])

    with reverts(escrow.CommissionEscrow_AmountTooHigh, amount=largest + 1, limit=largest):
        escrow.authorize(order, sender=payer)


def test_authorize__own_rates_are_not_listed__reverts(coin_sales, coin_plan, escrow, payer):
    order = coin_sales.order(coin_plan, lines=[Line(10_000, 6901234567892, 500)])

    with reverts(
        escrow.CommissionEscrow_RatesNotListed,
        planId=coin_plan,
        gtin=6901234567892,
        rates=500,
    ):
        escrow.authorize(order, sender=payer, value=10_000)


def test_authorize__order_has_no_seller__takes_it(coin_sales, coin_plan, payer, brand):
    order = create_order(coin_plan, payer, brand)

    coin_sales.authorize(order)

    assert coin_sales.status(order) == Status.AUTHORIZED
    assert coin_sales.credit(account(payer)) == 0


def starts_of(escrow, plan_id, brand):
    word = escrow.planStateOf(plan_id, brand, "0x" + "00" * 20)
    return word >> 132 & 0xFFFFFFFF
