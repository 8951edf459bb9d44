"""Putting many orders into few transactions: each tried as a call first, within limits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from web3.contract.contract import ContractFunction

from weilian.chain import ContractRevert
from weilian.chain.errors import NodeRefusedError
from weilian.commission.order import Order, struct_of
from weilian.order import Orders
from weilian.suite import Suite

GAS_CEILING = 12_000_000
"""Below the 16.7 million that a transaction may take (EIP-7825), with room for the estimate."""

MOST_ORDERS = 200
MOST_BYTES = 120_000
"""Of the orders in a call: nodes pass on no transaction above 128 KiB."""

_GAS_MARGIN = 1.2
_WORD, _ORDER_WORDS, _LINE_WORDS = 32, 12, 3


@dataclass(frozen=True, slots=True)
class Refused:
    """An order that was refused, and why: `str(reason)` says what to do."""

    order: Order
    reason: ContractRevert


@dataclass(frozen=True, slots=True)
class Batch:
    """Orders that go into one transaction, the call, and its limit of gas."""

    orders: tuple[Order, ...]
    call: ContractFunction
    gas: int


@dataclass(frozen=True, slots=True)
class Batching:
    """Plans calls of the escrow that take a list of orders, such as `settle` or `report`.

    An order that is refused is left out and never stops the others. A transaction takes at most
    `gas_ceiling` and `most_orders`.
    """

    suite: Suite
    gas_ceiling: int = GAS_CEILING
    most_orders: int = MOST_ORDERS
    action: str = "settle"

    def batches(
        self, orders: Iterable[Order], sender: str, refused: list[Refused]
    ) -> Iterator[Batch]:
        """Yield what to send, each tried as a call; adds to `refused` what is refused.

        Orders are taken as they come.
        """
        source = iter(orders)
        while first := list(islice(source, self.most_orders)):
            waiting = [first]
            while waiting:
                part = waiting.pop(0)
                tried = self._try(part, sender, refused)
                if isinstance(tried, Batch):
                    yield tried
                else:
                    waiting = tried + waiting

    def _try(
        self, part: list[Order], sender: str, refused: list[Refused]
    ) -> Batch | list[list[Order]]:
        """Return the batch if it can be done at once, else what to try instead."""
        call = self.suite.escrow.functions[self.action]([struct_of(order) for order in part])
        if len(part) > 1 and sum(map(_bytes_of, part)) > MOST_BYTES:
            return _halves(part)
        try:
            gas = int(self.suite.chain.estimate(call, sender) * _GAS_MARGIN)
        except ContractRevert as reason:
            if len(part) == 1:
                refused.append(Refused(part[0], reason))
                return []
            return self._without(part, reason, refused)
        except NodeRefusedError:  # as some nodes answer to what takes more than a block
            if len(part) == 1:
                raise
            return _halves(part)
        if gas > self.gas_ceiling and len(part) > 1:
            return _halves(part)
        return Batch(tuple(part), call, min(gas, self.gas_ceiling))

    def _without(
        self, part: list[Order], reason: ContractRevert, refused: list[Refused]
    ) -> list[list[Order]]:
        named = reason.arguments.get("orderId")
        orders = Orders(self.suite)
        rest = [order for order in part if orders.id_of(order) != named]
        if len(rest) == len(part):
            return _halves(part)
        refused += [Refused(order, reason) for order in part if order not in rest]
        return [rest]


def _bytes_of(order: Order) -> int:
    """Return what an order takes in a call: without encoding it, which is slow."""
    return _WORD * (_ORDER_WORDS + _LINE_WORDS * len(order.lines))


def _halves(part: list[Order]) -> list[list[Order]]:
    middle = len(part) // 2
    return [part[:middle], part[middle:]]
