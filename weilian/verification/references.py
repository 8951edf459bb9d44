"""What the chain's log says of the documents that a batch refers to."""

from collections import defaultdict
from typing import Any

from weilian.errors import WeilianError
from weilian.suite import Suite
from weilian.verification.availability import BatchReferences
from weilian.verification.trace_log import read_log


class BatchUnknownError(WeilianError, LookupError):
    """A batch that the log does not have."""

    def __init__(self, batch_id: bytes) -> None:
        super().__init__(f"the chain's log has no batch 0x{batch_id.hex()}; check the manifest")


def references_of(suite: Suite, batch_id: bytes) -> BatchReferences:
    """Read a batch's root and the hashes of its documents, events and notices.

    Raises BatchUnknownError, and NodeRefusedError for a node without logs.
    """
    block = suite.chain.head
    registered = _logs(suite, "BatchRegistered", block, batchId=batch_id)
    if not registered:
        raise BatchUnknownError(batch_id)
    [args] = registered
    notices: defaultdict[int | None, set[bytes]] = defaultdict(set)
    for name in ("NoticeIssued", "NoticeLifted"):
        for notice in _logs(suite, name, block, batchId=batch_id):
            notices[notice["number"]].add(notice["noticeHash"])
    product = {"issuer": args["issuer"], "gtin": args["gtin"]}
    for name in ("GtinNoticeIssued", "GtinNoticeLifted"):
        for notice in _logs(suite, name, block, **product):
            notices[None].add(notice["noticeHash"])
    return BatchReferences(
        batch_id=batch_id,
        root=args["root"],
        item_count=args["itemCount"],
        document_hash=args["documentHash"],
        event_hashes=frozenset(each.event_hash for each in read_log(suite, batch_id, block)),
        notice_hashes={number: frozenset(digests) for number, digests in notices.items()},
    )


def _logs(suite: Suite, name: str, block: int, **wanted: Any) -> list[Any]:
    """List the arguments of the registry's events, oldest first; without those of hash zero."""
    found = suite.chain.events(
        suite.provenance.events[name](),
        from_block=suite.record.first_block,
        to_block=block,
        arguments=wanted,
    )
    args = [entry["args"] for entry in found]
    return [each for each in args if each.get("noticeHash") != bytes(32)]
