"""A programme in numbers, as a regulator asks for them, recomputed from the chain's log.

Members and depth show how far a programme is from the lines that the law draws; pay by level shows
who gets what of sales. See docs/orders.md for the rules that the contracts keep by themselves.
"""

from dataclasses import dataclass, field

from weilian.address import to_address
from weilian.commission.allocation import split
from weilian.commission.order import SettledLine
from weilian.commission.plan import MAX_LEVELS
from weilian.distributor import Distributors
from weilian.sale_log import SaleLog
from weilian.suite import Suite


@dataclass(frozen=True, slots=True)
class Audit:
    """One programme in one currency, amounts in its smallest unit, refunds counted off.

    `members_by_depth` counts distributors by their depth, 1 under the brand. `pay_by_level` is
    what the levels of sales earned, the seller's first. fees + sum(pay_by_level) +
    brand_part == sales; the breakage is in the brand's part.
    """

    brand: str
    currency: str
    members: int
    deepest: int
    members_by_depth: dict[int, int]
    suspended: int
    lines: int
    refunds: int
    sales: int
    fees: int
    pay_by_level: tuple[int, ...]
    breakage: int
    brand_part: int

    @property
    def commission(self) -> int:
        """What all levels got together."""
        return sum(self.pay_by_level)


@dataclass(slots=True)
class _Sums:
    sales: int = 0
    fees: int = 0
    breakage: int = 0
    brand_part: int = 0
    levels: list[int] = field(default_factory=lambda: [0] * MAX_LEVELS)

    def add(self, line: SettledLine, fee_bps: int, sign: int) -> None:
        shares = split(line.net, fee_bps, line.allocation)
        self.sales += sign * line.net
        self.fees += sign * shares.fee
        self.breakage += sign * shares.breakage
        self.brand_part += sign * shares.brand
        for level, amount in enumerate(shares.amounts):
            self.levels[level] += sign * amount


@dataclass(frozen=True, slots=True)
class Audits:
    """Programmes in numbers."""

    suite: Suite

    def of(self, brand: str, currency: str) -> Audit:
        """Return a brand's programme in a currency, as of the head; reads the whole log."""
        brand, currency = to_address(brand), to_address(currency)
        distributors = Distributors(self.suite)
        members, deepest = distributors.programme(brand)
        by_depth: dict[int, int] = {}
        suspended = 0
        for distributor in distributors.all(brand):
            by_depth[distributor.depth] = by_depth.get(distributor.depth, 0) + 1
            suspended += distributor.is_suspended
        sums, lines, refunds = _Sums(), 0, 0
        for each in SaleLog(self.suite).shared_lines(currency):
            if each.sale.brand != brand:
                continue
            sums.add(each.after, each.sale.fee_bps, 1)
            if each.before is None:
                lines += 1
            else:
                refunds += 1
                sums.add(each.before, each.sale.fee_bps, -1)
        return Audit(
            brand=brand,
            currency=currency,
            members=members,
            deepest=deepest,
            members_by_depth=dict(sorted(by_depth.items())),
            suspended=suspended,
            lines=lines,
            refunds=refunds,
            sales=sums.sales,
            fees=sums.fees,
            pay_by_level=tuple(sums.levels),
            breakage=sums.breakage,
            brand_part=sums.brand_part,
        )
