from tests.support.abi import ZERO_ADDRESS
from tests.support.reverts import reverts


def test_set_minter__caller_is_not_deployer__reverts(fresh_token, attacker, deployer):
    with reverts(fresh_token.RewardToken_NotDeployer, actor=attacker, deployer=deployer):
        fresh_token.setMinter(attacker, sender=attacker)


def test_set_minter__minter_is_zero__reverts(fresh_token, deployer):
    with reverts(fresh_token.RewardToken_MinterZero):
        fresh_token.setMinter(ZERO_ADDRESS, sender=deployer)


def test_set_minter__deployer_sets__emits_minter(fresh_token, deployer, reward_manager):
    tx = fresh_token.setMinter(reward_manager, sender=deployer)

    assert tx.events == [fresh_token.MinterSet(minter=reward_manager)]
    assert fresh_token.minter() == reward_manager


def test_set_minter__minter_is_set__reverts(minted, deployer, reward_manager):
    with reverts(minted.RewardToken_MinterAlreadySet, minter=reward_manager):
        minted.setMinter(deployer, sender=deployer)


def test_set_minter__minter_is_set__reverts_for_others_as_before(minted, attacker, deployer):
    with reverts(minted.RewardToken_NotDeployer, actor=attacker, deployer=deployer):
        minted.setMinter(attacker, sender=attacker)
