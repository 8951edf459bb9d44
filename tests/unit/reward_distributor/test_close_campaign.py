from tests.support.campaigns import CLAIM, campaign_id_of, open_campaign
from tests.support.reverts import reverts
from tests.unit.reward_distributor.conftest import BUDGET, RATE


def test_close_campaign__caller_has_no_role__reverts(rewards, claim_campaign, attacker):
    with reverts(rewards.AccessManagedUnauthorized, caller=attacker):
        rewards.closeCampaign(claim_campaign, sender=attacker)


def test_close_campaign__no_campaign__reverts(rewards, subject, reward_manager):
    campaign_id = campaign_id_of(CLAIM, subject)

    with reverts(rewards.RewardDistributor_CampaignNotOpen, campaignId=campaign_id):
        rewards.closeCampaign(campaign_id, sender=reward_manager)


def test_close_campaign__campaign_is_closed__reverts(rewards, claim_campaign, reward_manager):
    rewards.closeCampaign(claim_campaign, sender=reward_manager)

    with reverts(rewards.RewardDistributor_CampaignNotOpen, campaignId=claim_campaign):
        rewards.closeCampaign(claim_campaign, sender=reward_manager)


def test_close_campaign__budget_is_used_up__reverts(
    rewards, batch, subject, reward_manager, relayer
):
    campaign_id = open_campaign(rewards, reward_manager, CLAIM, subject, RATE, RATE)
    rewards.rewardClaim(batch.batch_id, 0, sender=relayer)

    with reverts(rewards.RewardDistributor_CampaignNotOpen, campaignId=campaign_id):
        rewards.closeCampaign(campaign_id, sender=reward_manager)


def test_close_campaign__manager_closes__forgets_campaign(rewards, claim_campaign, reward_manager):
    rewards.closeCampaign(claim_campaign, sender=reward_manager)

    assert tuple(rewards.campaignOf(claim_campaign)) == (0, 0)
    assert rewards.allocated() == 0


def test_close_campaign__manager_closes__emits_what_is_freed(
    rewards, claim_campaign, reward_manager
):
    tx = rewards.closeCampaign(claim_campaign, sender=reward_manager)

    assert tx.events == [rewards.CampaignClosed(campaignId=claim_campaign, released=BUDGET)]


def test_close_campaign__part_was_minted__frees_rest_alone(
    rewards, batch, claim_campaign, reward_manager, relayer
):
    rewards.rewardClaim(batch.batch_id, 0, sender=relayer)

    tx = rewards.closeCampaign(claim_campaign, sender=reward_manager)

    assert [event.released for event in tx.events] == [BUDGET - RATE]
    assert rewards.allocated() == RATE
