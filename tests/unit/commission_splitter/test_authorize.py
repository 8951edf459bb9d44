import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import later, next_block_at
from tests.support.commerce import (
    MAX_AMOUNT,
    Status,
    bring_to,
    credits_of,
    in_coin,
    order_id,
    status_of,
)
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.orders import create_order, create_plan
from tests.support.reverts import reverts

YEAR = 365 * 86_400


@in_coin
@pytest.mark.parametrize("status", list(Status)[1:], ids=lambda status: status.name)
def test_authorize__order_was_authorized_before__reverts(
    splitter, currency, authorized, brand, status
):
    bring_to(status, splitter, authorized, brand)
    currency.provide(splitter, authorized["payer"], authorized["amount"])

    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, authorized),
        actual=status,
        expected=Status.NONE,
    ):
        splitter.authorize(
            authorized, sender=authorized["payer"], value=currency.value(authorized["amount"])
        )


@in_coin
def test_authorize__caller_is_not_payer__reverts(splitter, currency, order, payer, attacker):
    with reverts(
        splitter.OrderEscrow_NotPayer,
        orderId=order_id(splitter, order),
        actor=attacker,
        payer=payer,
    ):
        splitter.authorize(order, sender=attacker, value=currency.value(order["amount"]))


@in_coin
def test_authorize__amount_is_zero__reverts(splitter, currency, order):
    order |= {"amount": 0}

    with reverts(splitter.OrderEscrow_AmountZero, orderId=order_id(splitter, order)):
        currency.pay(splitter, order)


@in_coin
def test_authorize__authorization_expires_this_second__reverts(splitter, coin, order, payer):
    expiry = order["authorizationExpiry"]
    next_block_at(expiry)

    with reverts(
        splitter.OrderEscrow_AuthorizationExpired,
        orderId=order_id(splitter, order),
        authorizationExpiry=expiry,
        time=expiry,
    ):
        splitter.authorize(order, sender=payer, value=order["amount"])


def test_authorize__authorization_expires_next_second__authorizes(splitter, currency, order, payer):
    currency.provide(splitter, payer, order["amount"])
    next_block_at(order["authorizationExpiry"] - 1)

    splitter.authorize(order, sender=payer, value=currency.value(order["amount"]))

    assert status_of(splitter, order) == Status.AUTHORIZED


def test_authorize__plan_is_unknown__reverts(splitter, coin, brand, payer):
    plan_id = splitter.planIdOf(create_plan(brand))

    with reverts(splitter.PlanRegistry_PlanUnknown, planId=plan_id):
        coin.pay(splitter, create_order(plan_id, payer))


@in_coin
def test_authorize__distributor_is_payer__reverts(splitter, currency, order, distributor):
    order |= {"payer": distributor}

    with reverts(
        splitter.OrderEscrow_SelfPurchase, orderId=order_id(splitter, order), payer=distributor
    ):
        currency.pay(splitter, order)


@in_coin
@pytest.mark.parametrize("who", ["shopper", "brand", "issuer"])
def test_authorize__distributor_has_not_joined__reverts(
    splitter, currency, order, brand, issuer, shopper, who, request
):
    splitter.join(brand, brand, sender=issuer)
    splitter.join(issuer, issuer, sender=shopper)
    stranger = shopper if who == "issuer" else request.getfixturevalue(who)
    order |= {"distributor": stranger}

    with reverts(
        splitter.OrderEscrow_DistributorUnknown,
        orderId=order_id(splitter, order),
        brand=brand,
        distributor=stranger,
    ):
        currency.pay(splitter, order)


@pytest.mark.parametrize("sent", [0, 9999, 10_001])
def test_authorize__coin_sent_is_not_amount__reverts(splitter, brand, payer, coin, sent):
    plan = create_plan(brand)
    splitter.publishPlan(plan, sender=brand)
    order = create_order(splitter.planIdOf(plan), payer)

    with reverts(splitter.Ledger_WrongValue, sent=sent, due=10_000):
        splitter.authorize(order, sender=payer, value=sent)


@pytest.mark.parametrize("sent", [1, 10_000])
def test_authorize__coin_sent_with_token_order__reverts(splitter, brand, payer, dollar, sent):
    plan = create_plan(brand, currency=dollar.address)
    splitter.publishPlan(plan, sender=brand)
    order = create_order(splitter.planIdOf(plan), payer)
    dollar.provide(splitter, payer, 10_000)

    with reverts(splitter.Ledger_WrongValue, sent=sent, due=0):
        splitter.authorize(order, sender=payer, value=sent)


def test_authorize__allowance_is_one_short__reverts(splitter, brand, payer, dollar, stablecoin):
    plan = create_plan(brand, currency=dollar.address)
    splitter.publishPlan(plan, sender=brand)
    order = create_order(splitter.planIdOf(plan), payer)
    dollar.provide(splitter, payer, 10_000)
    stablecoin.approve(splitter, 9999, sender=payer)

    with reverts(
        stablecoin.ERC20InsufficientAllowance, spender=splitter, allowance=9999, needed=10_000
    ):
        splitter.authorize(order, sender=payer)


@pytest.mark.parametrize("seller", ["nobody", "distributor"])
def test_authorize__payer_pays__emits_order(
    splitter, currency, order, payer, distributor, plan_id, seller
):
    order |= {"distributor": distributor if seller == "distributor" else ZERO_ADDRESS}

    tx = currency.pay(splitter, order)

    [first, *rest] = events_of(tx)
    assert first == event(
        splitter.OrderAuthorized,
        orderId=order_id(splitter, order),
        planId=plan_id,
        payer=payer,
        order=order,
    )
    assert [name for _, name, _ in rest] == (["Transfer"] if currency.token else [])


def test_authorize__payer_pays__keeps_status_alone(splitter, currency, order):
    currency.pay(splitter, order)

    state = splitter.orderOf(order_id(splitter, order))
    assert tuple(state) == (Status.AUTHORIZED, 0, 0)


def test_authorize__payer_pays__moves_amount_into_escrow(splitter, currency, order, payer, parties):
    currency.provide(splitter, payer, order["amount"])

    with Money(*parties, token=currency.token) as money:
        splitter.authorize(order, sender=payer, value=currency.value(order["amount"]))

    assert money.changes == {payer.address: -10_000, splitter.address: 10_000}
    assert not any(credits_of(splitter, currency, *parties))


def test_authorize__amount_is_one__authorizes(splitter, currency, order):
    order |= {"amount": 1}

    currency.pay(splitter, order)

    assert status_of(splitter, order) == Status.AUTHORIZED


def test_authorize__amount_is_largest__authorizes(splitter, brand, payer, dollar, stablecoin):
    plan = create_plan(brand, currency=dollar.address)
    splitter.publishPlan(plan, sender=brand)

    dollar.pay(splitter, create_order(splitter.planIdOf(plan), payer, amount=MAX_AMOUNT))

    assert stablecoin.balanceOf(splitter) == MAX_AMOUNT


def test_authorize__only_salt_differs__authorizes_both(splitter, currency, authorized):
    twin = authorized | {"salt": 2}

    currency.pay(splitter, twin)

    assert status_of(splitter, twin) == status_of(splitter, authorized) == Status.AUTHORIZED


def test_authorize__expiry_is_year_ahead__authorizes(splitter, currency, order):
    time = later(100)
    order |= {"authorizationExpiry": time + YEAR}
    currency.provide(splitter, order["payer"], order["amount"])
    next_block_at(time)

    splitter.authorize(order, sender=order["payer"], value=currency.value(order["amount"]))

    assert status_of(splitter, order) == Status.AUTHORIZED


@in_coin
@pytest.mark.parametrize("more", [1, 2**48 - 1])
def test_authorize__expiry_is_later__reverts(splitter, order, payer, more):
    time = later(100)
    expiry = min(time + YEAR + more, 2**48 - 1)
    order |= {"authorizationExpiry": expiry}
    next_block_at(time)

    with reverts(
        splitter.OrderEscrow_AuthorizationTooLong,
        orderId=order_id(splitter, order),
        authorizationExpiry=expiry,
        limit=time + YEAR,
    ):
        splitter.authorize(order, sender=payer, value=order["amount"])


@in_coin
def test_authorize__plan_is_retired__reverts(splitter, plan_id, order, brand, payer):
    splitter.retirePlan(plan_id, sender=brand)

    with reverts(
        splitter.OrderEscrow_PlanRetired, orderId=order_id(splitter, order), planId=plan_id
    ):
        splitter.authorize(order, sender=payer, value=order["amount"])
