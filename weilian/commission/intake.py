"""How orders come in; as OrderIntake.sol."""

from abc import ABC
from collections.abc import Sequence

from weilian.commission.allocation import packed_rates
from weilian.commission.order import Order, OrderState, OrderStatus
from weilian.commission.order_store import reserve_of
from weilian.commission.party_ledger import Authority, Site, itself
from weilian.commission.plan import DAY, Bond, Plan, SelfPurchase
from weilian.commission.plan_book import PlanRecord
from weilian.commission.programme import FOR_EVER
from weilian.commission.settlement import Settlement
from weilian.refusal import RefusedError

MAX_LINES = 32
MAX_AMOUNT = 2**128 - 1
"""The most that an order can cost, in the currency's smallest unit."""
MAX_AUTHORIZATION = 365 * DAY
"""Seconds."""


class OrderIntake(Settlement, ABC):
    """Payment into escrow, final sales, and reports of what was paid elsewhere."""

    def __init__(self, site: Site, may: Authority = itself) -> None:
        super().__init__(site, may)
        self.used_salts: set[tuple[str, str, int]] = set()
        self.reported: dict[bytes, tuple[int, int]] = {}
        """By plan: the last day with reports, counted from 1970, and their amount."""

    def authorize(self, order: Order, actor: str, value: int, now: int) -> None:
        """Pay an order into escrow; `value` is the chain's coin sent along."""
        self.demand(order, OrderStatus.NONE)
        self._check_payer(order, actor)
        record = self.plan_of(order)
        if record.plan.is_final:
            raise RefusedError("CommissionEscrow_PlanFinal", planId=order.plan_id)
        with self.all_or_nothing():
            self._check_terms(record, order, now)
            limit = now + MAX_AUTHORIZATION
            if not now < order.authorization_expiry <= limit:
                raise RefusedError(
                    "CommissionEscrow_ExpiryInvalid",
                    expiry=order.authorization_expiry,
                    time=now,
                    limit=limit,
                )
            nothing = (0,) * len(order.lines)
            self.orders[order] = OrderState(OrderStatus.AUTHORIZED, now, nothing, nothing)
            self.collect(order.currency, order.amount, actor, value)

    def charge(self, order: Order, actor: str, value: int, now: int) -> None:
        """Pay and share a final sale at once; it leaves nothing but a used salt."""
        self._check_payer(order, actor)
        record = self.plan_of(order)
        if not record.plan.is_final:
            raise RefusedError("CommissionEscrow_PlanNotFinal", planId=order.plan_id)
        with self.all_or_nothing():
            self._check_terms(record, order, now)
            use = order.receiver, order.payer, order.salt
            if use in self.used_salts:
                raise RefusedError("CommissionEscrow_SaltUsed", payer=order.payer, salt=order.salt)
            self.used_salts.add(use)
            self.share_at_once(order, now)
            self.collect(order.currency, order.amount, actor, value)

    def report(self, orders: Sequence[Order], actor: str, now: int) -> None:
        """Report orders that were paid outside the chain, of the first one's brand and currency.

        The most that their commissions can be is set aside from the brand's credit.
        """
        if not orders:
            return
        brand, currency = orders[0].receiver, orders[0].currency
        with self.all_or_nothing():
            for order in orders:
                self._check_report(order, (brand, currency), actor)
                record = self.plan_of(order)
                self._check_terms(record, order, now)
                self._count_report(record.plan, order, now)
                amounts = tuple(line.amount for line in order.lines)
                nothing = (0,) * len(amounts)
                self.orders[order] = OrderState(OrderStatus.CAPTURED, now, amounts, nothing)
            due = sum(reserve_of(self.plans[order.plan_id].plan, order) for order in orders)
            self.debit(brand, currency, due)

    def _check_payer(self, order: Order, actor: str) -> None:
        if actor != order.payer:
            raise self.not_authorized(order, actor)
        if order.is_reported:
            raise RefusedError("CommissionEscrow_PayerInvalid", payer=order.payer)

    def _check_report(self, order: Order, programme: tuple[str, str], actor: str) -> None:
        self.demand(order, OrderStatus.NONE)
        if not order.is_reported:
            raise RefusedError("CommissionEscrow_PayerInvalid", payer=order.payer)
        is_of_first = (order.receiver, order.currency) == programme
        if not is_of_first or not self.may(order.receiver, "order", actor):
            raise self.not_authorized(order, actor)

    def _check_terms(self, record: PlanRecord, order: Order, now: int) -> None:
        """Check an order against its plan and seller, and bind the payer where the plan says so."""
        self._check_active(record, order, now)
        if order.seller:
            self._check_seller(record.plan, order, now)
        self._check_lines(record.plan, order)

    def _check_active(self, record: PlanRecord, order: Order, now: int) -> None:
        start, end = record.active_from, record.active_until
        is_over = end != 0 and now >= end
        is_locked = now < self.locks.get((order.plan_id, order.seller), 0)
        if now < start or (is_over and not is_locked):
            raise RefusedError(
                "CommissionEscrow_PlanNotActive",
                planId=order.plan_id,
                **{"from": start, "until": end, "time": now},
            )

    def _check_seller(self, plan: Plan, order: Order, now: int) -> None:
        brand, payer, seller = order.receiver, order.payer, order.seller
        member = self.members.get((brand, seller))
        if member is None:
            raise RefusedError("CommissionEscrow_SellerUnknown", brand=brand, seller=seller)
        if member.is_suspended:
            raise RefusedError("CommissionEscrow_SellerSuspended", brand=brand, seller=seller)
        if order.is_reported:
            return
        is_own = self.numbers.get((brand, payer)) == seller
        if is_own and plan.self_purchase == SelfPurchase.DENY:
            raise RefusedError("CommissionEscrow_SelfPurchase", payer=payer, seller=seller)
        if plan.bond == Bond.LAST_TOUCH:
            return
        bound = self.tie_of(brand, payer, now)
        if bound not in (0, seller):
            raise RefusedError(
                "CommissionEscrow_PayerBound", payer=payer, boundTo=bound, seller=seller
            )
        end = FOR_EVER if plan.bond == Bond.PERMANENT else now + plan.bond_days * DAY
        self.tie(brand, payer, seller, end)

    def _check_lines(self, plan: Plan, order: Order) -> None:
        count = len(order.lines)
        if not 0 < count <= MAX_LINES:
            raise RefusedError("CommissionEscrow_LinesInvalid", lines=count, limit=MAX_LINES)
        for place, line in enumerate(order.lines):
            if not line.amount:
                raise RefusedError("CommissionEscrow_AmountZero", line=place)
            word = packed_rates(line.rates)
            is_listed = (order.plan_id, line.gtin, word) in self.listed
            if word and (not is_listed or sum(line.rates) > plan.ceiling_bps):
                raise RefusedError(
                    "CommissionEscrow_RatesNotListed",
                    planId=order.plan_id,
                    gtin=line.gtin,
                    rates=word,
                )
        if order.amount > MAX_AMOUNT:
            raise RefusedError(
                "CommissionEscrow_AmountTooHigh", amount=order.amount, limit=MAX_AMOUNT
            )

    def _count_report(self, plan: Plan, order: Order, now: int) -> None:
        today = now // DAY
        day, amount = self.reported.get(order.plan_id, (today, 0))
        total = order.amount + (amount if day == today else 0)
        if total > plan.daily_report_limit:
            raise RefusedError(
                "CommissionEscrow_ReportLimit",
                planId=order.plan_id,
                reported=total,
                limit=plan.daily_report_limit,
            )
        self.reported[order.plan_id] = today, total
