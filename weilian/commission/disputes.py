"""Disputes over orders, which hold an order and rule on it; as OrderDisputes.sol."""

from dataclasses import dataclass, replace
from enum import IntEnum

from weilian.commission.escrow import Escrow
from weilian.commission.order import Order
from weilian.commission.plan import BPS_DENOMINATOR, DAY
from weilian.refusal import RefusedError

PARTIES_PERIOD = 7 * DAY
"""Seconds for the parties to agree or to ask the arbitrator."""
ARBITRATION_PERIOD = 60 * DAY
"""Seconds for the arbitrator."""
HALF_BPS = 5_000

_BPS_PER_CHOICE = 100


class DisputeStatus(IntEnum):
    """Where a dispute stands."""

    NONE = 0
    OPEN = 1
    ESCALATED = 2
    RULED = 3


@dataclass(frozen=True)
class Dispute:
    """The dispute of an order; anyone may end it from the second `until` on."""

    status: DisputeStatus = DisputeStatus.NONE
    until: int = 0
    payer_bps: int = 0


class Disputes:
    """The disputes over the orders of an escrow. Whoever must sign signs."""

    def __init__(self, escrow: Escrow) -> None:
        self.escrow = escrow
        self.disputes: dict[Order, Dispute] = {}

    def dispute_of(self, order: Order) -> Dispute:
        """Return where the dispute of an order stands."""
        return self.disputes.get(order, Dispute())

    def open(self, order: Order, actor: str, now: int) -> None:
        """Hold an order within its refund window, as one of its parties."""
        if not self._is_claimant(order, actor) and not self._is_brand(order, actor):
            raise self._not_party(order, actor)
        record = self.escrow.plans.get(order.plan_id)
        window = record.plan.refund_window if record else 0
        end = self.escrow.state_of(order).changed_at + window
        if now >= end:
            raise RefusedError(
                "OrderDisputes_WindowOver", orderId=self._id(order), until=end, time=now
            )
        self.escrow.hold(order)
        # There is no second dispute: a brand that is first takes none of the claimant's time.
        start = now if self._is_claimant(order, actor) else end
        self.disputes[order] = Dispute(DisputeStatus.OPEN, start + PARTIES_PERIOD)

    def concede(self, order: Order, actor: str) -> None:
        """Give the other side all it asks."""
        self._check_unruled(order)
        if self._is_claimant(order, actor):
            self._end(order, 0)
        elif self._is_brand(order, actor):
            self._end(order, BPS_DENOMINATOR)
        else:
            raise self._not_party(order, actor)

    def agree(self, order: Order, payer_bps: int, deadline: int, actor: str, now: int) -> None:
        """End a dispute as both sides signed, before a deadline in seconds."""
        self._check_unruled(order)
        if now >= deadline:
            raise RefusedError("OrderDisputes_SignatureExpired", deadline=deadline, time=now)
        if not self._is_claimant(order, actor) and not self._is_brand(order, actor):
            raise self._not_party(order, actor)
        self._end(order, payer_bps)

    def escalate(self, order: Order, actor: str, now: int) -> None:
        """Ask the arbitrator, whose fee the actor pays exactly, in the time of the parties."""
        dispute = self.dispute_of(order)
        if dispute.status != DisputeStatus.OPEN:
            raise RefusedError("OrderDisputes_NotOpen", orderId=self._id(order))
        if not self._is_claimant(order, actor) and not self._is_brand(order, actor):
            raise self._not_party(order, actor)
        if now >= dispute.until:
            raise RefusedError(
                "OrderDisputes_TooLate", orderId=self._id(order), until=dispute.until, time=now
            )
        self.disputes[order] = Dispute(DisputeStatus.ESCALATED, now + ARBITRATION_PERIOD)

    def rule(self, order: Order, ruling: int) -> None:
        """Take the arbitrator's ruling: r from 1 to 101 gives r - 1 % to the payer, 0 a half.

        One that comes after the dispute ended otherwise changes nothing.
        """
        dispute = self.dispute_of(order)
        if dispute.status == DisputeStatus.ESCALATED:
            bps = (ruling - 1) * _BPS_PER_CHOICE if ruling else HALF_BPS
            self.disputes[order] = replace(dispute, status=DisputeStatus.RULED, payer_bps=bps)

    def execute(self, order: Order) -> None:
        """Put a ruling into force; anyone may."""
        self._check_standing(order)
        dispute = self.dispute_of(order)
        if dispute.status != DisputeStatus.RULED:
            raise RefusedError("OrderDisputes_NotRuled", orderId=self._id(order))
        self._end(order, dispute.payer_bps)

    def lapse(self, order: Order, now: int) -> None:
        """End a dispute that nobody ended in time; anyone may.

        A silent arbitrator leaves each side half; of a reported order nothing goes back.
        """
        self._check_unruled(order)
        dispute = self.dispute_of(order)
        if now < dispute.until:
            raise RefusedError(
                "OrderDisputes_NotOver", orderId=self._id(order), until=dispute.until, time=now
            )
        is_half = dispute.status == DisputeStatus.ESCALATED and not order.is_reported
        self._end(order, HALF_BPS if is_half else 0)

    def _end(self, order: Order, payer_bps: int) -> None:
        self.escrow.rule(order, payer_bps)
        del self.disputes[order]

    def _check_standing(self, order: Order) -> None:
        if self.dispute_of(order).status == DisputeStatus.NONE:
            raise RefusedError("OrderDisputes_NotOpen", orderId=self._id(order))

    def _check_unruled(self, order: Order) -> None:
        self._check_standing(order)
        dispute = self.dispute_of(order)
        if dispute.status == DisputeStatus.RULED:
            raise RefusedError(
                "OrderDisputes_AlreadyRuled",
                orderId=self._id(order),
                payerBps=dispute.payer_bps,
            )

    def _is_claimant(self, order: Order, actor: str) -> bool:
        """Tell the payer, or the platform where the money never was on chain."""
        return actor == (self.escrow.site.platform if order.is_reported else order.payer)

    def _is_brand(self, order: Order, actor: str) -> bool:
        return self.escrow.may(order.receiver, "order", actor)

    def _not_party(self, order: Order, actor: str) -> RefusedError:
        return RefusedError("OrderDisputes_NotParty", orderId=self._id(order), actor=actor)

    def _id(self, order: Order) -> bytes:
        return self.escrow.id_of(order)
