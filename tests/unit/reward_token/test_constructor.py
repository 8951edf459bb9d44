from tests.support.abi import ZERO_ADDRESS
from tests.support.reverts import reverts
from tests.unit.reward_token.conftest import CAP


def test_constructor__it_is_deployed__has_name_and_no_supply(fresh_token):
    named = (fresh_token.name(), fresh_token.symbol(), fresh_token.decimals())

    assert named == ("Weilian Reward", "WLR", 18)
    assert (fresh_token.totalSupply(), fresh_token.cap()) == (0, CAP)


def test_constructor__it_is_deployed__has_no_minter(fresh_token, deployer):
    assert (fresh_token.minter(), fresh_token.DEPLOYER()) == (ZERO_ADDRESS, deployer)


def test_constructor__cap_is_zero__reverts(fresh_token, deployer, project):
    with reverts(fresh_token.ERC20InvalidCap, cap=0):
        deployer.deploy(project.RewardToken, "Weilian Reward", "WLR", 0)
