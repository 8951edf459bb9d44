import pytest

from tests.support.campaigns import CLAIM, ORDER, campaign_id_of, open_campaign
from tests.support.reverts import reverts
from tests.support.suite import REWARD_CAP
from tests.unit.reward_distributor.conftest import BUDGET, RATE


def test_open_campaign__caller_has_no_role__reverts(rewards, subject, attacker):
    with reverts(rewards.AccessManagedUnauthorized, caller=attacker):
        rewards.openCampaign(CLAIM, subject, RATE, BUDGET, sender=attacker)


def test_open_campaign__administrator_has_not_role__reverts(rewards, subject, platform):
    with reverts(rewards.AccessManagedUnauthorized, caller=platform):
        rewards.openCampaign(CLAIM, subject, RATE, BUDGET, sender=platform)


def test_open_campaign__manager_opens__keeps_rate_and_budget(rewards, subject, reward_manager):
    rewards.openCampaign(CLAIM, subject, RATE, BUDGET, sender=reward_manager)

    campaign = rewards.campaignOf(campaign_id_of(CLAIM, subject))
    assert (campaign.rate, campaign.remaining) == (RATE, BUDGET)


def test_open_campaign__manager_opens__allots_budget(rewards, subject, reward_manager):
    rewards.openCampaign(CLAIM, subject, RATE, BUDGET, sender=reward_manager)

    assert rewards.allocated() == BUDGET


def test_open_campaign__manager_opens__emits_campaign(rewards, subject, reward_manager):
    tx = rewards.openCampaign(CLAIM, subject, RATE, BUDGET, sender=reward_manager)

    assert tx.events == [
        rewards.CampaignOpened(
            campaignId=campaign_id_of(CLAIM, subject),
            kind=CLAIM,
            subject=subject,
            rate=RATE,
            budget=BUDGET,
        )
    ]


def test_open_campaign__manager_opens__returns_id(rewards, subject, reward_manager):
    returned = rewards.openCampaign.call(CLAIM, subject, RATE, BUDGET, sender=reward_manager)

    assert returned == campaign_id_of(CLAIM, subject)


def test_open_campaign__campaign_has_budget_left__reverts(
    rewards, claim_campaign, subject, reward_manager
):
    with reverts(
        rewards.RewardDistributor_CampaignOpen, campaignId=claim_campaign, remaining=BUDGET
    ):
        rewards.openCampaign(CLAIM, subject, RATE, 1, sender=reward_manager)


def test_open_campaign__budget_is_used_up__opens_again(
    rewards, batch, subject, reward_manager, relayer
):
    campaign_id = open_campaign(rewards, reward_manager, CLAIM, subject, RATE, RATE)
    rewards.rewardClaim(batch.batch_id, 0, sender=relayer)

    open_campaign(rewards, reward_manager, CLAIM, subject, RATE, BUDGET)

    assert rewards.campaignOf(campaign_id).remaining == BUDGET
    assert rewards.allocated() == RATE + BUDGET


def test_open_campaign__campaign_is_closed__opens_again(
    rewards, claim_campaign, subject, reward_manager
):
    rewards.closeCampaign(claim_campaign, sender=reward_manager)

    open_campaign(rewards, reward_manager, CLAIM, subject, RATE + 1, BUDGET + 1)

    campaign = rewards.campaignOf(claim_campaign)
    assert (campaign.rate, campaign.remaining) == (RATE + 1, BUDGET + 1)


@pytest.mark.parametrize(("rate", "budget"), [(0, BUDGET), (RATE, 0), (0, 0)])
def test_open_campaign__rate_or_budget_is_zero__reverts(
    rewards, subject, reward_manager, rate, budget
):
    with reverts(
        rewards.RewardDistributor_CampaignEmpty,
        campaignId=campaign_id_of(CLAIM, subject),
        rate=rate,
        budget=budget,
    ):
        rewards.openCampaign(CLAIM, subject, rate, budget, sender=reward_manager)


def test_open_campaign__rate_and_budget_is_one__is_accepted(rewards, subject, reward_manager):
    rewards.openCampaign(CLAIM, subject, 1, 1, sender=reward_manager)

    assert tuple(rewards.campaignOf(campaign_id_of(CLAIM, subject))) == (1, 1)


def test_open_campaign__all_budgets_reach_cap__is_accepted(
    rewards, claim_campaign, plan_id, reward_manager
):
    rewards.openCampaign(ORDER, plan_id, RATE, REWARD_CAP - BUDGET, sender=reward_manager)

    assert rewards.allocated() == REWARD_CAP


def test_open_campaign__all_budgets_would_pass_cap_by_one__reverts(
    rewards, claim_campaign, plan_id, reward_manager
):
    available = REWARD_CAP - BUDGET

    with reverts(
        rewards.RewardDistributor_BudgetAboveCap, budget=available + 1, available=available
    ):
        rewards.openCampaign(ORDER, plan_id, RATE, available + 1, sender=reward_manager)


def test_open_campaign__cap_is_allotted_and_campaign_closed__can_allot_what_was_freed(
    rewards, claim_campaign, plan_id, reward_manager
):
    open_campaign(rewards, reward_manager, ORDER, plan_id, RATE, REWARD_CAP - BUDGET)
    rewards.closeCampaign(claim_campaign, sender=reward_manager)

    open_campaign(rewards, reward_manager, CLAIM, b"\1" * 32, RATE, BUDGET)

    assert rewards.allocated() == REWARD_CAP


def test_open_campaign__kinds_differ__opens_one_for_each(rewards, subject, reward_manager):
    claims = open_campaign(rewards, reward_manager, CLAIM, subject, RATE, 1)
    orders = open_campaign(rewards, reward_manager, ORDER, subject, RATE, 2)

    remaining = [rewards.campaignOf(campaign).remaining for campaign in (claims, orders)]
    assert remaining == [1, 2]
