import pytest

from tests.support.batches import batch_id_of, create_registration
from tests.support.clock import next_block_at
from tests.support.notices import LIFTING, NOTICE, issue_notice
from tests.support.verdicts import NoticeKind

RECALL, SUSPENSION = NoticeKind.RECALL, NoticeKind.SUSPENSION
LAST = 2**32 - 2


@pytest.mark.parametrize("number", [0, 1, 2**256 - 1])
def test_notice_of__no_notice__is_all_zero(provenance, batch, number):
    assert tuple(provenance.noticeOf(batch.batch_id, number)) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("kind", NoticeKind)
def test_notice_of__notice_with_largest_of_every_number__keeps_each_apart(provenance, issuer, kind):
    batch_id, end = batch_id_of(issuer), 2**48 - 1
    provenance.registerBatch(create_registration(issuer, itemCount=LAST + 1), sender=issuer)
    next_block_at(end - 1)
    provenance.recall(batch_id, LAST, LAST, kind, NOTICE, sender=issuer)
    next_block_at(end)

    provenance.reinstate(batch_id, 0, LIFTING, sender=issuer)

    assert tuple(provenance.noticeOf(batch_id, 0)) == (LAST, LAST, end - 1, end, kind)


def test_notice_of__several_notices__keeps_each_under_its_number(provenance, batch, issuer):
    kinds = [RECALL, SUSPENSION, RECALL]
    for first, kind in enumerate(kinds):
        issue_notice(provenance, batch, issuer, first, 3, kind)

    kept = [provenance.noticeOf(batch.batch_id, number) for number in range(3)]

    assert [(notice.first, notice.kind) for notice in kept] == list(enumerate(kinds))


def test_notice_of__notice_that_was_lifted__shows_when(provenance, batch, issuer):
    issue_notice(provenance, batch, issuer)

    tx = provenance.reinstate(batch.batch_id, 0, LIFTING, sender=issuer)

    assert provenance.noticeOf(batch.batch_id, 0).liftedAt == tx.timestamp
