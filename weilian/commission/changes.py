"""What happens to an order between payment and settlement; as OrderChanges.sol."""

from abc import ABC
from collections.abc import Sequence
from dataclasses import replace

from weilian.commission.order import Order, OrderState, OrderStatus, Part, added
from weilian.commission.order_store import OrderStore
from weilian.commission.parties import account_party
from weilian.commission.plan import BPS_DENOMINATOR
from weilian.refusal import RefusedError


class OrderChanges(OrderStore, ABC):
    """Capture, release, refund, and what a dispute does."""

    def capture(self, order: Order, parts: Sequence[Part], actor: str, now: int) -> None:
        """Capture parts of an order, or with no parts all that is left of it."""
        state = self.demand(order, OrderStatus.AUTHORIZED)
        if now >= order.authorization_expiry:
            raise RefusedError(
                "CommissionEscrow_AuthorizationExpired",
                orderId=self.id_of(order),
                expiry=order.authorization_expiry,
                time=now,
            )
        self._check_may_capture(order, actor, now, is_whole=not parts)
        captured = state.captured
        for part in parts:
            self.check_part(order, part)
            left = order.lines[part.line].amount - captured[part.line]
            self.check_left(order, part, left)
            captured = added(captured, part.line, part.amount)
        whole = tuple(line.amount for line in order.lines)
        captured = captured if parts else whole
        status = OrderStatus.CAPTURED if captured == whole else OrderStatus.AUTHORIZED
        self.orders[order] = replace(state, status=status, changed_at=now, captured=captured)

    def void(self, order: Order, actor: str, now: int) -> None:
        """Give what is not captured back to the payer."""
        state = self.demand(order, OrderStatus.AUTHORIZED)
        if actor != order.operator:
            self.check_brand(order, actor)
        self._release(order, state, OrderStatus.VOIDED, now)

    def reclaim(self, order: Order, now: int) -> None:
        """Give what was not captured in time back to the payer."""
        state = self.demand(order, OrderStatus.AUTHORIZED)
        if now < order.authorization_expiry:
            raise RefusedError(
                "CommissionEscrow_AuthorizationNotExpired",
                orderId=self.id_of(order),
                expiry=order.authorization_expiry,
                time=now,
            )
        self._release(order, state, OrderStatus.RECLAIMED, now)

    def refund(self, order: Order, parts: Sequence[Part], actor: str) -> None:
        """Refund parts of captured lines before settlement."""
        state = self.state_of(order)
        if not (state.status == OrderStatus.AUTHORIZED and state.is_partial):
            self.demand(order, OrderStatus.CAPTURED)
        self.check_brand(order, actor)
        for part in parts:
            self.check_part(order, part)
            self.check_left(order, part, state.net(part.line))
            state = replace(state, refunded=added(state.refunded, part.line, part.amount))
        self.orders[order] = state
        self._refund_to(order, sum(part.amount for part in parts))

    def hold(self, order: Order) -> None:
        """Keep a captured order from settling, once."""
        state = self.demand(order, OrderStatus.CAPTURED)
        if state.is_held:
            raise RefusedError("CommissionEscrow_Held", orderId=self.id_of(order))
        if state.was_ruled:
            raise RefusedError("CommissionEscrow_AlreadyRuled", orderId=self.id_of(order))
        self.orders[order] = replace(state, is_held=True)

    def rule(self, order: Order, payer_bps: int) -> None:
        """End a hold: this share of what each line still holds goes to the payer, rounded down."""
        state = self.demand(order, OrderStatus.CAPTURED)
        if not state.is_held:
            raise RefusedError("CommissionEscrow_NotHeld", orderId=self.id_of(order))
        if payer_bps > BPS_DENOMINATOR:
            raise RefusedError("CommissionEscrow_BpsInvalid", bps=payer_bps)
        nets = [state.net(line) for line in range(len(order.lines))]
        amounts = [net * payer_bps // BPS_DENOMINATOR for net in nets]
        refunded = tuple(map(sum, zip(state.refunded, amounts, strict=True)))
        self.orders[order] = replace(state, refunded=refunded, is_held=False, was_ruled=True)
        self._refund_to(order, sum(amounts))

    def _check_may_capture(self, order: Order, actor: str, now: int, *, is_whole: bool) -> None:
        if actor in (order.operator, order.payer):
            return
        is_open = is_whole and 0 < order.receipt_expiry <= now
        if not is_open:
            self.check_brand(order, actor)

    def _release(self, order: Order, state: OrderState, if_nothing: OrderStatus, now: int) -> None:
        """Give the rest back; what is captured goes its way, and its window starts anew."""
        status = OrderStatus.CAPTURED if state.is_partial else if_nothing
        self.orders[order] = replace(state, status=status, changed_at=now)
        self._refund_to(order, order.amount - sum(state.captured))

    def _refund_to(self, order: Order, amount: int) -> None:
        """Credit the payer; what was paid outside the chain is refunded outside the chain."""
        if not order.is_reported:
            self.credit(account_party(order.payer), order.currency, amount)
