"""Every way to recall or suspend ten items, all or some, and what it tells of all of them."""

from eth_utils import keccak

from tests.support.batches import GTIN
from tests.support.verdicts import NoticeKind, Reason
from tests.unit.custody_ledger.conftest import SIZE

NOTICE = keccak(text="notice")


def recall_all(provenance, batch_id, issuer):
    provenance.recall(batch_id, 0, SIZE - 1, NoticeKind.RECALL, NOTICE, sender=issuer)


def suspend_all(provenance, batch_id, issuer):
    provenance.recall(batch_id, 0, SIZE - 1, NoticeKind.SUSPENSION, NOTICE, sender=issuer)


def recall_first(provenance, batch_id, issuer):
    provenance.recall(batch_id, 0, 0, NoticeKind.RECALL, NOTICE, sender=issuer)


def recall_inner(provenance, batch_id, issuer):
    provenance.recall(batch_id, 4, 5, NoticeKind.RECALL, NOTICE, sender=issuer)


def suspend_last(provenance, batch_id, issuer):
    provenance.recall(batch_id, SIZE - 1, SIZE - 1, NoticeKind.SUSPENSION, NOTICE, sender=issuer)


def recall_and_suspend(provenance, batch_id, issuer):
    recall_first(provenance, batch_id, issuer)
    suspend_last(provenance, batch_id, issuer)


def recall_gtin(provenance, batch_id, issuer):
    provenance.recallGtin(issuer, GTIN, NoticeKind.RECALL, NOTICE, sender=issuer)


def suspend_gtin(provenance, batch_id, issuer):
    provenance.recallGtin(issuer, GTIN, NoticeKind.SUSPENSION, NOTICE, sender=issuer)


NOTICES = [
    (recall_all, Reason.RECALLED),
    (suspend_all, Reason.SUSPENDED),
    (recall_first, Reason.RECALLED),
    (recall_inner, Reason.RECALLED),
    (suspend_last, Reason.SUSPENDED),
    (recall_and_suspend, Reason.RECALLED | Reason.SUSPENDED),
    (recall_gtin, Reason.RECALLED | Reason.GTIN_NOTICE),
    (suspend_gtin, Reason.SUSPENDED | Reason.GTIN_NOTICE),
]
