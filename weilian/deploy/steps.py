"""What each step of a deployment does: arguments of the contracts, and how they are wired."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_utils.abi import function_abi_to_4byte_selector
from web3.contract import Contract
from web3.contract.contract import ContractFunction

from weilian import abi
from weilian.chain import Chain
from weilian.config import DEPLOYER, Config
from weilian.deployments import CONTRACTS

ADMIN_ROLE = 0
"""Fixed by AccessManager."""

REWARD_MANAGER_ROLE = 1
REWARD_MANAGER_LABEL = "REWARD_MANAGER"
REWARD_MANAGER_FUNCTIONS = ("openCampaign", "closeCampaign")


@dataclass(frozen=True, slots=True)
class Site:
    """Where the steps work: `at` has the address of each contract by its name."""

    config: Config
    chain: Chain
    deployer: str
    at: Mapping[str, str]

    def account(self, name: str) -> str:
        """Return an account of the configuration, where `deployer` stands for who deploys."""
        return self.deployer if name == DEPLOYER else name

    def contract(self, noun: str) -> Contract:
        """Return a contract that is deployed."""
        name = CONTRACTS[noun]
        return self.chain.contract(abi.load(name), self.at[name])

    def read(self, function: ContractFunction) -> Any:
        """Ask a contract."""
        return self.chain.call(function)


ARGUMENTS: dict[str, Callable[[Site], list[Any]]] = {
    "PlatformManager": lambda site: [site.deployer],
    "IdentityRegistry": lambda _: [],
    "ProvenanceRegistry": lambda site: [site.at["IdentityRegistry"]],
    "ItemRegistry": lambda site: [site.at["ProvenanceRegistry"], site.at["IdentityRegistry"]],
    "CustodyLedger": lambda site: [site.at["ProvenanceRegistry"], site.at["IdentityRegistry"]],
    "ProvenanceLens": lambda site: [
        site.at["ProvenanceRegistry"],
        site.at["ItemRegistry"],
        site.at["CustodyLedger"],
    ],
    "PlanBook": lambda site: [site.at["IdentityRegistry"], site.config.limits.to_tuple()],
    "DistributorNetwork": lambda site: [site.at["IdentityRegistry"]],
    "Checkout": lambda site: [site.config.permit2],
    "OrderDisputes": lambda site: [
        site.at["IdentityRegistry"],
        site.config.arbitration.address,
        site.config.arbitration.data,
    ],
    "CommissionEscrow": lambda site: [
        site.at["IdentityRegistry"],
        site.account(site.config.platform),
        site.at["PlanBook"],
        site.at["DistributorNetwork"],
        site.at["Checkout"],
        site.at["OrderDisputes"],
    ],
    "RewardToken": lambda site: [
        site.config.reward.name,
        site.config.reward.symbol,
        site.config.reward.cap_units,
    ],
    "RewardDistributor": lambda site: [
        site.at["PlatformManager"],
        site.at["RewardToken"],
        site.at["ItemRegistry"],
        site.at["CommissionEscrow"],
    ],
}
"""The constructor's arguments of each contract."""


@dataclass(frozen=True, slots=True)
class Wire:
    """One setting: whether the chain has it, and the call that makes it."""

    is_made: Callable[[Site], bool]
    action: Callable[[Site], ContractFunction]


def _binding(noun: str) -> Wire:
    """Make a contract work for the escrow that names it; possible once, for its deployer."""

    def is_bound(site: Site) -> bool:
        bound = site.read(site.contract(noun).functions.ESCROW())
        return bool(bound == site.at["CommissionEscrow"])

    def bind(site: Site) -> ContractFunction:
        return site.contract(noun).functions.bindEscrow(site.at["CommissionEscrow"])

    return Wire(is_bound, bind)


def _has_minter(site: Site) -> bool:
    return bool(
        site.read(site.contract("token").functions.minter()) == site.at["RewardDistributor"]
    )


def _set_minter(site: Site) -> ContractFunction:
    return site.contract("token").functions.setMinter(site.at["RewardDistributor"])


def _has_reward_manager(site: Site) -> bool:
    manager = site.contract("manager").functions
    role = site.config.roles.reward_manager
    target = site.at["RewardDistributor"]
    held = site.read(manager.hasRole(REWARD_MANAGER_ROLE, site.account(role.account)))
    roles = [
        site.read(manager.getTargetFunctionRole(target, selector)) for selector in _selectors(site)
    ]
    return list(held) == [True, role.delay] and set(roles) == {REWARD_MANAGER_ROLE}


def _give_reward_manager(site: Site) -> ContractFunction:
    role = site.config.roles.reward_manager
    target = site.at["RewardDistributor"]
    return _at_once(
        site,
        ("setTargetFunctionRole", [target, _selectors(site), REWARD_MANAGER_ROLE]),
        ("labelRole", [REWARD_MANAGER_ROLE, REWARD_MANAGER_LABEL]),
        ("grantRole", [REWARD_MANAGER_ROLE, site.account(role.account), role.delay]),
    )


def _has_admin(site: Site) -> bool:
    manager = site.contract("manager").functions
    role = site.config.roles.admin
    admin = site.account(role.account)
    if list(site.read(manager.hasRole(ADMIN_ROLE, admin))) != [True, role.delay]:
        return False
    return admin == site.deployer or not site.read(manager.hasRole(ADMIN_ROLE, site.deployer))[0]


def _hand_over_admin(site: Site) -> ContractFunction:
    role = site.config.roles.admin
    admin = site.account(role.account)
    calls: list[tuple[str, list[Any]]] = [("grantRole", [ADMIN_ROLE, admin, role.delay])]
    if admin != site.deployer:
        calls.append(("renounceRole", [ADMIN_ROLE, site.deployer]))
    return _at_once(site, *calls)


def _at_once(site: Site, *calls: tuple[str, Sequence[Any]]) -> ContractFunction:
    """Make several calls of the manager in one transaction: all of them or none."""
    manager = site.contract("manager")
    return manager.functions.multicall([manager.encode_abi(name, args) for name, args in calls])


def _selectors(site: Site) -> list[bytes]:
    rewards = site.contract("rewards")
    return [
        function_abi_to_4byte_selector(rewards.get_function_by_name(name).abi)
        for name in REWARD_MANAGER_FUNCTIONS
    ]


WIRES = {
    "plan book": _binding("book"),
    "distributor network": _binding("network"),
    "checkout": _binding("checkout"),
    "disputes": _binding("disputes"),
    "minter": Wire(_has_minter, _set_minter),
    "reward manager": Wire(_has_reward_manager, _give_reward_manager),
    "admin": Wire(_has_admin, _hand_over_admin),
}
"""The settings, to be made in this order: the last one may end the deployer's power."""
