"""Settling many orders: grouped so that each party is credited once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from weilian.batching import Batching, Refused
from weilian.chain import ContractRevert, Signer
from weilian.commission.order import Order
from weilian.order import Orders, Settlement

_TRIES = 3
"""How often orders are taken up again whose transaction was refused after its estimate was not."""


@dataclass(slots=True)
class SettledBatch:
    """What a run settled, and what it left out."""

    settlements: list[Settlement] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Settling(Batching):
    """Plans settlements; best with orders that are shared alike as neighbours."""

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
