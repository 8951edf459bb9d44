import pytest

from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import Line, publish, total_of
from tests.support.reverts import reverts
from tests.support.sales import Status, allocation

FINAL = {"isFinal": True, "refundWindow": 0, "maturity": 0}


@pytest.fixture
def final_plan(book, brand, sales):
    return publish(book, brand, currency=sales.currency, **FINAL)


@pytest.fixture
def coin_final(book, brand):
    return publish(book, brand, **FINAL)


def test_charge__sale_is_final__takes_and_shares_at_once(sales, final_plan, escrow, payer, brand):
    order = sales.order(final_plan)
    value = sales.provide(payer, total_of(order))

    with Money(payer, escrow, brand, token=sales.token) as money:
        tx = escrow.charge(order, sender=payer, value=value)

    assert money.changes == {payer.address: -10_000, escrow.address: 10_000}
    up = sales.numbers[::-1]
    assert [e for e in events_of(tx) if e[0] == escrow.address] == [
        event(
            escrow.OrderCharged,
            orderId=sales.id_of(order),
            planId=final_plan,
            payer=payer,
            seller=sales.seller,
            salt=1,
        ),
        event(
            escrow.OrderSettled,
            orderId=sales.id_of(order),
            line=0,
            net=10_000,
            breakage=0,
            allocation=allocation(*zip(up, [1_000, 200, 100], strict=True)),
        ),
    ]
    assert sales.credits() == [200, 8_500, 100, 200, 1_000]
    assert sales.status(order) == Status.NONE


def test_charge__order_has_lines__shares_each(coin_sales, coin_final):
    coin_sales.charge(coin_sales.order(coin_final, lines=[Line(33), Line(67)]))

    assert sum(coin_sales.credits()) == 100
    assert coin_sales.credits()[4] == (33 * 12 // 100) + (67 * 12 // 100 - 1)


def test_charge__salt_was_used__reverts(coin_sales, coin_final, escrow, payer):
    coin_sales.charge(coin_sales.order(coin_final, salt=300))

    with reverts(escrow.CommissionEscrow_SaltUsed, payer=payer.address, salt=300):
        coin_sales.charge(coin_sales.order(coin_final, salt=300, lines=[Line(5)]))


@pytest.mark.parametrize("salt", [0, 255, 256, 2**256 - 1])
def test_charge__salt_is_at_edge_of_word__counts_by_itself(coin_sales, coin_final, salt):
    coin_sales.charge(coin_sales.order(coin_final, salt=salt))
    coin_sales.charge(coin_sales.order(coin_final, salt=salt ^ 1))

    assert coin_sales.credits()[4] == 2_000


def test_charge__plan_is_not_final__reverts(coin_sales, coin_plan, escrow, payer):
    order = coin_sales.order(coin_plan)

    with reverts(escrow.CommissionEscrow_PlanNotFinal, planId=coin_plan):
        escrow.charge(order, sender=payer, value=10_000)


def test_charge__caller_is_not_payer__reverts(coin_sales, coin_final, escrow, attacker):
    order = coin_sales.order(coin_final)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized,
        orderId=coin_sales.id_of(order),
        actor=attacker.address,
    ):
        escrow.charge(order, sender=attacker, value=10_000)


@pytest.mark.parametrize("wrong", [9_999, 10_001])
def test_charge__value_is_not_price__reverts(coin_sales, coin_final, escrow, payer, wrong):
    with reverts(escrow.PartyLedger_WrongValue, sent=wrong, due=10_000):
        escrow.charge(coin_sales.order(coin_final), sender=payer, value=wrong)


def test_charge__seller_is_suspended__reverts(
    coin_sales, coin_final, escrow, network, brand, payer
):
    network.setSuspended(brand, coin_sales.seller, True, bytes(32), sender=brand)

    with reverts(
        escrow.CommissionEscrow_SellerSuspended, brand=brand.address, seller=coin_sales.seller
    ):
        escrow.charge(coin_sales.order(coin_final), sender=payer, value=10_000)


def test_charge__payer_is_seller__reverts(coin_sales, coin_final, escrow, distributor):
    order = coin_sales.order(coin_final, payer=distributor)

    with reverts(
        escrow.CommissionEscrow_SelfPurchase, payer=distributor.address, seller=coin_sales.seller
    ):
        escrow.charge(order, sender=distributor, value=10_000)
