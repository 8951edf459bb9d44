"""A programme in numbers."""

import pytest

from tests.python.chain.world import pass_time
from tests.python.clients.conftest import MATURITY, WINDOW
from weilian.audit import Audits
from weilian.chain import ZERO_ADDRESS
from weilian.commission.order import Part


@pytest.fixture
def audits(suite):
    return Audits(suite)


def test_audit__nothing_happened__is_all_zero(audits, brand):
    audit = audits.of(brand.address, ZERO_ADDRESS)

    assert (audit.members, audit.deepest, audit.members_by_depth) == (0, 0, {})
    assert (audit.sales, audit.commission, audit.lines) == (0, 0, 0)


def test_audit__sale_was_refunded_in_part__counts_what_stands(
    audits, chain, orders, order_book, brand, payer, line, create_plan, create_order
):
    published = create_plan(brand)
    order = create_order(published, payer, line.numbers[-1], amount=10_000)
    orders.authorize(order, payer)
    orders.capture(order, payer)
    pass_time(chain, WINDOW + MATURITY)
    orders.settle([order], payer)
    whole = audits.of(brand.address, ZERO_ADDRESS)
    lines = order_book.settled_lines(orders.id_of(order))
    orders.refund_settled(order, lines, [Part(0, 4_000)], brand)

    audit = audits.of(brand.address, ZERO_ADDRESS)

    assert (whole.sales, audit.sales) == (10_000, 6_000)
    assert (audit.lines, audit.refunds) == (1, 1)
    assert audit.members == len(line.numbers)
    assert sum(audit.members_by_depth.values()) == audit.members
    assert audit.deepest == max(audit.members_by_depth)
    assert audit.fees + audit.commission + audit.brand_part == audit.sales
    assert [10 * part for part in audit.pay_by_level] == [6 * part for part in whole.pay_by_level]


def test_audit__other_currency__is_counted_apart(
    audits, chain, orders, brand, payer, line, create_plan, create_order
):
    published = create_plan(brand)
    order = create_order(published, payer, line.numbers[0], amount=10_000)
    orders.authorize(order, payer)
    orders.capture(order, payer)
    pass_time(chain, WINDOW + MATURITY)
    orders.settle([order], payer)

    audit = audits.of(brand.address, payer.address)

    assert (audit.sales, audit.members) == (0, len(line.numbers))
