"""Telling a caller how far a long job has come."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Progress = Callable[[int, int], None]
"""Called with (items done, items in all)."""

_STEP = 1_000
_Item = TypeVar("_Item")


def counted(items: Sequence[_Item], progress: Progress | None) -> Iterator[_Item]:
    """Yield the items; call `progress` after each thousand of them and after the last."""
    total = len(items)
    for done, item in enumerate(items, start=1):
        yield item
        if progress and (done == total or not done % _STEP):
            progress(done, total)
