"""Anvil asked by bare JSON-RPC: some fifty times as fast as the chain within the process."""

import json
from collections.abc import Sequence
from http.client import HTTPConnection
from typing import Any

from eth_abi import encode

from tests.support.abi import Method, selector
from tests.support.chains import Call

GAS = 16_000_000


class NodeError(Exception):
    """A node's answer that is an error; `data` is what a contract reverted with, if any."""

    def __init__(self, method: str, error: dict[str, Any]) -> None:
        super().__init__(f"{method}: {error}")
        self.data = bytes.fromhex(str(error.get("data") or "0x").removeprefix("0x"))


class Node:
    """One connection, which stays open."""

    def __init__(self, address: str) -> None:
        """Take host and port, as 127.0.0.1:8545."""
        self._connection, self._count = HTTPConnection(address, timeout=60), 0

    def ask(self, method: str, *parameters: Any) -> Any:
        """Return an answer; raise NodeError where it is an error."""
        self._count += 1
        body = {"jsonrpc": "2.0", "id": self._count, "method": method, "params": parameters}
        headers = {"Content-Type": "application/json"}
        self._connection.request("POST", "/", json.dumps(body), headers)
        answer = json.loads(self._connection.getresponse().read())
        assert answer["id"] == self._count, f"{method}: this is the answer to another request"
        if "error" in answer:
            raise NodeError(method, answer["error"])
        return answer["result"]


class AnvilChain:
    """A chain of Anvil where gas is free and all senders are unlocked; `reader` as in ApeChain.

    Nobody else may send to it while it is in use: it keeps the time itself.
    """

    def __init__(self, node: Node, reader: Any) -> None:
        self._node, self._reader = node, str(reader.address)
        self._read = selector(reader.read.abis[0])
        self._methods: dict[tuple[str, str], Method] = {}
        self.chain_id = int(node.ask("eth_chainId"), 16)
        self.height = int(node.ask("eth_blockNumber"), 16)
        self.head = int(node.ask("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
        self.pending = self.head + 1

    def next_block_at(self, time: int) -> None:
        assert time > self.head, f"the latest block is of second {self.head}"
        self.pending = time

    def snapshot(self) -> Any:
        return self._node.ask("evm_snapshot"), self.head, self.pending

    def restore(self, snapshot: Any) -> None:
        number, self.head, self.pending = snapshot
        assert self._node.ask("evm_revert", number)
        self.height += 1

    def do(self, call: Call) -> Any:
        sent = self._transaction(call)
        self._node.ask("evm_setNextBlockTimestamp", self.pending)
        receipt = self._node.ask("eth_sendTransactionSync", sent)
        assert int(receipt["status"], 16), f"{call.method} reverts: {self._try(sent)!r}"
        assert receipt["blockTimestamp"] == self.pending
        self.head, self.pending = self.pending, self.pending + 1
        self.height += 1
        return receipt

    def refuse(self, call: Call, error: Any, inputs: dict[str, Any]) -> None:
        names = [part.name for part in error.abi.inputs]
        assert set(names) == inputs.keys()
        types = [part.canonical_type for part in error.abi.inputs]
        expected = selector(error.abi) + encode(types, [inputs[name] for name in names])

        found = self._try(self._transaction(call))

        assert found == expected, f"{call.method} must revert with {error.abi.name}{inputs}"

    def ask(self, contract: Any, method: str, *arguments: Any) -> Any:
        asked = self._method(contract, method)
        return asked.decode(self._call(str(contract.address), asked.encode(arguments)))

    def read(self, contract: Any, calls: Sequence[bytes]) -> list[bytes]:
        head = self._read + int(contract.address, 16).to_bytes(32) + (64).to_bytes(32)
        return _unpacked(self._call(self._reader, head + _packed(calls))[32:])

    def balance(self, address: str) -> int:
        return int(self._node.ask("eth_getBalance", address, "latest"), 16)

    def _method(self, contract: Any, name: str) -> Method:
        key = str(contract.address), name
        if key not in self._methods:
            [abi] = getattr(contract, name).abis
            self._methods[key] = Method(abi)
        return self._methods[key]

    def _transaction(self, call: Call) -> dict[str, str]:
        data = self._method(call.contract, call.method).encode(call.arguments)
        return {
            "from": call.sender.address,
            "to": call.contract.address,
            "data": f"0x{data.hex()}",
            "value": hex(call.value),
            "gas": hex(GAS),
        }

    def _call(self, to: str, data: bytes) -> bytes:
        sent = {"to": to, "data": f"0x{data.hex()}"}
        answer = self._node.ask("eth_call", sent, "latest", {}, {"time": hex(self.head)})
        return bytes.fromhex(answer[2:])

    def _try(self, sent: dict[str, str]) -> bytes | None:
        """Return what a transaction would revert with in the next block, None if it would not."""
        try:
            self._node.ask("eth_call", sent, "latest", {}, {"time": hex(self.pending)})
        except NodeError as error:
            return error.data
        return None


def _packed(parts: Sequence[bytes]) -> bytes:
    """Encode bytes[]; eth_abi takes milliseconds for a hundred parts."""
    offsets, tail, start = [], [], 32 * len(parts)
    for part in parts:
        padded = len(part).to_bytes(32) + part + bytes(-len(part) % 32)
        offsets.append(start.to_bytes(32))
        tail.append(padded)
        start += len(padded)
    return len(parts).to_bytes(32) + b"".join(offsets) + b"".join(tail)


def _unpacked(data: bytes) -> list[bytes]:
    """Decode bytes[]."""

    def number_at(place: int) -> int:
        return int.from_bytes(data[place : place + 32])

    starts = [32 + number_at(32 + 32 * at) for at in range(number_at(0))]
    return [data[start + 32 : start + 32 + number_at(start)] for start in starts]
