import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of, register_batch
from tests.support.clock import NEVER, next_block_at
from tests.support.notices import LIFTING, NOTICE_LIMIT, issue_notice
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason

RECALL, SUSPENSION = NoticeKind.RECALL, NoticeKind.SUSPENSION


def conditions(provenance, batch):
    """Return what forbids each item to be traded."""
    return [
        provenance.conditionOf(batch.batch_id, index, index, NEVER) for index in range(batch.count)
    ]


@pytest.mark.parametrize("prepare", ALLOWED)
def test_reinstate__caller_may_act_for_issuer__reinstates(
    provenance, identities, batch, issuer, manufacturer, prepare
):
    issue_notice(provenance, batch, issuer)
    prepare(identities, issuer, permission("recall"), manufacturer)

    tx = provenance.reinstate(batch.batch_id, 0, LIFTING, sender=manufacturer)

    assert provenance.noticeOf(batch.batch_id, 0).liftedAt == tx.timestamp


@pytest.mark.parametrize("prepare", REFUSED)
def test_reinstate__caller_may_not_act_for_issuer__reverts(
    provenance, identities, batch, issuer, attacker, prepare
):
    issue_notice(provenance, batch, issuer)
    prepare(identities, issuer, permission("recall"), attacker)

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("recall"),
        actor=attacker,
    ):
        provenance.reinstate(batch.batch_id, 0, LIFTING, sender=attacker)


def test_reinstate__batch_is_unknown__reverts(provenance, issuer):
    batch_id = batch_id_of(issuer)

    with reverts(provenance.ProvenanceRegistry_NoticeNotStanding, batchId=batch_id, number=0):
        provenance.reinstate(batch_id, 0, LIFTING, sender=issuer)


@pytest.mark.parametrize("number", [1, NOTICE_LIMIT, 2**256 - 1])
def test_reinstate__there_is_no_such_notice__reverts(provenance, batch, issuer, number):
    issue_notice(provenance, batch, issuer)

    with reverts(
        provenance.ProvenanceRegistry_NoticeNotStanding, batchId=batch.batch_id, number=number
    ):
        provenance.reinstate(batch.batch_id, number, LIFTING, sender=issuer)


def test_reinstate__notice_was_lifted_before__reverts(provenance, batch, issuer):
    issue_notice(provenance, batch, issuer)
    provenance.reinstate(batch.batch_id, 0, LIFTING, sender=issuer)

    with reverts(provenance.ProvenanceRegistry_NoticeNotStanding, batchId=batch.batch_id, number=0):
        provenance.reinstate(batch.batch_id, 0, LIFTING, sender=issuer)


def test_reinstate__issuer_reinstates__emits_number_and_notice(provenance, batch, issuer):
    issue_notice(provenance, batch, issuer)
    number = issue_notice(provenance, batch, issuer)

    tx = provenance.reinstate(batch.batch_id, number, LIFTING, sender=issuer)

    assert tx.events == [
        provenance.NoticeLifted(
            batchId=batch.batch_id, number=number, noticeHash=LIFTING, actor=issuer
        )
    ]


@pytest.mark.parametrize("kind", NoticeKind)
def test_reinstate__issuer_reinstates__keeps_time_and_nothing_else_of_notice_changes(
    provenance, batch, issuer, kind
):
    issue_notice(provenance, batch, issuer, 1, 2, kind)
    issued = provenance.noticeOf(batch.batch_id, 0)
    next_block_at(issued.issuedAt + 77)

    provenance.reinstate(batch.batch_id, 0, LIFTING, sender=issuer)

    lifted = tuple(provenance.noticeOf(batch.batch_id, 0))
    assert lifted == (1, 2, issued.issuedAt, issued.issuedAt + 77, kind)


def test_reinstate__issuer_reinstates__changes_nothing_of_batch(provenance, batch, issuer):
    issue_notice(provenance, batch, issuer)
    before = provenance.batchOf(batch.batch_id)

    provenance.reinstate(batch.batch_id, 0, LIFTING, sender=issuer)

    assert provenance.batchOf(batch.batch_id) == before


@pytest.mark.parametrize("kind", NoticeKind)
def test_reinstate__issuer_reinstates__takes_reason_away(provenance, batch, issuer, kind):
    issue_notice(provenance, batch, issuer, kind=kind)

    provenance.reinstate(batch.batch_id, 0, LIFTING, sender=issuer)

    assert conditions(provenance, batch) == [Reason.NONE] * 4


def test_reinstate__two_recalls_that_overlap_at_one_item__recalls_it_until_both_are_lifted(
    provenance, issuer
):
    batch = register_batch(provenance, issuer, count=5)
    first = issue_notice(provenance, batch, issuer, 0, 2)
    second = issue_notice(provenance, batch, issuer, 2, 4)

    provenance.reinstate(batch.batch_id, first, LIFTING, sender=issuer)
    after_one = conditions(provenance, batch)
    provenance.reinstate(batch.batch_id, second, LIFTING, sender=issuer)

    assert after_one == [Reason.NONE] * 2 + [Reason.RECALLED] * 3
    assert conditions(provenance, batch) == [Reason.NONE] * 5


@pytest.mark.parametrize(
    ("lifted", "left"), [(RECALL, Reason.SUSPENDED), (SUSPENSION, Reason.RECALLED)]
)
def test_reinstate__suspension_and_recall__leaves_other(provenance, batch, issuer, lifted, left):
    numbers = {
        kind: issue_notice(provenance, batch, issuer, kind=kind) for kind in (SUSPENSION, RECALL)
    }

    provenance.reinstate(batch.batch_id, numbers[lifted], LIFTING, sender=issuer)

    assert conditions(provenance, batch) == [left] * 4


def test_reinstate__same_range_is_recalled_again__stays_recalled(provenance, batch, issuer):
    old = issue_notice(provenance, batch, issuer)
    provenance.reinstate(batch.batch_id, old, LIFTING, sender=issuer)
    new = issue_notice(provenance, batch, issuer)

    with reverts(
        provenance.ProvenanceRegistry_NoticeNotStanding, batchId=batch.batch_id, number=old
    ):
        provenance.reinstate(batch.batch_id, old, LIFTING, sender=issuer)

    assert new == old + 1
    assert conditions(provenance, batch) == [Reason.RECALLED] * 4


def test_reinstate__two_batches__leaves_notice_of_other(provenance, batch, other, issuer):
    for recalled in (batch, other):
        issue_notice(provenance, recalled, issuer)

    provenance.reinstate(batch.batch_id, 0, LIFTING, sender=issuer)

    assert provenance.noticeOf(other.batch_id, 0).liftedAt == 0


def test_reinstate__batch_is_expired__reinstates(provenance, expiring, issuer):
    batch, expires_at = expiring
    issue_notice(provenance, batch, issuer)
    next_block_at(expires_at)

    provenance.reinstate(batch.batch_id, 0, LIFTING, sender=issuer)

    assert conditions(provenance, batch) == [Reason.EXPIRED] * 4
