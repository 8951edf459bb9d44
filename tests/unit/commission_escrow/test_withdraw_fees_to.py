import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import member, publish
from tests.support.reverts import reverts
from tests.support.sales import Sales

WITHDRAW = permission("withdraw")


@pytest.mark.parametrize("prepare", ALLOWED, ids=lambda each: each.__name__)
def test_withdraw_fees_to__caller_may_act_for_platform__pays(
    coin_sales, coin_order, escrow, identities, brand, platform, manufacturer, relayer, prepare
):
    coin_sales.settled(coin_order)
    prepare(identities, platform, WITHDRAW, manufacturer)

    with Money(escrow, relayer) as money:
        tx = escrow.withdrawFeesTo(brand, ZERO_ADDRESS, relayer, sender=manufacturer)

    assert money.changes == {escrow.address: -200, relayer.address: 200}
    assert events_of(tx) == [
        event(
            escrow.Withdrawn,
            party=member(brand, 1),
            currency=ZERO_ADDRESS,
            to=relayer,
            amount=200,
        )
    ]
    assert coin_sales.credits() == [0, 8_500, 100, 200, 1_000]


@pytest.mark.parametrize("prepare", REFUSED, ids=lambda each: each.__name__)
def test_withdraw_fees_to__caller_may_not_act__reverts(
    coin_sales, coin_order, escrow, identities, brand, platform, manufacturer, prepare
):
    coin_sales.settled(coin_order)
    prepare(identities, platform, WITHDRAW, manufacturer)

    with reverts(
        escrow.PartyLedger_NotAuthorized, account=platform.address, actor=manufacturer.address
    ):
        escrow.withdrawFeesTo(brand, ZERO_ADDRESS, manufacturer, sender=manufacturer)


def test_withdraw_fees_to__token_denies_platform__pays_elsewhere(
    project, deployer, book, escrow, brand, payer, numbers, platform, shopper
):
    token = deployer.deploy(project.DenylistToken)
    sales = Sales(escrow, brand, payer, numbers, token)
    sales.settled(sales.order(publish(book, brand, currency=token.address)))
    token.setDenied(platform, True, sender=payer)
    with reverts(
        escrow.PartyLedger_PaymentRefused,
        currency=token.address,
        to=platform.address,
        amount=200,
    ):
        escrow.withdraw(member(brand, 1), token, sender=platform)

    escrow.withdrawFeesTo(brand, token, shopper, sender=platform)

    assert token.balanceOf(shopper) == 200


def test_withdraw_fees_to__recipient_is_zero_or_escrow__reverts(
    coin_sales, coin_order, escrow, brand, platform
):
    coin_sales.settled(coin_order)

    for to in (ZERO_ADDRESS, escrow.address):
        with reverts(escrow.PartyLedger_RecipientInvalid, to=to):
            escrow.withdrawFeesTo(brand, ZERO_ADDRESS, to, sender=platform)


def test_withdraw_fees_to__platform_has_no_fees__reverts(escrow, brand, platform):
    with reverts(
        escrow.PartyLedger_NothingToWithdraw, party=member(brand, 1), currency=ZERO_ADDRESS
    ):
        escrow.withdrawFeesTo(brand, ZERO_ADDRESS, platform, sender=platform)
