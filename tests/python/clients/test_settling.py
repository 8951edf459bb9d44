"""Settling and reporting many orders, and statements of what came of them."""

import pytest

from tests.python.chain.world import pass_time
from tests.python.clients.conftest import MATURITY, WINDOW
from weilian.chain import ZERO_ADDRESS
from weilian.commission.order import Part
from weilian.commission.parties import account_party, member_party, platform_party
from weilian.reporting import (
    CreditTooSmallError,
    ReportConflictError,
    Reports,
    reported_orders,
    reserve_of,
    salt_of,
)
from weilian.seasonfile import ReportRow
from weilian.settling import Settling, grouped
from weilian.statement import StatementError


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


def test_statement__of_an_account__is_refused(statements, brand):
    with pytest.raises(StatementError, match="is an account"):
        statements.of(account_party(brand.address), ZERO_ADDRESS)


@pytest.fixture
def rows():
    return {
        "A1": [ReportRow("A1", 0, 10_000, 0), ReportRow("A1", 0, 99, 0)],
        "A2": [ReportRow("A2", 0, 500, 0)],
    }


def test_report__again__finds_what_was_reported(suite, plans, ledger, brand, create_plan, rows):
    published = plans.get(create_plan(brand, daily_report_limit=10**6).plan_id)
    reports, made = Reports(suite), reported_orders(published, rows)
    ledger.deposit(brand.address, ZERO_ADDRESS, 10_000, brand)

    first = reports.plan(published, made)
    reports.report(first, brand)
    again = reports.plan(published, reported_orders(published, rows))

    assert (len(first.todo), first.done) == (2, ())
    assert first.reserve == reserve_of(published.plan, first.todo) == 1_500 + 14 + 75
    assert ledger.credit(brand.address, ZERO_ADDRESS) == 10_000 - first.reserve
    assert (again.todo, len(again.done), again.reserve) == ((), 2, 0)
    assert reports.report(again, brand) == []
    assert made["A1"].salt == salt_of("A1")


def test_report__same_number_other_terms__is_refused(
    suite, plans, ledger, brand, create_plan, rows
):
    published = plans.get(create_plan(brand, daily_report_limit=10**6).plan_id)
    reports = Reports(suite)
    ledger.deposit(brand.address, ZERO_ADDRESS, 10_000, brand)
    reports.report(reports.plan(published, reported_orders(published, rows)), brand)
    changed = rows | {"A2": [ReportRow("A2", 0, 501, 0)]}

    with pytest.raises(ReportConflictError, match="order A2 was reported before"):
        reports.plan(published, reported_orders(published, changed))


def test_report__credit_too_small__is_refused_before_anything_is_sent(
    suite, chain, plans, brand, create_plan, rows
):
    published = plans.get(create_plan(brand, daily_report_limit=10**6).plan_id)
    planned = Reports(suite).plan(published, reported_orders(published, rows))
    sent = chain.w3.eth.get_transaction_count(brand.address)

    with pytest.raises(CreditTooSmallError, match="pay 1589 in first"):
        Reports(suite).report(planned, brand)

    assert chain.w3.eth.get_transaction_count(brand.address) == sent
