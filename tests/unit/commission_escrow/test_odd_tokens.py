"""Currencies that do not behave as ERC-20 says."""

import ape
import pytest

from tests.support.money import Money
from tests.support.programme import account, member, publish, total_of
from tests.support.reverts import reverts
from tests.support.sales import Sales, Status

BOMB_GAS = 300_000
"""More than making the bomb costs, less than copying it besides."""


@pytest.fixture
def deal(escrow, book, project, deployer, brand, payer, numbers):
    """Sales in a kind of token, and an order of 10,000 of it."""

    def deal(name):
        token = deployer.deploy(getattr(project, name))
        sales = Sales(escrow, brand, payer, numbers, token)
        return sales, sales.order(publish(book, brand, currency=token.address))

    return deal


def test_odd_tokens__token_takes_fee__refuses_payment(deal, escrow, payer):
    sales, order = deal("FeeToken")
    sales.provide(payer, total_of(order))

    with reverts(
        escrow.PartyLedger_WrongAmountReceived,
        currency=sales.currency,
        received=9_900,
        due=10_000,
    ):
        escrow.authorize(order, sender=payer)
    assert sales.status(order) == Status.NONE


def test_odd_tokens__token_lies_about_payment__refuses_it(deal, escrow, payer):
    sales, order = deal("LyingToken")
    sales.provide(payer, total_of(order))
    sales.token.setHostile(True, sender=payer)

    with reverts(
        escrow.PartyLedger_WrongAmountReceived, currency=sales.currency, received=0, due=10_000
    ):
        escrow.authorize(order, sender=payer)


def test_odd_tokens__token_answers_nothing__serves(deal, distributor, escrow, brand):
    sales, order = deal("NoReturnToken")
    sales.settled(order)

    with Money(escrow, distributor, token=sales.token) as money:
        escrow.withdrawBatch([(member(brand, sales.seller), sales.currency)], sender=distributor)

    assert money.changes == {escrow.address: -1_000, distributor.address: 1_000}


def test_odd_tokens__token_answers_false__refuses_payment(deal, escrow, payer):
    sales, order = deal("FalseToken")
    sales.provide(payer, total_of(order))

    sales.token.setHostile(True, sender=payer)

    with reverts(escrow.SafeERC20FailedOperation, token=sales.currency):
        escrow.authorize(order, sender=payer)
    assert sales.status(order) == Status.NONE


def test_odd_tokens__balance_is_rebased_away__keeps_other_currencies_whole(
    deal, escrow, brand, payer, coin_sales, coin_order, distributor
):
    sales, order = deal("RebasingToken")
    sales.settled(order)
    coin_sales.settled(coin_order)
    sales.token.rebase(50, sender=payer)

    assert (sales.held(), sum(sales.credits())) == (5_000, 10_000)
    assert coin_sales.held() == sum(coin_sales.credits()) == 10_000
    with reverts(
        escrow.PartyLedger_PaymentRefused, currency=sales.currency, to=brand.address, amount=8_500
    ):
        escrow.withdraw(account(brand), sales.currency, sender=payer)
    with Money(escrow, distributor) as money:
        escrow.withdraw(member(brand, coin_sales.seller), coin_sales.currency, sender=payer)
    assert money.changes == {escrow.address: -1_000, distributor.address: 1_000}


def test_odd_tokens__token_is_paused__pays_when_it_runs_again(
    deal, escrow, brand, payer, distributor
):
    sales, order = deal("PausableToken")
    sales.settled(order)
    party = member(brand, sales.seller)
    sales.token.setHostile(True, sender=payer)

    with reverts(
        escrow.PartyLedger_PaymentRefused,
        currency=sales.currency,
        to=distributor.address,
        amount=1_000,
    ):
        escrow.withdraw(party, sales.currency, sender=payer)
    sales.token.setHostile(False, sender=payer)
    escrow.withdraw(party, sales.currency, sender=payer)

    assert sales.token.balanceOf(distributor) == 1_000


def test_odd_tokens__token_returns_bomb__costs_no_more(deal, escrow, brand, payer, distributor):
    sales, order = deal("BombToken")
    sales.settled(order)
    sales.token.setHostile(True, sender=payer)

    with Money(escrow, distributor, token=sales.token) as money:
        tx = escrow.withdraw(member(brand, sales.seller), sales.currency, sender=payer)

    assert money.changes == {escrow.address: -1_000, distributor.address: 1_000}
    assert tx.gas_used < BOMB_GAS


def test_odd_tokens__coin_is_forced_in__changes_nothing(
    project, deployer, escrow, coin_sales, coin_order
):
    deployer.deploy(project.ForceFeeder, escrow, value=5)
    coin_sales.settled(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]
    assert coin_sales.held() == 10_005


def test_odd_tokens__tokens_are_donated__changes_nothing(deal, escrow, payer):
    sales, order = deal("TestStablecoin")
    sales.token.mint(escrow, 77, sender=payer)
    sales.settled(order)

    assert sales.credits() == [200, 8_500, 100, 200, 1_000]
    assert sales.held() == 10_077


def test_odd_tokens__currency_is_no_contract__refuses_payment(
    escrow, book, brand, payer, shopper, numbers
):
    sales = Sales(escrow, brand, payer, numbers)
    plan_id = publish(book, brand, currency=shopper.address)
    order = sales.order(plan_id, currency=shopper.address)

    with ape.reverts():
        escrow.authorize(order, sender=payer)
    assert sales.status(order) == Status.NONE
