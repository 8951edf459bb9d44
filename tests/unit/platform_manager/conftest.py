import pytest

from tests.support.abi import ZERO_HASH
from tests.support.campaigns import CLAIM
from tests.support.suite import CAMPAIGN_ROLE

DELAY = 86_400


@pytest.fixture
def rewards(distributor_rewards):
    return distributor_rewards


@pytest.fixture
def campaign():
    """Arguments of a campaign that can be opened."""
    return CLAIM, ZERO_HASH, 10, 1000


@pytest.fixture
def unauthorized(manager):
    """Make the arguments of the error that a caller without the administrator's role meets."""
    return lambda caller: {"msgsender": caller, "roleId": manager.ADMIN_ROLE()}


@pytest.fixture
def slow_manager(manager, platform, manufacturer):
    """Holds the role for campaigns, and has to announce a day before."""
    manager.grantRole(CAMPAIGN_ROLE, manufacturer, DELAY, sender=platform)
    return manufacturer


@pytest.fixture
def call_data(rewards, campaign):
    return rewards.openCampaign.encode_input(*campaign)


@pytest.fixture
def operation_id(manager, rewards, slow_manager, call_data):
    return manager.hashOperation(slow_manager, rewards, call_data)


@pytest.fixture
def announced(manager, rewards, slow_manager, call_data):
    """Second from which the announced campaign can be opened."""
    tx = manager.schedule(rewards, call_data, 0, sender=slow_manager)
    return tx.timestamp + DELAY
