import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of, create_registration, register_batch
from tests.support.clock import NEVER, next_block_at
from tests.support.notices import NOTICE, NOTICE_LIMIT, crowd_notices, issue_notice
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason

RECALL = NoticeKind.RECALL
LAST = 2**32 - 1


def recalled_among(provenance, batch, indexes):
    """Return which of these items are recalled."""
    return {
        index
        for index in indexes
        if provenance.conditionOf(batch.batch_id, index, index, NEVER) & Reason.RECALLED
    }


@pytest.mark.parametrize("prepare", ALLOWED)
def test_recall__caller_may_act_for_issuer__recalls(
    provenance, identities, batch, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("recall"), manufacturer)

    tx = provenance.recall(batch.batch_id, 0, 3, RECALL, NOTICE, sender=manufacturer)

    assert provenance.noticeOf(batch.batch_id, 0).issuedAt == tx.timestamp


@pytest.mark.parametrize("prepare", REFUSED)
def test_recall__caller_may_not_act_for_issuer__reverts(
    provenance, identities, batch, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("recall"), attacker)

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("recall"),
        actor=attacker,
    ):
        provenance.recall(batch.batch_id, 0, 3, RECALL, NOTICE, sender=attacker)


def test_recall__batch_is_unknown__reverts(provenance, issuer):
    batch_id = batch_id_of(issuer)

    with reverts(provenance.ProvenanceRegistry_BatchUnknown, batchId=batch_id):
        provenance.recall(batch_id, 0, 0, RECALL, NOTICE, sender=issuer)


@pytest.mark.parametrize(("first", "last"), [(1, 0), (3, 2), (LAST, 0)])
def test_recall__first_item_is_after_last__reverts(provenance, batch, issuer, first, last):
    with reverts(
        provenance.ProvenanceRegistry_RangeWrong,
        batchId=batch.batch_id,
        first=first,
        last=last,
        count=4,
    ):
        provenance.recall(batch.batch_id, first, last, RECALL, NOTICE, sender=issuer)


@pytest.mark.parametrize(("first", "last"), [(0, 4), (4, 4), (0, LAST), (LAST, LAST)])
def test_recall__last_item_is_beyond_batch__reverts(provenance, batch, issuer, first, last):
    with reverts(
        provenance.ProvenanceRegistry_RangeWrong,
        batchId=batch.batch_id,
        first=first,
        last=last,
        count=4,
    ):
        provenance.recall(batch.batch_id, first, last, RECALL, NOTICE, sender=issuer)


@pytest.mark.parametrize("kind", NoticeKind)
def test_recall__issuer_recalls_or_suspends__emits_notice(provenance, batch, issuer, kind):
    tx = provenance.recall(batch.batch_id, 1, 2, kind, NOTICE, sender=issuer)

    assert tx.events == [
        provenance.NoticeIssued(
            batchId=batch.batch_id,
            number=0,
            kind=kind,
            first=1,
            last=2,
            noticeHash=NOTICE,
            actor=issuer,
        )
    ]


@pytest.mark.parametrize("kind", NoticeKind)
def test_recall__issuer_recalls_or_suspends__keeps_notice(provenance, batch, issuer, kind):
    tx = provenance.recall(batch.batch_id, 1, 2, kind, NOTICE, sender=issuer)

    assert tuple(provenance.noticeOf(batch.batch_id, 0)) == (1, 2, tx.timestamp, 0, kind)


@pytest.mark.parametrize("kind", NoticeKind)
def test_recall__issuer_recalls_or_suspends__counts_it_and_changes_nothing_else_of_batch(
    provenance, issuer, kind, expiring
):
    batch, _ = expiring
    before = provenance.batchOf(batch.batch_id)

    provenance.recall(batch.batch_id, 1, 2, kind, NOTICE, sender=issuer)

    after = provenance.batchOf(batch.batch_id)
    assert tuple(after) == (*tuple(before)[:6], 1, before.operatorTag)


def test_recall__there_are_several_notices__numbers_them_from_zero(provenance, batch, issuer):
    numbers = []
    for first in range(3):
        arguments = (batch.batch_id, first, 3, RECALL, NOTICE)
        numbers.append(provenance.recall.call(*arguments, sender=issuer))
        provenance.recall(*arguments, sender=issuer)

    assert numbers == [0, 1, 2]
    assert [provenance.noticeOf(batch.batch_id, number).first for number in numbers] == [0, 1, 2]


@pytest.mark.parametrize("index", [0, 1, 3])
def test_recall__it_is_one_item__recalls_this_item_and_none_beside_it(
    provenance, batch, issuer, index
):
    issue_notice(provenance, batch, issuer, index, index)

    assert recalled_among(provenance, batch, range(4)) == {index}


def test_recall__it_is_range_of_items__recalls_both_ends_and_none_beside_them(provenance, issuer):
    batch = register_batch(provenance, issuer, count=8)

    issue_notice(provenance, batch, issuer, 2, 5)

    assert recalled_among(provenance, batch, range(8)) == {2, 3, 4, 5}


def test_recall__largest_batch__recalls_last_item(provenance, issuer):
    provenance.registerBatch(create_registration(issuer, itemCount=LAST), sender=issuer)
    batch_id = batch_id_of(issuer)

    tx = provenance.recall(batch_id, LAST - 1, LAST - 1, RECALL, NOTICE, sender=issuer)

    notice = tuple(provenance.noticeOf(batch_id, 0))
    assert notice == (LAST - 1, LAST - 1, tx.timestamp, 0, RECALL)
    assert provenance.conditionOf(batch_id, 0, LAST - 2, NEVER) == 0
    assert provenance.conditionOf(batch_id, 0, LAST - 1, NEVER) == Reason.RECALLED


def test_recall__batch_is_recalled__adds_notice(provenance, batch, issuer):
    issue_notice(provenance, batch, issuer)

    issue_notice(provenance, batch, issuer)

    assert provenance.batchOf(batch.batch_id).noticeCount == 2


def test_recall__batch_is_expired__recalls(provenance, expiring, issuer):
    batch, expires_at = expiring
    next_block_at(expires_at)

    issue_notice(provenance, batch, issuer)

    assert provenance.noticeOf(batch.batch_id, 0).issuedAt == expires_at


def test_recall__31_notices__recalls_part_of_batch(provenance, batch, issuer):
    crowd_notices(provenance, batch, issuer, NOTICE_LIMIT - 1)

    issue_notice(provenance, batch, issuer, 1, 1)

    assert recalled_among(provenance, batch, range(4)) == {1}


def test_recall__two_batches__recalls_no_item_of_other(provenance, batch, other, issuer):
    issue_notice(provenance, batch, issuer)

    assert recalled_among(provenance, other, range(4)) == set()
