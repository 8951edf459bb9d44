"""Statements: order by order how a party's credit came about, recomputed from the chain's log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from weilian.address import to_address
from weilian.commission.order import SettledLine
from weilian.commission.parties import account_of, brand_of, is_member
from weilian.commission.plan import BPS_DENOMINATOR
from weilian.errors import WeilianError
from weilian.ledger import Ledger
from weilian.order import settled_line, shares_of
from weilian.plan import Plans
from weilian.suite import Suite

_ENTRIES = ("OrderAuthorized", "OrderReported", "OrderCharged")
_CHANGES = ("OrderSettled", "SettledOrderRefunded")
_PAYMENTS = ("Withdrawn", "DebtRecorded", "DebtOffset")


class StatementError(WeilianError, ValueError):
    """A party that no statement can be made for."""


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One change; `amount` in the currency's smallest unit, negative where something went off.

    `kind` is SHARE (of a settled line), TAKEN_BACK (a refund after settlement), WITHDRAWN,
    DEBT_RECORDED or DEBT_OFFSET. `net` and `bps` say what a share is a part of.
    """

    kind: str
    block: int
    time: datetime
    amount: int
    order_id: bytes | None = None
    line: int | None = None
    net: int | None = None
    bps: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """All changes of a party in a currency, and what the ledger says at the end."""

    party: int
    currency: str
    entries: tuple[StatementEntry, ...]
    credit: int
    debt: int

    @property
    def total(self) -> int:
        """What the entries make: the credit, if the books are right."""
        return sum(entry.amount for entry in self.entries)

    @property
    def adds_up(self) -> bool:
        """Whether the recomputed entries make what the ledger owes, to the last unit."""
        return self.total == self.credit

    @property
    def earned(self) -> int:
        """What orders brought, refunds counted off."""
        kinds = ("SHARE", "TAKEN_BACK")
        return sum(entry.amount for entry in self.entries if entry.kind in kinds)


@dataclass(frozen=True, slots=True)
class _Sale:
    """What an order's plan says of it."""

    brand: str
    currency: str
    fee_bps: int


@dataclass(frozen=True, slots=True)
class _Share:
    """A party's part of the lines of an order."""

    party: int
    sale: _Sale

    def of(self, line: SettledLine) -> int:
        return shares_of(self.sale.brand, self.sale.fee_bps, [line]).get(self.party, 0)

    def bps(self, line: SettledLine) -> int:
        """The rate, which the whole of a line answers exactly."""
        return self.of(SettledLine(BPS_DENOMINATOR, line.allocation))


@dataclass(frozen=True, slots=True)
class Statements:
    """Statements of distributors, and of the platform for a brand's orders."""

    suite: Suite

    def of(self, party: int, currency: str) -> Statement:
        """Return the statement of a number in a programme, see weilian.commission.parties.

        Raises StatementError for an account: its credit is not a share of orders alone.
        """
        [statement] = self.of_many([party], currency)
        return statement

    def of_many(self, parties: Sequence[int], currency: str) -> list[Statement]:
        """Return the statements of several numbers; the orders' log is read once. As `of`."""
        for party in parties:
            if not is_member(party):
                raise StatementError(
                    f"{account_of(party)} is an account; give a distributor's number and its brand"
                )
        currency, ledger = to_address(currency), Ledger(self.suite)
        sales, changes = self._sales(currency), list(self._logs(_CHANGES))
        statements = []
        for party in parties:
            entries = [
                *self._of_sales(party, sales, changes),
                *self._of_payments(party, currency),
            ]
            entries.sort(key=lambda entry: entry.block)
            credit, debt = ledger.credit(party, currency), ledger.debt(party, currency)
            statements.append(Statement(party, currency, tuple(entries), credit, debt))
        return statements

    def _of_sales(
        self, party: int, sales: dict[bytes, _Sale], changes: list[Any]
    ) -> Iterator[StatementEntry]:
        lines: dict[tuple[bytes, int], SettledLine] = {}
        for log in changes:
            args = log["args"]
            sale = sales.get(args["orderId"])
            if sale is None or sale.brand != brand_of(party):
                continue
            share = _Share(party, sale)
            if log["event"] == "OrderSettled":
                line = lines[args["orderId"], args["line"]] = settled_line(args)
                amount = share.of(line)
                if bps := share.bps(line):
                    yield self._entry("SHARE", log, amount, args["line"], line.net, bps)
                continue
            for part in args["parts"]:
                key = args["orderId"], part["line"]
                before, rest = lines[key], lines[key].net - part["amount"]
                after = lines[key] = SettledLine(rest, before.allocation)
                if bps := share.bps(before):
                    change = share.of(after) - share.of(before)
                    yield self._entry("TAKEN_BACK", log, change, part["line"], after.net, bps)

    def _of_payments(self, party: int, currency: str) -> Iterator[StatementEntry]:
        for log in self._logs(_PAYMENTS, party.to_bytes(32)):
            args = log["args"]
            if args["currency"] != currency:
                continue
            # NOTE: what a refund could not take is a debt, so that the credit is zero, not below.
            sign = 1 if log["event"] == "DebtRecorded" else -1
            kind = {
                "Withdrawn": "WITHDRAWN",
                "DebtRecorded": "DEBT_RECORDED",
                "DebtOffset": "DEBT_OFFSET",
            }[log["event"]]
            yield self._entry(kind, log, sign * args["amount"])

    def _entry(
        self,
        kind: str,
        log: Any,
        amount: int,
        line: int | None = None,
        net: int | None = None,
        bps: int | None = None,
    ) -> StatementEntry:
        time = datetime.fromtimestamp(self.suite.chain.block(log["blockNumber"])[1], UTC)
        identifier = log["args"].get("orderId")
        return StatementEntry(kind, log["blockNumber"], time, amount, identifier, line, net, bps)

    def _sales(self, currency: str) -> dict[bytes, _Sale]:
        fees: dict[bytes, _Sale] = {}
        sales = {}
        for log in self._logs(_ENTRIES):
            plan_id = log["args"]["planId"]
            if plan_id not in fees:
                fees[plan_id] = self._sale(plan_id)
            if fees[plan_id].currency == currency:
                sales[log["args"]["orderId"]] = fees[plan_id]
        return sales

    def _sale(self, plan_id: bytes) -> _Sale:
        plan = Plans(self.suite).get(plan_id).plan
        return _Sale(plan.brand, plan.currency, plan.platform_fee_bps)

    def _logs(self, kinds: tuple[str, ...], topic: bytes | None = None) -> Iterator[Any]:
        return self.suite.chain.events_of(
            self.suite.escrow,
            kinds,
            from_block=self.suite.record.first_block,
            to_block=self.suite.chain.head,
            topic=topic,
        )
