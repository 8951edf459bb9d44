"""Currencies that do not behave as ERC-20 says."""

import pytest

from tests.support.commerce import Currency, Status, credits_of, settle, status_of
from tests.support.money import Money
from tests.support.orders import create_order, publish_plan
from tests.support.reverts import reverts

# A withdrawal, and what the token spends on 256 KiB itself; more if they were copied.
BOMB_GAS = 300_000


@pytest.fixture
def deal(splitter, project, deployer, brand, payer, distributor):
    """A kind of token, and an order of 10,000 of it."""

    def deal(name):
        currency = Currency(deployer.deploy(getattr(project, name)))
        plan_id = publish_plan(splitter, brand, currency=currency.address)
        return currency, create_order(plan_id, payer, distributor=distributor)

    return deal


@pytest.fixture
def settled(splitter, deal, relayer):
    """A kind of token, 10,000 of it divided: distributor 1000, sponsor 500, brand 8300."""

    def settled(name):
        currency, order = deal(name)
        currency.pay(splitter, order)
        splitter.capture(order, sender=order["payer"])
        settle(splitter, order, relayer)
        return currency

    return settled


def withdraw(splitter, currency, *accounts):
    for account in accounts:
        splitter.withdraw(account, currency.address, account, sender=account)


def test_odd_tokens__token_takes_fee__refuses_payment(splitter, deal):
    currency, order = deal("FeeToken")

    with reverts(
        splitter.Ledger_WrongAmountReceived,
        currency=currency.address,
        received=9900,
        due=10_000,
    ):
        currency.pay(splitter, order)

    assert status_of(splitter, order) == Status.NONE


def test_odd_tokens__token_lies_about_payment__refuses_it(splitter, deal, deployer, payer):
    currency, order = deal("LyingToken")
    currency.provide(splitter, payer, 10_000)
    currency.token.setHostile(True, sender=deployer)

    with reverts(
        splitter.Ledger_WrongAmountReceived, currency=currency.address, received=0, due=10_000
    ):
        splitter.authorize(order, sender=payer)


def test_odd_tokens__token_returns_false__refuses_payment(splitter, deal, deployer, payer):
    currency, order = deal("FalseToken")
    currency.provide(splitter, payer, 10_000)
    currency.token.setHostile(True, sender=deployer)

    with reverts(splitter.SafeERC20FailedOperation, token=currency.address):
        splitter.authorize(order, sender=payer)


def test_odd_tokens__token_returns_false_later__keeps_credit(
    splitter, settled, deployer, distributor
):
    currency = settled("FalseToken")
    currency.token.setHostile(True, sender=deployer)

    with reverts(splitter.SafeERC20FailedOperation, token=currency.address):
        withdraw(splitter, currency, distributor)

    assert credits_of(splitter, currency, distributor) == [1000]


def test_odd_tokens__token_returns_nothing__pays_everyone(
    splitter, settled, platform, distributor, sponsor, brand
):
    currency = settled("NoReturnToken")
    everyone = (platform, distributor, sponsor, brand)

    with Money(splitter, *everyone, token=currency.token) as money:
        withdraw(splitter, currency, *everyone)

    assert list(money.changes.values()) == [-10_000, 200, 1000, 500, 8300]


def test_odd_tokens__token_is_paused__still_settles(splitter, deal, deployer, distributor):
    currency, order = deal("PausableToken")
    currency.pay(splitter, order)
    splitter.capture(order, sender=order["payer"])
    currency.token.setHostile(True, sender=deployer)

    settle(splitter, order, deployer)

    assert credits_of(splitter, currency, distributor) == [1000]


def test_odd_tokens__token_is_paused__keeps_credit_until_unpaused(
    splitter, settled, deployer, distributor
):
    currency = settled("PausableToken")
    currency.token.setHostile(True, sender=deployer)

    with reverts(currency.token.PausableToken_Paused):
        withdraw(splitter, currency, distributor)

    currency.token.setHostile(False, sender=deployer)
    withdraw(splitter, currency, distributor)
    assert currency.token.balanceOf(distributor) == 1000


def test_odd_tokens__token_is_paused__blocks_no_other_currency(
    splitter, settled, deployer, stablecoin, brand, distributor, payer
):
    paused = settled("PausableToken")
    paused.token.setHostile(True, sender=deployer)
    for currency in (Currency(), Currency(stablecoin)):
        plan_id = publish_plan(splitter, brand, currency=currency.address)
        order = create_order(plan_id, payer, distributor=distributor)
        currency.pay(splitter, order)
        splitter.capture(order, sender=payer)
        settle(splitter, order, payer)

        with Money(splitter, distributor, token=currency.token) as money:
            withdraw(splitter, currency, distributor)

        assert money.changes == {splitter.address: -1000, distributor.address: 1000}


def test_odd_tokens__account_is_denied__blocks_it_alone(
    splitter, settled, deployer, platform, distributor, sponsor, brand
):
    currency = settled("DenylistToken")
    currency.token.setDenied(distributor, True, sender=deployer)

    withdraw(splitter, currency, platform, sponsor, brand)

    with reverts(currency.token.DenylistToken_Denied, **{"from": splitter, "to": distributor}):
        withdraw(splitter, currency, distributor)
    assert credits_of(splitter, currency, distributor) == [1000]


def test_odd_tokens__account_is_denied__can_withdraw_to_another(
    splitter, settled, deployer, distributor, shopper
):
    currency = settled("DenylistToken")
    currency.token.setDenied(distributor, True, sender=deployer)

    splitter.withdraw(distributor, currency.address, shopper, sender=distributor)

    assert currency.token.balanceOf(shopper) == 1000


def test_odd_tokens__token_halves_all_balances__pays_while_there_is_some(
    splitter, settled, deployer, distributor, sponsor, brand
):
    currency = settled("RebasingToken")
    currency.token.rebase(50, sender=deployer)

    withdraw(splitter, currency, distributor, sponsor)

    with reverts(
        currency.token.ERC20InsufficientBalance,
        sender=splitter,
        balance=7000,
        needed=16_600,
    ):
        withdraw(splitter, currency, brand)
    assert credits_of(splitter, currency, distributor, sponsor, brand) == [0, 0, 8300]


def test_odd_tokens__token_doubles_all_balances__pays_what_was_credited(
    splitter, settled, deployer, platform, distributor, sponsor, brand
):
    currency = settled("RebasingToken")
    currency.token.rebase(200, sender=deployer)

    withdraw(splitter, currency, platform, distributor, sponsor, brand)

    assert currency.token.balanceOf(distributor) == 1000
    assert currency.token.balanceOf(splitter) == 10_000


def test_odd_tokens__token_answers_at_length__copies_one_word(
    splitter, deal, deployer, payer, distributor
):
    currency, order = deal("BombToken")
    currency.token.setHostile(True, sender=deployer)

    paid = currency.pay(splitter, order)
    splitter.capture(order, sender=payer)
    settle(splitter, order, payer)
    withdrawn = splitter.withdraw(distributor, currency.address, distributor, sender=distributor)

    assert currency.token.balanceOf(distributor) == 1000
    assert max(paid.gas_used, withdrawn.gas_used) < BOMB_GAS
