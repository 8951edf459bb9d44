"""The chain's time, to the second."""

import time as machine

import ape

NEVER = 2**48 - 1
"""The last second that the contracts can name."""


def now() -> int:
    """Return the time of the latest block, which is what a read sees."""
    return ape.chain.blocks.head.timestamp


def later(seconds: int) -> int:
    """Return a moment so many seconds after both clocks, the chain's and the machine's.

    A chain that was set back shows an old latest block, while its next one follows the machine.
    """
    return max(now(), int(machine.time())) + seconds


def next_block_at(time: int) -> None:
    """Make the next transaction's block carry exactly this time."""
    ape.chain.pending_timestamp = time


def read_at(time: int) -> None:
    """Make reads from now on see exactly this time."""
    ape.chain.pending_timestamp = time
    ape.chain.mine()
