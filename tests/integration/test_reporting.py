"""Reporting through the journal: every order once, whenever the process is killed."""

import random
import signal
import time
from collections import Counter
from contextlib import asynccontextmanager

import pytest

from benchmarks.mints import BLOCKS
from benchmarks.node import anvil
from benchmarks.shop import connected
from tests.integration.conftest import BRAND, ROOT, ape_run
from weilian.sending.rpc import http
from weilian.suite import Suite

pytestmark = pytest.mark.anvil

COUNT = 400
ORDERS_OF_GAS = ("--gas-ceiling", 500_000)
"""Some eight orders in a transaction."""


class Killed(BaseException):
    """What ends a process that nobody can hold."""


@pytest.fixture(scope="module")
def node():
    with anvil(*BLOCKS) as running:
        yield running


@pytest.fixture(scope="module")
def plan_id(terminal):
    terminal.json("deploy")
    plan = terminal.folder / "plan.yaml"
    example = (ROOT / "examples" / "season" / "plan-eth.yaml").read_text()
    plan.write_text(example + 'daily_report_limit: "1000000"\n')
    (terminal.folder / "agreement.md").write_text("agreement")
    terminal.json("fund", "--amount", "500", "--account", BRAND)
    return terminal.json("plan", "publish", plan, "--account", BRAND)["planId"]


@pytest.fixture
def file(tmp_path):
    """Orders of this test alone."""
    path = tmp_path / "reports.csv"
    rows = [f"{tmp_path.name}-{place},,1" for place in range(COUNT)]
    path.write_text("\n".join(["order_no,seller,amount", *rows, ""]))
    return path


@pytest.fixture
def reported(node, terminal):
    """How often each order was reported since the test began, by its id."""
    suite = Suite.load(connected(node.url), terminal.folder / "deployments")
    start = node.w3.eth.block_number + 1
    event = suite.escrow.events.OrderReported()

    def count():
        found = suite.chain.events(event, from_block=start, to_block=suite.chain.head)
        return Counter(entry["args"]["orderId"] for entry in found)

    return count


def test_report__killed_again_and_again__each_order_is_reported_once(
    node, terminal, plan_id, file, reported
):
    place = ("--deployments", terminal.folder / "deployments", "--network", terminal.network)
    command = ("report", file, "--plan", plan_id, "--account", BRAND, *ORDERS_OF_GAS, *place)
    chance = random.Random(11)
    seen = []

    for goal in (1, 90, 200, 310):
        process = ape_run(*command)
        deadline = time.monotonic() + 60
        while len(reported()) < goal and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.2))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        seen.append((process.returncode, len(reported())))
    last = terminal.json(*command[:-4])
    again = terminal.json(*command[:-4])

    assert [code for code, _ in seen] == [-signal.SIGKILL] * 4
    assert 0 < seen[0][1] < COUNT
    assert set(reported().values()) == {1}
    assert len(reported()) == last["done"] + len(last["orderIds"]) == COUNT
    assert (again["done"], again["todo"], again["sent"]) == (COUNT, 0, False)


def test_report__gas_spent__tells_what_was_sent_and_ends_with_1(terminal, plan_id, file, reported):
    command = ("report", file, "--plan", plan_id, "--account", BRAND, *ORDERS_OF_GAS)

    done = terminal.run(*command, "--gas-total", 1_200_000, "--json")

    told = " ".join(done.err.split())
    assert done.code == 1
    assert "of this run to" in told
    assert "above the limit of 1,200,000" in told
    assert "report:" not in told
    assert done.document["leftOut"] == []
    assert 0 < len(done.document["orderIds"]) == len(reported()) < COUNT
    assert done.document["sent"]


def test_report__ended_before_the_first_bytes_leave__the_next_run_sends_them(
    node, terminal, plan_id, file, reported, monkeypatch
):
    command = ("report", file, "--plan", plan_id, "--account", BRAND, *ORDERS_OF_GAS)

    @asynccontextmanager
    async def dying():
        async with http(node.url)() as transport:

            class Dying:
                async def post(self, requests):
                    if any(each["method"] == "eth_sendRawTransaction" for each in requests):
                        raise Killed
                    return await transport.post(requests)

            yield Dying()

    with monkeypatch.context() as patch:
        patch.setattr("weilian.sending.sender.http", lambda _: dying)
        with pytest.raises(Killed):
            terminal.run(*command)
    assert reported() == {}

    last = terminal.json(*command)

    assert last["done"] > 0  # signed by the first run, sent by the second
    assert len(reported()) == last["done"] + len(last["orderIds"]) == COUNT
    assert set(reported().values()) == {1}
