from dataclasses import replace

import pytest

from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import (
    Line,
    Part,
    PlanLimits,
    account,
    deploy_programme,
    join,
    join_line,
    member,
    packed_rates,
    publish,
    total_of,
)
from tests.support.reverts import reverts
from tests.support.sales import Sales, Status, allocation, shares_of
from weilian.merkle.standard import standard_leaf

GTIN = 4_006_381_333_931

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


@pytest.mark.parametrize("salt", [0, 127, 128, 255, 256, 2**256 - 1])
def test_charge__salt_is_at_edge_of_word__counts_by_itself(coin_sales, coin_final, salt):
    coin_sales.charge(coin_sales.order(coin_final, salt=salt))
    coin_sales.charge(coin_sales.order(coin_final, salt=salt ^ 1))

    assert coin_sales.credits()[4] == 2_000


@pytest.mark.parametrize("salt", [0, 127, 128, 256])
def test_charge__salt_was_used_with_another_brand__counts_by_itself(
    coin_sales, coin_final, book, manufacturer, escrow, payer, salt
):
    coin_sales.charge(coin_sales.order(coin_final, salt=salt))
    other = publish(book, manufacturer, **FINAL)
    order = coin_sales.order(other, receiver=manufacturer, seller=0, salt=salt)

    escrow.charge(order, sender=payer, value=10_000)

    assert escrow.creditOf(account(manufacturer), coin_sales.currency) == 9_800


def test_charge__payer_joins_and_is_bound__keeps_its_salts(
    coin_sales, book, brand, network, escrow, payer
):
    bonding = publish(book, brand, bond=2, **FINAL)
    for salt in (0, 127):
        coin_sales.charge(coin_sales.order(bonding, salt=salt))
    number = join(network, brand, payer)
    coin_sales.charge(coin_sales.order(bonding, salt=126))

    assert escrow.customerOf(brand, payer) == (number, coin_sales.seller)
    for salt in (0, 126, 127):
        with reverts(escrow.CommissionEscrow_SaltUsed, payer=payer.address, salt=salt):
            coin_sales.charge(coin_sales.order(bonding, salt=salt))


@pytest.mark.parametrize("lines", [[Line(10_000)], [Line(4_000), Line(6_000)]])
@pytest.mark.parametrize(("place", "levels"), [(0, 1), (1, 2), (2, 3)])
def test_charge__line_is_short__leaves_breakage_with_brand(
    coin_sales, coin_final, lines, place, levels
):
    seller = coin_sales.numbers[place]
    rates = [1_000, 200, 100]

    tx = coin_sales.charge(coin_sales.order(coin_final, seller=seller, lines=lines))

    uplines = [*coin_sales.numbers[place::-1], 0, 0][:3]
    settled = [values for _, name, values in events_of(tx) if name == "OrderSettled"]
    assert [values["allocation"] for values in settled] == [
        allocation(*zip(uplines, rates, strict=True))
    ] * len(lines)
    assert sum(values["breakage"] for values in settled) == sum(rates[levels:])
    shares = [*rates[levels - 1 :: -1], 0, 0][:3]
    assert coin_sales.credits() == [200, 9_800 - sum(shares), *shares]


def test_charge__order_has_no_seller__gives_all_but_fee_to_brand(coin_sales, coin_final):
    coin_sales.charge(coin_sales.order(coin_final, seller=0))

    assert coin_sales.credits() == [200, 9_800, 0, 0, 0]


@pytest.mark.parametrize("policy", [0, 1])
@pytest.mark.parametrize("lines", [[Line(10_000)], [Line(4_000), Line(6_000)]])
def test_charge__payer_stands_on_line__earns_nothing(
    coin_sales, book, brand, sponsor, policy, lines
):
    plan_id = publish(book, brand, selfPurchase=policy, **FINAL)

    coin_sales.charge(coin_sales.order(plan_id, payer=sponsor, lines=lines))

    assert coin_sales.credits() == [200, 8_700, 100, 0, 1_000]


def test_charge__plan_allows_own_orders__pays_payer(coin_sales, book, brand, sponsor):
    plan_id = publish(book, brand, selfPurchase=2, **FINAL)

    coin_sales.charge(coin_sales.order(plan_id, payer=sponsor))

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]


def test_charge__level_has_no_rate__passes_it_over(coin_sales, book, brand):
    plan_id = publish(book, brand, rates=[[1_000, 0, 100]], **FINAL)

    tx = coin_sales.charge(coin_sales.order(plan_id))

    assert shares_of(tx)[0][1] == allocation(
        *zip(coin_sales.numbers[::-1], [1_000, 0, 100], strict=True)
    )
    assert coin_sales.credits() == [200, 8_700, 100, 0, 1_000]


def test_charge__product_has_rates_of_its_own__shares_by_them(coin_sales, book, brand):
    own = packed_rates(500, 400, 300)
    root = standard_leaf(("uint64", "uint256"), (GTIN, own))
    plan_id = publish(book, brand, catalogueRoot=root, catalogueBps=1_200, **FINAL)
    book.listProduct(plan_id, GTIN, own, [], sender=brand)

    coin_sales.charge(coin_sales.order(plan_id, lines=[Line(10_000, GTIN, own)]))

    assert coin_sales.credits() == [200, 8_600, 300, 400, 500]


def test_charge__upline_and_platform_owe__offsets_for_brand(
    coin_sales, coin_plan, coin_final, escrow, brand, payer
):
    order = coin_sales.order(coin_plan, salt=9)
    lines = coin_sales.settled(order)
    for number in (1, coin_sales.seller):
        escrow.withdraw(member(brand, number), coin_sales.currency, sender=payer)
    escrow.refundSettled(order, lines, [Part(0, 10_000)], sender=brand, value=10_000)
    before = coin_sales.credits()
    owed = coin_sales.debt(1), coin_sales.debt(coin_sales.seller)

    coin_sales.charge(coin_sales.order(coin_final, lines=[Line(5_000)], salt=1))
    left = coin_sales.debt(1), coin_sales.debt(coin_sales.seller)
    coin_sales.charge(coin_sales.order(coin_final, lines=[Line(20_000)], salt=2))

    after = coin_sales.credits()
    assert (owed, left) == ((200, 1_000), (100, 500))
    assert coin_sales.debt(1) == coin_sales.debt(coin_sales.seller) == 0
    changes = [later - earlier for later, earlier in zip(after, before, strict=True)]
    assert changes == [300, 21_250 + 200 + 1_000, 250, 500, 1_500]


def test_charge__amount_is_largest__credits_it_exactly(coin_sales, book, brand, stablecoin):
    plan_id = publish(book, brand, currency=stablecoin.address, **FINAL)
    sales = replace(coin_sales, token=stablecoin)
    amount = 2**128 - 1

    for salt in (1, 2):
        sales.charge(sales.order(plan_id, lines=[Line(amount)], salt=salt))

    platform = account(sales.escrow.PLATFORM())
    seller = amount * 1_200 // 10_000 - amount * 200 // 10_000
    assert sum(sales.credits()) + sales.credit(platform) == 2 * amount
    assert sales.credit(member(brand, sales.seller)) == 2 * seller


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


def test_charge__seller_gets_all__credits_nobody_else(
    project, deployer, identities, platform, brand, payer, distributor
):
    limits = PlanLimits(max_commission_bps=10_000, min_platform_fee_bps=0)
    programme = deploy_programme(project, deployer, identities, platform, limits)
    numbers = join_line(programme.network, brand, distributor)
    sales = Sales(programme.escrow, brand, payer, numbers)
    terms = {"depth": 1, "rates": [[10_000]], "platformFeeBps": 0}

    sales.charge(sales.order(publish(programme.book, brand, **FINAL, **terms)))

    assert sales.credits() == [0, 0, 10_000]
