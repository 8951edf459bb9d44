"""Two nodes that know nothing of each other must tell the same, and neither may lag behind."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from web3 import HTTPProvider, Web3

from weilian.chain import Chain
from weilian.chain.errors import node_errors
from weilian.chain.values import to_hex
from weilian.errors import WeilianError
from weilian.suite import Suite

MAX_AGE = timedelta(minutes=10)
"""How old a live network's newest block may be, and how far one node may be behind the other."""

_TIMEOUT_SECONDS = 20


class StaleNodeError(WeilianError, RuntimeError):
    """A node whose newest block is not of now."""

    def __init__(self, moment: datetime, now: datetime, max_age: timedelta) -> None:
        super().__init__(
            f"the node's block is of {moment:%Y-%m-%d %H:%M:%S} UTC and it is "
            f"{now:%Y-%m-%d %H:%M:%S} UTC here: more than {_minutes(max_age)} apart; ask a node "
            "that is in step, or set this machine's clock"
        )


class NodeLagError(WeilianError, RuntimeError):
    """Two nodes of which one is behind."""

    def __init__(self, which: str, lag: timedelta, max_lag: timedelta) -> None:
        super().__init__(
            f"the {which} node is {_minutes(lag)} behind the other, more than "
            f"{_minutes(max_lag)}; ask a node that is in step"
        )


class NodesDifferError(WeilianError, RuntimeError):
    """Two nodes that tell different things of the same block."""

    def __init__(self, what: str, first: object, second: object) -> None:
        super().__init__(
            f"the two nodes differ in {what}: {first!s:.100} and {second!s:.100}; one of them is "
            "wrong, so nothing can be said of the item: ask other nodes"
        )


class NodeUrlError(WeilianError, ValueError):
    """An address of a node that cannot be one; never repeated, as it may hold a key."""

    def __init__(self) -> None:
        super().__init__("the second node's address must begin with http:// or https:// and a host")


def check_age(seconds: int, max_age: timedelta | None, now: datetime) -> None:
    """Raise StaleNodeError where a block's time is further from `now` than `max_age`."""
    moment = datetime.fromtimestamp(seconds, UTC)
    if max_age is not None and abs(now - moment) > max_age:
        raise StaleNodeError(moment, now, max_age)


def second_suite(suite: Suite, url: str) -> Suite:
    """Bind the same deployment at another node.

    Raises NodeUrlError, ChainUnreachableError, and a DeploymentError for a node of another chain or
    one where other contracts stand at the recorded addresses.
    """
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_url = False
    if not is_url:
        raise NodeUrlError
    provider = HTTPProvider(url, request_kwargs={"timeout": _TIMEOUT_SECONDS})
    return Suite.of(Chain(Web3(provider)), suite.record)


def common_block(first: Chain, second: Chain, max_lag: timedelta) -> int:
    """Return the number of the newest block that both nodes have.

    Raises NodeLagError for a node that is `max_lag` behind the other, and NodesDifferError where
    the block of that number is not the same.
    """
    heads = first.block(), second.block()
    lag = timedelta(seconds=heads[0][1] - heads[1][1])
    if abs(lag) > max_lag:
        raise NodeLagError("second" if lag > timedelta() else "first", abs(lag), max_lag)
    number = min(heads)[0]
    check_same_block(first, second, number)
    return number


def check_same_block(first: Chain, second: Chain, number: int) -> None:
    """Raise NodesDifferError unless both nodes have the same block of this number."""
    hashes = [_block_hash(chain, number) for chain in (first, second)]
    if hashes[0] != hashes[1]:
        raise NodesDifferError(f"the hash of block {number}", *hashes)


def _block_hash(chain: Chain, number: int) -> str:
    with node_errors():
        return to_hex(chain.w3.eth.get_block(number)["hash"])


def _minutes(span: timedelta) -> str:
    return f"{span.total_seconds() / 60:.3g} minutes"
