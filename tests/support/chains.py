"""A chain as tests see it that run beside a model: the one ape is connected to, as ape asks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import ape

from tests.support.reverts import reverts


@dataclass(frozen=True)
class Call:
    """A transaction: a method of a contract, what it takes, who sends it and with how many wei."""

    contract: Any
    method: str
    arguments: tuple[Any, ...]
    sender: Any
    value: int = 0


class Chain(Protocol):
    """What is done on a chain, each transaction in a block of its own, and read from it."""

    @property
    def chain_id(self) -> int:
        """The number that signatures are bound to."""

    @property
    def height(self) -> int:
        """A number that grows with every block."""

    @property
    def head(self) -> int:
        """The second of the latest block, which is what a read sees."""

    @property
    def pending(self) -> int:
        """The second of the next block."""

    def next_block_at(self, time: int) -> None:
        """Make the next transaction's block carry exactly this time, in seconds."""

    def snapshot(self) -> Any:
        """Return what `restore` takes to bring the chain back to now."""

    def restore(self, snapshot: Any) -> None:
        """Undo all that came after a snapshot, which is used up."""

    def do(self, call: Call) -> Any:
        """Send a transaction, which must succeed; return its receipt."""

    def refuse(self, call: Call, error: Any, inputs: dict[str, Any]) -> None:
        """Try a transaction, which must revert with this error and exactly these inputs."""

    def ask(self, contract: Any, method: str, *arguments: Any) -> Any:
        """Read one thing."""

    def read(self, contract: Any, calls: Sequence[bytes]) -> list[bytes]:
        """Read many things of one contract, each by its calldata."""

    def balance(self, address: str) -> int:
        """Read how many wei an address has."""


class ApeChain:
    """The chain ape is connected to; `reader` is a BatchReader on it."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    @property
    def chain_id(self) -> int:
        return ape.chain.chain_id

    @property
    def height(self) -> int:
        return ape.chain.blocks.height

    @property
    def head(self) -> int:
        return ape.chain.blocks.head.timestamp

    @property
    def pending(self) -> int:
        return ape.chain.pending_timestamp

    def next_block_at(self, time: int) -> None:
        ape.chain.pending_timestamp = time

    def snapshot(self) -> Any:
        return ape.chain.snapshot()

    def restore(self, snapshot: Any) -> None:
        ape.chain.restore(snapshot)

    def do(self, call: Call) -> Any:
        method = getattr(call.contract, call.method)
        return method(*call.arguments, sender=call.sender, value=call.value)

    def refuse(self, call: Call, error: Any, inputs: dict[str, Any]) -> None:
        with reverts(error, **inputs):
            self.do(call)

    def ask(self, contract: Any, method: str, *arguments: Any) -> Any:
        return getattr(contract, method)(*arguments)

    def read(self, contract: Any, calls: Sequence[bytes]) -> list[bytes]:
        return [bytes(answer) for answer in self._reader.read(contract, list(calls))]

    def balance(self, address: str) -> int:
        return int(ape.chain.provider.get_balance(address))
