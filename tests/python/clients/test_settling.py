"""Settling and reporting many orders, and statements of what came of them."""

import pytest

from tests.python.chain.world import pass_time
from tests.python.clients.conftest import MATURITY, WINDOW
from weilian import batching
from weilian.batching import Batching
from weilian.catalogue import Catalogue
from weilian.chain import ZERO_ADDRESS
from weilian.chain.values import to_hex
from weilian.commission.order import Part
from weilian.commission.parties import member_party, platform_party
from weilian.commission.plan import DAY
from weilian.reporting import (
    CreditTooSmallError,
    PlanNotYetActiveError,
    ReportConflictError,
    ReporterError,
    Reports,
    reported_orders,
    reserve_of,
    salt_of,
)
from weilian.seasonfile import ReportRow
from weilian.settling import Settling, grouped


@pytest.fixture
def ripe(chain, orders, brand, payer, line, create_plan, create_order):
    """Six orders of two sellers in turn, whose time has come."""
    published = create_plan(brand)
    made = [
        create_order(published, payer, line.numbers[place % 2], amount=1_000 + place)
        for place in range(6)
    ]
    for order in made:
        orders.authorize(order, payer)
        orders.capture(order, payer)
    pass_time(chain, WINDOW + MATURITY)
    return made


def test_settle__many__groups_by_seller_in_one_transaction(suite, orders, relayer, ripe):
    progress = []

    batch = Settling(suite).settle(ripe, relayer, progress.append)

    assert batch.refused == []
    assert [each.order_id for each in batch.settlements] == [
        orders.id_of(order) for order in grouped(ripe)
    ]
    assert [order.seller for order in grouped(ripe)] == [2, 2, 2, 3, 3, 3]
    assert len({each.tx.hash for each in batch.settlements}) == 1
    assert progress == [6]


def test_settle__low_ceiling__takes_several_transactions(suite, relayer, ripe):
    progress = []

    batch = Settling(suite, gas_ceiling=200_000).settle(ripe, relayer, progress.append)

    assert len(batch.settlements) == 6
    assert len({each.tx.hash for each in batch.settlements}) > 1
    assert all(each.tx.gas_used < 200_000 for each in batch.settlements)
    assert progress[-1] == 6


def test_settle__one_is_held__leaves_it_out_and_settles_the_rest(
    suite, orders, relayer, brand, payer, ripe, create_order, disputes, plans
):
    plan = plans.get(ripe[0].plan_id)
    young = create_order(plan, payer)
    orders.authorize(young, payer)
    orders.capture(young, payer)
    disputes.open(young, bytes(32), payer)

    batch = Settling(suite).settle([*ripe, young], relayer)

    assert len(batch.settlements) == 6
    assert [each.order for each in batch.refused] == [young]
    assert batch.refused[0].reason.name == "CommissionEscrow_Held"


def test_settle__again__passes_settled_ones_over(suite, order_book, relayer, ripe):
    Settling(suite).settle(ripe, relayer)

    again = Settling(suite).settle(ripe, relayer)

    assert (again.settlements, again.refused) == ([], [])
    assert order_book.due() == []


def test_statement__shares_refunds_and_payments__add_up(
    suite, statements, orders, order_book, ledger, relayer, brand, line, ripe
):
    Settling(suite).settle(ripe, relayer)
    seller = member_party(brand.address, line.numbers[0])
    ledger.withdraw(seller, ZERO_ADDRESS, relayer)
    first = ripe[0]
    lines = order_book.settled_lines(orders.id_of(first))
    orders.refund_settled(first, lines, [Part(0, 500)], brand)

    statement, uplines = statements.of_many([seller, platform_party(brand.address)], ZERO_ADDRESS)

    kinds = [entry.kind for entry in statement.entries]
    # Its own three orders, and its part of three that its downline sold.
    assert kinds.count("SHARE") == 6
    assert {"WITHDRAWN", "TAKEN_BACK", "DEBT_RECORDED"} <= set(kinds)
    assert statement.adds_up
    assert uplines.adds_up
    assert statement.debt == 50
    shares = [(e.net, e.bps) for e in statement.entries if e.order_id == orders.id_of(first)]
    assert shares == [(1_000, 1_000), (500, 1_000)]


def test_statement__final_sale__is_a_share(
    statements, orders, brand, payer, line, create_plan, create_order
):
    published = create_plan(brand, is_final=True, refund_window=0, maturity=0)
    orders.charge(create_order(published, payer, line.numbers[0], amount=10_000), payer)

    statement = statements.of(member_party(brand.address, line.numbers[0]), ZERO_ADDRESS)

    assert [(entry.kind, entry.amount) for entry in statement.entries] == [("SHARE", 1_000)]
    assert statement.adds_up


@pytest.fixture
def rows():
    return {
        "A1": [ReportRow("A1", 0, 10_000, 0), ReportRow("A1", 0, 99, 0)],
        "A2": [ReportRow("A2", 0, 500, 0)],
    }


@pytest.fixture
def published(plans, brand, create_plan):
    return plans.get(create_plan(brand, daily_report_limit=20_000).plan_id)


def test_report__again__finds_what_was_reported(suite, orders, ledger, brand, published, rows):
    reports, made = Reports(suite), reported_orders(published, rows)
    ledger.deposit(brand.address, ZERO_ADDRESS, 10_000, brand)

    first = reports.plan(published, made)
    reports.check(published, first, brand.address)
    orders.report(first.todo, brand)
    again = reports.plan(published, reported_orders(published, rows))

    assert (len(first.todo), first.done) == (2, ())
    assert first.reserve == reserve_of(published.plan, first.todo) == 1_500 + 14 + 75
    assert ledger.credit(brand.address, ZERO_ADDRESS) == 10_000 - first.reserve
    assert (again.todo, len(again.done), again.reserve) == ((), 2, 0)
    assert again.left_today == 20_000 - 10_599
    assert made["A1"].salt == salt_of("A1")


def test_report__same_number_other_terms__is_refused(suite, orders, ledger, brand, published, rows):
    reports = Reports(suite)
    ledger.deposit(brand.address, ZERO_ADDRESS, 10_000, brand)
    orders.report(reports.plan(published, reported_orders(published, rows)).todo, brand)
    changed = rows | {"A2": [ReportRow("A2", 0, 501, 0)]}

    with pytest.raises(ReportConflictError, match="order A2 was reported before"):
        reports.plan(published, reported_orders(published, changed))


def test_report__number_known_under_another_plan__is_reported_once(
    suite, orders, ledger, plans, brand, create_plan, published, rows
):
    next_plan = create_plan(brand, daily_report_limit=20_000, terms_hash=b"\1" * 32)
    later, reports = plans.get(next_plan.plan_id), Reports(suite)
    ledger.deposit(brand.address, ZERO_ADDRESS, 10_000, brand)
    first = reports.plan(published, reported_orders(published, rows)).todo
    orders.report(first, brand)
    more = rows | {"A3": [ReportRow("A3", 0, 7, 0)]}
    changed = rows | {"A2": [ReportRow("A2", 0, 501, 0)]}

    made = reported_orders(later, more, Catalogue({0: (100,)}))
    planned = reports.plan(later, made)
    with pytest.raises(ReportConflictError, match=f"A2 .* under plan {to_hex(first[1].plan_id)}"):
        reports.plan(later, reported_orders(later, changed))

    assert planned.todo == (made["A3"],)
    assert planned.done == tuple(orders.id_of(order) for order in first)
    assert planned.left_today == 20_000 - 7


def test_report__above_the_limit_of_a_day__waits_for_the_next(
    suite, chain, orders, ledger, brand, published, rows
):
    more = {
        number: [ReportRow(number, 0, amount, 0)]
        for number, amount in (("B1", 9_402), ("B2", 9_401), ("B3", 20_001))
    }
    made = reported_orders(published, rows | more)
    ledger.deposit(brand.address, ZERO_ADDRESS, 10_000, brand)

    planned = Reports(suite).plan(published, made)
    orders.report(planned.todo, brand)
    full = Reports(suite).plan(published, made)
    pass_time(chain, DAY)
    tomorrow = Reports(suite).plan(published, made)

    assert planned.todo == (made["A1"], made["A2"], made["B2"])
    assert (planned.later, planned.too_high, planned.left_today) == (
        (made["B1"],),
        (made["B3"],),
        0,
    )
    assert (full.todo, full.later, full.left_today) == ((), (made["B1"],), 0)
    assert (tomorrow.todo, tomorrow.later) == ((made["B1"],), ())
    orders.report(tomorrow.todo, brand)


def test_check__credit_too_small__says_what_to_pay_in(suite, brand, published, rows):
    planned = Reports(suite).plan(published, reported_orders(published, rows))

    with pytest.raises(CreditTooSmallError, match="pay 1589 in first"):
        Reports(suite).check(published, planned, brand.address)


def test_check__account_of_somebody_else__is_refused(suite, brand, stranger, published, rows):
    planned = Reports(suite).plan(published, reported_orders(published, rows))

    with pytest.raises(ReporterError, match=f"{stranger.address} may not report"):
        Reports(suite).check(published, planned, stranger.address)


def test_check__second_plan_in_its_notice__is_refused(suite, plans, brand, create_plan, rows):
    create_plan(brand)
    later = create_plan(brand, daily_report_limit=20_000, terms_hash=b"\1" * 32)
    published = plans.get(later.plan_id)
    planned = Reports(suite).plan(published, reported_orders(published, rows))

    with pytest.raises(PlanNotYetActiveError, match="report them then"):
        Reports(suite).check(published, planned, brand.address)


def test_batches__orders_above_the_bytes_of_a_transaction__are_halved(
    suite, orders, ledger, brand, plans, create_plan, monkeypatch
):
    published = plans.get(create_plan(brand, daily_report_limit=20_000).plan_id)
    rows = {name: [ReportRow(name, 0, 10, 0)] for name in "ABCDE"}
    made = list(reported_orders(published, rows).values())
    ledger.deposit(brand.address, ZERO_ADDRESS, 10_000, brand)
    monkeypatch.setattr(batching, "MOST_BYTES", 3 * 32 * 15)

    parts = list(Batching(suite, action="report").batches(made, brand.address, []))

    assert [len(part.orders) for part in parts] == [2, 3]
    sizes = [len(suite.chain.calldata(part.call)) - 4 - 64 for part in parts]
    assert sizes == [2 * 32 * 15, 3 * 32 * 15]
