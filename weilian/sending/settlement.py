"""From receipts to outcomes: one by one, at the depth that the caller asks for."""

from collections.abc import Iterable, Sequence
from typing import Any

from weilian.sending.chain_view import ChainView, View
from weilian.sending.journal import Flight, Journal
from weilian.sending.task import Outcome, Policy, Status

_DISPLACED = "its nonce was spent by a transaction that is not in the journal"
_REFUSED = "no node took the transaction"

Receipt = dict[str, Any]


class Settlement:
    """Tells what became of what is under way."""

    def __init__(self, chain: ChainView, journal: Journal, policy: Policy) -> None:
        self._chain, self._journal, self._policy = chain, journal, policy
        self._without: set[int] = set()
        """Nonces that were spent, and whose receipts were missing, at the last look."""

    async def read(self, flights: Iterable[Flight], view: View) -> tuple[list[Outcome], list[int]]:
        """Return what ended, and the nonces of what was in a block and is in none now."""
        under_way = list(flights)
        lost = [f for f in under_way if f.nonce >= view.count and f.block is not None]
        for flight in lost:
            flight.block = None
        spent = [flight for flight in under_way if flight.nonce < view.count]
        asked = [flight for flight in spent if self._is_ripe(flight.block, view)]
        final, missing = [], []
        for flight, receipt in zip(asked, await self._chain.receipts(asked), strict=True):
            # NOTE: read anew at its depth, as a reorganisation may have moved or dropped it.
            block = int(receipt["blockNumber"], 16) if receipt else None
            if block is None and flight.block is not None:
                lost.append(flight)
            flight.block = block
            if receipt is None:
                missing.append(flight)
            elif self._is_ripe(block, view):
                final.append((flight, receipt))
        outcomes = await self._outcomes(final)
        return outcomes + await self._displaced(missing, view), [flight.nonce for flight in lost]

    def _is_ripe(self, block: int | None, view: View) -> bool:
        """Tell whether a block is deep enough, or not known yet."""
        return block is None or max(view.head - block, 0) >= self._policy.confirmations

    async def _outcomes(self, final: Sequence[tuple[Flight, Receipt]]) -> list[Outcome]:
        failed = [(flight, receipt) for flight, receipt in final if not _is_good(receipt)]
        contents = [(self._journal.content(flight.task_id), receipt) for flight, receipt in failed]
        said = await self._chain.reasons(contents) if contents else []
        reasons = {flight.nonce: why for (flight, _), why in zip(failed, said, strict=True)}
        return [_outcome(flight, receipt, reasons.get(flight.nonce)) for flight, receipt in final]

    async def _displaced(self, missing: Sequence[Flight], view: View) -> list[Outcome]:
        """Find what can never be mined: its nonce was spent, deep enough, by another's.

        The other transaction must be seen: a receipt alone may be missing because a node lags.
        """
        again = [flight for flight in missing if flight.nonce in self._without]
        self._without = {flight.nonce for flight in missing}
        high = view.head - self._policy.confirmations
        if not again or high < 0:
            return []
        low = min(flight.attempts[0].head for flight in again)
        takers = await self._chain.takers([f.nonce for f in again], min(low, high), high)
        outcomes = []
        for flight in again:
            taker = takers.get(flight.nonce)
            if taker and taker.hash not in {signed.hash for signed in flight.attempts}:
                place = (taker.block_number, taker.block_hash)
                known = (flight.task_id, Status.REPLACED, flight.nonce, taker.hash)
                outcomes.append(Outcome(*known, *place, reason=_DISPLACED))
        return outcomes


def _is_good(receipt: Receipt) -> bool:
    return int(receipt["status"], 16) == 1


def _outcome(flight: Flight, receipt: Receipt, reason: str | None) -> Outcome:
    hash_ = receipt["transactionHash"]
    status = Status.REVERTED if reason else Status.MINED
    if any(signed.is_void and signed.hash == hash_ for signed in flight.attempts):
        status = Status.FAILED
        reason = f"{_REFUSED}: {flight.refusal}" if flight.refusal else _REFUSED
    gas_used = int(receipt["gasUsed"], 16)
    return Outcome(
        task_id=flight.task_id,
        status=status,
        nonce=flight.nonce,
        hash=hash_,
        block_number=int(receipt["blockNumber"], 16),
        block_hash=receipt["blockHash"],
        gas_used=gas_used,
        fee=gas_used * int(receipt["effectiveGasPrice"], 16),
        reason=reason,
    )
