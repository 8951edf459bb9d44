"""Kill a sender again and again and count what is lost or done twice: `python -m benchmarks.kills`.

A process of its own sends mints, each to an address of its own, and is ended by SIGKILL at a
random moment; the next one opens the same journal and goes on. At the end every address must have
exactly one unit.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mints import BLOCKS, Mints, rich_signer
from benchmarks.node import Node, anvil
from weilian.errors import WeilianError
from weilian.sending import FastSigner, Policy, open_sender

KILLS = 200
TASKS = 2_000
READY = b"ready\n"
_KEY = b"\x07" * 32
"""An account of a chain that lives as long as the test."""

_FIRST_LIFE_SECONDS = 0.3
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


def kill_test(node: Node, folder: Path, *, kills: int, tasks: int, seed: int) -> Result:
    """Send `tasks` mints through up to `kills` processes that are killed, and one that is not.

    How long a process lives is random, with a mean that makes tasks and kills end together.
    """
    started, chance = time.monotonic(), random.Random(seed)  # noqa: S311 -- moments, not secrets
    mints, signer = Mints.deploy(node), rich_signer(node, _KEY)
    before = node.w3.eth.get_transaction_count(signer.address)  # type: ignore[arg-type]
    longest, killed = _FIRST_LIFE_SECONDS, 0
    # NOTE: what waits is mined while the next process starts, so it must be less than its share.
    window = min(max(2 * tasks // (3 * kills), 2), _MOST_WAITING) if kills else _MOST_WAITING
    while killed < kills and mints.done() < tasks:
        if _run(mints, folder, (tasks, window), chance.uniform(0, longest)):
            killed += 1
        is_ahead = mints.done() * kills > killed * tasks
        longest = max(longest * (_SLOWER if is_ahead else _FASTER), _SHORTEST_LIFE_SECONDS)
    _run(mints, folder, (tasks, _MOST_WAITING), _LAST_RUN_SECONDS)
    effects = mints.effects(tasks)
    return Result(
        kills=killed,
        lost=effects.count(0),
        twice=sum(done > 1 for done in effects) + mints.done() - sum(effects),
        transactions=node.w3.eth.get_transaction_count(signer.address) - before,  # type: ignore[arg-type]
        seconds=time.monotonic() - started,
    )


def _run(mints: Mints, folder: Path, size: tuple[int, int], seconds: float) -> bool:
    """Let a process send for so many seconds after its start; tell whether it was killed.

    `size` is how many tasks it sends and how many of them wait at once.
    """
    command = [sys.executable, "-m", "benchmarks.kills", "--child", mints.node.url, mints.token]
    sizes = ["--tasks", str(size[0]), "--window", str(size[1])]
    child = subprocess.Popen([*command, str(folder / "journal.db"), *sizes], stdout=subprocess.PIPE)
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


def _send(url: str, token: str, journal: Path, tasks: int, window: int) -> int:
    """Send as the child; arrays and window are small, so that a short life has many moments."""
    policy = Policy(
        max_fee_per_gas=10**12,
        window=window,
        batch=max(window // 2, 1),
        poll_seconds=0.02,
        stall_seconds=3,
    )
    mints = Mints.tasks_of(token, tasks)
    sys.stdout.buffer.write(READY)
    sys.stdout.flush()
    try:
        with open_sender(url, journal, FastSigner(_KEY), policy) as sender:
            return len(sender.send_many(mints).failures)
    except WeilianError as error:
        print(error, file=sys.stderr)
        return 1


def main() -> int:
    """Run the test and print what was seen; 1 if a task was lost or done twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help="[default: %(default)s]")
    parser.add_argument("--tasks", type=int, default=TASKS, help="[default: %(default)s]")
    parser.add_argument("--seed", type=int, default=1, help="of the moments  [default: 1]")
    parser.add_argument("--window", type=int, default=_MOST_WAITING, help=argparse.SUPPRESS)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        url, token, journal = chosen.child
        return _send(url, token, Path(journal), chosen.tasks, chosen.window)
    with anvil(*BLOCKS) as node, tempfile.TemporaryDirectory() as folder:
        result = kill_test(
            node, Path(folder), kills=chosen.kills, tasks=chosen.tasks, seed=chosen.seed
        )
    print(
        f"{result.kills} kills, {chosen.tasks} tasks, {result.transactions} transactions mined, "
        f"{result.lost} lost, {result.twice} twice, {result.seconds:.0f} s"
    )
    return int(result.lost > 0 or result.twice > 0 or result.transactions != chosen.tasks)


if __name__ == "__main__":
    sys.exit(main())
