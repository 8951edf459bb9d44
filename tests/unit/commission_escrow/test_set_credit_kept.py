import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import account, member, publish
from tests.support.reverts import reverts
from tests.support.sales import Status

WITHDRAW = permission("withdraw")


@pytest.fixture
def keep(escrow):
    """Keep an account's credit in a currency, as the account itself."""

    def keep_(holder, currency=ZERO_ADDRESS):
        return escrow.setCreditKept(holder, currency, True, sender=holder)

    return keep_


@pytest.mark.parametrize("prepare", ALLOWED, ids=lambda each: each.__name__)
def test_set_credit_kept__caller_may_act_for_account__keeps_it(
    escrow, identities, shopper, manufacturer, prepare
):
    prepare(identities, shopper, WITHDRAW, manufacturer)

    tx = escrow.setCreditKept(shopper, ZERO_ADDRESS, True, sender=manufacturer)

    assert events_of(tx) == [
        event(escrow.CreditKeptSet, account=shopper, currency=ZERO_ADDRESS, isKept=True)
    ]
    assert escrow.isCreditKept(shopper, ZERO_ADDRESS)


@pytest.mark.parametrize("prepare", REFUSED, ids=lambda each: each.__name__)
def test_set_credit_kept__caller_may_not_act__reverts(
    escrow, identities, shopper, manufacturer, prepare
):
    prepare(identities, shopper, WITHDRAW, manufacturer)

    with reverts(
        escrow.PartyLedger_NotAuthorized, account=shopper.address, actor=manufacturer.address
    ):
        escrow.setCreditKept(shopper, ZERO_ADDRESS, True, sender=manufacturer)


def test_set_credit_kept__credit_is_kept__pays_by_withdraw_to(
    escrow, identities, keep, payer, shopper, relayer
):
    escrow.deposit(shopper, ZERO_ADDRESS, 50, sender=payer, value=50)
    keep(shopper)
    identities.changeOwner(shopper, relayer, sender=shopper)

    with Money(escrow, relayer) as money:
        escrow.withdrawTo(shopper, ZERO_ADDRESS, relayer, sender=relayer)

    assert money.changes == {escrow.address: -50, relayer.address: 50}
    assert escrow.isCreditKept(shopper, ZERO_ADDRESS)


def test_set_credit_kept__credit_is_kept__pays_all_of_credit_wider_than_its_word(
    escrow, stablecoin, keep, payer, shopper
):
    amount = 2**96 + 5
    stablecoin.mint(payer, amount, sender=payer)
    stablecoin.approve(escrow, amount, sender=payer)
    keep(shopper, stablecoin)
    escrow.deposit(shopper, stablecoin, amount, sender=payer)

    with reverts(
        escrow.PartyLedger_CreditKept, party=account(shopper), currency=stablecoin.address
    ):
        escrow.withdraw(account(shopper), stablecoin, sender=payer)
    escrow.withdrawTo(shopper, stablecoin, shopper, sender=shopper)

    assert stablecoin.balanceOf(shopper) == amount


def test_set_credit_kept__credit_is_kept__leaves_other_currencies_open(
    escrow, stablecoin, keep, payer, shopper
):
    keep(shopper, stablecoin)
    escrow.deposit(shopper, ZERO_ADDRESS, 7, sender=payer, value=7)

    with Money(escrow, shopper) as money:
        escrow.withdraw(account(shopper), ZERO_ADDRESS, sender=payer)

    assert money.changes == {escrow.address: -7, shopper.address: 7}


def test_set_credit_kept__credit_is_kept__leaves_platforms_fees_open(
    sales, order, escrow, keep, brand, platform, payer
):
    sales.settled(order)
    keep(brand, sales.currency)

    with Money(escrow, platform, token=sales.token) as money:
        escrow.withdrawBatch([(member(brand, 1), sales.currency)], sender=payer)

    assert money.changes == {escrow.address: -200, platform.address: 200}


def test_set_credit_kept__credit_is_kept__reports_from_deposit_nobody_sends_back(
    coin_sales, book, escrow, keep, brand, attacker
):
    keep(brand)
    coin_sales.deposit(brand, 1_500)
    plan_id = publish(book, brand, dailyReportLimit=50_000)
    order = coin_sales.order(plan_id, payer=ZERO_ADDRESS)
    with reverts(escrow.PartyLedger_CreditKept, party=account(brand), currency=ZERO_ADDRESS):
        escrow.withdraw(account(brand), ZERO_ADDRESS, sender=attacker)

    escrow.report([order], sender=brand)

    assert coin_sales.status(order) == Status.CAPTURED


def test_set_credit_kept__account_lets_it_go__pays_anyone_who_asks(escrow, keep, payer, shopper):
    escrow.deposit(shopper, ZERO_ADDRESS, 7, sender=payer, value=7)
    keep(shopper)

    tx = escrow.setCreditKept(shopper, ZERO_ADDRESS, False, sender=shopper)
    with Money(escrow, shopper) as money:
        escrow.withdraw(account(shopper), ZERO_ADDRESS, sender=payer)

    assert events_of(tx) == [
        event(escrow.CreditKeptSet, account=shopper, currency=ZERO_ADDRESS, isKept=False)
    ]
    assert not escrow.isCreditKept(shopper, ZERO_ADDRESS)
    assert money.changes == {escrow.address: -7, shopper.address: 7}
