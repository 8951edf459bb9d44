"""Several transactions in one block, which therefore share a second."""

from collections.abc import Iterator
from contextlib import contextmanager

import ape

GAS_SHARE = 1_000_000
"""Gas for each, as the limit of a lone transaction fills a block."""


@contextmanager
def one_block() -> Iterator[None]:
    """Put the transactions sent inside into the next block, in their order.

    Each takes `gas=GAS_SHARE` and has a sender of its own. A receipt tells nothing yet.
    """
    provider = ape.chain.provider
    provider.auto_mine = False
    try:
        yield
    finally:
        provider.auto_mine = True
