"""What is kept of the log: only new blocks are read, and never what another chain said."""

import sqlite3
from collections import Counter
from types import SimpleNamespace

import pytest

from tests.python.chain.world import new_chain, new_signer, pass_time
from tests.python.clients.conftest import MATURITY, WINDOW
from tests.python.examples import ROOT
from weilian import markets
from weilian import open_orders as module
from weilian.chain.chain import LogPage
from weilian.chain.errors import NodeRefusedError
from weilian.commission.order import Part
from weilian.config import load_config
from weilian.deploy import deploy_suite
from weilian.markets import Markets
from weilian.open_orders import OpenOrdersError, OtherFileError, open_orders
from weilian.order import Orders, order_of
from weilian.sending.journal import Journal
from weilian.suite import Suite

MARGIN = 3


@pytest.fixture(autouse=True)
def _short_margin(monkeypatch):
    for module_ in (module, markets):
        monkeypatch.setattr(module_, "MARGIN", MARGIN)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "orders.db"


@pytest.fixture
def asked(chain, monkeypatch):
    """The ranges of logs that the node was asked for, and how often it was asked for what."""
    seen = SimpleNamespace(ranges=[], count=Counter())
    send = chain.w3.provider.make_request

    def counting(method, params):
        seen.count[method] += 1
        if method == "eth_getLogs":
            seen.ranges.append((params[0]["from_block"], params[0]["to_block"]))
        return send(method, params)

    monkeypatch.setattr(chain.w3.provider, "make_request", counting)
    monkeypatch.setattr(chain.w3.provider, "_request_func_cache", (None, None), raising=False)
    return seen


@pytest.fixture
def sell(suite, orders, brand, payer, create_plan, create_order):
    """Bring so many orders to capture."""
    published = create_plan(brand)

    def sell(count):
        made = [create_order(published, payer) for _ in range(count)]
        for order in made:
            orders.authorize(order, payer)
            orders.capture(order, payer)
        return made

    sell.plan = published
    return sell


def read(suite, path=None, **options):
    with open_orders(suite, path, **options) as opened:
        return [each.order for each in opened.read()]


def in_the_log(suite):
    """The open orders by every event since the first block, decoded by web3."""
    found = {}
    kinds = ("OrderAuthorized", "OrderReported", "OrderSettled")
    for log in suite.chain.events_of(
        suite.escrow, kinds, from_block=suite.record.first_block, to_block=suite.chain.head
    ):
        if log["event"] == "OrderSettled":
            found.pop(log["args"]["orderId"], None)
        else:
            found[log["args"]["orderId"]] = order_of(log["args"]["order"])
    return list(found.values())


def test_read__again__asks_for_new_blocks_only(suite, chain, sell, path, asked):
    made = sell(3)
    first = read(suite, path)
    kept = chain.head - MARGIN

    asked.ranges.clear()
    asked.count.clear()
    idle = read(suite, path)
    assert asked.ranges == [(kept + 1, chain.head)]
    assert sum(asked.count.values()) <= 6

    asked.ranges.clear()
    more = sell(2)
    again = read(suite, path)

    assert min(asked.ranges)[0] == kept + 1
    assert first == idle == made
    assert again == made + more == in_the_log(suite)


def test_read__settled_meanwhile__is_no_longer_there(suite, chain, orders, sell, relayer, path):
    made = sell(3)
    read(suite, path)
    pass_time(chain, WINDOW + MATURITY)
    orders.settle(made[:1], relayer)

    at_once = read(suite, path)
    sell(MARGIN)
    later = read(suite, path)

    assert at_once == made[1:]
    assert later[:2] == made[1:]
    assert later == in_the_log(suite) == read(suite)


def test_read__given_back__is_kept_only_if_something_was_captured(
    suite, orders, sell, brand, payer, create_order, path
):
    void, part = (create_order(sell.plan, payer) for _ in range(2))
    for order in (void, part):
        orders.authorize(order, payer)
    orders.capture(part, payer, [Part(0, 10)])
    for order in (void, part):
        orders.void(order, brand)

    found = read(suite, path)

    assert found == [part]


def test_read__other_blocks_below_the_mark__reads_anew(suite, chain, sell, path, asked):
    tester, nonces = chain.w3.provider.ethereum_tester, dict(chain._next_nonce)
    snapshot = tester.take_snapshot()
    gone = sell(4)
    assert read(suite, path) == gone
    tester.revert_to_snapshot(snapshot)
    chain._next_nonce = nonces
    chain.w3.provider.ethereum_tester.mine_blocks(1)
    made = sell(5)
    asked.ranges.clear()

    found = read(suite, path)

    assert found == made == in_the_log(suite)
    assert not set(gone) & set(found)
    assert asked.ranges[0][0] == suite.record.first_block


def test_read__shorter_chain__reads_anew(suite, chain, sell, path):
    tester, nonces = chain.w3.provider.ethereum_tester, dict(chain._next_nonce)
    snapshot = tester.take_snapshot()
    sell(4)
    read(suite, path)
    tester.revert_to_snapshot(snapshot)
    chain._next_nonce = nonces

    assert read(suite, path) == []


def test_read__file_of_another_chain__reads_anew(suite, sell, path, tmp_path):
    other = new_chain()
    folder = tmp_path / "other"
    deploy_suite(load_config(ROOT / "config" / "local.yaml"), other, new_signer(other), folder)
    made = sell(4)
    read(suite, path)

    elsewhere = read(Suite.load(other, folder), path)

    assert elsewhere == []
    assert read(suite, path) == made


def test_read__without_keeping__changes_no_file(suite, chain, sell, path, asked):
    made = sell(3)
    assert read(suite, path, keeps=False) == made
    assert not path.parent.exists()
    read(suite, path)
    before = path.read_bytes()
    more = sell(MARGIN)
    asked.ranges.clear()

    found = read(suite, path, keeps=False)

    assert found == made + more
    assert path.read_bytes() == before
    assert min(asked.ranges)[0] > suite.record.first_block


def test_read__node_with_a_small_range__goes_on_where_it_was(suite, chain, sell, path, monkeypatch):
    made, get_logs, ranges = sell(6), chain.w3.eth.get_logs, []

    def few(wanted):
        if wanted["toBlock"] - wanted["fromBlock"] >= 5:
            raise NodeRefusedError("query returned more than 10000 results")
        ranges.append(wanted["fromBlock"])
        return get_logs(wanted)

    monkeypatch.setattr(chain.w3.eth, "get_logs", few)
    steps = []
    with open_orders(suite, path) as opened:
        found = opened.read(progress=lambda done, total: steps.append((done, total)))

    assert [each.order for each in found] == made
    assert len(ranges) > 3
    assert sorted(set(ranges)) == ranges
    assert steps[-1][0] == steps[-1][1]
    assert steps == sorted(steps)


def test_read__killed_between_pages__goes_on_after_the_last(suite, chain, sell, path, monkeypatch):
    made, get_logs, ranges = sell(6), chain.w3.eth.get_logs, []

    def dying(wanted):
        if wanted["toBlock"] - wanted["fromBlock"] >= 5:
            raise NodeRefusedError("too many")
        if len(ranges) == 2:
            raise KeyboardInterrupt
        ranges.append((wanted["fromBlock"], wanted["toBlock"]))
        return get_logs(wanted)

    with monkeypatch.context() as patch:
        patch.setattr(chain.w3.eth, "get_logs", dying)
        with pytest.raises(KeyboardInterrupt):
            read(suite, path)
    with sqlite3.connect(path) as base:
        [kept] = base.execute("SELECT block FROM mark").fetchone()

    assert kept == ranges[-1][1]
    assert read(suite, path) == made == in_the_log(suite)


def test_read__other_process_was_faster__takes_what_it_kept(suite, sell, path):
    made = sell(4)
    with open_orders(suite, path) as slow:
        mark = slow._mark()
        read(suite, path)

        with pytest.raises(module._MovedError), slow._writing(mark):
            pass

        assert [each.order for each in slow.read()] == made


def test_open__file_of_something_else__is_refused(suite, path):
    path.parent.mkdir()
    path.write_text("these are my notes, and more of them than a page" * 200)

    with pytest.raises(OpenOrdersError, match="delete it"), open_orders(suite, path) as opened:
        opened.read()

    with pytest.raises(OpenOrdersError), open_orders(suite, path, keeps=False) as opened:
        opened.read()


def test_open__journal__is_refused_and_stays(suite, path):
    path.parent.mkdir()
    Journal(path).close()
    before = path.read_bytes()

    with pytest.raises(OtherFileError, match="no file of open orders"), open_orders(suite, path):
        pass

    assert path.read_bytes() == before


def test_due_of__kept_orders__are_those_of_a_full_read(
    suite, chain, orders, order_book, sell, relayer, path
):
    made = sell(4)
    read(suite, path)
    pass_time(chain, WINDOW + MATURITY)
    orders.settle(made[:1], relayer)
    sell(1)

    with open_orders(suite, path) as opened:
        due = list(order_book.due_of(opened.read()))

    assert due == order_book.due()
    assert [Orders(suite).id_of(each.order) for each in due] == [each.order_id for each in due]
    assert {each.order for each in due} == set(made[1:])


def test_read__another_process_keeps_each_page_first__goes_on_to_the_end(suite, path):
    """Each is read from a chain whose head is where the other shall be led to."""
    last = 100

    def chain_of(head, on_page=lambda _: None):
        def log_pages(kinds, *, from_block, to_block):
            for start in range(from_block, to_block + 1, 10):
                until = min(start + 9, to_block)
                on_page(until)
                yield LogPage(until, until.to_bytes(32), [])

        return SimpleNamespace(
            confirmations=0,
            chain_id=1,
            first_block_hash="0x00",
            head=head,
            log_pages=log_pages,
            block_hash=lambda number: (number, number.to_bytes(32)),
        )

    def suite_on(chain):
        record = SimpleNamespace(first_block=1)
        return SimpleNamespace(chain=chain, escrow=suite.escrow, record=record)

    def rival(until):
        with open_orders(suite_on(chain_of(until + MARGIN)), path) as faster:
            faster.read()

    with open_orders(suite_on(chain_of(last, rival)), path) as kept:
        assert kept.read() == []


def test_look__again__asks_for_new_blocks_only(suite, chain, order_book, sell, path, asked):
    sell(3)
    kept = Markets(suite)

    def look():
        asked.ranges.clear()
        with open_orders(suite, path) as opened:
            due = list(order_book.due_of(opened.read()))
        return due, kept.read()

    first, again = look(), look()

    assert first == again
    assert asked.ranges == [(chain.head - MARGIN + 1, chain.head)] * 2
