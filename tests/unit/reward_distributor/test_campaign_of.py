from tests.support.campaigns import CLAIM, campaign_id_of


def test_campaign_of__no_campaign__is_all_zero(rewards, subject):
    assert tuple(rewards.campaignOf(campaign_id_of(CLAIM, subject))) == (0, 0)
