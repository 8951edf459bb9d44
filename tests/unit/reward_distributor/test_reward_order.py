from itertools import count as counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.campaigns import ORDER, campaign_id_of, open_campaign
from tests.support.clock import later, next_block_at, read_at
from tests.support.programme import (
    DAY,
    PLATFORM_NUMBER,
    REFUND_WINDOW,
    Line,
    Part,
    create_order,
    member,
    publish,
    settle_order,
)
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.suite import REWARD_CAP
from tests.unit.reward_distributor.conftest import (
    AMOUNT,
    BUDGET,
    FEE,
    RATE,
    REFUNDS_OVER,
    shared,
    wait_for_refunds,
)

NONE, AUTHORIZED, CAPTURED, VOIDED = 0, 1, 2, 4
PLATFORM_BPS = 200


def order_id_of(escrow, order):
    return bytes(escrow.orderIdOf(order))


def not_settled(rewards, escrow, order, status):
    order_id = order_id_of(escrow, order)
    return reverts(rewards.RewardDistributor_OrderNotSettled, orderId=order_id, status=status)


def nothing_earned(rewards, escrow, order):
    return reverts(
        rewards.RewardDistributor_NothingEarned,
        campaignId=campaign_id_of(ORDER, order["planId"]),
        actId=order_id_of(escrow, order),
    )


def settled_order(escrow, payer, brand, plan_id, *amounts):
    """Return a settled order of a line for each amount, past every refund."""
    order = create_order(plan_id, payer, brand, lines=[Line(amount) for amount in amounts])
    escrow.authorize(order, sender=payer, value=sum(amounts))
    settle_order(escrow, order, payer)
    wait_for_refunds(escrow, order)
    return order


def fees_of(escrow, brand):
    """Read what the platform has of the brand's orders."""
    return escrow.creditOf(member(brand, PLATFORM_NUMBER), ZERO_ADDRESS)


def test_reward_order__anyone_sends_it__mints_to_payer_by_platform_fee(
    rewards, token, settled, order_campaign, payer, relayer
):
    rewards.rewardOrder(settled, shared(AMOUNT), sender=relayer)

    assert (token.balanceOf(payer), token.balanceOf(relayer)) == (FEE * RATE, 0)
    assert token.totalSupply() == FEE * RATE


def test_reward_order__anyone_sends_it__uses_up_budget(
    rewards, escrow, settled, order_campaign, relayer
):
    rewards.rewardOrder(settled, shared(AMOUNT), sender=relayer)

    assert rewards.campaignOf(order_campaign).remaining == BUDGET - FEE * RATE
    assert rewards.allocated() == BUDGET
    assert rewards.isRewarded(order_id_of(escrow, settled))


def test_reward_order__anyone_sends_it__emits_reward(
    rewards, token, escrow, settled, order_campaign, payer, relayer
):
    tx = rewards.rewardOrder(settled, shared(AMOUNT), sender=relayer)

    assert tx.events == [
        rewards.Rewarded(
            campaignId=order_campaign,
            actId=order_id_of(escrow, settled),
            account=payer,
            amount=FEE * RATE,
        ),
        token.Transfer(**{"from": ZERO_ADDRESS, "to": payer, "value": FEE * RATE}),
    ]


def test_reward_order__anyone_sends_it__returns_amount(
    rewards, escrow, settled, order_campaign, relayer
):
    read_at(escrow.orderOf(settled).changedAt + REFUNDS_OVER)

    assert rewards.rewardOrder.call(settled, shared(AMOUNT), sender=relayer) == FEE * RATE


@pytest.mark.parametrize("status", [NONE, AUTHORIZED, CAPTURED, VOIDED])
def test_reward_order__order_is_not_settled__reverts_with_its_status(
    rewards, escrow, order, order_campaign, payer, brand, status
):
    if status == NONE:
        order = order | {"salt": 2}
    elif status == CAPTURED:
        escrow.capture(order, [], sender=payer)
    elif status == VOIDED:
        escrow.void(order, sender=brand)

    with not_settled(rewards, escrow, order, status):
        rewards.rewardOrder(order, shared(AMOUNT), sender=payer)


def test_reward_order__part_was_refunded__rewards_rest_alone(
    rewards, token, escrow, order, order_campaign, payer, brand
):
    captured = escrow.capture(order, [], sender=payer)
    escrow.refund(order, [Part(0, AMOUNT // 4)], sender=brand)
    next_block_at(captured.timestamp + REFUND_WINDOW + DAY)
    escrow.settle([order], sender=payer)
    wait_for_refunds(escrow, order)

    rewards.rewardOrder(order, shared(AMOUNT * 3 // 4), sender=payer)

    assert token.balanceOf(payer) == FEE * 3 // 4 * RATE
    assert fees_of(escrow, brand) == FEE * 3 // 4


def test_reward_order__part_was_refunded_after_settlement__rewards_rest_alone(
    rewards, token, escrow, order, order_campaign, payer, brand
):
    settle_order(escrow, order, payer)
    part = AMOUNT // 4
    escrow.refundSettled(order, shared(AMOUNT), [Part(0, part)], sender=brand, value=part)
    wait_for_refunds(escrow, order)

    rewards.rewardOrder(order, shared(AMOUNT - part), sender=payer)

    assert token.balanceOf(payer) == FEE * 3 // 4 * RATE
    assert fees_of(escrow, brand) == FEE * 3 // 4


def test_reward_order__whole_was_refunded__reverts(
    rewards, escrow, order, order_campaign, payer, brand
):
    captured = escrow.capture(order, [], sender=payer)
    escrow.refund(order, [Part(0, AMOUNT)], sender=brand)
    next_block_at(captured.timestamp + REFUND_WINDOW + DAY)
    escrow.settle([order], sender=payer)
    wait_for_refunds(escrow, order)

    with nothing_earned(rewards, escrow, order):
        rewards.rewardOrder(order, shared(0), sender=payer)


def test_reward_order__last_second_in_which_it_can_be_refunded__reverts(
    rewards, escrow, order, order_campaign, payer
):
    settle_order(escrow, order, payer)
    until = escrow.orderOf(order).changedAt + REFUNDS_OVER
    next_block_at(until - 1)

    with reverts(
        rewards.RewardDistributor_OrderRefundable,
        orderId=order_id_of(escrow, order),
        until=until,
        time=until - 1,
    ):
        rewards.rewardOrder(order, shared(AMOUNT), sender=payer)


@pytest.mark.parametrize("lines", [shared(AMOUNT * 2), shared(AMOUNT, 1), shared(), [(AMOUNT, 0)]])
def test_reward_order__lines_are_not_how_it_was_shared__reverts(
    rewards, escrow, settled, order_campaign, payer, lines
):
    with reverts(rewards.RewardDistributor_SettlementUnknown, orderId=order_id_of(escrow, settled)):
        rewards.rewardOrder(settled, lines, sender=payer)


def test_reward_order__several_lines__rewards_fee_of_each(
    rewards, token, escrow, plan_id, order_campaign, payer, brand
):
    order = settled_order(escrow, payer, brand, plan_id, 99, 149, 50)

    rewards.rewardOrder(order, shared(99, 149, 50), sender=payer)

    assert token.balanceOf(payer) == (1 + 2 + 1) * RATE
    assert fees_of(escrow, brand) == 1 + 2 + 1


def test_reward_order__paid_outside_chain__reverts(
    rewards, escrow, book, brand, reward_manager, payer
):
    plan_id = publish(book, brand, dailyReportLimit=AMOUNT)
    open_campaign(rewards, reward_manager, ORDER, plan_id, RATE, BUDGET)
    order = create_order(plan_id, ZERO_ADDRESS, brand, lines=[Line(AMOUNT)])
    escrow.deposit(brand, ZERO_ADDRESS, AMOUNT, sender=brand, value=AMOUNT)
    reported = escrow.report([order], sender=brand)
    next_block_at(reported.timestamp + REFUND_WINDOW + DAY)
    escrow.settle([order], sender=payer)
    wait_for_refunds(escrow, order)

    with nothing_earned(rewards, escrow, order):
        rewards.rewardOrder(order, shared(AMOUNT), sender=payer)


def test_reward_order__order_was_rewarded__reverts(rewards, escrow, settled, order_campaign, payer):
    rewards.rewardOrder(settled, shared(AMOUNT), sender=payer)

    with reverts(rewards.RewardDistributor_AlreadyRewarded, actId=order_id_of(escrow, settled)):
        rewards.rewardOrder(settled, shared(AMOUNT), sender=payer)


def test_reward_order__no_campaign__reverts(rewards, escrow, settled, payer):
    with nothing_earned(rewards, escrow, settled):
        rewards.rewardOrder(settled, shared(AMOUNT), sender=payer)


def test_reward_order__campaign_is_of_another_plan__reverts(
    rewards, escrow, book, settled, brand, reward_manager, payer
):
    other = publish(book, brand, rates=[[1, 0, 0]])
    open_campaign(rewards, reward_manager, ORDER, other, RATE, BUDGET)

    with nothing_earned(rewards, escrow, settled):
        rewards.rewardOrder(settled, shared(AMOUNT), sender=payer)


def test_reward_order__fee_rounds_to_zero__reverts(
    rewards, escrow, plan_id, order_campaign, payer, brand
):
    amount = 10_000 // PLATFORM_BPS - 1
    order = settled_order(escrow, payer, brand, plan_id, amount)

    with nothing_earned(rewards, escrow, order):
        rewards.rewardOrder(order, shared(amount), sender=payer)


def test_reward_order__fee_rounds_to_one__rewards(
    rewards, token, escrow, plan_id, order_campaign, payer, brand
):
    amount = 10_000 // PLATFORM_BPS
    order = settled_order(escrow, payer, brand, plan_id, amount)

    rewards.rewardOrder(order, shared(amount), sender=payer)

    assert token.balanceOf(payer) == RATE


def test_reward_order__budget_is_reward_exactly__mints_last_of_it(
    rewards, token, settled, plan_id, reward_manager, payer
):
    campaign_id = open_campaign(rewards, reward_manager, ORDER, plan_id, RATE, FEE * RATE)

    rewards.rewardOrder(settled, shared(AMOUNT), sender=payer)

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
        rewards.rewardOrder(settled, shared(AMOUNT), sender=payer)


def test_reward_order__largest_order_and_rate__reverts_without_overflow(
    rewards, escrow, book, stablecoin, brand, reward_manager, payer
):
    most, rate = 2**128 - 1, 2**128 - 1
    plan_id = publish(book, brand, currency=stablecoin, platformFeeBps=10_000, depth=1, rates=[[0]])
    campaign_id = open_campaign(rewards, reward_manager, ORDER, plan_id, rate, REWARD_CAP)
    order = create_order(plan_id, payer, brand, currency=stablecoin, lines=[Line(most)])
    stablecoin.mint(payer, most, sender=payer)
    stablecoin.approve(escrow, most, sender=payer)
    escrow.authorize(order, sender=payer)
    settle_order(escrow, order, payer)
    wait_for_refunds(escrow, order)

    with reverts(
        rewards.RewardDistributor_BudgetExhausted,
        campaignId=campaign_id,
        amount=most * rate,
        remaining=REWARD_CAP,
    ):
        rewards.rewardOrder(order, [(most, 0)], sender=payer)


@pytest.mark.parametrize("change", [{"lines": [Line(AMOUNT * 2)]}, {"salt": 9}])
def test_reward_order__terms_differ_from_those_settled__reverts(
    rewards, escrow, settled, order_campaign, payer, change
):
    order = settled | change

    with not_settled(rewards, escrow, order, NONE):
        rewards.rewardOrder(order, shared(AMOUNT), sender=payer)


def test_reward_order__any_order_is_tried__rewards_by_what_platform_was_credited(
    rewards, token, escrow, book, brand, reward_manager, payer
):
    salts = counter(1)

    @on_one_chain(12)
    @given(st.integers(1, 10**15), st.integers(100, 5000), st.integers(0, 99))
    def check(amount, fee_bps, refunded_percent):
        salt = next(salts)
        plan_id = publish(book, brand, platformFeeBps=fee_bps, termsHash=salt.to_bytes(32))
        wait = 7 * DAY if salt > 1 else 1  # a plan beside others takes orders after its notice
        open_campaign(rewards, reward_manager, ORDER, plan_id, RATE, RATE * 10**15)
        next_block_at(later(wait))
        order = create_order(plan_id, payer, brand, salt=salt, lines=[Line(amount)])
        escrow.authorize(order, sender=payer, value=amount)
        captured = escrow.capture(order, [], sender=payer)
        if refund := amount * refunded_percent // 100:
            escrow.refund(order, [Part(0, refund)], sender=brand)
        before = fees_of(escrow, brand), token.balanceOf(payer)
        next_block_at(captured.timestamp + REFUND_WINDOW + DAY)
        escrow.settle([order], sender=payer)
        fee = fees_of(escrow, brand) - before[0]
        read_at(escrow.orderOf(order).changedAt + REFUNDS_OVER)

        if fee == 0:
            with nothing_earned(rewards, escrow, order):
                rewards.rewardOrder(order, shared(amount - refund), sender=payer)
        else:
            rewards.rewardOrder(order, shared(amount - refund), sender=payer)

        assert token.balanceOf(payer) - before[1] == fee * RATE

    check()
