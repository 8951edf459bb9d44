"""What is owed after refunds of settled orders, and how it is paid off."""

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import now, read_at
from tests.support.events import event, events_of
from tests.support.programme import DAY, Line, Part, account, member, publish

PERIOD_DAYS = 30
LADDER = (PERIOD_DAYS, 3, 10, [2**32 - 1] * 3, [2**32 - 1] * 3)


def undo(sales, order, lines, *takers):
    """Refund a settled order of one line whole, after these numbers withdrew."""
    for number in takers:
        sales.escrow.withdraw(member(sales.brand, number), ZERO_ADDRESS, sender=sales.payer)
    return refund(sales, order, lines, order["lines"][0].amount)


def refund(sales, order, lines, amount):
    return sales.escrow.refundSettled(
        order, lines, [Part(0, amount)], sender=sales.brand, value=amount
    )


def offsets_of(tx):
    return [(facts["party"], facts["amount"]) for _, name, facts in events_of(tx) if "Off" in name]


@pytest.fixture
def owing(coin_sales, coin_plan):
    """Sales after which the platform owes 200 and the seller 1,000."""
    order = coin_sales.order(coin_plan)
    undo(coin_sales, order, coin_sales.settled(order), 1, coin_sales.seller)
    return coin_sales


def settled_later(sales, plan_id, amount):
    """Settle another sale; return the transaction."""
    order = sales.captured(sales.order(plan_id, salt=2, lines=[Line(amount)]))
    sales.mature()
    return sales.settle(order)


def test_debts__sale_earns_less_than_is_owed__pays_off_part(owing, coin_plan, brand):
    before = owing.credits()

    tx = settled_later(owing, coin_plan, 1_000)

    assert offsets_of(tx) == [(member(brand, owing.seller), 100), (member(brand, 1), 20)]
    assert [owing.debt(number) for number in (1, owing.seller)] == [180, 900]
    gains = [after - b for after, b in zip(owing.credits(), before, strict=True)]
    assert gains == [0, 850 + 100 + 20, 10, 20, 0]


def test_debts__sale_earns_nothing__pays_off_nothing(owing, coin_plan):
    before = owing.credits()

    tx = settled_later(owing, coin_plan, 1)

    assert offsets_of(tx) == []
    assert [owing.debt(number) for number in (1, owing.seller)] == [200, 1_000]
    assert owing.credits()[1] - before[1] == 1


def test_debts__sale_counts_for_rank_alone__pays_off_nothing(coin_sales, book, brand):
    book.announceLadder(brand, ZERO_ADDRESS, LADDER, sender=brand)
    plan_id = publish(book, brand, isGated=True, countsSales=True)
    order = coin_sales.order(plan_id)
    undo(coin_sales, order, coin_sales.settled(order), coin_sales.seller)
    read_at(now() + 2 * PERIOD_DAYS * DAY)

    tx = settled_later(coin_sales, plan_id, 9_999)

    assert offsets_of(tx) == []
    assert coin_sales.debt(coin_sales.seller) == 1_000


def test_debts__smaller_sale_rounds_more_to_debtor__gives_it_to_brand(coin_sales, book, brand):
    plan_id = publish(book, brand, platformFeeBps=4_000, rates=[[3_500, 0, 0]])
    first = coin_sales.order(plan_id)
    undo(coin_sales, first, coin_sales.settled(first), coin_sales.seller)
    second = coin_sales.order(plan_id, salt=2, lines=[Line(5)])
    lines = coin_sales.settled(second)
    seller = member(brand, coin_sales.seller)
    brands = coin_sales.credit(account(brand))

    tx = refund(coin_sales, second, lines, 1)

    # 40 % of 4 is 1, 75 % of 4 is 3: the seller's part grows from 1 to 2, and it owes 3,499.
    assert event(
        coin_sales.escrow.DebtOffset, party=seller, currency=ZERO_ADDRESS, amount=1
    ) in events_of(tx)
    assert (coin_sales.credit(seller), coin_sales.debt(coin_sales.seller)) == (0, 3_498)
    assert coin_sales.credit(account(brand)) == brands + 1
