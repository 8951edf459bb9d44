"""Recalls and suspensions of items."""

from typing import Any

from eth_utils import keccak

from tests.support.batches import SampleBatch
from tests.support.verdicts import NoticeKind

NOTICE = keccak(text="public notice")
LIFTING = keccak(text="public notice of a reinstatement")


def issue_notice(
    provenance: Any,
    batch: SampleBatch,
    sender: Any,
    first: int = 0,
    last: int | None = None,
    kind: NoticeKind = NoticeKind.RECALL,
) -> int:
    """Recall or suspend the items `first` to `last`, by default all, and return the number."""
    number = provenance.batchOf(batch.batch_id).noticeCount
    last = batch.count - 1 if last is None else last
    provenance.recall(batch.batch_id, first, last, kind, NOTICE, sender=sender)
    return number
