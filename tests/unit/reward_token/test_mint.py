import re

import ape

from tests.support.abi import ZERO_ADDRESS
from tests.support.reverts import reverts
from tests.unit.reward_token.conftest import BALANCE, CAP

OVERFLOW = "Arithmetic operation underflowed or overflowed"  # what ape says for Panic(0x11)


def test_mint__no_minter__reverts_for_everyone(fresh_token, deployer):
    with reverts(fresh_token.RewardToken_NotMinter, actor=deployer, minter=ZERO_ADDRESS):
        fresh_token.mint(deployer, 1, sender=deployer)


def test_mint__caller_is_not_minter__reverts(minted, deployer, reward_manager):
    with reverts(minted.RewardToken_NotMinter, actor=deployer, minter=reward_manager):
        minted.mint(deployer, 1, sender=deployer)


def test_mint__minter_mints__raises_balance_and_supply(minted, reward_manager, shopper):
    minted.mint(shopper, 5, sender=reward_manager)

    assert (minted.balanceOf(shopper), minted.totalSupply()) == (5, BALANCE + 5)


def test_mint__minter_mints__emits_transfer(minted, reward_manager, shopper):
    tx = minted.mint(shopper, 5, sender=reward_manager)

    assert tx.events == [minted.Transfer(**{"from": ZERO_ADDRESS, "to": shopper, "value": 5})]


def test_mint__supply_reaches_cap__is_accepted(minted, reward_manager, shopper):
    minted.mint(shopper, CAP - BALANCE, sender=reward_manager)

    assert minted.totalSupply() == CAP


def test_mint__supply_would_pass_cap_by_one__reverts(minted, reward_manager, shopper):
    with reverts(minted.ERC20ExceededCap, increasedSupply=CAP + 1, cap=CAP):
        minted.mint(shopper, CAP - BALANCE + 1, sender=reward_manager)


def test_mint__amount_is_largest_number__reverts(minted, reward_manager, shopper):
    with ape.reverts(re.compile(OVERFLOW)):
        minted.mint(shopper, 2**256 - 1, sender=reward_manager)

    assert minted.totalSupply() == BALANCE


def test_mint__amount_is_zero__changes_nothing(minted, reward_manager, shopper):
    minted.mint(shopper, 0, sender=reward_manager)

    assert (minted.balanceOf(shopper), minted.totalSupply()) == (0, BALANCE)


def test_mint__account_is_zero__reverts(minted, reward_manager):
    with reverts(minted.ERC20InvalidReceiver, receiver=ZERO_ADDRESS):
        minted.mint(ZERO_ADDRESS, 1, sender=reward_manager)
