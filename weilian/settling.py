"""Settling many orders: grouped so that each party is credited once, within a ceiling of gas."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from web3.contract.contract import ContractFunction

from weilian.chain import ContractRevert, Signer
from weilian.chain.errors import NodeRefusedError
from weilian.commission.order import Order, struct_of
from weilian.order import Orders, Settlement
from weilian.suite import Suite

GAS_CEILING = 12_000_000
"""Below the 16.7 million that a transaction may take (EIP-7825), with room for the estimate."""

MOST_ORDERS = 200
_GAS_MARGIN = 1.2
_TRIES = 3
"""How often orders are taken up again whose transaction was refused after its estimate was not."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An order that could not be settled, and why: `str(reason)` says what to do."""

    order: Order
    reason: ContractRevert


@dataclass(frozen=True, slots=True)
class Batch:
    """Orders that can be settled in one transaction, the call, and its limit of gas."""

    orders: tuple[Order, ...]
    call: ContractFunction
    gas: int


@dataclass(slots=True)
class SettledBatch:
    """What a run settled, and what it left out."""

    settlements: list[Settlement] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Settling:
    """Plans settlements. An order that is refused is left out and never stops the others.

    A transaction takes at most `gas_ceiling` and `most_orders`.
    """

    suite: Suite
    gas_ceiling: int = GAS_CEILING
    most_orders: int = MOST_ORDERS

    def batches(
        self, orders: Iterable[Order], sender: str, refused: list[Refused]
    ) -> Iterator[Batch]:
        """Yield what to send, each tried as a call; adds to `refused` what cannot be settled.

        Orders are taken as they come, so let those that are shared alike be neighbours.
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

    def settle(
        self,
        orders: Sequence[Order],
        signer: Signer,
        on_done: Callable[[int], None] | None = None,
    ) -> SettledBatch:
        """Settle orders whose time has come, one transaction after the other; anyone may.

        A run that broke off is run again: settled orders are passed over. `on_done` gets the
        number gone through after each transaction. Many on a node: see weilian.keeper.
        """
        result, left, done = SettledBatch(), grouped(orders), 0
        for _ in range(_TRIES):
            again: list[Refused] = []
            for batch in self.batches(left, signer.address, result.refused):
                try:
                    tx = self.suite.chain.send(batch.call, signer)
                except ContractRevert as reason:  # something changed since the estimate
                    again += [Refused(order, reason) for order in batch.orders]
                    continue
                result.settlements += Orders(self.suite).settlements(tx)
                done += len(batch.orders)
                if on_done:
                    on_done(done + len(result.refused))
            left = [refused.order for refused in again]
            if not left:
                break
        else:
            result.refused += again
        return result

    def _try(
        self, part: list[Order], sender: str, refused: list[Refused]
    ) -> Batch | list[list[Order]]:
        """Return the batch if it can be settled at once, else what to try instead."""
        call = self.suite.escrow.functions.settle([struct_of(order) for order in part])
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


def grouped(orders: Sequence[Order]) -> list[Order]:
    """Sort orders so that those that are shared alike are neighbours."""
    return sorted(
        orders,
        key=lambda order: (
            order.plan_id,
            order.receiver,
            order.currency,
            order.seller,
            order.payer,
        ),
    )


def _halves(part: list[Order]) -> list[list[Order]]:
    middle = len(part) // 2
    return [part[:middle], part[middle:]]
