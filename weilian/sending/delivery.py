"""Bringing transactions into blocks: sign, keep, send, watch, and begin again where one is lost."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence

from weilian.chain.errors import (
    AccountBusyError,
    ChainUnreachableError,
    InsufficientFundsError,
    NodeRefusedError,
)
from weilian.progress import Progress
from weilian.sending.answers import Answer, meaning_of
from weilian.sending.chain_view import ChainView, View
from weilian.sending.envelope import Envelope, EnvelopeSigner, Fees, canonical, transaction_hash
from weilian.sending.errors import ForeignTransactionError, StalledError
from weilian.sending.fees import higher_offer
from weilian.sending.intake import Intake
from weilian.sending.journal import Attempt, Content, Flight, Journal
from weilian.sending.rpc import Reply, Rpc, RpcError
from weilian.sending.settlement import Settlement
from weilian.sending.task import Outcome, Policy, Report, Status, fingerprint

_VOID_GAS = 21_000
_VOID_PREFIX = "weilian:void:"
"""The ids of what only spends a nonce; they are no tasks of the caller's."""

_LONGEST_PAUSE_SECONDS = 8.0
_PAID_STEPS = 2
"""Stalls after which fees are raised: the first only sends again."""


class Delivery:
    """One call of `send_many`: all that is under way, until it is settled."""

    def __init__(
        self,
        rpc: Rpc,
        chain_id: int,
        journal: Journal,
        signer: EnvelopeSigner,
        policy: Policy,
        progress: Progress | None,
    ) -> None:
        self.report = Report()
        self._rpc, self._chain_id = rpc, chain_id
        self._journal, self._signer, self._policy = journal, signer, policy
        self._progress = progress
        self._chain = ChainView(rpc, signer.address, policy.max_fee_per_gas)
        self._settlement = Settlement(self._chain, journal, policy)
        self._flights: dict[int, Flight] = {}
        self._due: set[int] = set()
        self._refused: set[int] = set()
        self._displaced: list[str] = []
        self._taken_over: list[int] = []
        self._next = 0
        self._view = View(0, 0, Fees(0, 0))
        self._moved = self._proved = self._looked = time.monotonic()
        self._retry_at, self._pause = 0.0, policy.poll_seconds
        self._step = 0
        self._why = "no node has said why"
        self._away_since: float | None = None

    async def run(self, intake: Intake) -> Report:
        """Send all tasks and what an earlier run left; return when nothing is under way."""
        await self._begin()
        watching: asyncio.Task[None] | None = None
        try:
            while intake.is_open or self._displaced or self._flights:
                if watching is None and self._until_look() <= 0:
                    watching = asyncio.create_task(self._watch(intake))
                is_idle = await self._advance(intake)
                if watching and (is_idle or watching.done()):
                    await watching
                    watching = None
                elif is_idle:
                    await asyncio.sleep(max(self._until_look(), 0))
        finally:
            if watching:
                watching.cancel()
        if self._taken_over:
            intake.halt(ForeignTransactionError(self._signer.address, self._taken_over))
        if intake.stop:
            raise intake.stop
        return self.report

    async def _advance(self, intake: Intake) -> bool:
        """Sign the next array while the one before is sent; tell whether there was neither."""
        contents = self._take(intake)
        is_idle = not contents and (self._is_away or not self._due)
        posting = asyncio.create_task(self._post())
        try:
            await self._sign(contents)
        finally:
            await posting
        return is_idle

    @property
    def _is_away(self) -> bool:
        return self._away_since is not None

    def _miss_node(self) -> None:
        if self._away_since is None:
            self._away_since = time.monotonic()

    def _until_look(self) -> float:
        return self._looked + self._policy.poll_seconds - time.monotonic()

    async def _begin(self) -> None:
        view = self._view = await self._chain.look()
        self._journal.reopen(view.count)
        lost = self._journal.displaced()
        if lost and not self._policy.resign_displaced:
            raise ForeignTransactionError(self._signer.address, [nonce for _, nonce in lost])
        self._displaced = [task_id for task_id, _ in lost]
        self._next = max(self._journal.next_nonce, view.count)
        pending = await self._chain.pending()
        if pending > self._next:
            raise AccountBusyError(self._signer.address, pending - self._next)
        self._load()

    def _load(self) -> None:
        kept = {flight.nonce: flight for flight in self._journal.flights()}
        self._flights = {nonce: self._flights.get(nonce, kept[nonce]) for nonce in kept}
        self._send_again()

    def _send_again(self) -> None:
        self._due.update(n for n, flight in self._flights.items() if flight.block is None)
        self._refused.clear()

    def _take(self, intake: Intake) -> list[Content]:
        """Return what to sign next: tasks that lost their nonces, then new ones."""
        room = min(self._policy.batch, self._policy.window - len(self._flights))
        if room <= 0 or self._is_away:
            return []
        again, self._displaced = self._displaced[:room], self._displaced[room:]
        contents = [self._journal.content(task_id) for task_id in again]
        self.report.resigned += len(contents)
        if intake.is_open and room > len(contents):
            contents += intake.take(room - len(contents))
            self._report_done(intake)
        return contents

    def _report_done(self, intake: Intake) -> None:
        for outcome in self._journal.outcomes(intake.done).values():
            if outcome.status is Status.MINED:
                self.report.skipped += 1
            else:
                self.report.failures.append(outcome)
        self._tell(intake)

    def _tell(self, intake: Intake) -> None:
        done = self.report.mined + self.report.skipped + len(self.report.failures)
        if self._progress:
            self._progress(done, max(intake.total, done + len(self._flights)))

    # Signing

    async def _sign(self, contents: Sequence[Content]) -> None:
        if not contents:
            return
        first, market = max(self._next, self._view.count), self._view.market
        numbered = [(content, first + at) for at, content in enumerate(contents)]

        def work() -> list[tuple[Content, int, Attempt]]:
            signed = [(c, nonce, self._attempt(c, nonce, market)) for c, nonce in numbered]
            self._journal.add(signed)
            return signed

        # NOTE: beside the network: libsecp256k1 and SQLite leave the interpreter to others.
        self._put(await asyncio.to_thread(work))
        self._next = first + len(contents)

    def _put(self, signed: Iterable[tuple[Content, int, Attempt]]) -> None:
        if not self._flights:
            self._moved = self._proved = time.monotonic()
        for content, nonce, attempt in signed:
            self._flights[nonce] = Flight(content.task_id, nonce, content.gas, [attempt])
            self._due.add(nonce)

    def _attempt(
        self, content: Content, nonce: int, fees: Fees, *, is_void: bool = False
    ) -> Attempt:
        envelope = Envelope(
            chain_id=self._chain_id,
            nonce=nonce,
            fees=fees,
            gas=content.gas,
            to=content.to,
            value=content.value,
            data=content.data,
        )
        raw = self._signer.sign(envelope)
        return Attempt(transaction_hash(raw), raw, fees, is_void, self._view.head)

    def _void(self, nonce: int) -> Content:
        own = canonical(self._signer.address)
        return Content(f"{_VOID_PREFIX}{nonce}", own, b"", 0, _VOID_GAS, fingerprint(own, 0, b""))

    def _raise_fees(self, flights: Iterable[Flight]) -> None:
        """Sign again, for more, what is not mined and below the caller's ceiling."""
        signed = []
        for flight in flights:
            flight.needs_raise = False
            old, ceiling = flight.newest, self._policy.max_fee_per_gas
            fees = higher_offer(old.fees, self._view.market, ceiling)
            if fees is None:
                self._why = f"the ceiling of {ceiling} wei for a unit of gas is reached"
                continue
            content = self._void(flight.nonce) if old.is_void else self._content(flight)
            attempt = self._attempt(content, flight.nonce, fees, is_void=old.is_void)
            signed.append((flight, attempt))
        self._keep(signed)
        self.report.raises += len(signed)

    def _give_up(self, flights: Sequence[Flight]) -> None:
        """Spend on nothing the nonces of what no node takes, so that the others can be mined."""
        signed = []
        for flight in flights:
            old, ceiling = flight.newest, self._policy.max_fee_per_gas
            if old.is_void:
                raise NodeRefusedError(flight.refusal or "")
            fees = higher_offer(old.fees, self._view.market, ceiling) or old.fees
            void = self._void(flight.nonce)
            signed.append((flight, self._attempt(void, flight.nonce, fees, is_void=True)))
        self._keep(signed)

    def _keep(self, signed: Sequence[tuple[Flight, Attempt]]) -> None:
        if signed:
            self._journal.add_attempts(signed)
        for flight, attempt in signed:
            flight.attempts.append(attempt)
            self._due.add(flight.nonce)

    def _content(self, flight: Flight) -> Content:
        return self._journal.content(flight.task_id)

    # Sending

    async def _post(self) -> None:
        """Send one array of what is due, lowest nonces first."""
        flights = [self._flights[n] for n in sorted(self._due)[: self._policy.batch]]
        if not flights or self._is_away:
            return
        self._due.difference_update(flight.nonce for flight in flights)
        attempts = [flight.newest for flight in flights]
        calls = [("eth_sendRawTransaction", [f"0x{a.raw.hex()}"]) for a in attempts]
        try:
            replies = await self._rpc.ask(calls)
        except ChainUnreachableError:
            self._miss_node()
            return
        await self._sort(flights, attempts, replies)

    async def _sort(
        self, flights: Sequence[Flight], attempts: Sequence[Attempt], replies: Sequence[Reply]
    ) -> None:
        """Do what the node's answers ask for."""
        by_answer = defaultdict[Answer, list[Flight]](list)
        taken = []
        for flight, attempt, reply in zip(flights, attempts, replies, strict=True):
            if flight.nonce not in self._flights:
                continue  # came to an end meanwhile
            answer = meaning_of(reply)
            by_answer[answer].append(flight)
            if answer in (Answer.TAKEN, Answer.SPENT):
                taken.append(attempt.hash)
            elif isinstance(reply, RpcError):
                self._why = f"the node says {reply.message!r:.200}"
                flight.refusal = reply.message
        if taken:
            self._pause = self._policy.poll_seconds
            self._journal.mark_broadcast(taken)
        self._refused.update(flight.nonce for flight in by_answer[Answer.LATER])
        for flight in by_answer[Answer.CHEAP]:
            flight.needs_raise = True
        for flight in by_answer[Answer.OUTBID]:
            # NOTE: what outbids a first attempt is another user's; it gets its time to be mined.
            flight.needs_raise = len(flight.attempts) > 1
        self._give_up(by_answer[Answer.NEVER])
        if by_answer[Answer.POOR]:
            await self._refuse_poor(by_answer[Answer.POOR][0])

    async def _refuse_poor(self, flight: Flight) -> None:
        content, fees = self._content(flight), flight.newest.fees
        balance = await self._chain.balance()
        need = max(content.value + content.gas * fees.max_fee, balance + 1)
        raise InsufficientFundsError(self._signer.address, balance, need)

    # Watching

    async def _watch(self, intake: Intake) -> None:
        self._looked = time.monotonic()
        try:
            view = await self._chain.look()
            settled = await self._settle(view)
        except (ChainUnreachableError, NodeRefusedError):
            self._miss_node()
            if time.monotonic() - self._proved > self._policy.timeout_seconds:
                raise
            return
        self._looked = time.monotonic()
        if settled or view.count > self._view.count or not self._flights:
            self._moved = self._proved = self._looked
            self._step = 0
        if self._away_since is not None:
            # NOTE: the time away tells nothing of fees; what waited in the node may be forgotten.
            self._moved = min(self._moved + self._looked - self._away_since, self._looked)
            self._away_since = None
            self._send_again()
        self._view = view
        self._retry()
        self._pace(view.count)
        if settled:
            self._tell(intake)

    async def _settle(self, view: View) -> int:
        """Read the receipts of what is mined; return how many tasks came to an end."""
        outcomes, lost = await self._settlement.read(self._flights.values(), view)
        self._journal.settle(outcomes)
        for outcome in outcomes:
            del self._flights[outcome.nonce]
            self._count(outcome)
        for ended in (self._due, self._refused):
            ended.difference_update(outcome.nonce for outcome in outcomes)
        self._due.update(lost)
        self.report.rebroadcasts += len(lost)
        return len(outcomes)

    def _count(self, outcome: Outcome) -> None:
        self.report.gas_used += outcome.gas_used
        self.report.fee += outcome.fee
        if outcome.task_id.startswith(_VOID_PREFIX):
            return
        if outcome.status is Status.MINED:
            self.report.mined += 1
        elif outcome.status is not Status.REPLACED:
            self.report.failures.append(outcome)
        elif self._policy.resign_displaced:
            self._displaced.append(outcome.task_id)
        else:
            self._taken_over.append(outcome.nonce)

    def _retry(self) -> None:
        now = time.monotonic()
        if self._refused and now >= self._retry_at:
            self._due |= self._refused
            self._refused.clear()
            self._retry_at = now + self._pause
            self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS)
        cheap = [flight for flight in self._flights.values() if flight.needs_raise]
        self._raise_fees(cheap)

    def _pace(self, count: int) -> None:
        """Notice that nothing moves: send again, close a gap, then offer more, then give up."""
        if not self._flights:
            return
        first, now = min(self._flights), time.monotonic()
        waited = now - self._proved
        if waited > self._policy.timeout_seconds:
            under_way = len(self._flights)
            raise StalledError(self._signer.address, first, under_way, waited, self._why)
        step = int((now - self._moved) // self._policy.stall_seconds)
        if step <= self._step:
            return
        self._step = step
        if first > count and self._journal.reopen(count):
            self._load()
        self._send_again()
        self.report.rebroadcasts += len(self._due)
        if step >= _PAID_STEPS:
            self._fill(range(count, min(self._flights)))
            unmined = [self._flights[n] for n in sorted(self._flights) if n >= count]
            self._raise_fees(unmined[: self._policy.batch])

    def _fill(self, nonces: Sequence[int]) -> None:
        """Spend nonces below ours that nobody uses any more: without them nothing is mined."""
        voids = [(self._void(nonce), nonce) for nonce in nonces]
        signed = [(c, n, self._attempt(c, n, self._view.market, is_void=True)) for c, n in voids]
        if signed:
            self._journal.add(signed)
            self._put(signed)
