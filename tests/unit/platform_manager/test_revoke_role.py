from tests.support.reverts import reverts
from tests.support.suite import CAMPAIGN_ROLE


def test_revoke_role__stranger_revokes__reverts(manager, reward_manager, attacker, unauthorized):
    with reverts(manager.AccessManagerUnauthorizedAccount, **unauthorized(attacker)):
        manager.revokeRole(CAMPAIGN_ROLE, reward_manager, sender=attacker)


def test_revoke_role__administrator_revokes__ends_at_once(
    manager, rewards, platform, reward_manager, campaign
):
    manager.revokeRole(CAMPAIGN_ROLE, reward_manager, sender=platform)

    with reverts(rewards.AccessManagedUnauthorized, caller=reward_manager):
        rewards.openCampaign(*campaign, sender=reward_manager)
