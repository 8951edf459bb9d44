"""Custody: which lots a batch is in, who has them, and handing them on."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime

from weilian.address import to_address
from weilian.batch import Batches
from weilian.chain import ZERO_ADDRESS, MessageSigner, Signer, TxResult
from weilian.chain.values import to_hex, to_moment, to_seconds
from weilian.custody_history import CustodyEvent, item_history
from weilian.errors import WeilianError
from weilian.merkle.items import issuer_of
from weilian.provenance.grading import reasons_of
from weilian.provenance.terms import LOT_DISCREPANCY, LOT_PACKED
from weilian.receipt import Receipt
from weilian.suite import Suite

_FOREVER = 2**48 - 1


class CustodyError(WeilianError, ValueError):
    """A step of custody that cannot be made."""


class LotNotFoundError(CustodyError, LookupError):
    """No lot begins at an index."""

    def __init__(self, batch_id: bytes, first: int, starts: list[int]) -> None:
        near = ", ".join(map(str, starts[:8])) + ", ..." * (len(starts) > 8)
        super().__init__(
            f"no lot of batch {to_hex(batch_id)} begins at item {first}; its lots begin at {near}"
        )


@dataclass(frozen=True, slots=True)
class Lot:
    """A range of items of a batch with one holder, pallets looked through.

    `version` counts what happened to it. `pallet` is the pallet it is packed on, `offered_to` who
    may receive it now.
    """

    batch_id: bytes
    first: int
    size: int
    holder: str
    version: int
    has_discrepancy: bool
    is_packed: bool
    pallet: str | None
    offered_to: str | None
    offered_at: datetime | None

    @property
    def last(self) -> int:
        """The index of its last item."""
        return self.first + self.size - 1


@dataclass(frozen=True, slots=True)
class Shipped:
    """A lot that is on its way."""

    batch_id: bytes
    first: int
    sender: str
    to: str
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Received:
    """A lot with its new holder. `counted` is set where the receiver counted another number."""

    batch_id: bytes
    first: int
    sender: str
    to: str
    counted: int | None
    tx: TxResult


@dataclass(frozen=True, slots=True)
class LotChange:
    """A lot that was cancelled on its way, split at `second`, or merged with the one there."""

    batch_id: bytes
    first: int
    second: int | None
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Custody:
    """The custody ledger. A lot is named by its batch and the index of its first item."""

    suite: Suite

    def lots(self, batch_id: bytes) -> list[Lot]:
        """List the lots of a batch in the order of their items, all at one block.

        Before anything happened a batch is one lot of its issuer's. Raises BatchNotFoundError.
        """
        Batches(self.suite).get(batch_id)
        block = self._final_block()
        return [self._read(batch_id, first, block) for first in self._starts(batch_id, block)]

    def lot(self, batch_id: bytes, first: int) -> Lot:
        """Return the lot that begins at an index; raise LotNotFoundError, BatchNotFoundError."""
        found = self._read(batch_id, first, None)
        if not found.size:
            Batches(self.suite).get(batch_id)
            starts = self._starts(batch_id, self._final_block())
            raise LotNotFoundError(batch_id, first, starts)
        return found

    def lot_of(self, batch_id: bytes, index: int) -> Lot:
        """Return the lot that holds an item; raise CustodyError for an item that is not there."""
        count = Batches(self.suite).get(batch_id).item_count
        if not 0 <= index < count:
            raise CustodyError(
                f"batch {to_hex(batch_id)} has no item {index}; it has items 0 to {count - 1}"
            )
        block = self._final_block()
        starts = self._starts(batch_id, block)
        return self._read(batch_id, starts[bisect_right(starts, index) - 1], block)

    def history(
        self, batch_id: bytes, index: int, *, to_block: int | None = None
    ) -> list[CustodyEvent]:
        """List what happened to the lots and pallets that held an item, in order.

        Read from the chain's log up to `to_block`, or the newest final block.
        """
        Batches(self.suite).get(batch_id)
        last = self._final_block() if to_block is None else to_block
        return item_history(self.suite, batch_id, index, last)

    def ship(self, batch_id: bytes, first: int, to: str, signer: Signer) -> Shipped:
        """Offer a lot to a receiver, for its holder.

        Raises CustodyError for goods that nobody could receive but their issuer.
        """
        self.check_tradable(self.lot(batch_id, first), to)
        contract = self.suite.custody
        function = contract.functions.shipLot(batch_id, first, to_address(to))
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.LotShipped())
        return Shipped(args["batchId"], args["first"], args["from"], args["to"], tx)

    def receive(
        self,
        batch_id: bytes,
        first: int,
        signer: Signer,
        *,
        counted: int | None = None,
        note_hash: bytes = bytes(32),
    ) -> Received:
        """Receive a lot that was offered, for who is to receive it.

        `counted` is the number of items that came, None for all; another number than the lot's is
        recorded for ever, with the hash of a note. Raises CustodyError where nothing is offered.
        """
        lot = self.lot(batch_id, first)
        if lot.offered_to is None:
            raise CustodyError(
                f"the lot from item {first} on is not offered to anybody; its holder {lot.holder} "
                "ships it first"
            )
        self.check_tradable(lot, lot.offered_to, since=lot.offered_at)
        contract = self.suite.custody
        count = lot.size if counted is None else counted
        function = contract.functions.receiveLot(batch_id, first, count, note_hash)
        return self._received(self.suite.chain.send(function, signer))

    def receipt(self, batch_id: bytes, first: int, to: str, deadline: datetime) -> Receipt:
        """Write out the receipt of a lot as it is now, to be signed for its receiver `to`.

        `deadline` is the last second at which the chain takes it.
        """
        lot = self.lot(batch_id, first)
        if lot.is_packed:
            raise CustodyError(
                f"the lot from item {first} on is packed on pallet {lot.pallet} and moves with it"
            )
        if to_address(to) == lot.holder:
            raise CustodyError(f"{to} holds the lot from item {first} on already")
        return Receipt(
            chain_id=self.suite.chain.chain_id,
            ledger=self.suite.custody.address,
            batch_id=batch_id,
            first=first,
            size=lot.size,
            sender=lot.holder,
            to=to_address(to),
            version=lot.version,
            deadline=int(deadline.timestamp()),
        )

    def sign_receipt(
        self, batch_id: bytes, first: int, to: str, deadline: datetime, signer: MessageSigner
    ) -> Receipt:
        """Sign the receipt of a lot as it is now, for the identity `to`; nothing is sent.

        The signer must be authorised by `to` for custody. The lot's holder sends it by `hand_over`.
        """
        return self.receipt(batch_id, first, to, deadline).signed(signer)

    def hand_over(self, receipt: Receipt, signer: Signer) -> Received:
        """Hand a lot over at once with its receiver's signed receipt, for its holder.

        Raises ReceiptError for a receipt of another chain or of nobody, and CustodyError for one
        that is too late or of a lot that changed since.
        """
        chain = self.suite.chain
        receipt.check(
            chain.chain_id, self.suite.custody.address, lambda signer: bool(chain.code(signer))
        )
        self._check_current(receipt)
        contract = self.suite.custody
        function = contract.functions.handOver(receipt.terms, receipt.signature)
        return self._received(self.suite.chain.send(function, signer))

    def cancel(self, batch_id: bytes, first: int, signer: Signer) -> LotChange:
        """Take an offer back as the lot's holder, or refuse it as its receiver."""
        contract = self.suite.custody
        tx = self.suite.chain.send(contract.functions.cancelOffer(batch_id, first), signer)
        args = tx.event(contract.events.OfferCancelled())
        return LotChange(args["batchId"], args["first"], None, tx)

    def split(self, batch_id: bytes, first: int, second: int, signer: Signer) -> LotChange:
        """Make the items of a lot from index `second` on a lot of their own, for its holder."""
        lot = self.lot(batch_id, first)
        if not lot.first < second <= lot.last:
            raise CustodyError(
                f"the lot of items {lot.first} to {lot.last} cannot be split at item {second}; "
                "name an item behind its first"
            )
        contract = self.suite.custody
        tx = self.suite.chain.send(contract.functions.splitLot(batch_id, first, second), signer)
        args = tx.event(contract.events.LotSplit())
        return LotChange(args["batchId"], args["first"], args["second"], tx)

    def merge(self, batch_id: bytes, first: int, second: int, signer: Signer) -> LotChange:
        """Merge two neighbouring lots of one holder; the second begins where the first ends."""
        contract = self.suite.custody
        tx = self.suite.chain.send(contract.functions.mergeLots(batch_id, first, second), signer)
        args = tx.event(contract.events.LotsMerged())
        return LotChange(args["batchId"], args["first"], args["second"], tx)

    def check_tradable(self, lot: Lot, to: str, *, since: datetime | None = None) -> None:
        """Raise CustodyError for expired, recalled or suspended goods on their way to others.

        What was recalled after `since` counts even if that is lifted: an offer does not come to
        life again.
        """
        if to_address(to) == issuer_of(lot.batch_id):
            return
        function = self.suite.provenance.functions.conditionOf(
            lot.batch_id, lot.first, lot.last, to_seconds(since) or _FOREVER
        )
        found = reasons_of(self.suite.chain.call(function))
        again = ", or are shipped again once that is lifted" if since else ""
        if found:
            raise CustodyError(
                f"items {lot.first} to {lot.last} may not be traded "
                f"({', '.join(reason.name for reason in found)}): they go back to their issuer "
                f"{issuer_of(lot.batch_id)} only{again}"
            )

    def _check_current(self, receipt: Receipt) -> None:
        now = self.suite.chain.block()[1]
        if now > receipt.deadline:
            when = datetime.fromtimestamp(receipt.deadline, UTC)
            raise CustodyError(
                f"the receipt was good until {when:%Y-%m-%d %H:%M:%S} UTC; let its receiver sign a "
                "new one"
            )
        lot = self.lot(receipt.batch_id, receipt.first)
        signed = (receipt.sender, receipt.size, receipt.version)
        if (lot.holder, lot.size, lot.version) != signed:
            raise CustodyError(
                f"the lot from item {lot.first} on changed since its receipt was signed; let its "
                "receiver sign a new one"
            )
        self.check_tradable(lot, receipt.to)

    def _received(self, tx: TxResult) -> Received:
        contract = self.suite.custody
        args = tx.event(contract.events.LotReceived())
        counts = [
            entry["args"]["counted"] for entry in tx.events(contract.events.DiscrepancyRecorded())
        ]
        return Received(
            batch_id=args["batchId"],
            first=args["first"],
            sender=args["from"],
            to=args["to"],
            counted=counts[0] if counts else None,
            tx=tx,
        )

    def _final_block(self) -> int:
        return self.suite.chain.head - self.suite.chain.confirmations

    def _starts(self, batch_id: bytes, block: int) -> list[int]:
        """Return where lots begin, from what was split and merged up to a block."""
        starts = {0}
        for step in self.suite.chain.events_of(
            self.suite.custody,
            ("LotSplit", "LotsMerged"),
            from_block=self.suite.record.first_block,
            to_block=block,
            topic=batch_id,
        ):
            change = starts.add if step["event"] == "LotSplit" else starts.discard
            change(step["args"]["second"])
        return sorted(starts)

    def _read(self, batch_id: bytes, first: int, block: int | None) -> Lot:
        function = self.suite.custody.functions.custodyOf(batch_id, first)
        kept = self.suite.chain.call(function, block="latest" if block is None else block)
        return Lot(
            batch_id=batch_id,
            first=first,
            size=kept.size,
            holder=kept.holder,
            version=kept.version,
            has_discrepancy=bool(kept.flags & LOT_DISCREPANCY),
            is_packed=bool(kept.flags & LOT_PACKED),
            pallet=None if kept.pallet == ZERO_ADDRESS else kept.pallet,
            offered_to=None if kept.offeredTo == ZERO_ADDRESS else kept.offeredTo,
            offered_at=to_moment(kept.offeredAt),
        )
