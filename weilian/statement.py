"""Statements: order by order how a party's credit came about, recomputed from the chain's log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from weilian.account_statement import ACCOUNT_EVENTS, AccountBooks, Change
from weilian.address import to_address
from weilian.chain.values import log_place
from weilian.commission.parties import account_of, brand_of, is_member
from weilian.ledger import Ledger
from weilian.sale_log import SaleLog, SharedLine
from weilian.suite import Suite

_PAYMENTS = {
    "Withdrawn": "WITHDRAWN",
    "DebtRecorded": "DEBT_RECORDED",
    "DebtOffset": "DEBT_OFFSET",
}


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One change; `amount` in the currency's smallest unit, negative where something went off.

    `kind` is SHARE (of a settled line), TAKEN_BACK (a refund after settlement), WITHDRAWN,
    DEBT_RECORDED or DEBT_OFFSET. `net` and `bps` say what a share is a part of.

    An account has other kinds, too: FUNDED (paid in), RESERVED (set aside for a reported order),
    RELEASED (that again, when the order settled) and SHARED_OUT (what others got of it), REFUNDED
    (given back before settlement: 0, as it never was the brand's), DEBT_RECEIVED (what others owed
    it), REPAID (what it got back as a buyer). To a brand TAKEN_BACK is what others had to give
    back when it refunded `net` of a settled order from its own funds.
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
        kinds = ("SHARE", "SHARED_OUT", "TAKEN_BACK")
        return sum(entry.amount for entry in self.entries if entry.kind in kinds)


@dataclass(frozen=True, slots=True)
class Statements:
    """Statements of distributors, of the platform for a brand's orders, and of accounts."""

    suite: Suite

    def of(self, party: int, currency: str) -> Statement:
        """Return the statement of a party, see weilian.commission.parties."""
        [statement] = self.of_many([party], currency)
        return statement

    def of_many(self, parties: Sequence[int], currency: str) -> list[Statement]:
        """Return the statements of several parties as of one block."""
        reading = _Reading(self.suite, to_address(currency), self.suite.chain.head)
        return [reading.statement(party) for party in parties]


class _Reading:
    """The log and the ledger up to one block; what all statements need is read once."""

    def __init__(self, suite: Suite, currency: str, block: int) -> None:
        self._suite, self._currency, self._block = suite, currency, block
        self._log = SaleLog(suite, block)
        self._times: dict[int, datetime] = {}

    def statement(self, party: int) -> Statement:
        changes = self._of_member(party) if is_member(party) else self._of_account(party)
        entries = tuple(map(self._entry, changes))
        ledger = Ledger(self._suite)
        credit, debt = (
            read(party, self._currency, block=self._block) for read in (ledger.credit, ledger.debt)
        )
        return Statement(party, self._currency, entries, credit, debt)

    def _of_account(self, party: int) -> Iterator[Change]:
        books = AccountBooks(self._suite, account_of(party), self._currency)
        return books.changes(self._log.logs(ACCOUNT_EVENTS))

    def _of_member(self, party: int) -> list[Change]:
        found = [*self._of_sales(party), *self._of_payments(party)]
        return sorted(found, key=lambda change: log_place(change.log))

    @cached_property
    def _shared(self) -> list[SharedLine]:
        return self._log.shared_lines(self._currency)

    def _of_sales(self, party: int) -> Iterator[Change]:
        for each in self._shared:
            if each.sale.brand != brand_of(party):
                continue
            bps = each.sale.bps(party, each.after)
            if not bps:
                continue
            amount = each.sale.share(party, each.after)
            if each.before:
                amount -= each.sale.share(party, each.before)
            kind = "TAKEN_BACK" if each.before else "SHARE"
            yield Change(kind, each.log, amount, each.line, each.after.net, bps)

    def _of_payments(self, party: int) -> Iterator[Change]:
        for log in self._log.logs(tuple(_PAYMENTS), party.to_bytes(32)):
            args = log["args"]
            if args["currency"] != self._currency:
                continue
            # NOTE: what a refund could not take is a debt, so that the credit is zero, not below.
            sign = 1 if log["event"] == "DebtRecorded" else -1
            yield Change(_PAYMENTS[log["event"]], log, sign * args["amount"])

    def _entry(self, change: Change) -> StatementEntry:
        number, identifier = change.log["blockNumber"], change.log["args"].get("orderId")
        if number not in self._times:
            self._times[number] = datetime.fromtimestamp(self._suite.chain.block(number)[1], UTC)
        place = (number, self._times[number], change.amount, identifier)
        return StatementEntry(change.kind, *place, change.line, change.net, change.bps)
