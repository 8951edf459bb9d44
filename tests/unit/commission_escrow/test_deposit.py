import pytest
from ape.exceptions import TransactionError

from tests.support.abi import ZERO_ADDRESS
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import account
from tests.support.reverts import reverts


def test_deposit__payment_arrives__credits_account(sales, escrow, payer, brand):
    value = sales.provide(payer, 77)

    with Money(payer, escrow, token=sales.token) as money:
        tx = escrow.deposit(brand, sales.currency, 77, sender=payer, value=value)

    assert money.changes == {payer.address: -77, escrow.address: 77}
    assert [e for e in events_of(tx) if e[0] == escrow.address] == [
        event(escrow.Deposited, account=brand, currency=sales.currency, amount=77)
    ]
    assert sales.credit(account(brand)) == 77


@pytest.mark.parametrize("wrong", [0, 76, 78])
def test_deposit__value_is_not_amount__reverts(escrow, payer, brand, wrong):
    with reverts(escrow.PartyLedger_WrongValue, sent=wrong, due=77):
        escrow.deposit(brand, ZERO_ADDRESS, 77, sender=payer, value=wrong)


def test_deposit__token_takes_fee__reverts(project, deployer, escrow, payer, brand):
    token = deployer.deploy(project.FeeToken)
    token.mint(payer, 10_000, sender=payer)
    token.approve(escrow, 10_000, sender=payer)

    with reverts(
        escrow.PartyLedger_WrongAmountReceived,
        currency=token.address,
        received=9_900,
        due=10_000,
    ):
        escrow.deposit(brand, token, 10_000, sender=payer)


def test_deposit__coin_is_sent_without_call__is_refused(escrow, payer):
    with pytest.raises(TransactionError):
        payer.transfer(escrow, 5)
