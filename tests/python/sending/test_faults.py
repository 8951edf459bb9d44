"""What goes wrong between here and the chain, one by one, then all at random, then by kills."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.python.sending.fake_node import FakeNode, Faults, RefusalError
from tests.python.sending.test_sender import once
from weilian.chain.errors import (
    AccountBusyError,
    ChainUnreachableError,
    InsufficientFundsError,
)
from weilian.sending import Status, open_sender
from weilian.sending.errors import ForeignTransactionError, StalledError


class Killed(BaseException):
    """The process ended here."""


def at_call(number, act):
    """Do something once, before one array."""
    calls = []

    def fault(node, requests):
        calls.append(1)
        if len(calls) == number:
            act(node)

    return fault


def sends(requests):
    return requests[0]["method"] == "eth_sendRawTransaction"


def die(_):
    raise Killed


def lose(_):
    raise ChainUnreachableError("lost")


@pytest.mark.parametrize("number", range(4, 12))
def test_send_many__request_lost__sends_the_same_bytes(send, node, tasks, number):
    node.faults.append(at_call(number, lose))

    report = send(tasks(35))

    assert (report.mined, node.effects) == (35, once(tasks(35)))
    assert all(len(set(sent)) == 1 for sent in node.raws.values())


def test_send_many__every_answer_to_a_send_lost__sends_the_same_bytes(send, node, tasks):
    lost = []

    def lose_sent(node, answers):
        if sends(node.posts[-1]) and len(lost) < 4:
            lost.append(1)
            raise ChainUnreachableError("lost")
        return answers

    node.after.append(lose_sent)

    assert send(tasks(35)).mined == 35
    assert len(lost) == 4
    assert node.effects == once(tasks(35))
    assert all(len(set(sent)) == 1 for sent in node.raws.values())


def test_send_many__pool_forgotten__sends_the_same_bytes_again(send, node, tasks):
    node.per_look = 0
    forgets = at_call(7, lambda n: (n.pool.clear(), setattr(n, "per_look", 100)))
    node.faults.append(forgets)

    report = send(tasks(20), max_fee_per_gas=22)

    assert (report.mined, node.effects) == (20, once(tasks(20)))
    assert report.rebroadcasts >= 20
    assert all(len(set(sent)) == 1 for sent in node.raws.values())


def test_send_many__base_fee_rises__raises_fees_by_an_eighth_within_the_ceiling(send, node, tasks):
    node.faults.append(at_call(4, lambda n: setattr(n, "base_fee", 100)))
    node.per_look = 5

    report = send(tasks(30), max_fee_per_gas=300)

    assert (report.mined, node.effects) == (30, once(tasks(30)))
    assert report.raises > 0
    for sent in node.raws.values():
        signed = sorted({(s.max_fee, s.priority_fee, s.raw) for s in sent})
        for old, new in pairwise(signed):
            assert new[0] * 8 >= old[0] * 9
            assert new[1] * 8 >= old[1] * 9
            assert new[0] <= 300


def test_send_many__first_attempt_mined_after_a_raise__is_known_as_the_task(opened, node, tasks):
    node.per_look, first = 0, {}

    def mine_first(node, _):
        for nonce, sent in node.raws.items():
            first.setdefault(nonce, sent[0])
        if any(len(set(sent)) > 1 for sent in node.raws.values()) and first:
            node.pool = dict(first) if not node.count() else node.pool
            node.per_look = 100

    node.faults.append(mine_first)

    with opened() as sender:
        report = sender.send_many(tasks(8))
        outcomes = sender.outcomes([task.task_id for task in tasks(8)])

    assert (report.mined, node.effects) == (8, once(tasks(8)))
    assert {o.hash for o in outcomes.values()} == {sent.hash for sent in first.values()}


def test_send_many__ceiling_reached__raises_stalled_and_keeps_the_tasks(send, node, tasks):
    node.faults.append(at_call(4, lambda n: setattr(n, "base_fee", 10_000)))

    with pytest.raises(StalledError, match="ceiling of 30 wei"):
        send(tasks(5), max_fee_per_gas=30, timeout_seconds=0.4)

    node.faults.clear()
    node.base_fee = 10
    assert send([]).mined == 5
    assert node.effects == once(tasks(5))


def test_send_many__node_stays_away__raises_and_keeps_the_tasks(send, node, tasks):

    def go_away(node, _):
        if len(node.posts) > 5:
            lose(node)

    node.faults.append(go_away)

    with pytest.raises(ChainUnreachableError):
        send(tasks(30), timeout_seconds=0.3)

    node.faults.clear()
    assert send(tasks(30)).failures == []
    assert node.effects == once(tasks(30))


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_send_many__reorganised_below_the_depth__sends_the_same_bytes(
    send, node, tasks, is_forgotten
):
    node.per_look = 4
    node.faults.append(at_call(20, lambda n: n.reorganise(6, forget=is_forgotten)))

    report = send(tasks(30), confirmations=8)

    assert (report.mined, node.effects) == (30, once(tasks(30)))
    assert all(len(set(sent)) == 1 for sent in node.raws.values())


def test_send_many__mined_at_depth__keeps_the_block_of_the_last_fork(opened, node, tasks):
    node.per_look = 1
    node.faults.append(at_call(12, lambda n: n.reorganise(3)))

    with opened(confirmations=5) as sender:
        sender.send_many(tasks(6))
        outcomes = sender.outcomes([task.task_id for task in tasks(6)])

    for outcome in outcomes.values():
        receipt = node._eth_getTransactionReceipt(outcome.hash)
        assert int(receipt["blockNumber"], 16) == outcome.block_number
        assert receipt["blockHash"] == outcome.block_hash


def test_send_many__final_blocks_forgotten__mines_them_again_first(send, node, tasks):
    send(tasks(10))
    node.reorganise(4, forget=True)

    send(tasks(12))

    assert node.effects == once(tasks(12))
    assert all(len(set(sent)) == 1 for sent in node.raws.values())


def test_send_many__nonce_taken_by_another__raises_then_signs_anew_on_demand(send, node, tasks):
    node.per_look = 0
    node.faults.append(at_call(6, lambda n: (n.mine_foreign(0), setattr(n, "per_look", 100))))

    with pytest.raises(ForeignTransactionError) as caught:
        send(tasks(8))

    assert caught.value.nonces == (0,)
    assert node.effects[bytes.fromhex(tasks(1)[0].to[2:]), b""] == 0
    with pytest.raises(ForeignTransactionError):
        send(tasks(8))
    report = send(tasks(8), resign_displaced=True)
    assert (report.resigned, report.mined, report.skipped) == (1, 1, 7)
    assert {k: v for k, v in node.effects.items() if k[0] != b"\xee" * 20} == once(tasks(8))


def test_send_many__nonces_taken_meanwhile__signs_anew_in_one_go(send, opened, node, tasks):
    node.per_look = 0

    def take(n):
        for nonce in range(3):
            n.mine_foreign(nonce)
        n.per_look = 100

    node.faults.append(at_call(6, take))

    report = send(tasks(8), resign_displaced=True, confirmations=2)

    assert (report.resigned, report.mined) == (3, 8)
    assert {k: v for k, v in node.effects.items() if k[0] != b"\xee" * 20} == once(tasks(8))
    with opened() as sender:
        assert sender.outcomes(["pay:0"])["pay:0"].status is Status.MINED


def test_send_many__receipts_late__never_signs_anew(send, node, tasks, monkeypatch):
    answer, asked = type(node)._eth_getTransactionReceipt, []

    def late(self, hash_):
        asked.append(hash_)
        return answer(self, hash_) if asked.count(hash_) > 6 else None

    monkeypatch.setattr(type(node), "_eth_getTransactionReceipt", late)

    report = send(tasks(5), resign_displaced=True)

    assert (report.mined, report.resigned) == (5, 0)
    assert sorted(node.raws) == [0, 1, 2, 3, 4]


def test_send_many__others_wait_in_the_pool__raises_before_signing(send, node, tasks):
    node.pool[0] = None

    with pytest.raises(AccountBusyError, match="1 transaction"):
        send(tasks(1))

    assert node.raws == {}


def test_send_many__account_cannot_pay__raises_and_goes_on_when_it_can(send, node, tasks):
    node.balance = 1

    with pytest.raises(InsufficientFundsError, match="send it"):
        send(tasks(3))

    node.balance = 10**24
    assert send(tasks(3)).mined == 3
    assert node.effects == once(tasks(3))


def test_send_many__node_will_never_take_one__spends_its_nonce_on_nothing(
    send, node, tasks, monkeypatch
):
    take = type(node)._eth_sendRawTransaction

    def strict(self, text):
        if "bad0bad0" in text:
            raise RefusalError("oversized data: transaction size 200000, limit 131072")
        return take(self, text)

    monkeypatch.setattr(type(node), "_eth_sendRawTransaction", strict)
    bad = tasks(1, bytes.fromhex("bad0bad0"), first=2)

    report = send([*tasks(2), *bad, *tasks(3, first=3)])

    (failure,) = report.failures
    assert (failure.status, failure.task_id, report.mined) == (Status.FAILED, "pay:2", 5)
    assert "oversized" in failure.reason
    assert once(bad).keys().isdisjoint(node.effects)


def test_send_many__gap_below_that_nobody_fills__spends_the_nonces(send, node, tasks):
    for nonce in range(3):
        node.mine_foreign(nonce)
    node.faults.append(at_call(4, lambda n: n.reorganise(2, forget=True)))

    report = send(tasks(4))

    assert (report.mined, report.failures) == (4, [])
    assert {k: v for k, v in node.effects.items() if k in once(tasks(4))} == once(tasks(4))


def test_send_many__node_away_every_other_time__closes_the_gap_below(send, node, tasks):
    looks = []

    def lose_every_other(node, requests):
        if requests[0]["method"] == "eth_blockNumber":
            looks.append(1)
            if len(looks) > 10 and len(looks) % 2:
                lose(node)

    node.per_look = 1
    node.faults += [at_call(20, lambda n: n.reorganise(3, forget=True)), lose_every_other]

    assert send(tasks(20), timeout_seconds=3).failures == []
    assert node.effects == once(tasks(20))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(0, 2**32), st.integers(0, 4), st.integers(1, 12))
def test_send_many__faults_at_random__does_each_task_once(
    signer, policy, tmp_path_factory, tasks, seed, confirmations, per_look
):
    node, faults = FakeNode(signer.address, per_look), Faults(seed, chance=0.12)
    node.faults.append(faults.before)
    node.after.append(faults.after)
    journal = tmp_path_factory.mktemp("faults") / "journal.db"
    chosen = policy(confirmations=confirmations, timeout_seconds=20)

    for _ in range(50):
        try:
            with open_sender(node.connect, journal, signer, chosen) as sender:
                sender.send_many(tasks(25))
            break
        except ChainUnreachableError:  # at the beginning of a call it is told at once
            continue
    node.faults.clear()
    node.after.clear()
    with open_sender(node.connect, journal, signer, chosen) as sender:
        report = sender.send_many(tasks(25))

    assert report.failures == []
    assert node.effects == once(tasks(25))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_send_many__killed_at_each_array__does_each_task_once(
    signer, policy, tmp_path, tasks, moment
):
    for number in range(1, 40):
        node = FakeNode(signer.address, per_look=6)
        journal = tmp_path / f"{number}.db"

        fault = at_call(number, die)
        if moment == "before":
            node.faults.append(fault)
        else:
            node.after.append(lambda n, answers, fault=fault: fault(n, answers) or answers)

        for _ in range(2):
            try:
                with open_sender(node.connect, journal, signer, policy()) as sender:
                    sender.send_many(tasks(25))
            except Killed:
                node.pool.pop(node.count() + 1, None)

        assert node.effects == once(tasks(25)), number


def test_send_many__ended_while_a_nonce_is_given_up__goes_on_with_the_void(
    send, node, tasks, monkeypatch
):
    take = type(node)._eth_sendRawTransaction

    def strict(self, text):
        if "bad0bad0" in text:
            raise RefusalError("oversized data")
        return take(self, text)

    def die_at_void(_, requests):
        if sends(requests) and "bad0bad0" not in requests[0]["params"][0]:
            node.faults.clear()
            raise Killed

    monkeypatch.setattr(type(node), "_eth_sendRawTransaction", strict)
    node.faults.append(die_at_void)
    bad = tasks(8, bytes.fromhex("bad0bad0"))
    with pytest.raises(Killed):
        send(bad, max_fee_per_gas=22)

    report = send(bad, max_fee_per_gas=22)

    assert [failure.status for failure in report.failures] == [Status.FAILED] * 8
    assert node.effects[bytes.fromhex(node.account[2:]), b""] == 8


def test_send_many__node_refuses_to_look__tries_again(send, node, tasks, monkeypatch):
    answer, asked = type(node)._eth_blockNumber, []

    def moody(self):
        asked.append(1)
        if 2 < len(asked) < 6:
            raise RefusalError("internal error")
        return answer(self)

    monkeypatch.setattr(type(node), "_eth_blockNumber", moody)

    assert send(tasks(25)).mined == 25
