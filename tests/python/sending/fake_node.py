"""A node and its chain in a few lines, with every fault that a real one has, on demand.

It knows one account. A transaction whose data starts with 0xff reverts; with 0xffff
it takes all its gas.
"""

import random
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import rlp
from eth_abi.abi import encode

from weilian.chain.errors import ChainUnreachableError
from weilian.sending.envelope import transaction_hash

CHAIN_ID = 31_337
REASON = "no tea left"
_REVERT = "0x08c379a0" + encode(["string"], [REASON]).hex()


class RefusalError(Exception):
    """An error that the node answers with."""

    def __init__(self, message, data=None):
        super().__init__(message)
        self.data = data


@dataclass(frozen=True)
class Sent:
    """A transaction as the node reads it."""

    raw: bytes
    hash: str
    nonce: int
    priority_fee: int
    max_fee: int
    gas: int
    to: bytes
    data: bytes

    @classmethod
    def read(cls, raw):
        fields = rlp.decode(raw[1:])
        _, nonce, priority_fee, max_fee, gas = (int.from_bytes(part) for part in fields[:5])
        sizes = (nonce, priority_fee, max_fee, gas)
        return cls(raw, transaction_hash(raw), *sizes, fields[5], fields[7])


@dataclass
class FakeNode:
    """Mines `per_look` transactions in a block each time it is asked for the head."""

    account: str
    per_look: int = 100
    base_fee: int = 10
    balance: int = 10**24
    pool: dict = field(default_factory=dict)
    blocks: list = field(default_factory=lambda: [[]])
    forks: int = 0
    posts: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    """Called with (node, requests) before each array; may raise or change the node."""
    after: list = field(default_factory=list)
    """Called with (node, answers) after each array; may raise, or return other answers."""
    first_block: str = "0x" + "11" * 32
    most: int = 10**6

    def connect(self):
        @asynccontextmanager
        async def connected():
            yield self

        return connected()

    async def post(self, requests):
        self.posts.append(requests)
        for fault in self.faults:
            fault(self, requests)
        if len(requests) > self.most:
            return {"error": {"code": -32600, "message": "batch too large"}}
        answers = [self._answer(request) for request in requests]
        for change in self.after:
            answers = change(self, answers)
        return answers

    # What tests do to it

    def mine(self, count=10**6):
        block = []
        while len(block) < count and (sent := self.pool.get(self.count())):
            if sent.max_fee < self.base_fee:
                break
            del self.pool[sent.nonce]
            block.append(sent)
            self.blocks.append([sent])
        if not block:
            self.blocks.append([])

    def mine_foreign(self, nonce, to=b"\xee" * 20):
        sent = Sent(b"", f"0x{nonce:064x}", nonce, 1, 10**9, 21_000, to, b"")
        assert nonce == self.count()
        self.pool.pop(nonce, None)
        self.blocks.append([sent])

    def reorganise(self, depth, *, forget=False):
        depth = min(depth, len(self.blocks) - 1)
        undone = self.blocks[len(self.blocks) - depth :]
        del self.blocks[len(self.blocks) - depth :]
        self.forks += 1
        if not forget:
            self.pool |= {sent.nonce: sent for block in undone for sent in block}
        self.blocks.append([])

    @property
    def effects(self):
        """How often each (recipient, data) was mined without a revert."""
        mined = [sent for block in self.blocks for sent in block]
        return Counter((sent.to, sent.data) for sent in mined if not reverts(sent))

    @property
    def raws(self):
        """What was ever sent to it, by nonce."""
        sent = [
            Sent.read(bytes.fromhex(request["params"][0][2:]))
            for post in self.posts
            for request in post
            if request["method"] == "eth_sendRawTransaction"
        ]
        return {s.nonce: [t for t in sent if t.nonce == s.nonce] for s in sent}

    # What it answers

    def count(self, block=None):
        blocks = self.blocks if block is None else self.blocks[: block + 1]
        return sum(map(len, blocks))

    def _answer(self, request):
        answer = {"jsonrpc": "2.0", "id": request["id"]}
        try:
            method = getattr(self, "_" + request["method"])
            return answer | {"result": method(*request["params"])}
        except RefusalError as refusal:
            error = {"code": -32000, "message": str(refusal), "data": refusal.data}
            return answer | {"error": error}

    def _eth_chainId(self):  # noqa: N802 -- as the method is called
        return hex(CHAIN_ID)

    def _eth_blockNumber(self):  # noqa: N802
        self.mine(self.per_look)
        return hex(len(self.blocks) - 1)

    def _eth_feeHistory(self, *_):  # noqa: N802
        return {"baseFeePerGas": [hex(self.base_fee), hex(self.base_fee)]}

    def _eth_maxPriorityFeePerGas(self):  # noqa: N802
        return hex(2)

    def _eth_getBalance(self, *_):  # noqa: N802
        return hex(self.balance)

    def _eth_getTransactionCount(self, _account, block):  # noqa: N802
        if block == "pending":
            return hex(max([self.count(), *(nonce + 1 for nonce in self.pool)]))
        return hex(self.count(None if block == "latest" else int(block, 16)))

    def _eth_getBlockByNumber(self, number, is_full):  # noqa: N802
        at = int(number, 16)
        found = {"hash": self.first_block if at == 0 else self._block_hash(at)}
        if is_full:
            found["transactions"] = [
                {"nonce": hex(s.nonce), "hash": s.hash, "from": self.account.lower()}
                for s in self.blocks[at]
            ]
        return found

    def _eth_sendRawTransaction(self, text):  # noqa: N802
        sent = Sent.read(bytes.fromhex(text[2:]))
        old = self.pool.get(sent.nonce)
        if sent.nonce < self.count():
            raise RefusalError("nonce too low: next nonce 7")
        if old and old.hash == sent.hash:
            raise RefusalError("already known")
        if old and sent.max_fee * 10 < old.max_fee * 11:
            raise RefusalError("replacement transaction underpriced")
        if sent.gas * sent.max_fee > self.balance:
            raise RefusalError("insufficient funds for gas * price + value")
        self.pool[sent.nonce] = sent
        return sent.hash

    def _eth_getTransactionReceipt(self, hash_):  # noqa: N802
        for number, block in enumerate(self.blocks):
            for sent in block:
                if sent.hash == hash_:
                    return {
                        "transactionHash": hash_,
                        "blockNumber": hex(number),
                        "blockHash": self._block_hash(number),
                        "status": hex(not reverts(sent)),
                        "gasUsed": hex(sent.gas if sent.data == b"\xff\xff" else 21_000),
                        "effectiveGasPrice": hex(self.base_fee + 2),
                    }
        return None

    def _eth_call(self, *_):
        raise RefusalError(f"execution reverted: {REASON}", _REVERT)

    def _block_hash(self, number):
        return f"0x{self.forks:032x}{number:032x}"


def reverts(sent):
    return sent.data.startswith(b"\xff")


class Faults:
    """Faults at random, as many as `chance` says; the same seed does the same."""

    def __init__(self, seed, chance=0.2):
        self._random, self._chance = random.Random(seed), chance

    def before(self, node, requests):
        if self._happens():
            raise ChainUnreachableError("request lost")
        if self._happens() and node.pool:
            del node.pool[self._random.choice(list(node.pool))]
        if self._happens() and self._happens():
            node.reorganise(self._random.randint(1, 3), forget=self._happens())

    def after(self, node, answers):
        if self._happens():
            raise ChainUnreachableError("answer lost")
        if self._happens():
            self._random.shuffle(answers)
        if self._happens():
            answers = answers + answers[:3]
        if self._happens():
            answers = [answer for answer in answers if not self._happens()]
        return answers

    def _happens(self):
        return self._random.random() < self._chance
