"""The sender on a node of its own: many at once, a node that comes back, and kills."""

import pytest

from benchmarks.kills import kill_test
from benchmarks.mints import BLOCKS, Mints, rich_signer
from benchmarks.node import anvil
from weilian.sending import Policy, Status, Task, open_sender
from weilian.sending.errors import StalledError

pytestmark = pytest.mark.anvil

KEY = b"\x09" * 32
TRANSFER = bytes.fromhex("a9059cbb") + bytes(12) + b"\xaa" * 20 + (1).to_bytes(32)


@pytest.fixture
def chain():
    """A node with a block every tenth of a second."""
    with anvil(*BLOCKS) as running:
        yield running


@pytest.fixture
def mints(chain):
    return Mints.deploy(chain)


@pytest.fixture
def signer(chain):
    return rich_signer(chain, KEY)


@pytest.fixture
def send(chain, signer, tmp_path):
    """Send tasks; settings of the policy by name."""

    def send_(tasks, **changes):
        policy = Policy(**{"max_fee_per_gas": 10**12, "poll_seconds": 0.05, **changes})
        with open_sender(chain.url, tmp_path / "journal.db", signer, policy) as sender:
            report = sender.send_many(tasks)
            return report, sender.outcomes([task.task_id for task in tasks])

    return send_


def test_send_many__six_hundred_calls__does_each_once(send, mints):
    report, outcomes = send(mints.tasks(600), confirmations=2, batch=100, window=300)

    assert (report.mined, report.failures) == (600, [])
    assert mints.effects(600) == [1] * 600
    assert sorted(outcome.nonce for outcome in outcomes.values()) == list(range(600))
    again, _ = send(mints.tasks(600))
    assert (again.mined, again.skipped) == (0, 600)
    assert mints.done() == 600


def test_send_many__outcome__is_what_the_receipt_says(send, mints, chain):
    report, outcomes = send(mints.tasks(3))

    for outcome in outcomes.values():
        receipt = chain.w3.eth.get_transaction_receipt(outcome.hash)
        assert outcome.block_number == receipt["blockNumber"]
        assert outcome.block_hash == receipt["blockHash"].to_0x_hex()
        assert outcome.gas_used == receipt["gasUsed"]
    assert report.gas_used == sum(outcome.gas_used for outcome in outcomes.values())


def test_send_many__contract_refuses__tells_why_and_goes_on(send, mints):
    poor = Task("transfer", mints.token, TRANSFER, 0, 100_000)

    report, outcomes = send([*mints.tasks(2), poor])

    assert report.mined == 2
    assert outcomes["transfer"].status is Status.REVERTED
    assert report.failures == [outcomes["transfer"]]
    assert "has 0 of the token and needs 1" in outcomes["transfer"].reason


def test_send_many__creates_a_contract__is_there(send, chain):
    task = Task("create", "", bytes.fromhex("60016000f3"), 0, 100_000)

    report, outcomes = send([task])

    receipt = chain.w3.eth.get_transaction_receipt(outcomes["create"].hash)
    assert report.mined == 1
    assert chain.w3.eth.get_code(receipt["contractAddress"]) == b"\x00"


def test_send_many__pool_dropped__sends_again_and_raises_what_is_too_cheap(send, mints, chain):
    ask = chain.w3.provider.make_request
    ask("evm_setIntervalMining", [0])
    with pytest.raises(StalledError, match="nonce 0"):
        send(mints.tasks(5), stall_seconds=0.2, timeout_seconds=0.5)
    ask("anvil_dropAllTransactions", [])
    ask("anvil_setNextBlockBaseFeePerGas", [hex(50 * 10**9)])
    ask("evm_setIntervalMining", [1])

    report, outcomes = send(mints.tasks(5), stall_seconds=2)

    assert report.mined == 5
    assert mints.effects(5) == [1] * 5
    assert sorted(outcome.nonce for outcome in outcomes.values()) == list(range(5))


def test_send_many__blocks_taken_back__does_each_once(send, mints, chain):
    ask = chain.w3.provider.make_request
    ask("anvil_mine", [hex(5)])
    _, outcomes = send(mints.tasks(20))
    ask("evm_setIntervalMining", [0])
    first = min(outcome.block_number for outcome in outcomes.values())
    ask("anvil_rollback", [chain.w3.eth.block_number - first + 1])
    assert mints.done() == 0
    ask("evm_setIntervalMining", [1])

    report, again = send(mints.tasks(40))

    assert report.failures == []
    assert mints.effects(40) == [1] * 40
    assert {id_: again[id_].hash for id_ in outcomes} == {
        id_: outcome.hash for id_, outcome in outcomes.items()
    }


def test_kill_test__ten_kills__nothing_lost_and_nothing_twice(chain, tmp_path):
    result = kill_test(chain, tmp_path, kills=10, tasks=300, seed=5)

    assert result.kills == 10
    assert (result.lost, result.twice, result.transactions) == (0, 0, 300)
