"""Batches: registering, tracing, recalling, finding them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from eth_abi.abi import encode

from weilian.address import to_address
from weilian.batchfile import BatchFile
from weilian.chain import NoticeKind, Signer, TxResult
from weilian.chain.values import to_hex, to_moment, to_seconds
from weilian.errors import WeilianError
from weilian.gs1 import Gtin, Lot
from weilian.hashing import keccak256
from weilian.merkle import batch_id
from weilian.merkle.items import lot_bytes
from weilian.suite import Suite

EVENTS_PER_TRANSACTION = 200
_HEAD_LENGTH = 26


class BatchNotFoundError(WeilianError, LookupError):
    """No such batch on the chain."""

    def __init__(self, identifier: bytes) -> None:
        super().__init__(
            f"there is no batch {to_hex(identifier)} on this chain; check issuer, GTIN and lot"
        )


class BatchDiffersError(WeilianError, ValueError):
    """A batch that is registered with other items."""

    def __init__(self, identifier: bytes, registered: bytes, root: bytes) -> None:
        super().__init__(
            f"batch {to_hex(identifier)} is registered with root {to_hex(registered)} and these "
            f"items give {to_hex(root)}; bring back CSV and seed of the first run, or use a new lot"
        )


@dataclass(frozen=True, slots=True)
class Registration:
    """What an issuer declares of a batch. `expires_at` is the first second it is expired at."""

    issuer: str
    gtin: Gtin
    lot: Lot
    item_count: int
    root: bytes
    produced_at: datetime | None
    expires_at: datetime | None
    document_hash: bytes
    carton_size: int = 0

    @classmethod
    def of(cls, issuer: str, file: BatchFile, root: bytes, document_hash: bytes) -> Self:
        """Take product and times from a brand's list of items."""
        return cls(
            issuer=to_address(issuer),
            gtin=file.gtin,
            lot=file.lot,
            item_count=file.count,
            root=root,
            produced_at=file.produced_at,
            expires_at=file.expires_at,
            document_hash=document_hash,
        )

    @property
    def batch_id(self) -> bytes:
        """The id which the batch will have."""
        return batch_id(self.issuer, int(self.gtin), str(self.lot))

    def to_tuple(self) -> tuple[Any, ...]:
        """Return the struct that the contract takes."""
        return (
            to_address(self.issuer),
            int(self.gtin),
            lot_bytes(str(self.lot)),
            self.item_count,
            self.carton_size,
            self.root,
            to_seconds(self.produced_at),
            to_seconds(self.expires_at),
            self.document_hash,
        )


@dataclass(frozen=True, slots=True)
class Registered:
    """A batch as it was registered. `transaction` is the hash of what registered it."""

    batch_id: bytes
    registration: Registration
    block_number: int
    transaction: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What the chain keeps of a batch."""

    batch_id: bytes
    root: bytes
    item_count: int
    registered_at: datetime
    expires_at: datetime | None
    carton_size: int
    notice_count: int

    @property
    def issuer(self) -> str:
        """The issuer's address, which is the front of the batch id."""
        return to_address(to_hex(self.batch_id[:20]))


@dataclass(frozen=True, slots=True)
class Trace:
    """How many events a batch has, and the head of their hash chain."""

    count: int
    head: bytes


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One anchored event: the CBV hash of an EPCIS document's event."""

    sequence: int
    event_hash: bytes
    actor: str
    block_number: int


@dataclass(frozen=True, slots=True)
class Recall:
    """A recall of a whole batch."""

    batch_id: bytes
    number: int
    notice_hash: bytes
    actor: str
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Batches:
    """The provenance registry."""

    suite: Suite

    def register(self, registration: Registration, signer: Signer) -> Registered:
        """Register a batch of any size in one transaction."""
        contract = self.suite.provenance
        function = contract.functions.registerBatch(registration.to_tuple())
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.BatchRegistered())
        return _registered(args, tx.block_number, tx.hash)

    def append_trace(
        self,
        identifier: bytes,
        event_hashes: Sequence[bytes],
        signer: Signer,
        *,
        sequence: int | None = None,
    ) -> list[TraceEvent]:
        """Append events in order, at most 200 in a transaction; return them as anchored.

        `sequence` is how many events the batch is known to have, None for as many as it has now:
        if others were appended since, the contract refuses, so nothing is ever appended twice. If
        a later transaction fails, the events of those before it stay: compare with `trace`.
        """
        contract = self.suite.provenance
        first = self.trace(identifier).count if sequence is None else sequence
        anchored: list[TraceEvent] = []
        for start in range(0, max(len(event_hashes), 1), EVENTS_PER_TRANSACTION):
            part = list(event_hashes[start : start + EVENTS_PER_TRANSACTION])
            function = contract.functions.appendTrace(identifier, first + start, part)
            tx = self.suite.chain.send(function, signer)
            anchored += map(_trace_event, tx.events(contract.events.TraceAppended()))
        return anchored

    def recall(self, identifier: bytes, notice_hash: bytes, signer: Signer) -> Recall:
        """Recall a whole batch; `notice_hash` is that of the published notice."""
        contract = self.suite.provenance
        last = self.get(identifier).item_count - 1
        function = contract.functions.recall(identifier, 0, last, NoticeKind.RECALL, notice_hash)
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.NoticeIssued())
        return Recall(args["batchId"], args["number"], args["noticeHash"], args["actor"], tx)

    def get(self, identifier: bytes) -> Batch:
        """Return a batch; raise BatchNotFoundError."""
        kept = self.suite.chain.call(self.suite.provenance.functions.batchOf(identifier))
        registered_at = to_moment(kept.registeredAt)
        if registered_at is None:
            raise BatchNotFoundError(identifier)
        return Batch(
            batch_id=identifier,
            root=kept.root,
            item_count=kept.itemCount,
            registered_at=registered_at,
            expires_at=to_moment(kept.expiresAt),
            carton_size=kept.cartonSize,
            notice_count=kept.noticeCount,
        )

    def is_registered(self, identifier: bytes, root: bytes) -> bool:
        """Tell whether a batch is registered; raise BatchDiffersError for another root."""
        kept = self.suite.chain.call(self.suite.provenance.functions.batchOf(identifier))
        if kept.itemCount and kept.root != root:
            raise BatchDiffersError(identifier, kept.root, root)
        return bool(kept.itemCount)

    def trace(self, identifier: bytes) -> Trace:
        """Return number and head of a batch's events; nothing and zeros if it has none."""
        kept = self.suite.chain.call(self.suite.provenance.functions.traceOf(identifier))
        return Trace(kept.count, kept.head)

    def trace_events(self, identifier: bytes) -> list[TraceEvent]:
        """List a batch's events from the chain's log, in order."""
        found = self._events("TraceAppended", {"batchId": identifier})
        return [_trace_event(entry) for entry in found]

    def find(self, *, issuer: str | None = None, gtin: Gtin | None = None) -> list[Registered]:
        """List the batches of an issuer, of a product, or of both, oldest first."""
        wanted: dict[str, Any] = {}
        if issuer is not None:
            wanted["issuer"] = to_address(issuer)
        if gtin is not None:
            wanted["gtin"] = int(gtin)
        return [
            _registered(entry["args"], entry["blockNumber"], to_hex(entry["transactionHash"]))
            for entry in self._events("BatchRegistered", wanted)
        ]

    def _events(self, name: str, wanted: dict[str, Any]) -> Iterator[Any]:
        event = self.suite.provenance.events[name]()
        return self.suite.chain.events(
            event, from_block=self.suite.record.first_block, arguments=wanted
        )


def trace_head(identifier: bytes, event_hashes: Sequence[bytes]) -> bytes:
    """Fold event hashes into the head that the chain must have of them.

    head = bytes26(keccak256(abi.encode(batchId, uint48 sequence, bytes26 head, eventHash))),
    from head 0, as IProvenanceRegistry.traceOf says.
    """
    head = bytes(_HEAD_LENGTH)
    for sequence, event_hash in enumerate(event_hashes):
        words = encode(
            ("bytes32", "uint48", "bytes26", "bytes32"), (identifier, sequence, head, event_hash)
        )
        head = keccak256(words)[:_HEAD_LENGTH]
    return head


def _registered(args: Mapping[str, Any], block_number: int, transaction: str) -> Registered:
    registration = Registration(
        issuer=args["issuer"],
        gtin=Gtin.from_int(args["gtin"]),
        lot=Lot(args["lot"].rstrip(b"\0").decode("ascii", "replace")),
        item_count=args["itemCount"],
        root=args["root"],
        produced_at=to_moment(args["producedAt"]),
        expires_at=to_moment(args["expiresAt"]),
        document_hash=args["documentHash"],
        carton_size=args["cartonSize"],
    )
    return Registered(args["batchId"], registration, block_number, transaction)


def _trace_event(found: Any) -> TraceEvent:
    args = found["args"]
    return TraceEvent(args["sequence"], args["eventHash"], args["actor"], found["blockNumber"])
