"""Figures of gas, by the name of the action."""

from dataclasses import dataclass
from typing import Any

from web3.types import TxReceipt

from benchmarks.node import Node

INTRINSIC, ZERO_BYTE, OTHER_BYTE = 21_000, 4, 16
"""What a transaction costs before it does anything."""


@dataclass(frozen=True)
class Figure:
    """Gas of one action and what it did to storage; all per item where the action is a batch."""

    gas: int
    new_slots: float
    updated_slots: float

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(
            self.gas + other.gas,
            self.new_slots + other.new_slots,
            self.updated_slots + other.updated_slots,
        )


class Meter:
    """Collects figures by the name of the action."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.figures: dict[str, Figure] = {}

    def measure(
        self, name: str, call: Any, sender: str, value: int = 0, *, per: int = 1
    ) -> TxReceipt:
        """Send a call and keep its figures, divided by `per` and rounded up."""
        receipt = self.node.send(call, sender, value)
        new, updated = self.node.slots(receipt)
        self.figures[name] = Figure(-(-receipt["gasUsed"] // per), new / per, updated / per)
        return receipt

    def execution(self, call: Any, sender: str) -> Figure:
        """Measure what a call costs by `eth_call`: a transaction of it less its intrinsic gas."""
        receipt = self.node.send(call, sender)
        data = self.node.w3.eth.get_transaction(receipt["transactionHash"])["input"]
        calldata = sum(OTHER_BYTE if byte else ZERO_BYTE for byte in data)
        return Figure(receipt["gasUsed"] - INTRINSIC - calldata, 0, 0)
