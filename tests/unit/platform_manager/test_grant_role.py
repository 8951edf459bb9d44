from tests.support.reverts import reverts
from tests.support.suite import CAMPAIGN_ROLE


def test_grant_role__stranger_grants__reverts(manager, attacker, unauthorized):
    with reverts(manager.AccessManagerUnauthorizedAccount, **unauthorized(attacker)):
        manager.grantRole(CAMPAIGN_ROLE, attacker, 0, sender=attacker)


def test_grant_role__role_itself_grants__reverts(manager, reward_manager, attacker, unauthorized):
    with reverts(manager.AccessManagerUnauthorizedAccount, **unauthorized(reward_manager)):
        manager.grantRole(CAMPAIGN_ROLE, attacker, 0, sender=reward_manager)


def test_grant_role__administrator_grants__lets_account_act_at_once(
    manager, rewards, platform, brand, campaign
):
    manager.grantRole(CAMPAIGN_ROLE, brand, 0, sender=platform)

    rewards.openCampaign(*campaign, sender=brand)

    assert rewards.allocated() == 1000


def test_grant_role__administrator_grants__emits_grant(manager, platform, brand):
    tx = manager.grantRole(CAMPAIGN_ROLE, brand, 0, sender=platform)

    assert tx.events == [
        manager.RoleGranted(
            roleId=CAMPAIGN_ROLE, account=brand, delay=0, since=tx.timestamp, newMember=True
        )
    ]
