"""What happened to the lots and pallets that held an item, read from the custody ledger's log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from weilian.chain.values import log_place
from weilian.suite import Suite


class CustodyStep(StrEnum):
    """What happened, to a lot or to the pallet it was on."""

    SHIPPED = "shipped"
    RECEIVED = "received"
    DISCREPANCY = "discrepancy"
    CANCELLED = "cancelled"
    SPLIT = "split"
    MERGED = "merged"
    PACKED = "packed"
    UNPACKED = "unpacked"


_LOT_EVENTS = {
    "LotShipped": CustodyStep.SHIPPED,
    "LotReceived": CustodyStep.RECEIVED,
    "DiscrepancyRecorded": CustodyStep.DISCREPANCY,
    "OfferCancelled": CustodyStep.CANCELLED,
    "LotSplit": CustodyStep.SPLIT,
    "LotsMerged": CustodyStep.MERGED,
}
_PALLET_EVENTS = {
    "PalletPacked": CustodyStep.PACKED,
    "PalletUnpacked": CustodyStep.UNPACKED,
    "PalletShipped": CustodyStep.SHIPPED,
    "PalletReceived": CustodyStep.RECEIVED,
    "PalletOfferCancelled": CustodyStep.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class CustodyEvent:
    """One step: what, to the lot that began at `first`, on `pallet` if it was packed.

    `sender` and `to` are the parties of a shipment or receipt; `counted` and `note_hash` are a
    discrepancy's; `second` is where the lot was split or merged.
    """

    step: CustodyStep
    first: int
    pallet: str | None
    sender: str | None
    to: str | None
    second: int | None
    counted: int | None
    note_hash: bytes | None
    at: datetime
    block_number: int
    log_index: int
    transaction: str


def item_history(suite: Suite, batch_id: bytes, index: int, last_block: int) -> list[CustodyEvent]:
    """List the steps of the lots and pallets that held an item, up to a block."""
    logs = _logs(suite, batch_id, last_block)
    return [
        _event(suite, log, first, pallet) for log, first, pallet in _followed(logs, batch_id, index)
    ]


def _logs(suite: Suite, batch_id: bytes, last_block: int) -> list[Any]:
    chain, first_block = suite.chain, suite.record.first_block
    found: list[Any] = []
    for kinds, topic in ((_LOT_EVENTS, batch_id), (_PALLET_EVENTS, None)):
        found += chain.events_of(
            suite.custody, kinds, from_block=first_block, to_block=last_block, topic=topic
        )
    return sorted(found, key=log_place)


def _followed(
    logs: list[Any], batch_id: bytes, index: int
) -> Iterator[tuple[Any, int, str | None]]:
    """Yield the logs that concern an item, with its lot and its pallet before each."""
    first, pallet = 0, None
    for log in logs:
        name, args = log["event"], log["args"]
        if name in _PALLET_EVENTS:
            if name == "PalletPacked" and _holds(args["lots"], batch_id, first):
                pallet = args["pallet"]
            elif args["pallet"] != pallet:
                continue
            yield log, first, pallet
            if name == "PalletUnpacked":
                pallet = None
        elif first in (args["first"], args.get("second")):
            yield log, first, pallet
            if name == "LotSplit" and index >= args["second"]:
                first = args["second"]
            elif name == "LotsMerged":
                first = args["first"]


def _holds(lots: list[Any], batch_id: bytes, first: int) -> bool:
    return any((lot["batchId"], lot["first"]) == (batch_id, first) for lot in lots)


def _event(suite: Suite, log: Any, first: int, pallet: str | None) -> CustodyEvent:
    args = log["args"]
    return CustodyEvent(
        step=(_LOT_EVENTS | _PALLET_EVENTS)[log["event"]],
        first=first,
        pallet=pallet,
        sender=args.get("from"),
        to=args.get("to"),
        second=args.get("second"),
        counted=args.get("counted"),
        note_hash=args.get("noteHash"),
        at=datetime.fromtimestamp(suite.chain.block(log["blockNumber"])[1], UTC),
        block_number=log["blockNumber"],
        log_index=log["logIndex"],
        transaction=f"0x{bytes(log['transactionHash']).hex()}",
    )
