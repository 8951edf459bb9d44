from tests.support.reverts import reverts


def test_authority__stranger_sets_it__reverts(rewards, attacker):
    with reverts(rewards.AccessManagedUnauthorized, caller=attacker):
        rewards.setAuthority(attacker, sender=attacker)
