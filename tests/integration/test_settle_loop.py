"""`settle --loop`: each look is told by itself, and a node that fails for a while ends nothing."""

import json
from collections import Counter
from types import SimpleNamespace

import pytest

from benchmarks.mints import BLOCKS
from benchmarks.node import anvil
from benchmarks.shop import Shop
from scripts._session import INTERRUPTED
from tests.integration.conftest import Terminal
from tests.support.rpc_proxy import RefusalError, rpc_proxy
from weilian.commission.parties import member_party
from weilian.ledger import Ledger
from weilian.order import Orders

pytestmark = pytest.mark.anvil

COUNT = 8
KEEPER = ("--account", "TEST::5")


@pytest.fixture
def trouble():
    """The methods that the node refuses now, as "*" all of them."""
    return set()


@pytest.fixture
def node(trouble):
    def alter(method, params, result):
        if trouble & {"*", method}:
            raise RefusalError("rate limit exceeded")
        return result

    with anvil(*BLOCKS) as running, rpc_proxy(running.url, alter) as url:
        yield SimpleNamespace(direct=running, url=url)


@pytest.fixture
def shop(node, tmp_path):
    return Shop.open(node.direct, tmp_path / "deployments", COUNT)


@pytest.fixture
def terminal(node, tmp_path):
    return Terminal(tmp_path, f"ethereum:local:{node.url}")


@pytest.fixture
def loop(terminal, shop, trouble, monkeypatch):
    """Run the command for as many looks as there are sets of trouble; gives a document for each."""

    def run(*troubles, options=("--pay",)):
        left = list(troubles)

        def sleep(seconds):
            trouble.clear()
            if not left:
                raise KeyboardInterrupt
            trouble.update(left.pop(0))

        monkeypatch.setattr("scripts.settle.time", SimpleNamespace(sleep=sleep))
        sleep(0)
        done = terminal.run("settle", "--loop", *options, "--json", *KEEPER)
        assert (done.code, left) == (INTERRUPTED, []), done.err
        return [json.loads(line) for line in done.out.splitlines()]

    return run


def test_loop__node_refuses_for_a_while__goes_on_and_settles_each_once(loop, shop):
    late = ("eth_getTransactionReceipt",)  # NOTE: by web3, once the keeper has sent

    looks = loop(late, ("*",), (), ())

    assert ["refuses the request" in look.get("error", "") for look in looks] == [1, 1, 0, 0]
    assert [len(look["due"]) for look in looks] == [COUNT, 0, 0, 0]
    assert len(looks[2]["paid"]) == 4
    assert shop.settlements() == Counter(map(Orders(shop.suite).id_of, shop.orders))


def test_loop__gas_spent__ends_with_what_was_sent(terminal, shop):
    limits = ("--gas-ceiling", 500_000, "--gas-total", 600_000)

    done = terminal.run("settle", "--loop", "--pay", *limits, "--json", *KEEPER)

    [look] = map(json.loads, done.out.splitlines())
    assert (done.code, "above the limit of 600,000" in " ".join(done.err.split())) == (1, True)
    assert (len(look["settled"]), look["paid"], look["sent"]) == (COUNT, [], True)


def test_loop__several_looks__each_has_its_own_document(loop, shop):
    refusing = member_party(shop.orders[0].receiver, 4)
    payout = Ledger(shop.suite).payout(refusing)
    shop.node.w3.provider.make_request("anvil_setCode", [payout, "0xfe"])

    first, second = loop((), ())

    assert (len(first["settled"]), len(first["paid"]), first["sent"]) == (COUNT, 3, True)
    assert [second[name] for name in ("due", "settled", "paid", "transactions")] == [[]] * 4
    for look in (first, second):
        assert [each["party"] for each in look["unpaid"]] == [hex(refusing)]
        assert (look["failed"], "error" in look) == ([], False)
