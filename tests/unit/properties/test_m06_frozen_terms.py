"""M6: no plan promises more than there is, and none changes under an order.

Rates of all levels and the platform's fee are 10,000 basis points at most. What is published after
an order was paid does not touch it.
"""

import pytest

from tests.support.programme import BPS, PlanLimits, create_terms, deploy_programme, publish
from tests.support.reverts import reverts


@pytest.fixture
def free_book(project, deployer, identities, platform):
    """A book whose profile sets no bound of its own."""
    limits = PlanLimits(5, BPS, 0, 0, 0, True)
    return deploy_programme(project, deployer, identities, platform, limits).book


@pytest.mark.parametrize(
    ("rates", "fee", "catalogue"),
    [
        ([[5_000, 3_000]], 2_001, 0),
        ([[BPS, 0]], 1, 0),
        ([[0, 0]], 2_001, 8_000),
        ([[4_000, 1_000], [1_000, 4_000]], 2_001, 0),
    ],
    ids=["levels", "one level", "catalogue", "best of ranks"],
)
def test_m06_frozen_terms__plan_shares_more_than_all__is_refused(
    free_book, brand, rates, fee, catalogue
):
    root = b"\1" * 32 if catalogue else bytes(32)
    more = {"catalogueRoot": root, "catalogueBps": catalogue}
    terms = create_terms(brand, depth=2, rates=rates, platformFeeBps=fee, **more)

    with reverts(free_book.PlanBook_ShareTooHigh, bps=BPS + 1, limit=BPS):
        free_book.publish(terms, sender=brand)


def test_m06_frozen_terms__plan_shares_all__is_taken(free_book, brand):
    publish(free_book, brand, depth=2, rates=[[5_000, 3_000]], platformFeeBps=2_000)


def test_m06_frozen_terms__plan_is_retired_and_another_published__shares_as_paid(
    coin_sales, coin_order, coin_plan, book, brand
):
    coin_sales.authorize(coin_order)
    book.retire(coin_plan, sender=brand)
    publish(book, brand, rates=[[1, 2, 3]], platformFeeBps=3_000)
    book.lockTerms(coin_plan, coin_sales.seller, 2**40, sender=brand)
    coin_sales.capture(coin_order)
    coin_sales.mature()

    coin_sales.settle(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]


def test_m06_frozen_terms__order_names_terms_that_are_not_published__is_refused(
    coin_sales, coin_plan, book, brand, escrow
):
    changed = bytes(book.planIdOf(create_terms(brand, rates=[[1_001, 200, 100]])))
    order = coin_sales.order(changed)

    with reverts(
        escrow.CommissionEscrow_PlanUnknown,
        planId=changed,
        brand=brand.address,
        currency=order["currency"],
    ):
        coin_sales.authorize(order)
