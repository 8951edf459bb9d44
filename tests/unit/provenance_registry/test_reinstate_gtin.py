import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import GTIN, register_batch
from tests.support.clock import NEVER, next_block_at
from tests.support.notices import LIFTING, NOTICE, issue_notice
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason

RECALL = NoticeKind.RECALL
LATER_LOT = b"TEA-2026-05".ljust(20, b"\0")


@pytest.fixture
def notice(provenance, batch, issuer):
    """The receipt of a recall of the batch's GTIN."""
    return provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)


@pytest.mark.parametrize("prepare", ALLOWED)
def test_reinstate_gtin__caller_may_act_for_issuer__reinstates(
    provenance, identities, notice, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("recall"), manufacturer)

    tx = provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=manufacturer)

    assert provenance.gtinNoticeOf(issuer, GTIN).liftedAt == tx.timestamp


@pytest.mark.parametrize("prepare", REFUSED)
def test_reinstate_gtin__caller_may_not_act_for_issuer__reverts(
    provenance, identities, notice, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("recall"), attacker)

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("recall"),
        actor=attacker,
    ):
        provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=attacker)


@pytest.mark.parametrize("gtin", [0, 1, 2**64 - 1])
def test_reinstate_gtin__no_notice_on_gtin__reverts(provenance, notice, issuer, gtin):
    with reverts(provenance.ProvenanceRegistry_GtinNoticeNotStanding, issuer=issuer, gtin=gtin):
        provenance.reinstateGtin(issuer, gtin, LIFTING, sender=issuer)


def test_reinstate_gtin__notice_was_lifted_before__reverts(provenance, notice, issuer):
    provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)

    with reverts(provenance.ProvenanceRegistry_GtinNoticeNotStanding, issuer=issuer, gtin=GTIN):
        provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)


def test_reinstate_gtin__notice_of_another_issuer_on_same_gtin__reverts(provenance, notice, brand):
    with reverts(provenance.ProvenanceRegistry_GtinNoticeNotStanding, issuer=brand, gtin=GTIN):
        provenance.reinstateGtin(brand, GTIN, LIFTING, sender=brand)


def test_reinstate_gtin__issuer_reinstates__emits_notice(provenance, notice, issuer):
    tx = provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)

    assert tx.events == [
        provenance.GtinNoticeLifted(issuer=issuer, gtin=GTIN, noticeHash=LIFTING, actor=issuer)
    ]


def test_reinstate_gtin__issuer_reinstates__keeps_time_and_nothing_else_of_notice_changes(
    provenance, notice, issuer
):
    next_block_at(notice.timestamp + 77)

    provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)

    kept = tuple(provenance.gtinNoticeOf(issuer, GTIN))
    assert kept == (notice.timestamp, notice.timestamp + 77, RECALL)


def test_reinstate_gtin__issuer_reinstates__takes_reason_away_from_every_batch(
    provenance, batch, issuer
):
    later = register_batch(provenance, issuer, lot=LATER_LOT)
    provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)

    provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)

    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == Reason.NONE
    assert provenance.conditionOf(later.batch_id, 0, 3, NEVER) == Reason.NONE


def test_reinstate_gtin__batch_is_recalled_by_itself__leaves_this_recall(
    provenance, batch, notice, issuer
):
    issue_notice(provenance, batch, issuer)

    provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)

    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == Reason.RECALLED


def test_reinstate_gtin__notice_on_another_gtin__leaves_this_notice(
    provenance, other, notice, issuer
):
    provenance.recallGtin(issuer, 1, RECALL, NOTICE, sender=issuer)

    provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)

    assert provenance.gtinNoticeOf(issuer, 1).liftedAt == 0
    assert (
        provenance.conditionOf(other.batch_id, 0, 3, NEVER) == Reason.RECALLED | Reason.GTIN_NOTICE
    )
