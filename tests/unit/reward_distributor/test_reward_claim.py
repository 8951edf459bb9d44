import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import item_id_of, register_batch
from tests.support.campaigns import CLAIM, ORDER, campaign_id_of, open_campaign
from tests.support.claims import claim_item
from tests.support.items import recall
from tests.support.reverts import reverts
from tests.support.suite import REWARD_CAP
from tests.unit.reward_distributor.conftest import BUDGET, RATE


@pytest.fixture
def nothing_earned(rewards, subject, item_id):
    """Demand that the claimed item earns nothing."""
    return reverts(
        rewards.RewardDistributor_NothingEarned,
        campaignId=campaign_id_of(CLAIM, subject),
        actId=item_id,
    )


def test_reward_claim__anyone_sends_it__mints_to_owner_of_item(
    rewards, token, batch, claim_campaign, shopper, relayer
):
    rewards.rewardClaim(batch.batch_id, 0, sender=relayer)

    assert (token.balanceOf(shopper), token.balanceOf(relayer)) == (RATE, 0)
    assert token.totalSupply() == RATE


def test_reward_claim__anyone_sends_it__uses_up_budget(
    rewards, batch, item_id, claim_campaign, relayer
):
    rewards.rewardClaim(batch.batch_id, 0, sender=relayer)

    assert rewards.campaignOf(claim_campaign).remaining == BUDGET - RATE
    assert rewards.allocated() == BUDGET
    assert rewards.isRewarded(item_id)


def test_reward_claim__anyone_sends_it__emits_reward(
    rewards, token, batch, item_id, claim_campaign, shopper, relayer
):
    tx = rewards.rewardClaim(batch.batch_id, 0, sender=relayer)

    assert tx.events == [
        rewards.Rewarded(campaignId=claim_campaign, actId=item_id, account=shopper, amount=RATE),
        token.Transfer(**{"from": ZERO_ADDRESS, "to": shopper, "value": RATE}),
    ]


def test_reward_claim__anyone_sends_it__returns_amount(rewards, batch, claim_campaign, relayer):
    assert rewards.rewardClaim.call(batch.batch_id, 0, sender=relayer) == RATE


def test_reward_claim__item_is_not_claimed__reverts(rewards, batch, claim_campaign, relayer):
    item_id = item_id_of(batch.batch_id, 1)

    with reverts(rewards.RewardDistributor_ItemNotClaimed, itemId=item_id):
        rewards.rewardClaim(batch.batch_id, 1, sender=relayer)


def test_reward_claim__item_was_rewarded__reverts(rewards, batch, item_id, claim_campaign, shopper):
    rewards.rewardClaim(batch.batch_id, 0, sender=shopper)

    with reverts(rewards.RewardDistributor_AlreadyRewarded, actId=item_id):
        rewards.rewardClaim(batch.batch_id, 0, sender=shopper)


def test_reward_claim__item_was_rewarded__reverts_after_campaign_was_opened_again_too(
    rewards, batch, item_id, claim_campaign, subject, reward_manager, shopper
):
    rewards.rewardClaim(batch.batch_id, 0, sender=shopper)
    rewards.closeCampaign(claim_campaign, sender=reward_manager)
    open_campaign(rewards, reward_manager, CLAIM, subject, RATE, BUDGET)

    with reverts(rewards.RewardDistributor_AlreadyRewarded, actId=item_id):
        rewards.rewardClaim(batch.batch_id, 0, sender=shopper)


def test_reward_claim__no_campaign__reverts(rewards, batch, shopper, nothing_earned):
    with nothing_earned:
        rewards.rewardClaim(batch.batch_id, 0, sender=shopper)


def test_reward_claim__campaign_is_of_another_batch__reverts(
    rewards, provenance, batch, issuer, reward_manager, shopper, nothing_earned
):
    other = register_batch(provenance, issuer, lot=b"OTHER".ljust(20, b"\0"))
    open_campaign(rewards, reward_manager, CLAIM, other.batch_id, RATE, BUDGET)

    with nothing_earned:
        rewards.rewardClaim(batch.batch_id, 0, sender=shopper)


def test_reward_claim__campaign_is_closed__reverts(
    rewards, batch, claim_campaign, reward_manager, shopper, nothing_earned
):
    rewards.closeCampaign(claim_campaign, sender=reward_manager)

    with nothing_earned:
        rewards.rewardClaim(batch.batch_id, 0, sender=shopper)


def test_reward_claim__budget_is_reward_exactly__mints_last_of_it(
    rewards, token, batch, subject, reward_manager, shopper
):
    campaign_id = open_campaign(rewards, reward_manager, CLAIM, subject, RATE, RATE)

    rewards.rewardClaim(batch.batch_id, 0, sender=shopper)

    assert rewards.campaignOf(campaign_id).remaining == 0
    assert token.balanceOf(shopper) == RATE


def test_reward_claim__budget_is_one_too_small__reverts(
    rewards, batch, subject, reward_manager, shopper
):
    campaign_id = open_campaign(rewards, reward_manager, CLAIM, subject, RATE, RATE - 1)

    with reverts(
        rewards.RewardDistributor_BudgetExhausted,
        campaignId=campaign_id,
        amount=RATE,
        remaining=RATE - 1,
    ):
        rewards.rewardClaim(batch.batch_id, 0, sender=shopper)


def test_reward_claim__budget_is_used_up__reverts(
    rewards, items, batch, subject, reward_manager, shopper
):
    campaign_id = open_campaign(rewards, reward_manager, CLAIM, subject, RATE, RATE)
    rewards.rewardClaim(batch.batch_id, 0, sender=shopper)
    claim_item(items, batch, shopper, index=1)

    with reverts(
        rewards.RewardDistributor_BudgetExhausted,
        campaignId=campaign_id,
        amount=RATE,
        remaining=0,
    ):
        rewards.rewardClaim(batch.batch_id, 1, sender=shopper)


def test_reward_claim__batch_was_recalled_after_claim__still_rewards(
    rewards, token, provenance, batch, claim_campaign, issuer, shopper
):
    recall(provenance, batch, issuer)

    rewards.rewardClaim(batch.batch_id, 0, sender=shopper)

    assert token.balanceOf(shopper) == RATE


def test_reward_claim__item_was_claimed_before_campaign__rewards(
    rewards, token, batch, subject, reward_manager, shopper
):
    open_campaign(rewards, reward_manager, CLAIM, subject, RATE, BUDGET)

    rewards.rewardClaim(batch.batch_id, 0, sender=shopper)

    assert token.balanceOf(shopper) == RATE


def test_reward_claim__whole_cap_is_allotted_and_used__mints_to_last_unit(
    rewards, token, batch, subject, plan_id, reward_manager, shopper
):
    open_campaign(rewards, reward_manager, CLAIM, subject, REWARD_CAP - 1, REWARD_CAP - 1)
    open_campaign(rewards, reward_manager, ORDER, plan_id, 1, 1)

    rewards.rewardClaim(batch.batch_id, 0, sender=shopper)

    assert (token.totalSupply(), rewards.allocated()) == (REWARD_CAP - 1, REWARD_CAP)


def test_reward_claim__two_items_of_batch_are_claimed__rewards_each(
    rewards, token, items, batch, claim_campaign, shopper, payer
):
    claim_item(items, batch, payer, index=1)

    rewards.rewardClaim(batch.batch_id, 0, sender=shopper)
    rewards.rewardClaim(batch.batch_id, 1, sender=shopper)

    assert (token.balanceOf(shopper), token.balanceOf(payer)) == (RATE, RATE)
