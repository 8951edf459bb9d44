from tests.support.clock import next_block_at
from tests.support.reverts import reverts

WEEK = 7 * 86_400  # how long an announcement holds


def test_schedule__role_with_delay_and_nothing_scheduled__reverts(
    manager, rewards, slow_manager, campaign, operation_id
):
    with reverts(manager.AccessManagerNotScheduled, operationId=operation_id):
        rewards.openCampaign(*campaign, sender=slow_manager)


def test_schedule__second_before_delay_is_over__reverts(
    manager, rewards, slow_manager, campaign, operation_id, announced
):
    next_block_at(announced - 1)

    with reverts(manager.AccessManagerNotReady, operationId=operation_id):
        rewards.openCampaign(*campaign, sender=slow_manager)


def test_schedule__second_delay_is_over__is_carried_out(rewards, slow_manager, campaign, announced):
    next_block_at(announced)

    rewards.openCampaign(*campaign, sender=slow_manager)

    assert rewards.allocated() == 1000


def test_schedule__it_was_carried_out__cannot_be_repeated(
    manager, rewards, slow_manager, campaign, operation_id, announced
):
    next_block_at(announced)
    rewards.openCampaign(*campaign, sender=slow_manager)

    with reverts(manager.AccessManagerNotScheduled, operationId=operation_id):
        rewards.openCampaign(*campaign, sender=slow_manager)


def test_schedule__it_was_cancelled__reverts(
    manager, rewards, platform, slow_manager, campaign, call_data, operation_id, announced
):
    manager.cancel(slow_manager, rewards, call_data, sender=platform)
    next_block_at(announced)

    with reverts(manager.AccessManagerNotScheduled, operationId=operation_id):
        rewards.openCampaign(*campaign, sender=slow_manager)


def test_schedule__week_has_passed__reverts(
    manager, rewards, slow_manager, campaign, operation_id, announced
):
    next_block_at(announced + WEEK)

    with reverts(manager.AccessManagerExpired, operationId=operation_id):
        rewards.openCampaign(*campaign, sender=slow_manager)
