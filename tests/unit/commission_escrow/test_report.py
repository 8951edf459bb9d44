import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import REFUSED
from tests.support.clock import later, next_block_at
from tests.support.events import event, events_of
from tests.support.programme import DAY, Line, Part, account, publish
from tests.support.reverts import reverts
from tests.support.sales import Status, shares_of

ORDER = permission("order")
LIMIT = 50_000
LARGEST = 2**128 - 1
RESERVE = 10_000 * 15 // 100


@pytest.fixture
def reported_plan(book, brand, sales):
    return publish(book, brand, currency=sales.currency, dailyReportLimit=LIMIT)


@pytest.fixture
def coin_reports(book, brand):
    return publish(book, brand, dailyReportLimit=LIMIT)


def paid_outside(sales, plan_id, **changes):
    return sales.order(plan_id, payer=ZERO_ADDRESS, **changes)


def test_report__credit_covers_it__sets_commissions_aside(sales, reported_plan, escrow, brand):
    sales.deposit(brand, 5_000)
    orders = [paid_outside(sales, reported_plan, salt=salt) for salt in (1, 2)]

    tx = escrow.report(orders, sender=brand)

    assert events_of(tx) == [
        event(
            escrow.OrderReported,
            orderId=sales.id_of(order),
            planId=reported_plan,
            brand=brand,
            order=order,
        )
        for order in orders
    ]
    assert sales.credit(account(brand)) == 5_000 - 2 * RESERVE
    assert sales.status(orders[0]) == Status.CAPTURED


def test_report__order_matures__shares_by_same_plan(coin_sales, coin_reports, escrow, brand):
    coin_sales.deposit(brand, 5_000)
    order = paid_outside(coin_sales, coin_reports)
    escrow.report([order], sender=brand)
    coin_sales.mature()

    coin_sales.settle(order)

    assert coin_sales.credits() == [200, 3_500, 100, 200, 1_000]


def test_report__order_is_refunded_outside__releases_rest(coin_sales, coin_reports, escrow, brand):
    coin_sales.deposit(brand, 5_000)
    order = paid_outside(coin_sales, coin_reports)
    escrow.report([order], sender=brand)
    escrow.refund(order, [Part(0, 4_000)], sender=brand)
    coin_sales.mature()

    lines = shares_of(coin_sales.settle(order))
    assert coin_sales.credits() == [120, 5_000 - 900, 60, 120, 600]

    escrow.refundSettled(order, lines, [Part(0, 6_000)], sender=brand)
    assert coin_sales.credits() == [0, 5_000, 0, 0, 0]
    assert coin_sales.credit(0) == 0


def test_report__line_is_short__gives_breakage_back(coin_sales, coin_reports, escrow, brand):
    coin_sales.deposit(brand, 5_000)
    order = paid_outside(coin_sales, coin_reports, seller=coin_sales.numbers[0])
    escrow.report([order], sender=brand)
    coin_sales.mature()

    coin_sales.settle(order)

    assert coin_sales.credits() == [200, 3_800, 1_000, 0, 0]


def test_report__credit_is_one_short__reverts(coin_sales, coin_reports, escrow, brand):
    coin_sales.deposit(brand, RESERVE - 1)
    order = paid_outside(coin_sales, coin_reports)

    with reverts(
        escrow.PartyLedger_CreditTooSmall,
        account=brand.address,
        currency=ZERO_ADDRESS,
        credit=RESERVE - 1,
        due=RESERVE,
    ):
        escrow.report([order], sender=brand)


def test_report__day_is_at_its_limit__reverts_above_it(coin_sales, coin_reports, escrow, brand):
    coin_sales.deposit(brand, LIMIT)
    full = paid_outside(coin_sales, coin_reports, lines=[Line(LIMIT)])
    more = paid_outside(coin_sales, coin_reports, lines=[Line(1)])
    midnight = later(DAY) // DAY * DAY
    next_block_at(midnight)
    escrow.report([full], sender=brand)
    next_block_at(midnight + DAY - 1)

    with reverts(
        escrow.CommissionEscrow_ReportLimit,
        planId=coin_reports,
        reported=LIMIT + 1,
        limit=LIMIT,
    ):
        escrow.report([more], sender=brand)


def test_report__orders_of_batch_pass_limit_together__reverts(
    coin_sales, coin_reports, escrow, brand
):
    coin_sales.deposit(brand, LIMIT)
    full = paid_outside(coin_sales, coin_reports, lines=[Line(LIMIT)])
    more = paid_outside(coin_sales, coin_reports, lines=[Line(1)])

    with reverts(
        escrow.CommissionEscrow_ReportLimit,
        planId=coin_reports,
        reported=LIMIT + 1,
        limit=LIMIT,
    ):
        escrow.report([full, more], sender=brand)


def test_report__limit_is_largest_amount__reverts_above_it(
    coin_sales, book, brand, escrow, stablecoin
):
    plan_id = publish(book, brand, currency=stablecoin.address, dailyReportLimit=LARGEST)
    dollars = type(coin_sales)(escrow, brand, coin_sales.payer, coin_sales.numbers, stablecoin)
    dollars.deposit(brand, LARGEST)
    midnight = later(DAY) // DAY * DAY
    next_block_at(midnight)
    escrow.report([paid_outside(dollars, plan_id, lines=[Line(LARGEST)])], sender=brand)

    with reverts(
        escrow.CommissionEscrow_ReportLimit, planId=plan_id, reported=LARGEST + 1, limit=LARGEST
    ):
        escrow.report([paid_outside(dollars, plan_id, lines=[Line(1)])], sender=brand)


def test_report__next_day_begins__takes_more(coin_sales, coin_reports, escrow, brand):
    coin_sales.deposit(brand, LIMIT)
    full = paid_outside(coin_sales, coin_reports, lines=[Line(LIMIT)])
    more = paid_outside(coin_sales, coin_reports, lines=[Line(1)])
    midnight = later(DAY) // DAY * DAY
    next_block_at(midnight)
    escrow.report([full], sender=brand)
    next_block_at(midnight + DAY)

    escrow.report([more], sender=brand)

    assert coin_sales.status(more) == Status.CAPTURED


def test_report__plan_takes_no_reports__reverts(coin_sales, coin_plan, escrow, brand):
    order = paid_outside(coin_sales, coin_plan)

    with reverts(escrow.CommissionEscrow_ReportLimit, planId=coin_plan, reported=10_000, limit=0):
        escrow.report([order], sender=brand)


def test_report__order_has_payer__reverts(coin_sales, coin_reports, escrow, brand, payer):
    order = coin_sales.order(coin_reports)

    with reverts(escrow.CommissionEscrow_PayerInvalid, payer=payer.address):
        escrow.report([order], sender=brand)


def test_report__order_was_reported__reverts(coin_sales, coin_reports, escrow, brand):
    coin_sales.deposit(brand, 5_000)
    order = paid_outside(coin_sales, coin_reports)
    escrow.report([order], sender=brand)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(order),
        status=Status.CAPTURED,
        needed=Status.NONE,
    ):
        escrow.report([order], sender=brand)


def test_report__batch_names_order_twice__reverts(coin_sales, coin_reports, escrow, brand):
    coin_sales.deposit(brand, 5_000)
    order = paid_outside(coin_sales, coin_reports)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(order),
        status=Status.CAPTURED,
        needed=Status.NONE,
    ):
        escrow.report([order, order], sender=brand)


def test_report__second_order_is_of_another_brand__reverts(
    coin_sales, coin_reports, escrow, brand, issuer
):
    coin_sales.deposit(brand, 5_000)
    order = paid_outside(coin_sales, coin_reports)
    foreign = paid_outside(coin_sales, coin_reports, receiver=issuer)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized,
        orderId=coin_sales.id_of(foreign),
        actor=brand.address,
    ):
        escrow.report([order, foreign], sender=brand)


@pytest.mark.parametrize("prepare", REFUSED, ids=lambda each: each.__name__)
def test_report__caller_may_not_act_for_brand__reverts(
    coin_sales, coin_reports, escrow, identities, brand, manufacturer, prepare
):
    coin_sales.deposit(brand, 5_000)
    order = paid_outside(coin_sales, coin_reports)
    order_id = coin_sales.id_of(order)
    prepare(identities, brand, ORDER, manufacturer)

    with reverts(
        escrow.CommissionEscrow_NotAuthorized, orderId=order_id, actor=manufacturer.address
    ):
        escrow.report([order], sender=manufacturer)


def test_report__batch_is_empty__does_nothing(escrow, attacker):
    assert events_of(escrow.report([], sender=attacker)) == []
