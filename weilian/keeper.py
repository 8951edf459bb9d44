"""The keeper: settles, pays out and reports, through a journal that outlives its process.

What an earlier run signed is brought to an end before the log is read, so an order that is in a
transaction under way is never put into another one.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from weilian.batching import MOST_ORDERS, Batch, Batching, Refused
from weilian.chain import ZERO_ADDRESS, TxResult
from weilian.chain.errors import ChainUnreachableError
from weilian.commission.order import Order
from weilian.commission.parties import member_party, platform_party
from weilian.distributor import Distributors
from weilian.errors import WeilianError
from weilian.files import writing_to
from weilian.hashing import keccak256
from weilian.ledger import Ledger, batch_gas, most_payees
from weilian.order import ORDERS_PER_TRANSACTION, Orders
from weilian.sending import Outcome, Policy, Report, Sender, Task, open_sender
from weilian.sending.envelope import EnvelopeSigner
from weilian.sending.rpc import Connect
from weilian.settling import Settling
from weilian.suite import Suite

MOST_WAITING = 16
"""Transactions of one account that any node keeps, each with money for all of its gas."""

REFUSED = "the recipient or the currency refuses the payment"
REFUSED_BEFORE = "its payment failed, and neither credit nor recipient has changed since"

Payee = tuple[int, str]
"""A party, and the currency of its credit."""

_TRIES = 3
"""How often a batch is made anew that was refused after its trial was not."""


class GasSpentError(WeilianError, ValueError):
    """A transaction that would bring the gas of all of a run's above its limit."""

    def __init__(self, total: int, limit: int) -> None:
        super().__init__(
            f"the next transaction would bring the gas of this run to {total:,}, above the limit "
            f"of {limit:,}; what was sent before it is mined: run the command again for the rest"
        )


@dataclass(slots=True)
class Kept:
    """What was mined, who was left out and why, and which transactions failed."""

    transactions: list[TxResult] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unpaid: dict[Payee, str] = field(default_factory=dict)
    """Whose payment was not sent, and why."""
    failures: list[Outcome] = field(default_factory=list)


class Keeper:
    """Sends settlements and payouts of one account; see `open_keeper`."""

    def __init__(
        self, suite: Suite, sender: Sender, address: str, policy: Policy, most_orders: int
    ) -> None:
        self.recovered = Report()
        """What was brought to an end of an earlier run."""
        self.over: GasSpentError | None = None
        """Why nothing is sent any more: the first transaction above `Policy.gas_total`."""
        self._suite, self._sender, self._address = suite, sender, address
        self._policy, self._gas = policy, 0
        ceiling, most_reports = policy.gas_per_transaction, min(most_orders, ORDERS_PER_TRANSACTION)
        self._settling = Settling(suite, ceiling, most_orders)
        self._reporting = Batching(suite, ceiling, most_reports, "report")
        self._failed: dict[Payee, tuple[int, str | None]] = {}
        """Which credit could not be paid to whom, though a call could."""

    def recover(self) -> None:
        """Bring to an end what was signed before, and wait until the log shows it."""
        self.recovered = self._sender.recover()
        chain = self._suite.chain
        deadline = time.monotonic() + chain.timeout_seconds
        # NOTE: behind one address there may be nodes of which one lags.
        while chain.head < self._sender.newest_block:
            if time.monotonic() > deadline:
                raise ChainUnreachableError("the node lags behind what it has mined")
            time.sleep(chain.poll_seconds)

    def settle(self, orders: Iterable[Order], on_done: Callable[[int], None] | None = None) -> Kept:
        """Settle orders, best with those that are shared alike as neighbours; anyone may.

        Each batch is tried as a call first, and an order that is refused is left out. `on_done`
        gets the number of orders that were put into transactions. What was not sent for its gas is
        passed over, see `over`. Raises as `Sender.send_many`.
        """
        return self._do(self._settling, orders, on_done)

    def report(self, orders: Iterable[Order], on_done: Callable[[int], None] | None = None) -> Kept:
        """Report orders that were paid elsewhere, for their brand or its delegate; as `settle`.

        No order is reported twice: the escrow refuses one that it knows.
        """
        return self._do(self._reporting, orders, on_done)

    def pay(self, credits_: Mapping[Payee, int]) -> Kept:
        """Pay credits, in the smallest unit, to where their parties want them; anyone may.

        Who cannot be paid when tried as a call is left out. Whose payment fails all the same, as
        the event WithdrawalFailed tells, keeps the credit, and is left out until the credit or the
        recipient is another. Raises as `settle`.
        """
        kept = Kept()
        kept.failures = self._send(self._payments(credits_, kept), kept)
        for each in Ledger(self._suite).payouts(kept.transactions).failed:
            self._failed[each.party, each.currency] = (each.amount, each.to)
        return kept

    def _do(
        self,
        batching: Batching,
        orders: Iterable[Order],
        on_done: Callable[[int], None] | None,
    ) -> Kept:
        kept, left = Kept(), orders
        for _ in range(_TRIES):
            sent: dict[str, tuple[Order, ...]] = {}
            kept.failures = self._send(self._tasks(batching, left, sent, kept, on_done), kept)
            left = [order for failed in kept.failures for order in sent.get(failed.task_id, ())]
            if self.over or not left:
                break
        return kept

    def _tasks(
        self,
        batching: Batching,
        orders: Iterable[Order],
        sent: dict[str, tuple[Order, ...]],
        kept: Kept,
        on_done: Callable[[int], None] | None,
    ) -> Iterator[Task]:
        done = 0
        for batch in batching.batches(orders, self._address, kept.refused):
            task = self._task(batching.action, batch)
            sent[task.task_id] = batch.orders
            yield task
            done += len(batch.orders)
            if on_done:
                on_done(done)

    def _task(self, action: str, batch: Batch) -> Task:
        orders = Orders(self._suite)
        name = keccak256(b"".join(orders.id_of(order) for order in batch.orders)).hex()
        data = self._suite.chain.calldata(batch.call)
        return Task(f"{action}:{name}", self._suite.escrow.address, data, 0, batch.gas)

    def _payments(self, credits_: Mapping[Payee, int], kept: Kept) -> Iterator[Task]:
        ledger, payees = Ledger(self._suite), list[Payee]()
        for payee, credit in credits_.items():
            # NOTE: such a recipient takes in a call what it refuses in a transaction.
            if self._has_failed(payee, credit):
                kept.unpaid[payee] = REFUSED_BEFORE
            else:
                payees.append(payee)
        most = most_payees(self._policy.gas_per_transaction)
        # NOTE: equal credits come again, so the run is in the id: nothing is under way before it.
        run = self._sender.next_nonce
        for at in range(0, len(payees), most):
            part = payees[at : at + most]
            payable = ledger.payable(part, self._address)
            kept.unpaid |= {payee: REFUSED for payee in part if payee not in payable}
            if payable:
                yield self._payment(f"pay:{run}:{at}", payable)

    def _has_failed(self, payee: Payee, credit: int) -> bool:
        amount, to = self._failed.get(payee, (0, None))
        return amount == credit and to == (Ledger(self._suite).payout(payee[0]) or ZERO_ADDRESS)

    def _payment(self, name: str, payees: Sequence[Payee]) -> Task:
        call = self._suite.escrow.functions.withdrawBatch(list(payees))
        data = self._suite.chain.calldata(call)
        gas = min(batch_gas(len(payees)), self._policy.gas_per_transaction)
        return Task(name, self._suite.escrow.address, data, 0, gas)

    def _send(self, tasks: Iterator[Task], kept: Kept) -> list[Outcome]:
        ids: list[str] = []
        report = self._sender.send_many(self._within_budget(tasks, ids))
        found = self._sender.outcomes(ids)
        failed = {failure.task_id for failure in report.failures}
        chain = self._suite.chain
        kept.transactions += [chain.wait(found[id_].hash) for id_ in ids if id_ not in failed]
        return report.failures

    def _within_budget(self, tasks: Iterator[Task], ids: list[str]) -> Iterator[Task]:
        if self.over:
            return
        for task in tasks:
            gas, limit = self._gas + task.gas, self._policy.gas_total
            if limit is not None and gas > limit:
                self.over = GasSpentError(gas, limit)
                return
            self._gas = gas
            ids.append(task.task_id)
            yield task


@contextmanager
def open_keeper(
    suite: Suite,
    node: str | Connect,
    journal: Path,
    signer: EnvelopeSigner,
    policy: Policy,
    *,
    most_orders: int = MOST_ORDERS,
) -> Iterator[Keeper]:
    """Open a keeper with its journal, and bring to an end what an earlier one left under way.

    Of `policy`, `gas_per_transaction` is the ceiling of a batch and `gas_total` that of all that
    the keeper sends. Raises JournalBusyError, JournalError, FileWriteError, and as
    `Sender.send_many`.
    """
    with writing_to(journal.parent):
        journal.parent.mkdir(parents=True, exist_ok=True)
    patient = replace(
        policy,
        gas_total=None,  # counted by the keeper, over all that it sends
        window=min(policy.window, MOST_WAITING),
        batch=min(policy.batch, MOST_WAITING // 2),
        resign_displaced=True,
        retry_reverted=True,
    )
    with open_sender(node, journal, signer, patient) as sender:
        keeper = Keeper(suite, sender, signer.address, policy, most_orders)
        keeper.recover()
        yield keeper


def owed(suite: Suite, brand: str, currency: str) -> dict[int, int]:
    """Return the credits, by party, of a brand's distributors and of the platform for its orders.

    Not the brand's own, which it may have paid in for orders that it will report.
    """
    ledger, count = Ledger(suite), Distributors(suite).programme(brand)[0]
    members = [member_party(brand, number) for number in range(2, count + 2)]
    credits_ = {
        party: ledger.credit(party, currency) for party in (platform_party(brand), *members)
    }
    return {party: credit for party, credit in credits_.items() if credit}
