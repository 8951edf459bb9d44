"""What a sender reads of a chain, in arrays: head, nonce, fees, receipts, who took a nonce."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from weilian.chain.errors import NodeRefusedError
from weilian.chain.reverts import decode_revert, payload_of
from weilian.sending.envelope import Fees
from weilian.sending.fees import first_offer
from weilian.sending.journal import Content, Flight
from weilian.sending.rpc import Call, Rpc, RpcError

_OUT_OF_GAS = "the transaction ran out of gas; send it with a higher gas limit under another id"
_NO_REASON = "the transaction failed and does not fail when it is tried again: the state changed"


@dataclass(frozen=True, slots=True)
class View:
    """Where a chain stands: newest block, transactions mined of the account, what to offer."""

    head: int
    count: int
    market: Fees


@dataclass(frozen=True, slots=True)
class Taker:
    """The transaction that spent a nonce."""

    hash: str
    block_number: int
    block_hash: str


class ChainView:
    """Reads for one account; raises ChainUnreachableError and NodeRefusedError."""

    def __init__(self, rpc: Rpc, account: str, ceiling: int) -> None:
        self._rpc, self._account, self._ceiling = rpc, account, ceiling

    async def identity(self) -> tuple[int, str]:
        """Return the chain's id and the hash of its first block."""
        calls: list[Call] = [("eth_chainId", []), ("eth_getBlockByNumber", ["0x0", False])]
        chain_id, block = await self._rpc.need(*calls)
        return int(chain_id, 16), str(block["hash"])

    async def look(self) -> View:
        """Return where the chain stands."""
        number, count, history, priority = await self._rpc.need(
            ("eth_blockNumber", []),
            ("eth_getTransactionCount", [self._account, "latest"]),
            ("eth_feeHistory", ["0x1", "latest", []]),
            ("eth_maxPriorityFeePerGas", []),
        )
        base = int(history["baseFeePerGas"][-1], 16)
        market = first_offer(base, int(priority, 16), self._ceiling)
        return View(int(number, 16), int(count, 16), market)

    async def pending(self) -> int:
        """Return the account's next nonce by what waits in the node."""
        (count,) = await self._rpc.need(("eth_getTransactionCount", [self._account, "pending"]))
        return int(count, 16)

    async def balance(self) -> int:
        """Return what the account has, in wei."""
        (balance,) = await self._rpc.need(("eth_getBalance", [self._account, "latest"]))
        return int(balance, 16)

    async def receipts(self, flights: Sequence[Flight]) -> list[dict[str, Any] | None]:
        """Return for each flight the receipt of the attempt that is mined, None if none is."""
        hashes = [
            (at, signed.hash) for at, flight in enumerate(flights) for signed in flight.attempts
        ]
        replies = await self._rpc.ask([("eth_getTransactionReceipt", [h]) for _, h in hashes])
        found: list[dict[str, Any] | None] = [None] * len(flights)
        for (at, hash_), reply in zip(hashes, replies, strict=True):
            if isinstance(reply, dict) and reply.get("transactionHash") == hash_:
                found[at] = reply
        return found

    async def reasons(self, failed: Sequence[tuple[Content, dict[str, Any]]]) -> list[str]:
        """Do what failed again as calls; return for each what the contract says."""
        calls: list[Call] = [
            ("eth_call", [self._request(content), receipt["blockNumber"]])
            for content, receipt in failed
        ]
        replies = await self._rpc.ask(calls)
        reasons = []
        for (content, receipt), reply in zip(failed, replies, strict=True):
            if int(receipt["gasUsed"], 16) >= content.gas:
                reasons.append(_OUT_OF_GAS)
            elif isinstance(reply, RpcError):
                reasons.append(str(decode_revert(payload_of(reply))))
            else:
                reasons.append(_NO_REASON)
        return reasons

    async def takers(self, nonces: Iterable[int], low: int, high: int) -> dict[int, Taker]:
        """Find the transactions of blocks `low` to `high` that spent nonces, by halving the range.

        What a node does not keep, or has not at that depth, is left out.
        """
        missing, found = sorted(set(nonces)), dict[int, Taker]()
        try:
            count = await self._count(high)
            missing = [nonce for nonce in missing if nonce < count]
            while missing:
                block = await self._block_of(missing[0], low, high)
                here = await self._sent_in(block)
                found.update({nonce: here[nonce] for nonce in missing if nonce in here})
                missing = [n for n in missing[1:] if n not in here]
        except NodeRefusedError:
            return found
        return found

    async def _block_of(self, nonce: int, low: int, high: int) -> int:
        if await self._count(low) > nonce:
            low = 0
        while low + 1 < high:
            middle = (low + high) // 2
            if await self._count(middle) > nonce:
                high = middle
            else:
                low = middle
        return high

    async def _sent_in(self, number: int) -> dict[int, Taker]:
        (block,) = await self._rpc.need(("eth_getBlockByNumber", [hex(number), True]))
        return {
            int(sent["nonce"], 16): Taker(sent["hash"], number, block["hash"])
            for sent in block["transactions"]
            if sent["from"].lower() == self._account.lower()
        }

    async def _count(self, block: int) -> int:
        (count,) = await self._rpc.need(("eth_getTransactionCount", [self._account, hex(block)]))
        return int(count, 16)

    def _request(self, content: Content) -> dict[str, str]:
        request = {
            "from": self._account,
            "data": f"0x{content.data.hex()}",
            "value": hex(content.value),
            "gas": hex(content.gas),
        }
        if content.to:
            request["to"] = f"0x{content.to.hex()}"
        return request
