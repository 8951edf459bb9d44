"""Work in processes beside this one, with few pieces under way at once."""

import os
import resource
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import TypeVar

from weilian.errors import WeilianError

_Result = TypeVar("_Result")


class WorkersError(WeilianError, RuntimeError):
    """Workers that are not there, or that were lost."""


class LostWorkerError(WorkersError):
    """A process that ended before its work was done."""

    def __init__(self) -> None:
        super().__init__(
            "a worker process ended early, often for lack of memory; run it again with fewer "
            "workers, what was finished is kept"
        )


def results(
    tasks: Iterator[Callable[[], _Result]], workers: int | None = None
) -> Iterator[_Result]:
    """Do the tasks in `workers` processes, None for one a processor; yield results in their order.

    Only one task more than there are workers is drawn from `tasks` before its time. A single task
    or worker needs no process. Where a task raises, or the caller takes no more, the processes are
    ended at once, in the middle of their tasks. Raises LostWorkerError and what a task raises.
    """
    count = workers or len(os.sched_getaffinity(0))
    first = next(tasks, None)
    if first is None:
        return
    second = next(tasks, None) if count > 1 else None
    if second is None:
        yield first()
        yield from (task() for task in tasks)
        return
    try:
        yield from _in_processes([first, second], tasks, count)
    except BrokenProcessPool as error:
        raise LostWorkerError from error


def _in_processes(
    begun: list[Callable[[], _Result]], tasks: Iterator[Callable[[], _Result]], count: int
) -> Iterator[_Result]:
    _make_importable()
    # NOTE: a fork would copy locks of threads that are running.
    pool = ProcessPoolExecutor(count, get_context("spawn"), initializer=_begin_worker)
    running: deque[Future[_Result]] = deque(map(pool.submit, begun))
    try:
        for task in tasks:
            running.append(pool.submit(task))
            if len(running) > count:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    except BaseException:
        _end_workers(pool)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end_workers(pool: ProcessPoolExecutor) -> None:
    # NOTE: shutdown() waits for what is running, which may take hours, and the executor has no
    # public way to its processes before Python 3.14.
    for process in list((pool._processes or {}).values()):
        process.kill()


def _make_importable() -> None:
    """Let new processes find this package where this one did: they are given its `sys.path`.

    A host such as `ape run` may have taken the folder off the path after the import.
    """
    root = str(Path(__file__).resolve().parents[1])
    if root not in sys.path:
        sys.path.append(root)


def forbid_core_dumps() -> None:
    """Let this process write no core file if it crashes: it would hold what is secret."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and end when it is killed: a worker would wait for ever."""
    forbid_core_dumps()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch_parent, daemon=True).start()


def _watch_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
