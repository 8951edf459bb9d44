"""Recalls and suspensions of items."""

from typing import Any

from eth_utils import keccak

from tests.support.batches import SampleBatch
from tests.support.verdicts import NoticeKind

NOTICE_LIMIT = 32
"""So many notices a batch may have in its life; the next one's place is the whole batch's alone."""

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
    number = min(provenance.batchOf(batch.batch_id).noticeCount, NOTICE_LIMIT)
    last = batch.count - 1 if last is None else last
    provenance.recall(batch.batch_id, first, last, kind, NOTICE, sender=sender)
    return number


def crowd_notices(provenance: Any, batch: SampleBatch, sender: Any, count: int) -> None:
    """Issue so many suspensions of the whole batch, which differ in nothing."""
    terms = (batch.batch_id, 0, batch.count - 1, NoticeKind.SUSPENSION, NOTICE)
    for _ in range(count):
        provenance.recall(*terms, sender=sender)


def lift_all(provenance: Any, batch_id: bytes, issuer: Any) -> None:
    """Lift every notice of a batch, and its GTIN's, that stands."""
    batch = provenance.batchOf(batch_id)
    for number in range(batch.noticeCount):
        if not provenance.noticeOf(batch_id, number).liftedAt:
            provenance.reinstate(batch_id, number, LIFTING, sender=issuer)
    on_gtin = provenance.gtinNoticeOf(issuer, batch.gtin)
    if on_gtin.issuedAt and not on_gtin.liftedAt:
        provenance.reinstateGtin(issuer, batch.gtin, LIFTING, sender=issuer)
