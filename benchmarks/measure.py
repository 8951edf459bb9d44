"""What all benchmarks do alike: CPU time, the best of some rounds, equal results first."""

import time
from collections.abc import Callable
from typing import Any

ROUNDS = 3


class UnequalResultsError(RuntimeError):
    """Two implementations that must agree do not."""


def best_of(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what `work` returns and the least CPU time of its rounds, in seconds."""
    seconds = float("inf")
    for _ in range(ROUNDS):
        before = time.process_time()
        result = work()
        seconds = min(seconds, time.process_time() - before)
    return result, seconds


def require_equal(ours: Any, theirs: Any, what: str) -> None:
    """Raise UnequalResultsError: a speed without equal results says nothing."""
    if ours != theirs:
        raise UnequalResultsError(f"{what}: {ours} is not {theirs}")
