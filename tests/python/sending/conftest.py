import pytest

from tests.python.sending.fake_node import FakeNode
from weilian.sending import FastSigner, Policy, Task, open_sender

KEY = bytes.fromhex("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")


@pytest.fixture
def signer():
    return FastSigner(KEY)


@pytest.fixture
def node(signer):
    return FakeNode(signer.address)


@pytest.fixture
def policy():
    """Settings of a test in haste, with changes by name."""

    def make(**changes):
        haste = {"max_fee_per_gas": 1_000, "poll_seconds": 0.001, "stall_seconds": 0.05}
        return Policy(**{**haste, "timeout_seconds": 5, "batch": 10, "window": 40, **changes})

    return make


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.db"


@pytest.fixture
def opened(node, signer, journal, policy):
    """Open a sender on the fake node, with changes of the policy by name."""

    def open_(**changes):
        return open_sender(node.connect, journal, signer, policy(**changes))

    return open_


@pytest.fixture
def send(opened):
    """Send tasks with a sender that is opened for the purpose."""

    def send_(tasks, **changes):
        with opened(**changes) as sender:
            return sender.send_many(tasks)

    return send_


@pytest.fixture
def tasks():
    """So many tasks that differ in recipient."""

    def make(count, data=b"", first=0, **changes):
        return [
            Task(
                **{
                    "task_id": f"pay:{n}",
                    "to": f"0x{n + 1:040x}",
                    "data": data,
                    "value": 0,
                    "gas": 30_000,
                    **changes,
                }
            )
            for n in range(first, first + count)
        ]

    return make
