"""Tasks whose effect can be counted on chain: each mints one unit to an address of its own."""

import asyncio
from dataclasses import dataclass

from benchmarks.node import Node
from weilian.abi import load
from weilian.hashing import keccak256
from weilian.sending import FastSigner, Task
from weilian.sending.rpc import Call, Rpc, http

GAS = 80_000
WEALTH = 10**24
_MINT = bytes.fromhex("40c10f19")
_BALANCE_OF = bytes.fromhex("70a08231")
_ARRAY = 500


@dataclass(frozen=True)
class Mints:
    """A token that anyone can mint, on a node."""

    node: Node
    token: str

    @classmethod
    def deploy(cls, node: Node) -> "Mints":
        """Create the token."""
        artifact = load("TestStablecoin")
        factory = node.w3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
        hash_ = factory.constructor().transact({"from": node.accounts[0]})
        receipt = node.w3.eth.wait_for_transaction_receipt(hash_, poll_latency=0.01)
        return cls(node, str(receipt["contractAddress"]))

    def tasks(self, count: int) -> list[Task]:
        """Return the first so many tasks."""
        return self.tasks_of(self.token, count)

    @staticmethod
    def tasks_of(token: str, count: int) -> list[Task]:
        """Return the first so many tasks of a token."""
        one = (1).to_bytes(32)
        return [
            Task(f"mint:{n}", token, _MINT + recipient(n).rjust(32, b"\0") + one, 0, GAS)
            for n in range(count)
        ]

    def effects(self, count: int) -> list[int]:
        """Return how often each of the first so many tasks was done."""
        calls: list[Call] = [("eth_call", [self._balance_of(n), "latest"]) for n in range(count)]

        async def ask() -> list[int]:
            async with http(self.node.url)() as transport:
                return [int(word, 16) for word in await Rpc(transport, _ARRAY).need(*calls)]

        return asyncio.run(ask())

    def done(self) -> int:
        """Return how many tasks were done, by the token's supply."""
        request = {"to": self.token, "data": "0x18160ddd"}
        return int.from_bytes(self.node.w3.eth.call(request))  # type: ignore[arg-type]

    def _balance_of(self, number: int) -> dict[str, str]:
        data = _BALANCE_OF + recipient(number).rjust(32, b"\0")
        return {"to": self.token, "data": f"0x{data.hex()}"}


def recipient(number: int) -> bytes:
    """Return the 20 bytes of the address of a task."""
    return keccak256(b"weilian/mints" + number.to_bytes(8))[-20:]


def rich_signer(node: Node, key: bytes) -> FastSigner:
    """Return a signer for a key, with enough of the chain's coin."""
    signer = FastSigner(key)
    node.w3.provider.make_request("anvil_setBalance", [signer.address, hex(WEALTH)])  # type: ignore[arg-type]
    return signer


BLOCKS = ("--block-time", "0.1", "--gas-limit", "1000000000")
"""Options of Anvil: a block every tenth of a second, with room for all that waits."""
