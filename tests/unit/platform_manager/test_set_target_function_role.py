from tests.support.abi import selector
from tests.support.reverts import reverts

PUBLIC_ROLE = 2**64 - 1


def test_set_target_function_role__stranger_sets__reverts(manager, rewards, attacker, unauthorized):
    opening = [selector(rewards.openCampaign.abis[0])]

    with reverts(manager.AccessManagerUnauthorizedAccount, **unauthorized(attacker)):
        manager.setTargetFunctionRole(rewards, opening, PUBLIC_ROLE, sender=attacker)
