"""Traces of batches: the hash chain as ITraceLog describes it, and what appending emits."""

from collections.abc import Iterable
from typing import Any

from eth_abi import encode
from eth_utils import keccak

EMPTY_HEAD = bytes(26)
EVENTS = [keccak(text=f"event {number}") for number in range(5)]
LINK_TYPES = ("bytes32", "uint256", "bytes26", "bytes32")


def correction_of(corrected: int, event_hash: bytes) -> bytes:
    """Compute what a correction of event `corrected` puts into the chain."""
    return keccak(encode(("bytes32", "uint256"), (event_hash, corrected)))


def head_over(batch_id: bytes, entries: Iterable[bytes]) -> bytes:
    """Fold the chain over a trace's entries: event hashes, and corrections as above."""
    head = EMPTY_HEAD
    for sequence, entry in enumerate(entries):
        head = keccak(encode(LINK_TYPES, (batch_id, sequence, head, entry)))[: len(head)]
    return head


def trace_entry(batch: Any, sequence: int, event_hash: bytes = EVENTS[0]) -> dict[str, Any]:
    """Return an event for the trace of one batch, as `appendTraces` takes it."""
    return {"batchId": batch.batch_id, "sequence": sequence, "eventHash": event_hash}


def appended(provenance: Any, batch: Any, sequence: int, event_hash: bytes, actor: Any) -> Any:
    """Return the event that the contract must have emitted for an appended one."""
    return provenance.TraceAppended(
        batchId=batch.batch_id, sequence=sequence, eventHash=event_hash, actor=actor
    )
