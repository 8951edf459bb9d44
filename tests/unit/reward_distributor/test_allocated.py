from contextlib import nullcontext
from dataclasses import dataclass, field

import ape
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import register_batch
from tests.support.campaigns import CLAIM, campaign_id_of
from tests.support.claims import claim_item
from tests.support.properties import on_one_chain
from tests.support.suite import REWARD_CAP

RATE = 7
BUDGETS = st.one_of(st.integers(1, 30), st.integers(REWARD_CAP - 20, REWARD_CAP))
STEPS = st.one_of(
    st.tuples(st.just("open"), st.integers(0, 2), BUDGETS),
    st.tuples(st.just("close"), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("reward"), st.integers(0, 2), st.integers(0, 3)),
)


@dataclass
class Model:
    """What the budgets of three campaigns must come to."""

    remaining: dict[int, int] = field(default_factory=dict)
    rewarded: set[tuple[int, int]] = field(default_factory=set)

    @property
    def allocated(self) -> int:
        return len(self.rewarded) * RATE + sum(self.remaining.values())

    def allows(self, step: str, which: int, number: int) -> bool:
        left = self.remaining.get(which, 0)
        if step == "open":
            return left == 0 and number <= REWARD_CAP - self.allocated
        if step == "close":
            return left > 0
        return left >= RATE and (which, number) not in self.rewarded

    def take(self, step: str, which: int, number: int) -> None:
        if step == "open":
            self.remaining[which] = number
        elif step == "close":
            del self.remaining[which]
        else:
            self.remaining[which] -= RATE
            self.rewarded.add((which, number))


@pytest.fixture
def batches(provenance, items, issuer, brand, manufacturer, shopper):
    """Three issuers' batches with all items claimed."""
    batches = [register_batch(provenance, owner) for owner in (issuer, brand, manufacturer)]
    for batch in batches:
        for index in range(batch.count):
            claim_item(items, batch, shopper, index)
    return batches


def test_allocated__campaigns_change_in_any_order__is_what_was_minted_or_remains(
    rewards, token, batches, reward_manager, shopper, chain
):
    subjects = [batch.batch_id for batch in batches]

    def act(step, which, number):
        if step == "open":
            rewards.openCampaign(CLAIM, subjects[which], RATE, number, sender=reward_manager)
        elif step == "close":
            campaign_id = campaign_id_of(CLAIM, subjects[which])
            rewards.closeCampaign(campaign_id, sender=reward_manager)
        else:
            rewards.rewardClaim(batches[which].batch_id, number, sender=shopper)

    def follow(steps, model):
        for step in steps:
            allowed = model.allows(*step)
            with nullcontext() if allowed else ape.reverts():
                act(*step)
            if allowed:
                model.take(*step)
            assert rewards.allocated() == model.allocated <= REWARD_CAP
            assert token.totalSupply() == len(model.rewarded) * RATE

    @on_one_chain(10)
    @given(st.lists(STEPS, min_size=4, max_size=16))
    def check(steps):
        start = chain.snapshot()
        try:
            follow(steps, Model())
        finally:
            chain.restore(start)

    check()
