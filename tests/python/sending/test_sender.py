import sqlite3

import pytest

from tests.python.sending.conftest import KEY
from tests.python.sending.fake_node import REASON, RefusalError, reverts
from weilian.sending import FastSigner, Status, Task, open_sender
from weilian.sending.errors import (
    GasBudgetError,
    JournalBusyError,
    JournalError,
    JournalMismatchError,
    PolicyError,
    TaskError,
)


def once(tasks):
    return {(bytes.fromhex(task.to[2:]), task.data): 1 for task in tasks}


def test_send_many__new_tasks__mines_each_once(send, node, tasks):
    given = tasks(95)

    report = send(given)

    assert node.effects == once(given)
    assert (report.mined, report.skipped, report.failures) == (95, 0, [])
    assert report.gas_used == 95 * 21_000
    assert report.fee == 95 * 21_000 * 12


def test_send_many__progress__ends_with_all_done(opened, tasks):
    told = []

    with opened() as sender:
        sender.send_many(tasks(25), progress=lambda *numbers: told.append(numbers))

    assert told[-1] == (25, 25)
    assert told == sorted(told)


def test_send_many__same_ids_again__sends_nothing(send, node, tasks):
    send(tasks(30))
    posted = len(node.raws)

    report = send(tasks(35))

    assert (report.mined, report.skipped) == (5, 30)
    assert (posted, len(node.raws)) == (30, 35)
    assert node.effects == once(tasks(35))


def test_send_many__callables_and_generator__makes_tasks_in_their_turn(send, node, tasks):
    made = []

    def later(task):
        def make():
            made.append(task.task_id)
            return task

        return make

    given = tasks(50)
    report = send(later(task) for task in given)

    assert report.mined == 50
    assert made == [task.task_id for task in given]


def test_send_many__task_reverts__goes_on_and_reports_reason(send, opened, node, tasks):
    given = [*tasks(5), *tasks(1, b"\xff", first=5), *tasks(5, first=6)]

    report = send(given)

    (failure,) = report.failures
    assert (report.mined, failure.task_id, failure.status) == (10, "pay:5", Status.REVERTED)
    assert REASON in failure.reason
    again = send(given)
    assert (again.mined, again.skipped, again.failures) == (0, 10, [failure])
    with opened() as sender:
        assert sender.outcomes(["pay:5", "pay:404"]) == {"pay:5": failure}


def test_send_many__retry_reverted__sends_it_under_new_nonce(send, node, tasks, monkeypatch):
    given = tasks(3, b"\xff")
    send(given)
    monkeypatch.setattr(f"{reverts.__module__}.reverts", lambda _: False)

    report = send(given, retry_reverted=True)

    assert (report.mined, report.failures) == (3, [])
    assert sorted(node.raws) == [0, 1, 2, 3, 4, 5]


def test_send_many__ran_out_of_gas__says_so(send, tasks):
    report = send(tasks(1, b"\xff\xff"))

    assert "ran out of gas" in report.failures[0].reason


def test_send_many__journal__holds_bytes_before_any_broadcast(opened, node, journal, tasks):
    def look(_, requests):
        sent = [r["params"][0] for r in requests if r["method"] == "eth_sendRawTransaction"]
        with sqlite3.connect(journal) as base:
            kept = {f"0x{raw.hex()}" for (raw,) in base.execute("SELECT raw FROM transactions")}
        assert set(sent) <= kept

    node.faults.append(look)

    with opened() as sender:
        assert sender.send_many(tasks(35)).mined == 35


def test_send_many__window__is_never_exceeded(send, node, tasks):
    node.per_look = 3
    widest = []
    node.faults.append(lambda n, _: widest.append(len(n.pool)))

    send(tasks(60), window=7, batch=5)

    assert max(widest) <= 7


def test_send_many__small_arrays_only__cuts_them(send, node, tasks):
    node.most = 4

    assert send(tasks(30)).mined == 30


def test_send_many__id_with_other_content__raises_and_keeps_the_first(send, node, tasks):
    send(tasks(2))
    other = Task("pay:1", f"0x{99:040x}", b"", 0, 30_000)

    with pytest.raises(TaskError, match="another recipient, value or data"):
        send([*tasks(1, first=7), other])

    assert node.effects == once([*tasks(2), *tasks(1, first=7)])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"gas": 20_999}, "21000"),
        ({"gas": 10**9}, "limit"),
        ({"value": -1}, "value"),
        ({"value": 2**256}, "value"),
        ({"task_id": ""}, "id"),
        ({"data": b"\x01" * 1_000}, "any node asks"),
    ],
)
def test_send_many__invalid_task__raises_and_sends_only_those_before(
    send, node, tasks, changes, words
):
    with pytest.raises(TaskError, match=words):
        send([*tasks(2), *tasks(1, first=2, **changes), *tasks(1, first=3)])

    assert node.effects == once(tasks(2))


def test_send_many__gas_total__ends_the_intake(send, node, tasks):
    with pytest.raises(GasBudgetError, match="60000"):
        send(tasks(5), gas_total=60_000)

    assert node.effects == once(tasks(2))


def test_plan__some_done__tells_the_rest_and_sends_nothing(opened, node, tasks):
    with opened() as sender:
        sender.send_many(tasks(3))
        posted = len(node.raws)

        plan = sender.plan(tasks(5))

    assert (plan.new, plan.waiting, plan.done, plan.gas) == (2, 0, 3, 60_000)
    assert (plan.cost, plan.balance) == (60_000 * 22, node.balance)
    assert len(node.raws) == posted


def test_open_sender__journal_held__names_the_process(opened, journal):
    with (
        opened(),
        pytest.raises(JournalBusyError, match=r"process \d+ sends"),
        opened(),
    ):
        pass

    with opened():
        assert (journal.stat().st_mode & 0o777) == 0o600


def test_send_many__journal_of_another_chain__raises(send, node, tasks):
    send(tasks(1))
    node.first_block = "0x" + "22" * 32

    with pytest.raises(JournalMismatchError, match="first block"):
        send(tasks(2))


def test_send_many__journal_of_another_account__raises(send, node, tasks, journal, policy):
    send(tasks(1))
    other = FastSigner(b"\x07" * 32)

    with (
        open_sender(node.connect, journal, other, policy()) as sender,
        pytest.raises(JournalMismatchError, match="account"),
    ):
        sender.send_many(tasks(2))


def test_open_sender__file_is_no_journal__raises(opened, journal):
    journal.write_bytes(b"tea" * 1_000)

    with pytest.raises(JournalError, match="journal"), opened():
        pass


def test_journal__after_sending__holds_no_key(send, journal, tasks, tmp_path):
    send(tasks(5))

    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert KEY not in held
    assert KEY.hex().encode() not in held


def test_send_many__node_refuses_everything_once__tries_again(send, node, tasks, monkeypatch):
    take, calls = type(node)._eth_sendRawTransaction, []

    def moody(self, text):
        calls.append(text)
        if len(calls) <= 10:
            raise RefusalError("txpool is full")
        return take(self, text)

    monkeypatch.setattr(type(node), "_eth_sendRawTransaction", moody)

    report = send(tasks(12))

    assert (report.mined, report.raises) == (12, 0)
    assert set(calls[:10]) <= set(calls[10:])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_fee_per_gas", 0),
        ("window", 0),
        ("batch", 0),
        ("confirmations", -1),
        ("poll_seconds", 0),
        ("stall_seconds", -1),
        ("timeout_seconds", float("nan")),
    ],
)
def test_policy__number_out_of_range__raises(policy, name, value):
    with pytest.raises(PolicyError, match=name):
        policy(**{name: value})
