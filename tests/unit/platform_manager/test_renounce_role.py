from tests.support.reverts import reverts
from tests.support.suite import CAMPAIGN_ROLE


def test_renounce_role__holder_renounces__ends_at_once(manager, rewards, reward_manager, campaign):
    manager.renounceRole(CAMPAIGN_ROLE, reward_manager, sender=reward_manager)

    with reverts(rewards.AccessManagedUnauthorized, caller=reward_manager):
        rewards.openCampaign(*campaign, sender=reward_manager)
