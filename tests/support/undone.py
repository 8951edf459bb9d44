"""What is tried on the chain and undone within a test."""

from collections.abc import Iterator
from contextlib import contextmanager

import ape


@contextmanager
def undone() -> Iterator[None]:
    """Undo on the chain what is done inside."""
    # NOTE: ape names a snapshot by its block; without a block of our own, restoring it would take
    # away the one that isolates this test from the next.
    ape.chain.mine()
    start = ape.chain.snapshot()
    try:
        yield
    finally:
        ape.chain.restore(start)
