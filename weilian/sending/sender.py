"""Sending many transactions from one account, each once, whatever happens meanwhile."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from weilian.progress import Progress
from weilian.sending.chain_view import ChainView
from weilian.sending.delivery import Delivery
from weilian.sending.envelope import EnvelopeSigner
from weilian.sending.intake import Intake
from weilian.sending.journal import Journal
from weilian.sending.lock import only_process
from weilian.sending.rpc import Connect, Rpc, http
from weilian.sending.task import Outcome, Plan, Policy, Report, TaskSource


class Sender:
    """Sends from one account of one chain and keeps a journal of it; see `open_sender`.

    Signed bytes are on disk before a node sees them, and the same bytes are sent again until they
    are mined: a process that is killed at any point loses nothing and sends nothing twice, as long
    as the next one opens the same journal.
    """

    def __init__(
        self, connect: Connect, journal: Journal, signer: EnvelopeSigner, policy: Policy
    ) -> None:
        self._connect, self._journal = connect, journal
        self._signer, self._policy = signer, policy

    def send_many(self, tasks: Iterable[TaskSource], *, progress: Progress | None = None) -> Report:
        """Send the tasks that are not mined yet, and what an earlier call left; wait for all.

        Tasks that revert are in the report, the others go on. `progress` is called with (tasks
        done, tasks in all). An invalid task and a spent gas budget end the intake and are raised
        when what was sent before is mined. Raises TaskError, GasBudgetError,
        JournalMismatchError, JournalError, ForeignTransactionError, StalledError,
        AccountBusyError, InsufficientFundsError, ChainUnreachableError, NodeRefusedError; the
        journal keeps what is under way, and the next call goes on with it.
        """
        return asyncio.run(self._send(tasks, progress))

    def recover(self) -> Report:
        """Bring to an end what an earlier call left, and send nothing new; raise as above."""
        return self.send_many(())

    def plan(self, tasks: Iterable[TaskSource]) -> Plan:
        """Tell what `send_many` would do; nothing is signed, kept or sent. Raises the same."""
        return asyncio.run(self._plan(tasks))

    def outcomes(self, task_ids: Sequence[str]) -> dict[str, Outcome]:
        """Return how far tasks have come, by id, from the journal; without those never sent."""
        return self._journal.outcomes(task_ids)

    @property
    def next_nonce(self) -> int:
        """The nonce after the last that was ever signed for, 0 for none."""
        return self._journal.next_nonce

    @property
    def newest_block(self) -> int:
        """The newest block in which a task was mined, 0 for none."""
        return self._journal.newest_block

    async def _send(self, tasks: Iterable[TaskSource], progress: Progress | None) -> Report:
        async with self._connect() as transport:
            rpc = Rpc(transport, self._policy.batch)
            chain_id = await self._bind(self._view(rpc))
            delivery = Delivery(rpc, chain_id, self._journal, self._signer, self._policy, progress)
            return await delivery.run(Intake(tasks, self._journal, self._policy))

    async def _plan(self, tasks: Iterable[TaskSource]) -> Plan:
        async with self._connect() as transport:
            view = self._view(Rpc(transport, self._policy.batch))
            await self._bind(view)
            market, balance = (await view.look()).market, await view.balance()
        intake = Intake(tasks, self._journal, self._policy)
        new = done = value = 0
        while intake.is_open:
            contents = intake.take(self._policy.batch)
            new, done = new + len(contents), done + len(intake.done)
            value += sum(content.value for content in contents)
        if intake.stop:
            raise intake.stop
        cost = value + intake.gas * market.max_fee
        return Plan(new, len(self._journal.flights()), done, intake.gas, cost, balance)

    def _view(self, rpc: Rpc) -> ChainView:
        return ChainView(rpc, self._signer.address, self._policy.max_fee_per_gas)

    async def _bind(self, view: ChainView) -> int:
        chain_id, first_block = await view.identity()
        self._journal.bind(chain_id, first_block, self._signer.address)
        return chain_id


@contextmanager
def open_sender(
    node: str | Connect, journal: Path, signer: EnvelopeSigner, policy: Policy
) -> Iterator[Sender]:
    """Open a sender with its journal, which no other process has meanwhile.

    `node` is an address over HTTP or what connects to a node. Raises JournalBusyError,
    JournalError, FileWriteError.
    """
    connect = http(node) if isinstance(node, str) else node
    with only_process(journal):
        kept = Journal(journal)
        try:
            yield Sender(connect, kept, signer, policy)
        finally:
            kept.close()
