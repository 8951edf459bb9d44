"""Kill a sender again and again and count what is lost or done twice: `python -m benchmarks.kills`.

A process of its own sends mints, each to an address of its own, and is ended by SIGKILL at a
random moment; the next one opens the same journal and goes on. At the end every address must have
exactly one unit. With --settle the process is the keeper and settles orders, a few in a
transaction: every one must be shared once, and all credits must be those of the model.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mints import BLOCKS, Mints, rich_signer
from benchmarks.node import Node, anvil
from benchmarks.shop import Shop, connected
from weilian.errors import WeilianError
from weilian.keeper import open_keeper
from weilian.open_orders import open_orders
from weilian.order_book import OrderBook
from weilian.sending import FastSigner, Policy, open_sender
from weilian.suite import Suite

KILLS = 200
TASKS = 2_000
ORDERS_AT_ONCE = 5
READY = b"ready\n"
_KEY = b"\x07" * 32
"""An account of a chain that lives as long as the test."""

_FIRST_LIFE_SECONDS = 0.3
_LOOK_SECONDS = 0.001
"""For each order in the log, which the keeper reads before it sends."""

_SHORTEST_LIFE_SECONDS = 0.01
_FASTER, _SLOWER = 1.15, 0.8
_LAST_RUN_SECONDS = 300
_MOST_WAITING = 24
"""Transactions that wait at once; fewer where a life has fewer tasks on average."""


@dataclass(frozen=True)
class Result:
    """What was seen: tasks not done, tasks done more than once, what was spent in vain."""

    kills: int
    lost: int
    twice: int
    transactions: int
    seconds: float


@dataclass(frozen=True)
class _Job:
    """What children do: their arguments, how many transactions it takes, how many are mined."""

    arguments: tuple[str, ...]
    size: int
    done: Callable[[], int]
    first_life: float = _FIRST_LIFE_SECONDS


def kill_test(node: Node, folder: Path, *, kills: int, tasks: int, seed: int) -> Result:
    """Send `tasks` mints through up to `kills` processes that are killed, and one that is not."""
    started = time.monotonic()
    mints, signer = Mints.deploy(node), rich_signer(node, _KEY)
    before = _transactions(node, signer)
    place = ("--child", node.url, str(folder / "journal.db"))
    job = _Job((*place, "--token", mints.token, "--tasks", str(tasks)), tasks, mints.done)
    killed = _kill_again_and_again(job, kills, seed)
    effects = mints.effects(tasks)
    return Result(
        kills=killed,
        lost=effects.count(0),
        twice=sum(done > 1 for done in effects) + mints.done() - sum(effects),
        transactions=_transactions(node, signer) - before,
        seconds=time.monotonic() - started,
    )


def settle_test(node: Node, folder: Path, *, kills: int, orders: int, seed: int) -> Result:
    """Settle orders through keepers that are killed, and one that is not; as `kill_test`.

    An order counts as done twice too if it was in two transactions. Raises RuntimeError unless the
    credits are the model's.
    """
    shop, signer = Shop.open(node, folder, orders), rich_signer(node, _KEY)
    started, before = time.monotonic(), _transactions(node, signer)
    place = ("--child", node.url, str(folder / "journal.db"), "--settle", str(folder))
    size = -(-orders // ORDERS_AT_ONCE)
    job = _Job(place, size, lambda: _transactions(node, signer) - before, orders * _LOOK_SECONDS)
    killed = _kill_again_and_again(job, kills, seed)
    shared, sent = shop.settlements(), shop.sent(signer.address)
    if shop.credits() != shop.model_credits():
        raise RuntimeError(f"credits are {shop.credits()}, in the model {shop.model_credits()}")
    return Result(
        kills=killed,
        lost=max(orders - len(shared), shop.unsettled()),
        twice=sum(max(shared[id_], sent[id_]) > 1 for id_ in shared.keys() | sent.keys()),
        transactions=_transactions(node, signer) - before,
        seconds=time.monotonic() - started,
    )


def _kill_again_and_again(job: _Job, kills: int, seed: int) -> int:
    """Let processes do a job; return how many were killed.

    How long a process lives is random, with a mean that makes tasks and kills end together.
    """
    chance = random.Random(seed)  # noqa: S311 -- moments, not secrets
    longest, killed = job.first_life, 0
    # NOTE: what waits is mined while the next process starts, so it must be less than its share.
    window = min(max(2 * job.size // (3 * kills), 2), _MOST_WAITING) if kills else _MOST_WAITING
    while killed < kills and job.done() < job.size:
        if _run(job, window, chance.uniform(0, longest)):
            killed += 1
        is_ahead = job.done() * kills > killed * job.size
        longest = max(longest * (_SLOWER if is_ahead else _FASTER), _SHORTEST_LIFE_SECONDS)
    _run(job, _MOST_WAITING, _LAST_RUN_SECONDS)
    return killed


def _run(job: _Job, window: int, seconds: float) -> bool:
    """Let a process send for so many seconds after its start; tell whether it was killed.

    `window` is how many transactions wait at once.
    """
    command = [sys.executable, "-m", "benchmarks.kills", *job.arguments, "--window", str(window)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None  # noqa: S101 -- it is a pipe
        if child.stdout.readline() != READY:
            raise RuntimeError(f"the sending process ended with {child.wait()}")
        if child.wait(seconds):
            raise RuntimeError(f"the sending process ended with {child.returncode}")
    except subprocess.TimeoutExpired:
        child.kill()
        return True
    finally:
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()
    return False


def _transactions(node: Node, signer: FastSigner) -> int:
    return node.w3.eth.get_transaction_count(signer.address)  # type: ignore[arg-type]


def _child(chosen: argparse.Namespace) -> int:
    """Send as the child; arrays and window are small, so that a short life has many moments."""
    url, journal = chosen.child[0], Path(chosen.child[1])
    policy = Policy(
        max_fee_per_gas=10**12,
        window=chosen.window,
        batch=max(chosen.window // 2, 1),
        poll_seconds=0.02,
        stall_seconds=3,
    )
    try:
        if chosen.settle:
            return _settle(url, journal, Path(chosen.settle), policy)
        mints = Mints.tasks_of(chosen.token, chosen.tasks)
        _tell_ready()
        with open_sender(url, journal, FastSigner(_KEY), policy) as sender:
            return len(sender.send_many(mints).failures)
    except WeilianError as error:
        print(error, file=sys.stderr)
        return 1


def _settle(url: str, journal: Path, records: Path, policy: Policy) -> int:
    suite = Suite.load(connected(url), records)
    _tell_ready()
    signer = FastSigner(_KEY)
    known = journal.with_suffix(".orders")
    with (
        open_keeper(suite, url, journal, signer, policy, most_orders=ORDERS_AT_ONCE) as keeper,
        open_orders(suite, known) as opened,
    ):
        due = OrderBook(suite).due_of(opened.read())
        kept = keeper.settle(booked.order for booked in due)
    return len(kept.failures) + len(kept.refused)


def _tell_ready() -> None:
    sys.stdout.buffer.write(READY)
    sys.stdout.flush()


def main() -> int:
    """Run the test and print what was seen; 1 if a task was lost or done twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help="[default: %(default)s]")
    parser.add_argument("--tasks", type=int, default=TASKS, help="[default: %(default)s]")
    parser.add_argument("--seed", type=int, default=1, help="of the moments  [default: 1]")
    parser.add_argument(
        "--settle", nargs="?", const=".", help="tasks are orders, settled by the keeper"
    )
    parser.add_argument("--window", type=int, default=_MOST_WAITING, help=argparse.SUPPRESS)
    parser.add_argument("--token", help=argparse.SUPPRESS)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        return _child(chosen)
    limits = {"kills": chosen.kills, "seed": chosen.seed}
    with anvil(*BLOCKS) as node, tempfile.TemporaryDirectory() as name:
        if chosen.settle:
            result = settle_test(node, Path(name), orders=chosen.tasks, **limits)
        else:
            result = kill_test(node, Path(name), tasks=chosen.tasks, **limits)
    what = "orders" if chosen.settle else "tasks"
    print(
        f"{result.kills} kills, {chosen.tasks} {what}, {result.transactions} transactions mined, "
        f"{result.lost} lost, {result.twice} twice, {result.seconds:.0f} s"
    )
    in_vain = not chosen.settle and result.transactions != chosen.tasks
    return int(result.lost > 0 or result.twice > 0 or in_vain)


if __name__ == "__main__":
    sys.exit(main())
