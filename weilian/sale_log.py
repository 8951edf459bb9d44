"""What the chain's log says of sales: what was shared, and what refunds took back since."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weilian.commission.order import SettledLine
from weilian.commission.plan import BPS_DENOMINATOR, Plan
from weilian.order import settled_line, shares_of
from weilian.plan import Plans
from weilian.suite import Suite

_ENTRIES = ("OrderAuthorized", "OrderReported", "OrderCharged")
_CHANGES = ("OrderSettled", "SettledOrderRefunded")


@dataclass(frozen=True, slots=True)
class Sale:
    """What an order's plan says of it."""

    brand: str
    currency: str
    fee_bps: int

    @classmethod
    def under(cls, plan: Plan) -> "Sale":
        """Return the sale of any order under a plan."""
        return cls(plan.brand, plan.currency, plan.platform_fee_bps)

    def share(self, party: int, line: SettledLine) -> int:
        """Return a party's part of a line, in the currency's smallest unit."""
        return shares_of(self.brand, self.fee_bps, [line]).get(party, 0)

    def bps(self, party: int, line: SettledLine) -> int:
        """Return a party's rate in basis points, which the whole of a line answers exactly."""
        return self.share(party, SettledLine(BPS_DENOMINATOR, line.allocation))


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A line that was shared (`before` is None), or refunded in part after it was shared."""

    log: Any
    sale: Sale
    line: int
    before: SettledLine | None
    after: SettledLine


@dataclass(frozen=True, slots=True)
class SaleLog:
    """Reads the escrow's log from its first block to `until`, or to the head."""

    suite: Suite
    until: int | None = None

    def shared_lines(self, currency: str) -> list[SharedLine]:
        """List what happened to the lines of all settled orders in a currency, in order."""
        return list(self._shared_lines(self._sales(currency)))

    def logs(self, kinds: tuple[str, ...], topic: bytes | None = None) -> Iterator[Any]:
        """Yield the escrow's events of some kinds; `topic` is their first indexed argument."""
        return self.suite.chain.events_of(
            self.suite.escrow,
            kinds,
            from_block=self.suite.record.first_block,
            to_block=self.suite.chain.head if self.until is None else self.until,
            topic=topic,
        )

    def _shared_lines(self, sales: dict[bytes, Sale]) -> Iterator[SharedLine]:
        lines: dict[tuple[bytes, int], SettledLine] = {}
        for log in self.logs(_CHANGES):
            args = log["args"]
            sale = sales.get(args["orderId"])
            if sale is None:
                continue
            if log["event"] == "OrderSettled":
                line = lines[args["orderId"], args["line"]] = settled_line(args)
                yield SharedLine(log, sale, args["line"], None, line)
                continue
            for part in args["parts"]:
                key = args["orderId"], part["line"]
                before = lines[key]
                rest = SettledLine(before.net - part["amount"], before.allocation)
                lines[key] = rest
                yield SharedLine(log, sale, part["line"], before, rest)

    def _sales(self, currency: str) -> dict[bytes, Sale]:
        plans: dict[bytes, Sale] = {}
        sales = {}
        for log in self.logs(_ENTRIES):
            plan_id = log["args"]["planId"]
            if plan_id not in plans:
                plans[plan_id] = Sale.under(Plans(self.suite).get(plan_id).plan)
            if plans[plan_id].currency == currency:
                sales[log["args"]["orderId"]] = plans[plan_id]
        return sales
