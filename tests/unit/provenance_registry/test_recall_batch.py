import pytest
from eth_utils import keccak

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of, register_batch
from tests.support.clock import next_block_at, now
from tests.support.reverts import reverts

NOTICE = keccak(text="recall notice")


@pytest.mark.parametrize("prepare", ALLOWED)
def test_recall_batch__caller_may_act_for_issuer__recalls(
    provenance, identities, batch, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("recall"), manufacturer)

    tx = provenance.recallBatch(batch.batch_id, NOTICE, sender=manufacturer)

    assert provenance.batchOf(batch.batch_id).recalledAt == tx.timestamp


@pytest.mark.parametrize("prepare", REFUSED)
def test_recall_batch__caller_may_not_act_for_issuer__reverts(
    provenance, identities, batch, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("recall"), attacker)

    with reverts(
        provenance.ProvenanceRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("recall"),
        actor=attacker,
    ):
        provenance.recallBatch(batch.batch_id, NOTICE, sender=attacker)


def test_recall_batch__batch_is_unknown__reverts(provenance, issuer):
    batch_id = batch_id_of(issuer)

    with reverts(provenance.ProvenanceRegistry_BatchUnknown, batchId=batch_id):
        provenance.recallBatch(batch_id, NOTICE, sender=issuer)


def test_recall_batch__batch_is_recalled__reverts(provenance, batch, issuer):
    first = provenance.recallBatch(batch.batch_id, NOTICE, sender=issuer)

    with reverts(
        provenance.ProvenanceRegistry_AlreadyRecalled,
        batchId=batch.batch_id,
        recalledAt=first.timestamp,
    ):
        provenance.recallBatch(batch.batch_id, NOTICE, sender=issuer)


def test_recall_batch__issuer_recalls__keeps_time_and_nothing_else_changes(
    provenance, batch, issuer
):
    before = provenance.batchOf(batch.batch_id)

    tx = provenance.recallBatch(batch.batch_id, NOTICE, sender=issuer)

    after = provenance.batchOf(batch.batch_id)
    assert tuple(after) == (*tuple(before)[:4], tx.timestamp)


def test_recall_batch__issuer_recalls__emits_notice(provenance, batch, issuer):
    tx = provenance.recallBatch(batch.batch_id, NOTICE, sender=issuer)

    assert tx.events == [
        provenance.BatchRecalled(batchId=batch.batch_id, noticeHash=NOTICE, actor=issuer)
    ]


def test_recall_batch__batch_is_expired__recalls(provenance, issuer):
    expires_at = now() + 1000
    batch = register_batch(provenance, issuer, expires_at=expires_at)
    next_block_at(expires_at)

    provenance.recallBatch(batch.batch_id, NOTICE, sender=issuer)

    assert provenance.batchOf(batch.batch_id).recalledAt == expires_at
