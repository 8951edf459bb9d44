"""Recalls of a batch that has had all notices its parts may have."""

import pytest

from tests.support.abi import permission
from tests.support.batches import register_batch
from tests.support.clock import NEVER, next_block_at
from tests.support.delegation import delegate_all
from tests.support.notices import (
    LIFTING,
    NOTICE,
    NOTICE_LIMIT,
    crowd_notices,
    issue_notice,
    lift_all,
)
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason

RECALL, SUSPENSION = NoticeKind.RECALL, NoticeKind.SUSPENSION
ALL = (0, 3)


@pytest.fixture(scope="module")
def crowded(provenance, issuer):
    """A batch of four items with 32 suspensions that all stand."""
    batch = register_batch(provenance, issuer, gtin=1)
    crowd_notices(provenance, batch, issuer, NOTICE_LIMIT)
    return batch


@pytest.fixture(scope="module")
def full(provenance, issuer):
    """A batch of four items after 32 suspensions, of which none stands."""
    batch = register_batch(provenance, issuer, gtin=2)
    crowd_notices(provenance, batch, issuer, NOTICE_LIMIT)
    lift_all(provenance, batch.batch_id, issuer)
    return batch


def recall_all(provenance, batch, sender, kind=RECALL):
    """Recall or suspend the whole batch and return the receipt."""
    return provenance.recall(batch.batch_id, *ALL, kind, NOTICE, sender=sender)


def condition(provenance, batch):
    """Return what forbids to trade all of the batch now."""
    return provenance.conditionOf(batch.batch_id, *ALL, NEVER)


def too_many(provenance, batch):
    """Demand that a notice is refused because there were 32."""
    return reverts(
        provenance.ProvenanceRegistry_TooManyNotices, batchId=batch.batch_id, limit=NOTICE_LIMIT
    )


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 2), (1, 3), (3, 3)])
def test_recall__32_notices_that_stand__reverts_for_part_of_batch(
    provenance, crowded, issuer, first, last
):
    with too_many(provenance, crowded):
        provenance.recall(crowded.batch_id, first, last, RECALL, NOTICE, sender=issuer)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 2), (1, 3), (3, 3)])
def test_recall__32_notices_that_are_all_lifted__reverts_for_part_of_batch(
    provenance, full, issuer, first, last
):
    with too_many(provenance, full):
        provenance.recall(full.batch_id, first, last, RECALL, NOTICE, sender=issuer)


@pytest.mark.parametrize("kind", NoticeKind)
def test_recall__32_notices_that_are_all_lifted__issues_number_32_of_whole_batch(
    provenance, full, issuer, kind
):
    tx = recall_all(provenance, full, issuer, kind)

    assert tuple(provenance.noticeOf(full.batch_id, 32)) == (*ALL, tx.timestamp, 0, kind)
    assert provenance.batchOf(full.batch_id).noticeCount == 33


def test_recall__32_notices_that_are_all_lifted__gives_reason_by_new_notice(
    provenance, full, issuer
):
    before = condition(provenance, full)

    recall_all(provenance, full, issuer)

    assert (before, condition(provenance, full)) == (Reason.NONE, Reason.RECALLED)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (1, 3)])
def test_recall__number_32_is_issued__reverts_for_part_of_batch(
    provenance, full, issuer, first, last
):
    recall_all(provenance, full, issuer)

    with too_many(provenance, full):
        provenance.recall(full.batch_id, first, last, RECALL, NOTICE, sender=issuer)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_recall__number_32_is_issued__writes_it_anew_however_often(provenance, full, issuer, times):
    recall_all(provenance, full, issuer)

    for _ in range(times):
        tx = recall_all(provenance, full, issuer)

    assert tuple(provenance.noticeOf(full.batch_id, 32)) == (*ALL, tx.timestamp, 0, RECALL)
    assert tuple(provenance.noticeOf(full.batch_id, 33)) == (0,) * 5
    assert provenance.batchOf(full.batch_id).noticeCount == 33


@pytest.mark.parametrize("kind", NoticeKind)
def test_recall__number_32_is_issued__tells_same_number_again(provenance, full, issuer, kind):
    recall_all(provenance, full, issuer, kind)

    number = provenance.recall.call(full.batch_id, *ALL, kind, NOTICE, sender=issuer)
    tx = recall_all(provenance, full, issuer, kind)

    terms = {"batchId": full.batch_id, "number": 32, "kind": kind, "first": 0, "last": 3}
    assert tx.events == [provenance.NoticeIssued(**terms, noticeHash=NOTICE, actor=issuer)]
    assert number == 32


def test_recall__number_32_is_issued__changes_nothing_else_of_batch_and_its_notices(
    provenance, full, issuer
):
    def kept():
        notices = [tuple(provenance.noticeOf(full.batch_id, number)) for number in range(32)]
        return tuple(provenance.batchOf(full.batch_id)), notices

    recall_all(provenance, full, issuer)
    before = kept()

    recall_all(provenance, full, issuer)

    assert kept() == before


def test_recall__number_32_is_recall_that_stands__is_not_weakened_to_suspension(
    provenance, full, issuer
):
    recall_all(provenance, full, issuer)

    tx = recall_all(provenance, full, issuer, SUSPENSION)

    terms = {"batchId": full.batch_id, "number": 32, "kind": RECALL, "first": 0, "last": 3}
    assert tx.events == [provenance.NoticeIssued(**terms, noticeHash=NOTICE, actor=issuer)]
    assert tuple(provenance.noticeOf(full.batch_id, 32)) == (*ALL, tx.timestamp, 0, RECALL)
    assert condition(provenance, full) == Reason.RECALLED


def test_recall__number_32_is_suspension_that_stands__makes_recall_of_it(provenance, full, issuer):
    recall_all(provenance, full, issuer, SUSPENSION)

    tx = recall_all(provenance, full, issuer, RECALL)

    assert tuple(provenance.noticeOf(full.batch_id, 32)) == (*ALL, tx.timestamp, 0, RECALL)
    assert condition(provenance, full) == Reason.RECALLED


@pytest.mark.parametrize(
    ("kind", "reason"), [(RECALL, Reason.RECALLED), (SUSPENSION, Reason.SUSPENDED)]
)
def test_recall__number_32_is_recall_that_was_lifted__stands_again_as_either_kind(
    provenance, full, issuer, kind, reason
):
    recall_all(provenance, full, issuer)
    provenance.reinstate(full.batch_id, 32, LIFTING, sender=issuer)

    tx = recall_all(provenance, full, issuer, kind)

    assert tuple(provenance.noticeOf(full.batch_id, 32)) == (*ALL, tx.timestamp, 0, kind)
    assert condition(provenance, full) == reason


def test_recall__number_32_is_lifted__takes_its_reason_away(provenance, full, issuer):
    issued = recall_all(provenance, full, issuer)
    next_block_at(issued.timestamp + 77)

    provenance.reinstate(full.batch_id, 32, LIFTING, sender=issuer)

    lifted = (*ALL, issued.timestamp, issued.timestamp + 77, RECALL)
    assert tuple(provenance.noticeOf(full.batch_id, 32)) == lifted
    assert condition(provenance, full) == Reason.NONE


def test_recall__number_32_is_lifted__is_not_lifted_again_until_issued_anew(
    provenance, full, issuer
):
    recall_all(provenance, full, issuer)
    arguments = (full.batch_id, 32, LIFTING)
    provenance.reinstate(*arguments, sender=issuer)

    with reverts(provenance.ProvenanceRegistry_NoticeNotStanding, batchId=full.batch_id, number=32):
        provenance.reinstate(*arguments, sender=issuer)
    recall_all(provenance, full, issuer)
    provenance.reinstate(*arguments, sender=issuer)

    assert condition(provenance, full) == Reason.NONE


def test_recall__other_notices_stand__lifts_number_32_alone(provenance, crowded, issuer):
    recall_all(provenance, crowded, issuer)
    both = condition(provenance, crowded)

    provenance.reinstate(crowded.batch_id, 32, LIFTING, sender=issuer)

    assert both == Reason.RECALLED | Reason.SUSPENDED
    assert condition(provenance, crowded) == Reason.SUSPENDED


def test_recall__batch_of_one_item__recalls_this_item(provenance, issuer):
    single = register_batch(provenance, issuer, count=1)
    crowd_notices(provenance, single, issuer, NOTICE_LIMIT + 1)

    number = issue_notice(provenance, single, issuer)

    assert number == 32
    assert provenance.noticeOf(single.batch_id, 32).kind == RECALL


def test_recall__key_that_was_good_once_used_notices_up__recalls_for_issuer_alone(
    provenance, identities, batch, issuer, attacker
):
    delegate_all(identities, issuer, attacker, ["recall"])
    crowd_notices(provenance, batch, attacker, NOTICE_LIMIT + 2)
    lift_all(provenance, batch.batch_id, attacker)
    identities.revokeDelegate(issuer, permission("recall"), attacker, sender=issuer)

    recall_all(provenance, batch, issuer)

    refusal = {"issuer": issuer, "permission": permission("recall"), "actor": attacker}
    with reverts(provenance.IssuerRegistry_NotAuthorized, **refusal):
        provenance.reinstate(batch.batch_id, 32, LIFTING, sender=attacker)
    assert condition(provenance, batch) == Reason.RECALLED
