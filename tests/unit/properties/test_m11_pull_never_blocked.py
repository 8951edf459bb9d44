"""M11: nobody can keep another's credit from being paid.

Whoever else is among the payees, and whatever they or another currency's token do when they are
paid, everyone else gets the whole credit, in one batch with them or alone. Who cannot be paid at
its own address is paid elsewhere.
"""

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.account_code import put_code_at
from tests.support.money import Money
from tests.support.programme import account, member, publish
from tests.support.sales import Sales

RECEIVERS = ("RevertingReceiver", "RevertBombReceiver", "GasEatingReceiver", "BombReceiver")
TOKENS = ("LyingToken", "BombToken", "FalseToken", "PausableToken")
CREDIT = 10_000
GAS = 5_000_000


@pytest.fixture
def credited(escrow, payer):
    """Gives accounts a credit of 10,000 wei each."""

    def give(*holders):
        for holder in holders:
            escrow.deposit(holder, ZERO_ADDRESS, CREDIT, sender=payer, value=CREDIT)
        return [(account(holder), ZERO_ADDRESS) for holder in holders]

    return give


@pytest.mark.parametrize("mock", RECEIVERS)
def test_m11_pull_never_blocked__payees_before_are_hostile__pays_others(
    project, deployer, escrow, credited, shopper, attacker, mock
):
    hostile = [deployer.deploy(getattr(project, mock)) for _ in range(3)]
    payees = credited(*hostile, shopper)

    with Money(escrow, shopper, *hostile) as money:
        escrow.withdrawBatch(payees, sender=attacker, gas_limit=GAS)

    assert money.changes[shopper.address] == CREDIT
    for payee, _ in payees[:3]:
        assert escrow.creditOf(payee, ZERO_ADDRESS) in (0, CREDIT)


@pytest.mark.parametrize("mock", RECEIVERS)
def test_m11_pull_never_blocked__brand_has_hostile_code_at_its_address__pays_its_line(
    project, deployer, escrow, coin_sales, coin_order, brand, relayer, distributor, shopper, mock
):
    coin_sales.settled(coin_order)
    put_code_at(brand, deployer.deploy(getattr(project, mock)), sender=relayer)
    seller = member(brand, coin_sales.seller)

    with Money(escrow, distributor, shopper, brand) as money:
        payees = [(account(brand), ZERO_ADDRESS), (seller, ZERO_ADDRESS)]
        escrow.withdrawBatch(payees, sender=relayer, gas_limit=GAS)
        if coin_sales.credit(account(brand)):
            escrow.withdrawTo(brand, ZERO_ADDRESS, shopper, sender=brand)

    assert money.changes[distributor.address] == 1_000
    assert money.changes.get(shopper.address, 0) + money.changes.get(brand.address, 0) == 8_500


@pytest.mark.parametrize("mock", RECEIVERS)
def test_m11_pull_never_blocked__payee_has_hostile_code_at_its_address__is_paid_elsewhere(
    project, deployer, escrow, credited, shopper, upline, relayer, mock
):
    credited(upline)
    put_code_at(upline, deployer.deploy(getattr(project, mock)), sender=relayer)

    with Money(escrow, shopper, upline) as money:
        escrow.withdrawTo(upline, ZERO_ADDRESS, shopper, sender=upline)

    assert money.changes == {escrow.address: -CREDIT, shopper.address: CREDIT}


def test_m11_pull_never_blocked__token_denies_one_payee__pays_others(
    project, deployer, escrow, payer, shopper, attacker
):
    token = deployer.deploy(project.DenylistToken)
    for holder in (attacker, shopper):
        token.mint(payer, CREDIT, sender=payer)
        token.approve(escrow, CREDIT, sender=payer)
        escrow.deposit(holder, token, CREDIT, sender=payer)
    token.setDenied(attacker, True, sender=payer)

    escrow.withdrawBatch([(account(attacker), token), (account(shopper), token)], sender=payer)

    assert token.balanceOf(shopper) == CREDIT
    assert escrow.creditOf(account(attacker), token) == CREDIT


@pytest.mark.parametrize("mock", TOKENS)
def test_m11_pull_never_blocked__another_currency_is_hostile__pays_this_one(
    project, deployer, escrow, payer, credited, shopper, mock
):
    token = deployer.deploy(getattr(project, mock))
    token.mint(payer, CREDIT, sender=payer)
    token.approve(escrow, CREDIT, sender=payer)
    escrow.deposit(shopper, token, CREDIT, sender=payer)
    [payee] = credited(shopper)
    token.setHostile(True, sender=payer)

    with Money(escrow, shopper) as money:
        escrow.withdrawBatch([(account(shopper), token), payee], sender=payer, gas_limit=GAS)

    assert money.changes == {escrow.address: -CREDIT, shopper.address: CREDIT}


def test_m11_pull_never_blocked__token_denies_platform__pays_fees_elsewhere(
    project, deployer, book, escrow, brand, payer, numbers, platform, shopper
):
    token = deployer.deploy(project.DenylistToken)
    sales = Sales(escrow, brand, payer, numbers, token)
    sales.settled(sales.order(publish(book, brand, currency=token.address)))
    token.setDenied(platform, True, sender=payer)

    escrow.withdrawFeesTo(brand, token, shopper, sender=platform)

    assert token.balanceOf(shopper) == 200
