"""Settling many orders: grouped so that each party is credited once, within a ceiling of gas."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from weilian.chain import ContractRevert, Signer
from weilian.chain.errors import NodeRefusedError
from weilian.commission.order import Order, struct_of
from weilian.order import Orders, Settlement
from weilian.suite import Suite

GAS_CEILING = 12_000_000
"""Below the 16.7 million that a transaction may take (EIP-7825), with room for the estimate."""

MOST_ORDERS = 200
_GAS_MARGIN = 1.2


@dataclass(frozen=True, slots=True)
class Refused:
    """An order that could not be settled, and why: `str(reason)` says what to do."""

    order: Order
    reason: ContractRevert


@dataclass(slots=True)
class SettledBatch:
    """What a run settled, and what it left out."""

    settlements: list[Settlement] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Settling:
    """Sends settlements. An order that is refused is left out and never stops the others."""

    suite: Suite
    gas_ceiling: int = GAS_CEILING

    def settle(
        self,
        orders: Sequence[Order],
        signer: Signer,
        on_done: Callable[[int], None] | None = None,
    ) -> SettledBatch:
        """Settle orders whose time has come, neighbours by plan and seller; anyone may.

        A run that broke off is run again: settled orders are passed over. `on_done` gets the
        number gone through after each transaction.
        """
        result = SettledBatch()
        waiting = [grouped(orders)[i : i + MOST_ORDERS] for i in range(0, len(orders), MOST_ORDERS)]
        done = 0
        while waiting:
            part = waiting.pop(0)
            smaller = self._settle_part(part, signer, result)
            waiting = smaller + waiting
            if not smaller:
                done += len(part)
                if on_done:
                    on_done(done)
        return result

    def _settle_part(
        self, part: list[Order], signer: Signer, result: SettledBatch
    ) -> list[list[Order]]:
        """Settle some orders at once; return what to try instead where that cannot be."""
        chain = self.suite.chain
        function = self.suite.escrow.functions.settle([struct_of(order) for order in part])
        try:
            gas = chain.estimate(function, signer.address)
            if gas * _GAS_MARGIN > self.gas_ceiling and len(part) > 1:
                return _halves(part)
            result.settlements += Orders(self.suite).settlements(chain.send(function, signer))
        except ContractRevert as reason:
            if len(part) == 1:
                result.refused.append(Refused(part[0], reason))
                return []
            return self._without(part, reason, result)
        except NodeRefusedError:  # as some nodes answer to what takes more than a block
            if len(part) == 1:
                raise
            return _halves(part)
        return []

    def _without(
        self, part: list[Order], reason: ContractRevert, result: SettledBatch
    ) -> list[list[Order]]:
        named = reason.arguments.get("orderId")
        orders = Orders(self.suite)
        rest = [order for order in part if orders.id_of(order) != named]
        if len(rest) == len(part):
            return _halves(part)
        result.refused += [Refused(order, reason) for order in part if order not in rest]
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
