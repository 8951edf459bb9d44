import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import (
    GTIN,
    GTIN_LIMIT,
    batch_id_of,
    create_registration,
    register_batch,
)
from tests.support.blocks import GAS_SHARE, one_block
from tests.support.clock import NEVER, next_block_at, now
from tests.support.delegation import delegate_all
from tests.support.notices import LIFTING, NOTICE
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason

RECALL, SUSPENSION = NoticeKind.RECALL, NoticeKind.SUSPENSION
RECALLED = Reason.RECALLED | Reason.GTIN_NOTICE
SUSPENDED = Reason.SUSPENDED | Reason.GTIN_NOTICE
LATER_LOT = b"TEA-2026-05".ljust(20, b"\0")


@pytest.mark.parametrize("prepare", ALLOWED)
def test_recall_gtin__caller_may_act_for_issuer__recalls(
    provenance, identities, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("recall"), manufacturer)

    tx = provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=manufacturer)

    assert provenance.gtinNoticeOf(issuer, GTIN).issuedAt == tx.timestamp


@pytest.mark.parametrize("prepare", REFUSED)
def test_recall_gtin__caller_may_not_act_for_issuer__reverts(
    provenance, identities, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("recall"), attacker)

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("recall"),
        actor=attacker,
    ):
        provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=attacker)


@pytest.mark.parametrize("gtin", [0, GTIN_LIMIT + 1, 2**64 - 1])
def test_recall_gtin__gtin_is_out_of_range__reverts(provenance, issuer, gtin):
    with reverts(provenance.ProvenanceRegistry_GtinOutOfRange, gtin=gtin, limit=GTIN_LIMIT):
        provenance.recallGtin(issuer, gtin, RECALL, NOTICE, sender=issuer)


@pytest.mark.parametrize("gtin", [1, GTIN_LIMIT])
def test_recall_gtin__gtin_is_at_limit__recalls(provenance, issuer, gtin):
    batch = register_batch(provenance, issuer, gtin=gtin)

    provenance.recallGtin(issuer, gtin, RECALL, NOTICE, sender=issuer)

    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == RECALLED


def test_recall_gtin__no_batch_of_gtin__keeps_notice(provenance, issuer):
    tx = provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)

    assert tuple(provenance.gtinNoticeOf(issuer, GTIN)) == (tx.timestamp, 0, RECALL)


@pytest.mark.parametrize("kind", NoticeKind)
def test_recall_gtin__issuer_recalls_or_suspends__emits_notice(provenance, issuer, kind):
    tx = provenance.recallGtin(issuer, GTIN, kind, NOTICE, sender=issuer)

    assert tx.events == [
        provenance.GtinNoticeIssued(
            issuer=issuer, gtin=GTIN, kind=kind, noticeHash=NOTICE, actor=issuer
        )
    ]


@pytest.mark.parametrize("kind", NoticeKind)
def test_recall_gtin__issuer_recalls_or_suspends__keeps_notice(provenance, issuer, kind):
    tx = provenance.recallGtin(issuer, GTIN, kind, NOTICE, sender=issuer)

    assert tuple(provenance.gtinNoticeOf(issuer, GTIN)) == (tx.timestamp, 0, kind)


@pytest.mark.parametrize(("kind", "reasons"), [(RECALL, RECALLED), (SUSPENSION, SUSPENDED)])
def test_recall_gtin__issuer_recalls_or_suspends__gives_reason_for_every_batch_of_gtin(
    provenance, batch, issuer, kind, reasons
):
    later = register_batch(provenance, issuer, lot=LATER_LOT)

    provenance.recallGtin(issuer, GTIN, kind, NOTICE, sender=issuer)

    for reached in (batch, later):
        assert provenance.conditionOf(reached.batch_id, 0, 3, NEVER) == reasons
        assert provenance.batchOf(reached.batch_id).noticeCount == 0


@pytest.mark.parametrize("is_notice_first", [True, False])
def test_recall_gtin__batch_that_is_registered_in_same_second__reaches_it(
    provenance, identities, issuer, manufacturer, is_notice_first
):
    delegate_all(identities, issuer, manufacturer, ["batch"])
    terms = create_registration(issuer)
    steps = [
        lambda: provenance.registerBatch(terms, sender=manufacturer, gas=GAS_SHARE),
        lambda: provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer, gas=GAS_SHARE),
    ]

    with one_block():
        for step in reversed(steps) if is_notice_first else steps:
            step()

    registered_at = provenance.batchOf(batch_id_of(issuer)).registeredAt
    assert registered_at == provenance.gtinNoticeOf(issuer, GTIN).issuedAt == now()
    assert provenance.conditionOf(batch_id_of(issuer), 0, 3, NEVER) == RECALLED


def test_recall_gtin__batch_that_is_registered_one_second_later__does_not_reach_it(
    provenance, issuer
):
    notice = provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)
    next_block_at(notice.timestamp + 1)

    batch = register_batch(provenance, issuer)

    assert provenance.batchOf(batch.batch_id).registeredAt == notice.timestamp + 1
    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == Reason.NONE


@pytest.mark.parametrize(
    ("old", "new"), [(SUSPENSION, SUSPENSION), (SUSPENSION, RECALL), (RECALL, RECALL)]
)
def test_recall_gtin__notice_that_stands__replaces_it(provenance, batch, issuer, old, new):
    provenance.recallGtin(issuer, GTIN, old, NOTICE, sender=issuer)

    tx = provenance.recallGtin(issuer, GTIN, new, LIFTING, sender=issuer)

    reasons = RECALLED if new is RECALL else SUSPENDED
    assert tuple(provenance.gtinNoticeOf(issuer, GTIN)) == (tx.timestamp, 0, new)
    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == reasons


def test_recall_gtin__notice_that_stands__reaches_batches_registered_since(provenance, issuer):
    provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)
    since = register_batch(provenance, issuer)

    provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)

    assert provenance.conditionOf(since.batch_id, 0, 3, NEVER) == RECALLED


def test_recall_gtin__recall_that_stands__is_not_weakened_to_suspension(provenance, batch, issuer):
    provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)
    since = register_batch(provenance, issuer, lot=LATER_LOT)

    tx = provenance.recallGtin(issuer, GTIN, SUSPENSION, LIFTING, sender=issuer)

    terms = {"issuer": issuer, "gtin": GTIN, "kind": RECALL}
    assert tx.events == [provenance.GtinNoticeIssued(**terms, noticeHash=LIFTING, actor=issuer)]
    assert tuple(provenance.gtinNoticeOf(issuer, GTIN)) == (tx.timestamp, 0, RECALL)
    for reached in (batch, since):
        assert provenance.conditionOf(reached.batch_id, 0, 3, NEVER) == RECALLED


@pytest.mark.parametrize("owner", ["issuer", "brand"])
def test_recall_gtin__recall_of_another_gtin_or_issuer_stands__suspends(
    provenance, batch, issuer, brand, owner
):
    if owner == "issuer":
        provenance.recallGtin(issuer, 1, RECALL, NOTICE, sender=issuer)
    else:
        provenance.recallGtin(brand, GTIN, RECALL, NOTICE, sender=brand)

    provenance.recallGtin(issuer, GTIN, SUSPENSION, NOTICE, sender=issuer)

    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == SUSPENDED


def test_recall_gtin__notice_that_was_lifted__stands_again(provenance, batch, issuer):
    provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)
    provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)

    tx = provenance.recallGtin(issuer, GTIN, SUSPENSION, NOTICE, sender=issuer)

    assert tuple(provenance.gtinNoticeOf(issuer, GTIN)) == (tx.timestamp, 0, SUSPENSION)
    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == SUSPENDED


def test_recall_gtin__another_gtin__does_not_reach_its_batches(provenance, other, issuer):
    provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)

    assert provenance.conditionOf(other.batch_id, 0, 3, NEVER) == Reason.NONE


def test_recall_gtin__another_issuer_has_same_gtin__does_not_reach_its_batches(
    provenance, batch, brand
):
    provenance.recallGtin(brand, GTIN, RECALL, NOTICE, sender=brand)

    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == Reason.NONE
