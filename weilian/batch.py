"""Batches: registering them, activating their cartons, finding them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from weilian.address import to_address
from weilian.batchfile import BatchFile
from weilian.chain import Signer, TxResult
from weilian.chain.values import to_hex, to_moment, to_seconds
from weilian.errors import WeilianError
from weilian.gs1 import Gtin, Lot
from weilian.merkle import batch_id
from weilian.merkle.items import issuer_of, lot_bytes
from weilian.provenance.trace_chain import trace_head
from weilian.suite import Suite

__all__ = [
    "Activation",
    "Batch",
    "BatchDiffersError",
    "BatchNotFoundError",
    "Batches",
    "CartonError",
    "Registered",
    "Registration",
    "trace_head",
]


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


class CartonError(WeilianError, ValueError):
    """Cartons that a batch does not have."""


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
    def of(
        cls,
        issuer: str,
        file: BatchFile,
        root: bytes,
        document_hash: bytes,
        *,
        carton_size: int = 0,
    ) -> Self:
        """Take product and times from a brand's list of items.

        `carton_size` counts items that are activated together, 0 if all are active at once.
        """
        return cls(
            issuer=to_address(issuer),
            gtin=file.gtin,
            lot=file.lot,
            item_count=file.count,
            root=root,
            produced_at=file.produced_at,
            expires_at=file.expires_at,
            document_hash=document_hash,
            carton_size=carton_size,
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
    """A batch as it was registered, by `actor`. `transaction` is the hash of what did it."""

    batch_id: bytes
    registration: Registration
    actor: str
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
        return issuer_of(self.batch_id)

    @property
    def carton_count(self) -> int:
        """How many cartons there are to activate, none if all items are active anyway."""
        return -(-self.item_count // self.carton_size) if self.carton_size else 0


@dataclass(frozen=True, slots=True)
class Activation:
    """Cartons that were activated, `last` included: their items can be claimed."""

    batch_id: bytes
    first: int
    last: int
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

    def activate(
        self, identifier: bytes, first_carton: int, last_carton: int, signer: Signer
    ) -> Activation:
        """Activate the cartons from `first_carton` to `last_carton`, itself included.

        Carton n holds the items from n × carton size on. Cartons that are active stay so. Raises
        CartonError for cartons that the batch does not have, and BatchNotFoundError.
        """
        batch = self.get(identifier)
        if not batch.carton_size:
            raise CartonError(
                f"batch {to_hex(identifier)} has no cartons to activate: all its items are active "
                "from the registration on"
            )
        if not 0 <= first_carton <= last_carton < batch.carton_count:
            raise CartonError(
                f"cartons {first_carton} to {last_carton} are no range of batch "
                f"{to_hex(identifier)}, which has cartons 0 to {batch.carton_count - 1}"
            )
        contract = self.suite.provenance
        function = contract.functions.activate(identifier, first_carton, last_carton)
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.CartonsActivated())
        return Activation(args["batchId"], args["first"], args["last"], args["actor"], tx)

    def is_active(self, identifier: bytes, index: int) -> bool:
        """Tell whether an item can be claimed as far as activation goes."""
        function = self.suite.provenance.functions.isActive(identifier, index)
        return bool(self.suite.chain.call(function))

    def inactive_cartons(self, identifier: bytes, first: int, last: int) -> list[int]:
        """List the cartons from `first` to `last`, itself included, that are not activated yet.

        Read from the chain's log up to the newest final block.
        """
        active: set[int] = set()
        for entry in self._events("CartonsActivated", {"batchId": identifier}):
            args = entry["args"]
            active.update(range(max(first, args["first"]), min(last, args["last"]) + 1))
        return [carton for carton in range(first, last + 1) if carton not in active]

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
        chain = self.suite.chain
        return chain.events(
            event,
            from_block=self.suite.record.first_block,
            to_block=chain.head - chain.confirmations,
            arguments=wanted,
        )


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
    return Registered(args["batchId"], registration, args["actor"], block_number, transaction)
