import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.money import Money
from tests.support.reverts import reverts

WITHDRAW = permission("withdraw")


@pytest.fixture
def funded(escrow, payer, shopper):
    escrow.deposit(shopper, ZERO_ADDRESS, 50, sender=payer, value=50)
    return shopper


@pytest.mark.parametrize("prepare", ALLOWED, ids=lambda each: each.__name__)
def test_withdraw_to__caller_may_act_for_account__pays(
    escrow, identities, funded, manufacturer, relayer, prepare
):
    prepare(identities, funded, WITHDRAW, manufacturer)

    with Money(escrow, relayer) as money:
        escrow.withdrawTo(funded, ZERO_ADDRESS, relayer, sender=manufacturer)

    assert money.changes == {escrow.address: -50, relayer.address: 50}


@pytest.mark.parametrize("prepare", REFUSED, ids=lambda each: each.__name__)
def test_withdraw_to__caller_may_not_act__reverts(
    escrow, identities, funded, manufacturer, relayer, prepare
):
    prepare(identities, funded, WITHDRAW, manufacturer)

    with reverts(
        escrow.PartyLedger_NotAuthorized, account=funded.address, actor=manufacturer.address
    ):
        escrow.withdrawTo(funded, ZERO_ADDRESS, relayer, sender=manufacturer)


def test_withdraw_to__recipient_is_zero_or_escrow__reverts(escrow, funded):
    for to in (ZERO_ADDRESS, escrow.address):
        with reverts(escrow.PartyLedger_RecipientInvalid, to=to):
            escrow.withdrawTo(funded, ZERO_ADDRESS, to, sender=funded)


def test_withdraw_to__account_has_nothing__reverts(escrow, attacker):
    with reverts(
        escrow.PartyLedger_NothingToWithdraw,
        party=int(attacker.address, 16),
        currency=ZERO_ADDRESS,
    ):
        escrow.withdrawTo(attacker, ZERO_ADDRESS, attacker, sender=attacker)
