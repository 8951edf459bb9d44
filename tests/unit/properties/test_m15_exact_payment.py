"""M15: what is credited is what came.

A token's balance must rise by exactly the amount, or the payment is refused; coin must be sent to
the wei, and none along with a payment in a token. Nothing else is taken.
"""

import pytest

from tests.support.programme import publish
from tests.support.reverts import reverts
from tests.support.sales import Sales

PRICE = 10_000
FINAL = {"isFinal": True, "refundWindow": 0, "maturity": 0}
WAYS = ("authorize", "charge", "deposit")


@pytest.fixture
def pay(escrow, book, brand):
    """Pays 10,000 in one of the ways, with so much coin sent along."""

    def pay(sales, way, value):
        terms = FINAL if way == "charge" else {}
        plan_id = publish(book, brand, currency=sales.currency, **terms)
        sending = {"sender": sales.payer, "value": value}
        if way == "deposit":
            return escrow.deposit(brand, sales.currency, PRICE, **sending)
        # A salt serves once with a brand, whatever the currency.
        salt = 2 if sales.token else 1
        return getattr(escrow, way)(sales.order(plan_id, salt=salt), **sending)

    return pay


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("value", [0, PRICE - 1, PRICE + 1])
def test_m15_exact_payment__coin_is_not_price__is_refused(escrow, coin_sales, pay, way, value):
    with reverts(escrow.PartyLedger_WrongValue, sent=value, due=PRICE):
        pay(coin_sales, way, value)
    assert coin_sales.held() == 0


@pytest.mark.parametrize("way", WAYS)
def test_m15_exact_payment__coin_comes_with_token__is_refused(escrow, token_sales, pay, way):
    token_sales.provide(token_sales.payer, PRICE)

    with reverts(escrow.PartyLedger_WrongValue, sent=1, due=0):
        pay(token_sales, way, 1)
    assert token_sales.held() == 0


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("mock", "received"), [("FeeToken", 9_900), ("LyingToken", 0)])
def test_m15_exact_payment__token_brings_less__is_refused(
    project, deployer, escrow, coin_sales, pay, way, mock, received
):
    token = deployer.deploy(getattr(project, mock))
    sales = Sales(escrow, coin_sales.brand, coin_sales.payer, coin_sales.numbers, token)
    sales.provide(sales.payer, PRICE)
    if mock == "LyingToken":
        token.setHostile(True, sender=sales.payer)

    with reverts(
        escrow.PartyLedger_WrongAmountReceived,
        currency=token.address,
        received=received,
        due=PRICE,
    ):
        pay(sales, way, 0)
    assert sales.held() == 0


@pytest.mark.parametrize("way", WAYS)
def test_m15_exact_payment__price_comes__takes_it_and_no_more(coin_sales, token_sales, pay, way):
    for sales in (coin_sales, token_sales):
        pay(sales, way, sales.provide(sales.payer, PRICE))

        assert sales.held() == PRICE
