from tests.support.abi import ZERO_ADDRESS
from tests.support.money import Money
from tests.support.reverts import reverts
from tests.unit.reward_token.conftest import BALANCE


def test_transfer__holder_sends__moves_amount(minted, payer, shopper):
    with Money(payer, shopper, token=minted) as money:
        minted.transfer(shopper, 7, sender=payer)

    assert money.changes == {payer.address: -7, shopper.address: 7}


def test_transfer__holder_sends__emits_transfer(minted, payer, shopper):
    tx = minted.transfer(shopper, 7, sender=payer)

    assert tx.events == [minted.Transfer(**{"from": payer, "to": shopper, "value": 7})]


def test_transfer__holder_sends_all__leaves_nothing(minted, payer, shopper):
    minted.transfer(shopper, BALANCE, sender=payer)

    assert (minted.balanceOf(payer), minted.balanceOf(shopper)) == (0, BALANCE)


def test_transfer__amount_is_one_too_high__reverts(minted, payer, shopper):
    with reverts(
        minted.ERC20InsufficientBalance, sender=payer, balance=BALANCE, needed=BALANCE + 1
    ):
        minted.transfer(shopper, BALANCE + 1, sender=payer)


def test_transfer__amount_is_zero__emits_transfer(minted, attacker, shopper):
    tx = minted.transfer(shopper, 0, sender=attacker)

    assert tx.events == [minted.Transfer(**{"from": attacker, "to": shopper, "value": 0})]


def test_transfer__holder_sends_to_itself__changes_nothing(minted, payer):
    with Money(payer, token=minted) as money:
        minted.transfer(payer, BALANCE, sender=payer)

    assert money.changes == {}


def test_transfer__receiver_is_zero__reverts(minted, payer):
    with reverts(minted.ERC20InvalidReceiver, receiver=ZERO_ADDRESS):
        minted.transfer(ZERO_ADDRESS, 1, sender=payer)
