import os
import resource
import signal
import subprocess
import sys
import time
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest

from weilian.files import FileWriteError
from weilian.labels.errors import LabelError
from weilian.labels.layout import LayoutError
from weilian.pool import WorkersError, results

LONG = 60
"""Seconds that a task sleeps; whoever waits for it takes as long, whatever the machine."""


def slow(number):
    time.sleep(0.2 if number == 0 else 0)
    return number, os.getpid()


def refuse():
    raise LayoutError("9x9", "no")


@pytest.mark.parametrize("workers", [1, 2])
def test_results__first_task_slower__come_in_order(workers):
    tasks = (partial(slow, number) for number in range(6))

    found = list(results(tasks, workers))

    assert [number for number, _ in found] == list(range(6))
    assert (os.getpid() in {process for _, process in found}) == (workers == 1)


@pytest.mark.parametrize("count", [0, 1])
def test_results__nothing_to_share__starts_no_process(count):
    found = list(results((partial(slow, 1) for _ in range(count)), 2))

    assert found == [(1, os.getpid())] * count


def test_results__many_tasks__are_drawn_only_as_they_are_needed():
    drawn = []
    tasks = (drawn.append(number) or partial(slow, number) for number in range(50))

    for done, _ in enumerate(results(tasks, 2), start=1):
        assert len(drawn) <= done + 3


def test_results__task_that_raises__raises_the_same_here():
    tasks = iter([partial(slow, 1), refuse, partial(slow, 2)])

    with pytest.raises(LabelError) as raised:
        list(results(tasks, 2))

    assert (type(raised.value), str(raised.value)) == (LayoutError, "layout '9x9': no")


def test_results__worker_that_dies__is_told_in_one_sentence():
    tasks = iter([partial(os._exit, 3), partial(slow, 1), partial(slow, 2)])

    with pytest.raises(WorkersError, match="a worker process ended early"):
        list(results(tasks, 2))


def sleep_behind(number):
    """Return 0 at once, and sleep for a minute for any other number."""
    time.sleep(LONG if number else 0)
    return number


def core_limit():
    return resource.getrlimit(resource.RLIMIT_CORE)


def no_room():
    raise FileWriteError(Path("tea"), "No space left on device")


def test_results__closed_early__ends_its_workers_at_once():
    begun, found = time.monotonic(), results(map(partial(partial, sleep_behind), range(3)), 2)

    first = next(found)
    found.close()

    assert first == 0
    assert time.monotonic() - begun < LONG / 2
    assert not active_children()


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_results__error_where_they_are_used__ends_the_workers_at_once(error):
    begun = time.monotonic()

    def use():
        for _ in results(map(partial(partial, sleep_behind), range(3)), 2):
            raise error

    with pytest.raises(error):
        use()

    assert time.monotonic() - begun < LONG / 2
    assert not active_children()


def test_results__task_that_raises__does_not_wait_for_the_others():
    begun = time.monotonic()

    with pytest.raises(LayoutError):
        list(results(iter([refuse, partial(sleep_behind, 1)]), 2))

    assert time.monotonic() - begun < LONG / 2
    assert not active_children()


def test_results__interrupt_while_waiting__ends_the_workers_at_once():
    process = subprocess.Popen(
        [sys.executable, "-m", __name__], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    workers = [int(process.stdout.readline()) for _ in range(2)]
    process.send_signal(signal.SIGINT)

    assert process.wait(5) == -signal.SIGINT
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]


def test_results__full_disk_in_a_worker__is_told():
    with pytest.raises(FileWriteError, match="cannot write tea: No space left on device"):
        list(results(iter([no_room, no_room]), 2))


def test_results__workers__write_no_core_file():
    assert list(results(iter([core_limit, core_limit]), 2)) == [(0, 0)] * 2


def test_forbid_core_dumps__this_process__has_no_room_for_one():
    code = "import resource; from weilian.pool import forbid_core_dumps; forbid_core_dumps(); "
    code += "print(resource.getrlimit(resource.RLIMIT_CORE))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "(0, 0)\n"


def tell_and_sleep():
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    time.sleep(LONG)


if __name__ == "__main__":
    list(results(iter([tell_and_sleep, tell_and_sleep]), 2))
