"""The whole suite, deployed and wired as on a live network."""

from dataclasses import dataclass
from typing import Any

from tests.support.abi import selector
from tests.support.programme import PlanLimits, Programme, deploy_programme

REWARD_CAP = 1_000_000 * 10**18
CAMPAIGN_ROLE = 1


@dataclass(frozen=True)
class Suite:
    identities: Any
    provenance: Any
    items: Any
    custody: Any
    lens: Any
    programme: Programme
    token: Any
    manager: Any
    distributor_rewards: Any
    stablecoin: Any


def deploy_suite(project, deployer, platform, reward_manager) -> Suite:
    """Deploy all contracts; `platform` administers the manager, `reward_manager` runs campaigns."""
    identities = deployer.deploy(project.IdentityRegistry)
    permit2 = deployer.deploy(project.SmallPermit2)
    programme = deploy_programme(project, deployer, identities, platform, PlanLimits(), permit2)
    provenance = deployer.deploy(project.ProvenanceRegistry, identities)
    items = deployer.deploy(project.ItemRegistry, provenance, identities)
    custody = deployer.deploy(project.CustodyLedger, provenance, identities)
    lens = deployer.deploy(project.ProvenanceLens, provenance, items, custody)
    token = deployer.deploy(project.RewardToken, "Weilian Reward", "WLR", REWARD_CAP)
    manager = deployer.deploy(project.PlatformManager, platform)
    rewards = deployer.deploy(project.RewardDistributor, manager, token, items, programme.escrow)

    token.setMinter(rewards, sender=deployer)
    restricted = [selector(m.abis[0]) for m in (rewards.openCampaign, rewards.closeCampaign)]
    manager.setTargetFunctionRole(rewards, restricted, CAMPAIGN_ROLE, sender=platform)
    manager.grantRole(CAMPAIGN_ROLE, reward_manager, 0, sender=platform)

    stablecoin = deployer.deploy(project.TestStablecoin)
    return Suite(
        identities,
        provenance,
        items,
        custody,
        lens,
        programme,
        token,
        manager,
        rewards,
        stablecoin,
    )
