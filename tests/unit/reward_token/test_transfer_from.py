from tests.support.money import Money
from tests.support.reverts import reverts
from tests.unit.reward_token.conftest import BALANCE

ENDLESS = 2**256 - 1


def test_transfer_from__allowance_is_used_up_exactly__moves_amount(minted, payer, shopper, relayer):
    minted.approve(relayer, 9, sender=payer)

    with Money(payer, shopper, relayer, token=minted) as money:
        minted.transferFrom(payer, shopper, 9, sender=relayer)

    assert money.changes == {payer.address: -9, shopper.address: 9}
    assert minted.allowance(payer, relayer) == 0


def test_transfer_from__amount_is_one_above_allowance__reverts(minted, payer, shopper, relayer):
    minted.approve(relayer, 9, sender=payer)

    with reverts(minted.ERC20InsufficientAllowance, spender=relayer, allowance=9, needed=10):
        minted.transferFrom(payer, shopper, 10, sender=relayer)


def test_transfer_from__no_allowance__reverts(minted, payer, attacker):
    with reverts(minted.ERC20InsufficientAllowance, spender=attacker, allowance=0, needed=1):
        minted.transferFrom(payer, attacker, 1, sender=attacker)


def test_transfer_from__endless_allowance__stays_endless(minted, payer, shopper, relayer):
    minted.approve(relayer, ENDLESS, sender=payer)

    minted.transferFrom(payer, shopper, 9, sender=relayer)

    assert minted.allowance(payer, relayer) == ENDLESS


def test_transfer_from__balance_is_too_low__reverts(minted, payer, shopper, relayer):
    minted.approve(relayer, ENDLESS, sender=payer)

    with reverts(
        minted.ERC20InsufficientBalance, sender=payer, balance=BALANCE, needed=BALANCE + 1
    ):
        minted.transferFrom(payer, shopper, BALANCE + 1, sender=relayer)
