import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import REFUSED
from tests.support.clock import next_block_at
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import DAY, Line, Part, account, member, publish
from tests.support.reverts import reverts
from tests.support.sales import Status, shares_of

ORDER = permission("order")


def refund(sales, order, lines, *parts, paid=None):
    total = sum(part.amount for part in parts) if paid is None else paid
    value = sales.provide(sales.brand, total)
    return sales.escrow.refundSettled(order, lines, list(parts), sender=sales.brand, value=value)


def test_refund_settled__shares_are_there__takes_them_back(sales, order, escrow, brand, payer):
    lines = sales.settled(order)
    value = sales.provide(brand, 4_000)

    with Money(brand, escrow, payer, token=sales.token) as money:
        tx = escrow.refundSettled(order, lines, [Part(0, 4_000)], sender=brand, value=value)

    assert money.changes == {brand.address: -4_000, escrow.address: 4_000}
    assert [e for e in events_of(tx) if e[0] == escrow.address] == [
        event(
            escrow.SettledOrderRefunded,
            orderId=sales.id_of(order),
            actor=brand,
            parts=[Part(0, 4_000)],
        )
    ]
    assert sales.credits() == [120, 8_500 + 80 + 400 + 80 + 40, 60, 120, 600]
    assert sales.credit(account(payer)) == 4_000


def test_refund_settled__refund_is_repeated__reverses_exactly(coin_sales, coin_order):
    (net, shares), *_ = coin_sales.settled(coin_order)
    for amount in (1, 3_333, 2_222, 4_444):
        refund(coin_sales, coin_order, [(net, shares)], Part(0, amount))
        net -= amount

    assert net == 0
    assert coin_sales.credits() == [0, 8_500 + 1_500, 0, 0, 0]


def test_refund_settled__thirty_were_earned_and_25_withdrawn__leaves_debt_of_25(
    coin_sales, book, brand, escrow, payer
):
    plan_id = publish(book, brand, rates=[[3_000, 0, 0]])
    seller = member(brand, coin_sales.seller)
    big = coin_sales.order(plan_id, lines=[Line(100)], salt=1)
    lines = coin_sales.settled(big)
    assert coin_sales.credit(seller) == 30
    escrow.withdraw(seller, coin_sales.currency, sender=payer)
    coin_sales.settled(coin_sales.order(plan_id, lines=[Line(17)], salt=2))
    assert coin_sales.credit(seller) == 5

    tx = refund(coin_sales, big, lines, Part(0, 100))

    assert events_of(tx)[0] == event(
        escrow.DebtRecorded, party=seller, currency=coin_sales.currency, amount=25
    )
    assert (coin_sales.credit(seller), coin_sales.debt(coin_sales.seller)) == (0, 25)


def test_refund_settled__debtor_earns_again__offsets_for_brand(
    coin_sales, coin_plan, escrow, brand, payer
):
    seller = member(brand, coin_sales.seller)
    first = coin_sales.order(coin_plan, salt=1)
    lines = coin_sales.settled(first)
    escrow.withdraw(seller, coin_sales.currency, sender=payer)
    refund(coin_sales, first, lines, Part(0, 10_000))
    assert coin_sales.debt(coin_sales.seller) == 1_000
    before = coin_sales.credits()

    coin_sales.settled(coin_sales.order(coin_plan, salt=2, lines=[Line(4_000)]))
    coin_sales.settled(coin_sales.order(coin_plan, salt=3, lines=[Line(7_000)]))

    assert coin_sales.debt(coin_sales.seller) == 0
    assert coin_sales.credit(seller) == 400 + 700 - 1_000
    after = coin_sales.credits()
    assert after[1] - before[1] == 11_000 * 85 // 100 + 1_000
    assert [after[i] - before[i] for i in (0, 2, 3)] == [220, 110, 220]


def test_refund_settled__fees_were_withdrawn__lets_platform_owe(
    coin_sales, coin_plan, escrow, brand, payer
):
    first = coin_sales.order(coin_plan, salt=1)
    lines = coin_sales.settled(first)
    escrow.withdraw(member(brand, 1), coin_sales.currency, sender=payer)

    refund(coin_sales, first, lines, Part(0, 10_000))
    owed = coin_sales.debt(1)
    coin_sales.settled(coin_sales.order(coin_plan, salt=2, lines=[Line(20_000)]))

    assert owed == 200
    assert coin_sales.debt(1) == 0
    assert coin_sales.credits()[0] == 400 - 200


def test_refund_settled__lines_are_not_how_it_was_shared__reverts(
    coin_sales, coin_order, escrow, brand
):
    (net, shares), *_ = coin_sales.settled(coin_order)

    for wrong in ([(net - 1, shares)], [(net, shares + 1)], [], [(net, shares)] * 2):
        with reverts(
            escrow.CommissionEscrow_SettlementUnknown, orderId=coin_sales.id_of(coin_order)
        ):
            refund(coin_sales, coin_order, wrong, Part(0, 1))


def test_refund_settled__part_is_larger_than_net__reverts(coin_sales, coin_order, escrow):
    lines = coin_sales.settled(coin_order)

    with reverts(
        escrow.CommissionEscrow_PartTooHigh,
        orderId=coin_sales.id_of(coin_order),
        line=0,
        amount=10_001,
        limit=10_000,
    ):
        refund(coin_sales, coin_order, lines, Part(0, 10_001))


def test_refund_settled__value_is_not_refund__reverts(coin_sales, coin_order, escrow, brand):
    lines = coin_sales.settled(coin_order)

    with reverts(escrow.PartyLedger_WrongValue, sent=99, due=100):
        refund(coin_sales, coin_order, lines, Part(0, 100), paid=99)


def test_refund_settled__order_is_not_settled__reverts(coin_sales, coin_order, escrow):
    coin_sales.captured(coin_order)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=Status.CAPTURED,
        needed=Status.SETTLED,
    ):
        refund(coin_sales, coin_order, [], Part(0, 1))


def test_refund_settled__period_ends_this_second__reverts(coin_sales, coin_order, escrow):
    lines = coin_sales.settled(coin_order)
    until = coin_sales.changed_at(coin_order) + 180 * DAY
    next_block_at(until)

    with reverts(
        escrow.CommissionEscrow_RefundOver,
        orderId=coin_sales.id_of(coin_order),
        until=until,
        time=until,
    ):
        refund(coin_sales, coin_order, lines, Part(0, 1))


def test_refund_settled__period_ends_next_second__refunds(coin_sales, coin_order, payer):
    lines = coin_sales.settled(coin_order)
    next_block_at(coin_sales.changed_at(coin_order) + 180 * DAY - 1)

    refund(coin_sales, coin_order, lines, Part(0, 100))

    assert coin_sales.credit(account(payer)) == 100


@pytest.mark.parametrize("prepare", REFUSED, ids=lambda each: each.__name__)
def test_refund_settled__caller_may_not_act_for_brand__reverts(
    coin_sales, coin_order, escrow, identities, brand, manufacturer, prepare
):
    lines = coin_sales.settled(coin_order)
    order_id = coin_sales.id_of(coin_order)
    prepare(identities, brand, ORDER, manufacturer)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized, orderId=order_id, actor=manufacturer.address
    ):
        escrow.refundSettled(coin_order, lines, [Part(0, 1)], sender=manufacturer, value=1)


def test_refund_settled__smaller_sale_rounds_more_to_somebody__gives_it(
    coin_sales, book, brand, escrow
):
    plan_id = publish(book, brand, platformFeeBps=4_000, rates=[[3_500, 0, 0]])
    order = coin_sales.order(plan_id, lines=[Line(5)])
    lines = coin_sales.settled(order)
    assert coin_sales.credits() == [2, 2, 0, 0, 1]

    refund(coin_sales, order, lines, Part(0, 1))

    # 40 % of 4 is 1, 75 % of 4 is 3: the seller's part grows from 1 to 2.
    assert coin_sales.credits() == [1, 2, 0, 0, 2]


def test_refund_settled__order_was_refunded_in_part_before__reverses_rest(
    coin_sales, coin_order, escrow, brand
):
    coin_sales.captured(coin_order)
    escrow.refund(coin_order, [Part(0, 6_000)], sender=brand)
    coin_sales.mature()
    tx = coin_sales.settle(coin_order)
    shares = [(e[2]["net"], e[2]["allocation"]) for e in events_of(tx)]

    refund(coin_sales, coin_order, shares, Part(0, 4_000))

    assert coin_sales.credits() == [0, 3_400 + 600, 0, 0, 0]


def test_refund_settled__nobody_earned_level__takes_nothing_back_for_it(coin_sales, coin_plan):
    order = coin_sales.order(coin_plan, seller=coin_sales.numbers[0])
    lines = coin_sales.settled(order)
    assert coin_sales.credits() == [200, 8_800, 1_000, 0, 0]

    refund(coin_sales, order, lines, Part(0, 5_000))

    assert coin_sales.credits() == [100, 8_800 + 600, 500, 0, 0]


def test_refund_settled__caller_is_operator_that_payer_named__reverts(
    coin_sales, coin_plan, escrow, payer
):
    order = coin_sales.order(coin_plan, operator=payer)
    lines = coin_sales.settled(order)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized,
        orderId=coin_sales.id_of(order),
        actor=payer.address,
    ):
        escrow.refundSettled(order, lines, [Part(0, 10_000)], sender=payer, value=10_000)


def test_refund_settled__order_was_reported_and_smaller_sale_rounds_more__collects_unit(
    coin_sales, book, escrow, brand, platform
):
    terms = {"platformFeeBps": 100, "depth": 1, "rates": [[150]]}
    plan_id = publish(book, brand, dailyReportLimit=50_000, **terms)
    coin_sales.deposit(brand, 5_000)
    order = coin_sales.order(plan_id, payer=ZERO_ADDRESS, lines=[Line(100)])
    escrow.report([order], sender=brand)
    coin_sales.mature()
    lines = shares_of(coin_sales.settle(order))
    escrow.withdraw(member(brand, 1), ZERO_ADDRESS, sender=platform)

    with reverts(escrow.PartyLedger_WrongValue, sent=0, due=1):
        escrow.refundSettled(order, lines, [Part(0, 1)], sender=brand)
    escrow.refundSettled(order, lines, [Part(0, 1)], sender=brand, value=1)
