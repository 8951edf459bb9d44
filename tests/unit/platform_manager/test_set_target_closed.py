import pytest

from tests.support.batches import register_batch
from tests.support.campaigns import CLAIM, open_campaign
from tests.support.claims import claim_item
from tests.support.reverts import reverts


@pytest.fixture
def close(manager, rewards, platform):
    return lambda: manager.setTargetClosed(rewards, True, sender=platform)


def test_set_target_closed__rewards_are_closed__stops_manager(
    rewards, close, reward_manager, campaign
):
    close()

    with reverts(rewards.AccessManagedUnauthorized, caller=reward_manager):
        rewards.openCampaign(*campaign, sender=reward_manager)


def test_set_target_closed__rewards_are_closed__leaves_rewards_to_shoppers(
    rewards, close, token, provenance, items, issuer, reward_manager, shopper
):
    batch = register_batch(provenance, issuer)
    claim_item(items, batch, shopper)
    open_campaign(rewards, reward_manager, CLAIM, batch.batch_id)
    close()

    rewards.rewardClaim(batch.batch_id, 0, sender=shopper)

    assert token.balanceOf(shopper) == 10
