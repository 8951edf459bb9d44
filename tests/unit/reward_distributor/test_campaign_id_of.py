import ape
from hypothesis import given
from hypothesis import strategies as st

from tests.support.campaigns import CLAIM, ORDER, campaign_id_of
from tests.support.properties import on_one_chain


@on_one_chain(30)
@given(st.sampled_from([CLAIM, ORDER]), st.binary(min_size=32, max_size=32))
def test_campaign_id_of__any_kind_and_subject_are_tried__is_their_hash(
    distributor_rewards, kind, subject
):
    assert distributor_rewards.campaignIdOf(kind, subject) == campaign_id_of(kind, subject)


def test_campaign_id_of__kind_is_none__reverts(rewards, subject):
    with ape.reverts():
        rewards.campaignIdOf(ORDER + 1, subject)
