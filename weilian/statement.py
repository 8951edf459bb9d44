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
from weilian.order import shares_of
from weilian.sale_log import Sale, SaleLog, SharedLine
from weilian.suite import Suite

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
class _Share:
    """A party's part of the lines of an order."""

    party: int
    sale: Sale

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
        shared = SaleLog(self.suite).shared_lines(currency)
        statements = []
        for party in parties:
            entries = [
                *self._of_sales(party, shared),
                *self._of_payments(party, currency),
            ]
            entries.sort(key=lambda entry: entry.block)
            credit, debt = ledger.credit(party, currency), ledger.debt(party, currency)
            statements.append(Statement(party, currency, tuple(entries), credit, debt))
        return statements

    def _of_sales(self, party: int, shared: list[SharedLine]) -> Iterator[StatementEntry]:
        for each in shared:
            if each.sale.brand != brand_of(party):
                continue
            share = _Share(party, each.sale)
            bps = share.bps(each.after)
            if not bps:
                continue
            amount = share.of(each.after) - (share.of(each.before) if each.before else 0)
            kind = "TAKEN_BACK" if each.before else "SHARE"
            yield self._entry(kind, each.log, amount, each.line, each.after.net, bps)

    def _of_payments(self, party: int, currency: str) -> Iterator[StatementEntry]:
        for log in SaleLog(self.suite).logs(_PAYMENTS, party.to_bytes(32)):
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
