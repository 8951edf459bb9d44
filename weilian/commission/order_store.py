"""Which orders there are, and who may act on them; as OrderStore.sol."""

from abc import ABC

from weilian.commission.order import Order, OrderState, OrderStatus, Part, order_id
from weilian.commission.party_ledger import Authority, Site, itself
from weilian.commission.plan import BPS_DENOMINATOR, Plan
from weilian.commission.plan_book import PlanRecord
from weilian.commission.programme import Programme
from weilian.refusal import RefusedError


class OrderStore(Programme, ABC):
    """The orders of all brands."""

    def __init__(self, site: Site, may: Authority = itself) -> None:
        super().__init__(site, may)
        self.orders: dict[Order, OrderState] = {}

    def id_of(self, order: Order) -> bytes:
        """Return an order's id."""
        return order_id(order, self.site.chain_id, self.site.escrow)

    def state_of(self, order: Order) -> OrderState:
        """Return what is kept of an order."""
        nothing = (0,) * len(order.lines)
        return self.orders.get(order, OrderState(captured=nothing, refunded=nothing))

    def escrowed(self, order: Order) -> int:
        """Return what an order still has in escrow, or set aside if it was reported."""
        state = self.state_of(order)
        if state.status not in (OrderStatus.AUTHORIZED, OrderStatus.CAPTURED):
            return 0
        if order.is_reported:
            return reserve_of(self.plans[order.plan_id].plan, order)
        is_open = state.status == OrderStatus.AUTHORIZED
        return (order.amount if is_open else sum(state.captured)) - sum(state.refunded)

    def plan_of(self, order: Order) -> PlanRecord:
        """Return an order's plan, which must be of its brand and currency."""
        record = self.plans.get(order.plan_id)
        if record is None or (record.plan.brand, record.plan.currency) != (
            order.receiver,
            order.currency,
        ):
            raise RefusedError(
                "CommissionEscrow_PlanUnknown",
                planId=order.plan_id,
                brand=order.receiver,
                currency=order.currency,
            )
        return record

    def demand(self, order: Order, needed: OrderStatus) -> OrderState:
        """Return an order's state; raise RefusedError unless it has this status."""
        state = self.state_of(order)
        if state.status != needed:
            raise RefusedError(
                "CommissionEscrow_WrongStatus",
                orderId=self.id_of(order),
                status=int(state.status),
                needed=int(needed),
            )
        return state

    def check_brand(self, order: Order, actor: str) -> None:
        """Raise RefusedError unless the actor may act for the brand."""
        if not self.may(order.receiver, "order", actor):
            raise self.not_authorized(order, actor)

    def check_part(self, order: Order, part: Part) -> None:
        """Raise RefusedError for a part of no line, or of nothing."""
        lines = len(order.lines)
        if part.line >= lines:
            raise RefusedError(
                "CommissionEscrow_LineUnknown",
                orderId=self.id_of(order),
                line=part.line,
                lines=lines,
            )
        if not part.amount:
            raise RefusedError("CommissionEscrow_AmountZero", line=part.line)

    def check_left(self, order: Order, part: Part, left: int) -> None:
        """Raise RefusedError for a part that is larger than what its line has left."""
        if part.amount > left:
            raise RefusedError(
                "CommissionEscrow_PartTooHigh",
                orderId=self.id_of(order),
                line=part.line,
                amount=part.amount,
                limit=left,
            )

    def not_authorized(self, order: Order, actor: str) -> RefusedError:
        """Return the refusal of an actor."""
        name = "CommissionEscrow_NotAuthorized"
        return RefusedError(name, orderId=self.id_of(order), actor=actor)


def reserve_of(plan: Plan, order: Order) -> int:
    """Return the most that can be due for an order paid outside the chain, line by line."""
    bps = plan.platform_fee_bps + plan.ceiling_bps
    return sum(line.amount * bps // BPS_DENOMINATOR for line in order.lines)
