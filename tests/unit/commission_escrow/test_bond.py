"""How long a payer stays with the distributor of an earlier order."""

from tests.support.clock import next_block_at, now, read_at
from tests.support.programme import DAY, NOTICE, join, publish
from tests.support.reverts import reverts
from tests.support.sales import Status


def test_bond__payer_is_bound_to_another__reverts(
    coin_sales, book, network, brand, escrow, payer, shopper
):
    plan_id = publish(book, brand, bond=2)
    other = join(network, brand, shopper)
    coin_sales.authorize(coin_sales.order(plan_id))

    with reverts(
        escrow.CommissionEscrow_PayerBound,
        payer=payer.address,
        boundTo=coin_sales.seller,
        seller=other,
    ):
        escrow.authorize(coin_sales.order(plan_id, seller=other), sender=payer, value=10_000)


def test_bond__windowed_bond_ended_this_second__binds_anew(
    coin_sales, book, network, brand, escrow, payer, shopper
):
    plan_id = publish(book, brand, bond=1, bondDays=30)
    other = join(network, brand, shopper)
    coin_sales.authorize(coin_sales.order(plan_id))
    ends = now() + 30 * DAY
    order = coin_sales.order(plan_id, seller=other, authorizationExpiry=ends + DAY)
    next_block_at(ends)

    escrow.authorize(order, sender=payer, value=10_000)

    assert escrow.customerOf(brand, payer).boundTo == other


def test_bond__windowed_bond_ends_next_second__reverts(
    coin_sales, book, network, brand, escrow, payer, shopper
):
    plan_id = publish(book, brand, bond=1, bondDays=30)
    other = join(network, brand, shopper)
    coin_sales.authorize(coin_sales.order(plan_id))
    ends = now() + 30 * DAY
    order = coin_sales.order(plan_id, seller=other, authorizationExpiry=ends + DAY)
    next_block_at(ends - 1)

    with reverts(
        escrow.CommissionEscrow_PayerBound,
        payer=payer.address,
        boundTo=coin_sales.seller,
        seller=other,
    ):
        escrow.authorize(order, sender=payer, value=10_000)


def test_bond__payer_buys_there_again__lasts_from_then_on(coin_sales, book, brand, escrow, payer):
    plan_id = publish(book, brand, bond=1, bondDays=30)
    coin_sales.authorize(coin_sales.order(plan_id))
    first = now()
    next_block_at(first + 29 * DAY)
    coin_sales.authorize(coin_sales.order(plan_id, salt=2))

    seen = []
    for time in (first + 30 * DAY, first + 59 * DAY - 1, first + 59 * DAY):
        read_at(time)
        seen.append(escrow.customerOf(brand, payer).boundTo)

    assert seen == [coin_sales.seller, coin_sales.seller, 0]


def test_bond__permanent_bond_meets_windowed_plan__stays_permanent(
    coin_sales, book, brand, escrow, payer
):
    permanent = publish(book, brand, bond=2)
    windowed = publish(book, brand, bond=1, bondDays=1)
    coin_sales.authorize(coin_sales.order(permanent))
    next_block_at(now() + NOTICE)
    coin_sales.authorize(coin_sales.order(windowed))

    coin_sales.mature(400 * DAY)

    assert escrow.customerOf(brand, payer).boundTo == coin_sales.seller


def test_bond__plan_has_no_bond__lets_payer_choose(coin_sales, coin_plan, network, brand, shopper):
    other = join(network, brand, shopper)
    coin_sales.authorize(coin_sales.order(coin_plan))

    order = coin_sales.order(coin_plan, seller=other)
    coin_sales.authorize(order)

    assert coin_sales.status(order) == Status.AUTHORIZED
