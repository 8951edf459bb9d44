"""The keeper on a node of its own: what is due is settled once, whatever happens to the process."""

from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from benchmarks.kills import settle_test
from benchmarks.mints import BLOCKS, rich_signer
from benchmarks.node import anvil
from benchmarks.shop import Shop
from weilian.batching import Batch
from weilian.chain import ZERO_ADDRESS
from weilian.commission.order import Line
from weilian.commission.parties import member_party, platform_party
from weilian.keeper import REFUSED, REFUSED_BEFORE, open_keeper, owed
from weilian.ledger import Ledger
from weilian.order import Orders
from weilian.order_book import OrderBook
from weilian.sending import Policy
from weilian.sending.rpc import http
from weilian.settling import Settling

pytestmark = pytest.mark.anvil

KEY = b"\x09" * 32
COUNT = 12


class Killed(BaseException):
    """What ends a process that nobody can hold."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with anvil(*BLOCKS) as node:
        yield Shop.open(node, tmp_path_factory.mktemp("records"), COUNT)


@pytest.fixture(autouse=True)
def _as_before(shop):
    ask = shop.node.w3.provider.make_request
    snapshot = ask("evm_snapshot", [])["result"]
    yield
    ask("evm_revert", [snapshot])


@pytest.fixture
def signer(shop):
    return rich_signer(shop.node, KEY)


@pytest.fixture
def keeper(shop, signer, tmp_path):
    """Open a keeper of four orders in a transaction; settings of the policy by name."""

    def open_(connect=None, **changes):
        policy = Policy(**{"max_fee_per_gas": 10**12, "poll_seconds": 0.05, **changes})
        place = (shop.suite, connect or shop.node.url, tmp_path / "folder" / "journal.db")
        return open_keeper(*place, signer, policy, most_orders=4)

    return open_


def due(shop):
    return [booked.order for booked in OrderBook(shop.suite).each_due()]


def dying_at(method, shop):
    """Connect to a node, and end the process where it would ask for something."""

    @asynccontextmanager
    async def connect():
        async with http(shop.node.url)() as transport:

            class Dying:
                async def post(self, requests):
                    if any(request["method"] == method for request in requests):
                        raise Killed
                    return await transport.post(requests)

            yield Dying()

    return connect


def credits_of(shop, brand):
    found = owed(shop.suite, brand, ZERO_ADDRESS)
    return {(party, ZERO_ADDRESS): credit for party, credit in found.items()}


def once(shop):
    return Counter(Orders(shop.suite).id_of(order) for order in shop.orders)


def test_settle__all_that_is_due__is_what_the_model_has(shop, keeper, signer):
    done = []

    with keeper() as opened:
        kept = opened.settle(due(shop), done.append)

    assert (kept.refused, kept.failures, len(kept.transactions)) == ([], [], 3)
    assert done == [4, 8, 12]
    assert shop.settlements() == shop.sent(signer.address) == once(shop)
    assert shop.credits() == shop.model_credits()
    assert due(shop) == []


def test_settle__killed_before_it_sends__is_finished_before_the_log_is_read(shop, keeper, signer):
    with pytest.raises(Killed), keeper(dying_at("eth_sendRawTransaction", shop)) as opened:
        opened.settle(due(shop))
    assert len(due(shop)) == COUNT

    with keeper() as opened:
        recovered, left = opened.recovered.mined, due(shop)
        opened.settle(left)

    assert recovered > 0
    assert len(left) == COUNT - 4 * recovered
    assert shop.settlements() == shop.sent(signer.address) == once(shop)


def test_settle__order_of_which_nothing_is_known__is_left_out(shop, keeper):
    unknown = replace(shop.orders[0], lines=(Line(1),))

    with keeper() as opened:
        kept = opened.settle([unknown, *due(shop)])

    assert [refused.order for refused in kept.refused] == [unknown]
    assert shop.settlements() == once(shop)


def test_settle__transaction_fails_after_its_trial__is_made_anew(shop, keeper, signer, monkeypatch):
    batches, tight = Settling.batches, [True]

    def first_too_tight(self, *given):
        for batch in batches(self, *given):
            yield Batch(batch.orders, batch.call, 90_000) if tight else batch
            tight.clear()

    monkeypatch.setattr(Settling, "batches", first_too_tight)

    with keeper() as opened:
        kept = opened.settle(due(shop))

    assert (kept.failures, len(kept.transactions)) == ([], 3)
    assert shop.settlements() == once(shop)
    assert max(shop.sent(signer.address).values()) == 2


def test_settle__gas_spent__ends_when_the_rest_is_mined(shop, keeper):
    with keeper(gas_total=600_000) as opened:
        kept = opened.settle(due(shop))
        spent = opened.pay(credits_of(shop, shop.orders[0].receiver))

    settled = shop.settlements()
    assert 0 < len(settled) < COUNT
    assert len(kept.transactions) > 0
    assert (spent.transactions, "limit of 600,000" in str(opened.over)) == ([], True)
    with keeper() as opened:
        opened.settle(due(shop))
    assert shop.settlements() == once(shop)


def test_pay__twice_with_equal_credits__pays_each_time(shop, keeper):
    brand = shop.orders[0].receiver
    ledger = Ledger(shop.suite)
    with keeper() as opened:
        opened.settle(due(shop))
        credits_ = credits_of(shop, brand)

        first = ledger.payouts(opened.pay(credits_).transactions)
        second = ledger.payouts(opened.pay(credits_).transactions)

    assert {(each.party, each.currency): each.amount for each in first.paid} == credits_
    assert (platform_party(brand), ZERO_ADDRESS) in credits_
    assert (second.paid, owed(shop.suite, brand, ZERO_ADDRESS)) == ((), {})


@pytest.fixture
def refusing(shop):
    """Let the newest distributor's account refuse all payments; gives its party."""
    party = member_party(shop.orders[0].receiver, 4)
    shop.node.w3.provider.make_request("anvil_setCode", [Ledger(shop.suite).payout(party), "0xfe"])
    return party


def test_pay__payee_that_cannot_be_paid__is_left_out_of_each_look(shop, keeper, refusing):
    brand = shop.orders[0].receiver
    with keeper() as opened:
        opened.settle(due(shop))

        looks = [opened.pay(credits_of(shop, brand)) for _ in range(2)]

    assert [len(kept.transactions) for kept in looks] == [1, 0]
    assert [kept.unpaid for kept in looks] == [{(refusing, ZERO_ADDRESS): REFUSED}] * 2
    assert list(owed(shop.suite, brand, ZERO_ADDRESS)) == [refusing]


def test_pay__payee_refuses_after_trial__waits_for_other_credit_or_recipient(
    shop, keeper, refusing, monkeypatch
):
    brand, payee, tried = shop.orders[0].receiver, (refusing, ZERO_ADDRESS), []
    payable = Ledger.payable

    def trusting(self, payees, *_):
        tried.extend(payees)
        return list(payees)

    monkeypatch.setattr(Ledger, "payable", trusting)
    with keeper() as opened:
        opened.settle(due(shop)[:-1])
        first, second = (opened.pay(credits_of(shop, brand)) for _ in range(2))
        opened.settle(due(shop))
        third = opened.pay(credits_of(shop, brand))
        monkeypatch.setattr(Ledger, "payable", payable)
        monkeypatch.setattr(Ledger, "payout", lambda *_: brand)
        fourth = opened.pay(credits_of(shop, brand))

    assert [len(kept.transactions) for kept in (first, second, third)] == [1, 0, 1]
    assert second.unpaid == {payee: REFUSED_BEFORE}
    assert tried.count(payee) == 2
    assert fourth.unpaid == {payee: REFUSED}


def test_settle_test__ten_kills__nothing_lost_and_nothing_twice(tmp_path):
    with anvil(*BLOCKS) as node:
        result = settle_test(node, tmp_path, kills=10, orders=60, seed=5)

    assert result.kills >= 5
    assert (result.lost, result.twice) == (0, 0)
