"""Statements of a brand's own credit and of the platform's fees: they add up to what is owed."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.python.chain.world import pass_time
from tests.python.clients.conftest import MATURITY, WINDOW
from weilian import account_statement as module
from weilian import statement as statement_module
from weilian.chain import ZERO_ADDRESS
from weilian.commission.order import Part
from weilian.commission.parties import account_party, member_party, platform_party


@pytest.fixture
def book(statements, brand):
    """The brand's entries: kind, what it is a part of, rate, amount."""

    def book(account=brand):
        statement = statements.of(account_party(account.address), ZERO_ADDRESS)
        assert statement.adds_up, (statement.total, statement.credit)
        return [(each.kind, each.net, each.bps, each.amount) for each in statement.entries]

    return book


@pytest.fixture
def everyone_adds_up(statements, brand, payer, line):
    def check():
        numbers = [1, *line.numbers]
        parties = [member_party(brand.address, number) for number in numbers]
        parties += [account_party(each.address) for each in (brand, payer)]
        found = statements.of_many(parties, ZERO_ADDRESS)
        assert [(each.total, each.party) for each in found] == [
            (each.credit, each.party) for each in found
        ]

    return check


@pytest.fixture
def shop(chain, orders, order_book, brand, payer, line, create_plan, create_order, settle):
    """A plan of 2 % fees and 10 %, 2 %, 1 %; orders of the lowest distributor."""
    plan = create_plan(brand, daily_report_limit=10**9)
    seller = line.numbers[-1]

    def sold(amount, parts=()):
        order = create_order(plan, payer, seller, amount=amount)
        orders.authorize(order, payer)
        orders.capture(order, payer)
        if parts:
            orders.refund(order, parts, brand)
        pass_time(chain, WINDOW + MATURITY)
        orders.settle([order], payer)
        return order

    def refund(order, amount):
        lines = order_book.settled_lines(orders.id_of(order))
        orders.refund_settled(order, lines, [Part(0, amount)], brand)

    return SimpleNamespace(plan=plan, seller=seller, sold=sold, refund=refund)


def test_brand__sold_refunded_and_withdrawn__adds_up(
    shop, book, ledger, brand, relayer, everyone_adds_up
):
    first = shop.sold(10_000, [Part(0, 1_000)])
    shop.refund(first, 3_000)
    ledger.withdraw(brand.address, ZERO_ADDRESS, relayer)

    assert book() == [
        ("REFUNDED", 1_000, None, 0),
        ("SHARE", 9_000, 8_500, 7_650),
        ("TAKEN_BACK", 3_000, None, 450),
        ("WITHDRAWN", None, None, -8_100),
    ]
    everyone_adds_up()


def test_brand__others_owe_it_after_a_refund__gets_their_debts_later(
    shop, book, ledger, brand, relayer, everyone_adds_up
):
    first = shop.sold(10_000)
    for party in (shop.seller, 1):
        ledger.withdraw(member_party(brand.address, party), ZERO_ADDRESS, relayer)
    shop.refund(first, 4_000)
    shop.sold(3_000)

    # 12 % of 4,000 are owed; 3 % of it were still there.
    assert book() == [
        ("SHARE", 10_000, 8_500, 8_500),
        ("TAKEN_BACK", 4_000, None, 120),
        ("SHARE", 3_000, 8_500, 2_550),
        ("DEBT_RECEIVED", None, None, 300),
        ("DEBT_RECEIVED", None, None, 60),
    ]
    everyone_adds_up()


def test_brand__reports__sets_aside_and_gets_the_rest_back(
    chain, shop, book, orders, ledger, brand, relayer, create_order, everyone_adds_up
):
    order = create_order(shop.plan, None, shop.seller, amount=10_000, authorization_expiry=0)
    ledger.deposit(brand.address, ZERO_ADDRESS, 2_000, relayer)
    orders.report([order], brand)
    held = book()
    orders.refund(order, [Part(0, 2_000)], brand)
    pass_time(chain, WINDOW + MATURITY)
    orders.settle([order], relayer)
    shop.refund(order, 4_000)

    assert held == [("FUNDED", None, None, 2_000), ("RESERVED", 10_000, None, -1_500)]
    assert book()[2:] == [
        ("REFUNDED", 2_000, None, 0),
        ("RELEASED", None, None, 1_500),
        ("SHARED_OUT", 8_000, 1_500, -1_200),
        ("TAKEN_BACK", 4_000, None, 600),
    ]
    everyone_adds_up()


def test_brand__ruling_of_reported_order__is_told_by_what_it_gives_back(
    shop, book, orders, disputes, ledger, brand, relayer, create_order, everyone_adds_up
):
    order = create_order(shop.plan, None, shop.seller, amount=10_000, authorization_expiry=0)
    ledger.deposit(brand.address, ZERO_ADDRESS, 2_000, relayer)
    orders.report([order], brand)
    orders.refund(order, [Part(0, 1_000)], brand)
    disputes.open(order, bytes(32), brand)
    disputes.concede(order, brand)

    assert book()[2:] == [("REFUNDED", 1_000, None, 0), ("REFUNDED", 9_000, None, 0)]
    everyone_adds_up()


def test_brand__final_sale__is_a_share(
    book, orders, brand, payer, line, create_plan, create_order, everyone_adds_up
):
    plan = create_plan(brand, is_final=True, refund_window=0, maturity=0)
    orders.charge(create_order(plan, payer, line.numbers[0], amount=9_999), payer)

    # The platform rounds down to 199, with the seller it is 1,199.
    assert book() == [("SHARE", 9_999, 8_800, 8_800)]
    everyone_adds_up()


def test_brand__rounding_gives_somebody_a_unit__is_paid_by_the_refund(shop, book, everyone_adds_up):
    for amount in (7, 53, 101):
        order = shop.sold(amount)
        for _ in range(5):
            shop.refund(order, 1)

    assert [kind for kind, *_ in book()].count("TAKEN_BACK") == 15
    everyone_adds_up()


def test_account__buys_and_gets_back_in_every_way__adds_up(
    chain, shop, book, orders, disputes, brand, payer, create_order, everyone_adds_up
):
    soon = datetime.fromtimestamp(chain.block()[1], UTC) + timedelta(days=20)
    ruled, void, late = (create_order(shop.plan, payer, amount=1_001) for _ in range(3))
    for order in (ruled, void, late):
        orders.authorize(order, payer)
    orders.capture(ruled, payer)
    orders.refund(ruled, [Part(0, 100)], brand)
    disputes.open(ruled, bytes(32), payer)
    agreement = disputes.sign_agreement(ruled, 3_333, soon, brand)
    disputes.agree(ruled, agreement, payer)
    orders.capture(void, payer, [Part(0, 1)])
    orders.void(void, brand)
    pass_time(chain, 30 * 86_400)
    orders.reclaim(late, payer)
    settled = shop.sold(500)
    shop.refund(settled, 20)

    assert [(kind, amount) for kind, *_, amount in book(payer)] == [
        ("REPAID", 100),
        ("REPAID", 901 * 3_333 // 10_000),
        ("REPAID", 1_000),
        ("REPAID", 1_001),
        ("REPAID", 20),
    ]
    everyone_adds_up()


def test_platform__fees_refund_and_payment__add_up(shop, statements, ledger, brand, relayer):
    first = shop.sold(10_000)
    shop.refund(first, 4_000)
    ledger.withdraw(platform_party(brand.address), ZERO_ADDRESS, relayer)

    statement = statements.of(platform_party(brand.address), ZERO_ADDRESS)

    assert [(each.kind, each.net, each.bps, each.amount) for each in statement.entries] == [
        ("SHARE", 10_000, 200, 200),
        ("TAKEN_BACK", 6_000, 200, -80),
        ("WITHDRAWN", None, None, -120),
    ]
    assert statement.adds_up


def test_brand__event_is_missing__does_not_add_up(shop, statements, brand, monkeypatch):
    shop.sold(10_000)
    party = account_party(brand.address)
    kept = tuple(name for name in module.ACCOUNT_EVENTS if name != "OrderSettled")
    monkeypatch.setattr(statement_module, "ACCOUNT_EVENTS", kept)

    statement = statements.of(party, ZERO_ADDRESS)

    assert (statement.adds_up, statement.total, statement.credit) == (False, 0, 8_500)
