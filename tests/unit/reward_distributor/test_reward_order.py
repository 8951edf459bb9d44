from itertools import count as counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.campaigns import ORDER, campaign_id_of, open_campaign
from tests.support.clock import next_block_at, now
from tests.support.orders import (
    REFUND_WINDOW,
    authorize,
    create_order,
    publish_plan,
    settle_order,
)
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.suite import REWARD_CAP
from tests.unit.reward_distributor.conftest import AMOUNT, BUDGET, FEE, RATE

NONE, AUTHORIZED, CAPTURED, VOIDED, REFUNDED = 0, 1, 2, 3, 5
PLATFORM_BPS = 200


def order_id_of(splitter, order):
    return bytes(splitter.orderIdOf(order))


def not_settled(rewards, splitter, order, status):
    order_id = order_id_of(splitter, order)
    return reverts(rewards.RewardDistributor_OrderNotSettled, orderId=order_id, status=status)


def nothing_earned(rewards, splitter, order):
    return reverts(
        rewards.RewardDistributor_NothingEarned,
        campaignId=campaign_id_of(ORDER, order["planId"]),
        actId=order_id_of(splitter, order),
    )


def settled_order(splitter, payer, plan_id, amount):
    """Return a settled order of `amount`."""
    order = create_order(plan_id, payer, amount=amount)
    authorize(splitter, order, payer)
    settle_order(splitter, order, payer)
    return order


def test_reward_order__anyone_sends_it__mints_to_payer_by_platform_fee(
    rewards, token, settled, order_campaign, payer, relayer
):
    rewards.rewardOrder(settled, sender=relayer)

    assert (token.balanceOf(payer), token.balanceOf(relayer)) == (FEE * RATE, 0)
    assert token.totalSupply() == FEE * RATE


def test_reward_order__anyone_sends_it__uses_up_budget(
    rewards, splitter, settled, order_campaign, relayer
):
    rewards.rewardOrder(settled, sender=relayer)

    assert rewards.campaignOf(order_campaign).remaining == BUDGET - FEE * RATE
    assert rewards.allocated() == BUDGET
    assert rewards.isRewarded(order_id_of(splitter, settled))


def test_reward_order__anyone_sends_it__emits_reward(
    rewards, token, splitter, settled, order_campaign, payer, relayer
):
    tx = rewards.rewardOrder(settled, sender=relayer)

    assert tx.events == [
        rewards.Rewarded(
            campaignId=order_campaign,
            actId=order_id_of(splitter, settled),
            account=payer,
            amount=FEE * RATE,
        ),
        token.Transfer(**{"from": ZERO_ADDRESS, "to": payer, "value": FEE * RATE}),
    ]


def test_reward_order__anyone_sends_it__returns_amount(rewards, settled, order_campaign, relayer):
    assert rewards.rewardOrder.call(settled, sender=relayer) == FEE * RATE


@pytest.mark.parametrize("status", [NONE, AUTHORIZED, CAPTURED, VOIDED])
def test_reward_order__order_is_not_settled__reverts_with_its_status(
    rewards, splitter, order, order_campaign, payer, brand, status
):
    if status == NONE:
        order = order | {"salt": 2}
    elif status == CAPTURED:
        splitter.capture(order, sender=payer)
    elif status == VOIDED:
        splitter.void(order, sender=brand)

    with not_settled(rewards, splitter, order, status):
        rewards.rewardOrder(order, sender=payer)


def test_reward_order__part_was_refunded__rewards_rest_alone(
    rewards, token, splitter, order, order_campaign, payer, brand, platform
):
    captured = splitter.capture(order, sender=payer)
    splitter.refund(order, AMOUNT // 4, sender=brand)
    next_block_at(captured.timestamp + REFUND_WINDOW)
    splitter.settle(order, sender=payer)

    rewards.rewardOrder(order, sender=payer)

    assert token.balanceOf(payer) == FEE * 3 // 4 * RATE
    assert splitter.creditOf(platform, ZERO_ADDRESS) == FEE * 3 // 4


def test_reward_order__whole_was_refunded__reverts(
    rewards, splitter, order, order_campaign, payer, brand
):
    splitter.capture(order, sender=payer)
    splitter.refund(order, AMOUNT, sender=brand)
    next_block_at(now() + REFUND_WINDOW + 1)

    with not_settled(rewards, splitter, order, REFUNDED):
        rewards.rewardOrder(order, sender=payer)


def test_reward_order__order_was_rewarded__reverts(
    rewards, splitter, settled, order_campaign, payer
):
    rewards.rewardOrder(settled, sender=payer)

    with reverts(rewards.RewardDistributor_AlreadyRewarded, actId=order_id_of(splitter, settled)):
        rewards.rewardOrder(settled, sender=payer)


def test_reward_order__no_campaign__reverts(rewards, splitter, settled, payer):
    with nothing_earned(rewards, splitter, settled):
        rewards.rewardOrder(settled, sender=payer)


def test_reward_order__campaign_is_of_another_plan__reverts(
    rewards, splitter, settled, brand, reward_manager, payer
):
    other = publish_plan(splitter, brand, levelBps=[1])
    open_campaign(rewards, reward_manager, ORDER, other, RATE, BUDGET)

    with nothing_earned(rewards, splitter, settled):
        rewards.rewardOrder(settled, sender=payer)


def test_reward_order__fee_rounds_to_zero__reverts(
    rewards, splitter, plan_id, order_campaign, payer
):
    order = settled_order(splitter, payer, plan_id, 10_000 // PLATFORM_BPS - 1)

    with nothing_earned(rewards, splitter, order):
        rewards.rewardOrder(order, sender=payer)


def test_reward_order__fee_rounds_to_one__rewards(
    rewards, token, splitter, plan_id, order_campaign, payer
):
    order = settled_order(splitter, payer, plan_id, 10_000 // PLATFORM_BPS)

    rewards.rewardOrder(order, sender=payer)

    assert token.balanceOf(payer) == RATE


def test_reward_order__budget_is_reward_exactly__mints_last_of_it(
    rewards, token, settled, plan_id, reward_manager, payer
):
    campaign_id = open_campaign(rewards, reward_manager, ORDER, plan_id, RATE, FEE * RATE)

    rewards.rewardOrder(settled, sender=payer)

    assert rewards.campaignOf(campaign_id).remaining == 0
    assert token.balanceOf(payer) == FEE * RATE


def test_reward_order__budget_is_one_too_small__reverts(
    rewards, settled, plan_id, reward_manager, payer
):
    budget = FEE * RATE - 1
    campaign_id = open_campaign(rewards, reward_manager, ORDER, plan_id, RATE, budget)

    with reverts(
        rewards.RewardDistributor_BudgetExhausted,
        campaignId=campaign_id,
        amount=FEE * RATE,
        remaining=budget,
    ):
        rewards.rewardOrder(settled, sender=payer)


def test_reward_order__largest_order_and_rate__reverts_without_overflow(
    rewards, splitter, stablecoin, brand, reward_manager, payer
):
    most, rate = 2**128 - 1, 2**128 - 1
    plan_id = publish_plan(splitter, brand, currency=stablecoin, platformFeeBps=10_000, levelBps=[])
    campaign_id = open_campaign(rewards, reward_manager, ORDER, plan_id, rate, REWARD_CAP)
    order = create_order(plan_id, payer, amount=most)
    stablecoin.mint(payer, most, sender=payer)
    stablecoin.approve(splitter, most, sender=payer)
    splitter.authorize(order, sender=payer)
    settle_order(splitter, order, payer)

    with reverts(
        rewards.RewardDistributor_BudgetExhausted,
        campaignId=campaign_id,
        amount=most * rate,
        remaining=REWARD_CAP,
    ):
        rewards.rewardOrder(order, sender=payer)


@pytest.mark.parametrize("change", [{"amount": AMOUNT * 2}, {"salt": 9}])
def test_reward_order__terms_differ_from_those_settled__reverts(
    rewards, splitter, settled, order_campaign, payer, change
):
    order = settled | change

    with not_settled(rewards, splitter, order, NONE):
        rewards.rewardOrder(order, sender=payer)


def test_reward_order__any_order_is_tried__rewards_by_what_platform_was_credited(
    rewards, token, splitter, brand, platform, reward_manager, payer
):
    salts = counter(1)

    @on_one_chain(12)
    @given(st.integers(1, 10**15), st.integers(100, 5000), st.integers(0, 99))
    def check(amount, fee_bps, refunded_percent):
        salt = next(salts)
        terms = {"platformFeeBps": fee_bps, "documentHash": salt.to_bytes(32)}
        plan_id = publish_plan(splitter, brand, **terms)
        open_campaign(rewards, reward_manager, ORDER, plan_id, RATE, RATE * 10**15)
        order = create_order(plan_id, payer, amount=amount, salt=salt)
        authorize(splitter, order, payer)
        captured = splitter.capture(order, sender=payer)
        if refund := amount * refunded_percent // 100:
            splitter.refund(order, refund, sender=brand)
        before = splitter.creditOf(platform, ZERO_ADDRESS), token.balanceOf(payer)
        next_block_at(captured.timestamp + REFUND_WINDOW)
        splitter.settle(order, sender=payer)
        fee = splitter.creditOf(platform, ZERO_ADDRESS) - before[0]

        if fee == 0:
            with nothing_earned(rewards, splitter, order):
                rewards.rewardOrder(order, sender=payer)
        else:
            rewards.rewardOrder(order, sender=payer)

        assert token.balanceOf(payer) - before[1] == fee * RATE

    check()
