import pytest

CAP = 1_000_000
BALANCE = 1000


@pytest.fixture
def fresh_token(deployer, project):
    """A token without a minter and with a small cap."""
    return deployer.deploy(project.RewardToken, "Weilian Reward", "WLR", CAP)


@pytest.fixture
def minted(fresh_token, deployer, reward_manager, payer):
    """A token that a plain account mints; the payer holds some."""
    fresh_token.setMinter(reward_manager, sender=deployer)
    fresh_token.mint(payer, BALANCE, sender=reward_manager)
    return fresh_token
