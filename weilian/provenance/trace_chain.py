"""The hash chain over a trace, as TraceLog folds it."""

from collections.abc import Mapping, Sequence

from eth_abi.abi import encode

from weilian.hashing import keccak256

HEAD_LENGTH = 26


def trace_head(
    batch_id: bytes, event_hashes: Sequence[bytes], corrections: Mapping[int, int] | None = None
) -> bytes:
    """Fold event hashes into the head (26 bytes) that the chain must have of them.

    `corrections` names for each event that corrects another the one that it corrects, both by
    their places from 0. head = bytes26(keccak256(abi.encode(batchId, uint48 sequence, bytes26
    head, entry))), from head 0, where entry is the event's hash, or
    keccak256(abi.encode(eventHash, uint256 corrected)) for a correction.
    """
    corrects = corrections or {}
    head = bytes(HEAD_LENGTH)
    for sequence, event_hash in enumerate(event_hashes):
        entry = event_hash
        if sequence in corrects:
            entry = keccak256(encode(("bytes32", "uint256"), (event_hash, corrects[sequence])))
        words = encode(
            ("bytes32", "uint48", "bytes26", "bytes32"), (batch_id, sequence, head, entry)
        )
        head = keccak256(words)[:HEAD_LENGTH]
    return head
