import fcntl
import os

import pytest

from tests.python.chain.world import new_signer
from weilian import abi
from weilian.chain import Chain, ContractRevert
from weilian.deploy import deploy_suite, plan
from weilian.deploy.run import ConfigChangedError, DeployRunningError, OtherDeployerError
from weilian.deploy.steps import ADMIN_ROLE, ARGUMENTS, REWARD_MANAGER_ROLE, WIRES
from weilian.deployments import CONTRACTS, WIRING, DeploymentRecord
from weilian.suite import Suite

STEPS = [*ARGUMENTS, *WIRES]


class KilledError(BaseException):
    """Ends a run where a killed process would end."""


def with_roles(config, admin, manager, delay=0):
    role = config.roles.admin.model_copy(update={"account": admin})
    reward_manager = role.model_copy(update={"account": manager, "delay": delay})
    roles = config.roles.model_copy(update={"admin": role, "reward_manager": reward_manager})
    return config.model_copy(update={"roles": roles})


@pytest.fixture
def admin(chain):
    return new_signer(chain)


@pytest.fixture
def handed_over(config, admin):
    """A configuration in which every step needs a transaction."""
    return with_roles(config, admin.address, admin.address)


def nonce(chain, account):
    return chain.w3.eth.get_transaction_count(account.address)


def test_steps__names__are_those_of_the_record():
    assert [*ARGUMENTS] == [*CONTRACTS.values()]
    assert [*WIRES] == [*WIRING]


def test_plan__nothing_deployed__estimates_and_sends_nothing(config, chain, deployer, folder):
    steps = plan(config, chain, deployer.address, folder)

    assert [step.name for step in steps] == STEPS
    assert not any(step.is_done for step in steps)
    assert all(step.gas > 100_000 for step in steps[: len(ARGUMENTS)])
    assert [step.gas for step in steps[len(ARGUMENTS) :]] == [None] * len(WIRES)
    assert nonce(chain, deployer) == 0
    assert not folder.exists()


def test_deploy_suite__finished__has_nothing_left_to_do(config, chain, finished, folder, deployed):
    deployer, _ = finished
    before, sent = deployed.read_bytes(), nonce(chain, deployer)

    steps = plan(config, chain, deployer.address, folder)
    deploy_suite(config, chain, deployer, folder)

    assert all(step.is_done for step in steps)
    assert deployed.read_bytes() == before
    assert nonce(chain, deployer) == sent


def test_deploy_suite__each_step__is_reported_with_its_gas(config, chain, deployer, folder):
    seen = []

    deploy_suite(config, chain, deployer, folder, on_step=seen.append)

    assert [(step.number, step.name) for step in seen] == list(enumerate(STEPS, start=1))
    # The deployer is the admin already: the last step needs no transaction.
    assert [step.result is not None for step in seen] == [True] * (len(STEPS) - 1) + [False]


def test_deploy_suite__roles__are_held_as_configured(handed_over, chain, deployer, admin, folder):
    suite = Suite.of(chain, deploy_suite(handed_over, chain, deployer, folder))
    manager = suite.manager.functions

    assert list(chain.call(manager.hasRole(ADMIN_ROLE, admin.address))) == [True, 0]
    assert list(chain.call(manager.hasRole(ADMIN_ROLE, deployer.address))) == [False, 0]
    assert list(chain.call(manager.hasRole(REWARD_MANAGER_ROLE, admin.address))) == [True, 0]
    assert chain.call(suite.token.functions.minter()) == suite.rewards.address


def test_deploy_suite__finished__binds_what_the_escrow_names(chain, finished, folder, deployed):
    suite = Suite.load(chain, folder)

    for contract, name in (
        (suite.book, "PLAN_BOOK"),
        (suite.network, "NETWORK"),
        (suite.checkout, "CHECKOUT"),
        (suite.disputes, "DISPUTES"),
    ):
        assert chain.call(contract.functions.ESCROW()) == suite.escrow.address
        assert chain.call(suite.escrow.functions[name]()) == contract.address


def test_deploy_suite__delay__is_demanded_of_the_reward_manager(
    config, chain, deployer, admin, folder
):
    delayed = with_roles(config, "deployer", admin.address, delay=3_600)
    suite = Suite.of(chain, deploy_suite(delayed, chain, deployer, folder))
    campaign = suite.rewards.functions.openCampaign(0, bytes(32), 1, 1)

    with pytest.raises(ContractRevert) as caught:
        chain.call(campaign, sender=admin.address)

    assert caught.value.name == "AccessManagerNotScheduled"
    held = chain.call(suite.manager.functions.hasRole(REWARD_MANAGER_ROLE, admin.address))
    assert list(held) == [True, 3_600]


def kill_at(monkeypatch, target, method, call):
    """Make one call of a method, counted from 0, the last thing that happens."""
    real, calls = getattr(target, method), iter(range(200))

    def patched(*args, **kwargs):
        if next(calls) == call:
            raise KilledError
        return real(*args, **kwargs)

    monkeypatch.setattr(target, method, patched)


def run_until_killed(config, chain, deployer, folder, monkeypatch, point):
    """Run once; return the record, or None if the run was killed."""
    with monkeypatch.context() as patch:
        kill_at(patch, *point)
        try:
            return deploy_suite(config, chain, deployer, folder)
        except KilledError:
            return None


@pytest.mark.parametrize(
    "point",
    [
        (
            DeploymentRecord,
            "save",
            1,
        ),  # in turn before a transaction and before its result is noted
        (Chain, "_broadcast", 1),  # noted and not sent
        (Chain, "wait", 1),  # sent, its result not noted
    ],
    ids=["save", "broadcast", "wait"],
)
def test_deploy_suite__killed_at_every_step__goes_on_without_repeating(
    handed_over, chain, deployer, folder, monkeypatch, point
):
    # An estimate takes eth-tester a dozen runs; here it only has to be enough.
    monkeypatch.setattr(Chain, "_estimate", lambda *_: 6_000_000)
    kills, record = 0, None

    while record is None and kills < 3 * len(STEPS):
        record = run_until_killed(handed_over, chain, deployer, folder, monkeypatch, point)
        kills += record is None

    assert kills >= len(STEPS) - 1
    Suite.of(chain, record)
    assert record.sent is None
    assert nonce(chain, deployer) == len(STEPS)
    transactions = {entry.transaction for entry in record.contracts.values()}
    assert len(transactions | {entry.transaction for entry in record.wiring.values()}) == len(STEPS)


def test_deploy_suite__noted_transaction_failed__is_sent_anew(
    config, chain, deployer, folder, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(Chain, "_estimate", lambda *_: 300_000)  # too little to create a contract
        with pytest.raises(ContractRevert):
            deploy_suite(config, chain, deployer, folder)

    record = deploy_suite(config, chain, deployer, folder)

    assert record.is_complete


def test_deploy_suite__wired_by_hand__is_found_and_not_repeated(config, chain, deployer, folder):
    def stop_before_wiring(step):
        if step.name == "RewardDistributor":
            raise KilledError

    with pytest.raises(KilledError):
        deploy_suite(config, chain, deployer, folder, on_step=stop_before_wiring)
    record = DeploymentRecord.load(folder / f"{chain.chain_id}.json")
    token = record.contracts["RewardToken"].address
    rewards = record.contracts["RewardDistributor"].address
    minter = chain.contract(abi.load("RewardToken"), token).functions.setMinter(rewards)
    chain.send(minter, deployer)

    seen = []
    record = deploy_suite(config, chain, deployer, folder, on_step=seen.append)

    assert record.wiring["minter"].transaction is None
    [step] = [each for each in seen if each.name == "minter"]
    assert step.result is None


def test_deploy_suite__other_account__cannot_go_on(config, chain, finished, folder, deployed):
    deployer, stranger = finished[0], new_signer(chain)

    with pytest.raises(OtherDeployerError, match=f"{deployer.address} began"):
        deploy_suite(config, chain, stranger, folder)


def test_deploy_suite__other_limits__are_refused(config, chain, finished, folder, deployed):
    deployer, _ = finished
    limits = config.limits.model_copy(update={"max_depth": 2})
    changed = config.model_copy(update={"limits": limits})

    with pytest.raises(ConfigChangedError, match=r"PlanBook is deployed with"):
        plan(changed, chain, deployer.address, folder)


def test_deploy_suite__two_at_once__the_second_is_refused(config, chain, deployer, folder):
    folder.mkdir()
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)

    with pytest.raises(DeployRunningError, match="another deployment"):
        deploy_suite(config, chain, deployer, folder)

    os.close(held)
    assert nonce(chain, deployer) == 0
