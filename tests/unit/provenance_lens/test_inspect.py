import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, ZERO_HASH
from tests.support.batches import create_batch, register_batch
from tests.support.claims import claim_item
from tests.support.clock import now, read_at
from tests.support.verdicts import Reason, Verdict

NOTICE = keccak(text="recall notice")
NO_BATCH = (ZERO_HASH, 0, 0, 0, 0)
NO_TRACE = (b"\0" * 26, 0)
NO_CLAIM = (ZERO_ADDRESS, 0)


@pytest.fixture
def batch(provenance, issuer):
    """A registered batch of three items that never expires."""
    return register_batch(provenance, issuer, count=3)


def graded(report):
    return report.verdict, report.reasons


def findings(report):
    """Return what stands behind a verdict."""
    return report.issuer, tuple(report.batch), tuple(report.trace), tuple(report.item)


def test_inspect__batch_is_unknown__is_unknown_with_nothing_else(lens, provenance, brand, shopper):
    batch = create_batch(provenance, brand)

    report = lens.inspect(batch.item(), batch.proof(), shopper)

    assert graded(report) == (Verdict.UNKNOWN, Reason.BATCH_UNKNOWN)
    assert findings(report) == (ZERO_ADDRESS, NO_BATCH, NO_TRACE, NO_CLAIM)


def test_inspect__proof_is_wrong_for_claimed_item__is_unknown_with_nothing_else(
    lens, items, batch, shopper
):
    claim_item(items, batch, shopper)

    report = lens.inspect(batch.item(), batch.proof(1), shopper)

    assert graded(report) == (Verdict.UNKNOWN, Reason.PROOF_INVALID)
    assert findings(report) == (ZERO_ADDRESS, NO_BATCH, NO_TRACE, NO_CLAIM)


def test_inspect__no_claim__reports_what_registries_keep(lens, provenance, batch, issuer, shopper):
    report = lens.inspect(batch.item(), batch.proof(), shopper)

    kept = tuple(provenance.batchOf(batch.batch_id))
    assert graded(report) == (Verdict.REGISTERED, Reason.NONE)
    assert findings(report) == (issuer, kept, NO_TRACE, NO_CLAIM)


def test_inspect__no_claim_and_nobody_asks__is_registered(lens, batch):
    # No owner and no viewer are both zero: that must not read as "claimed by you".
    report = lens.inspect(batch.item(), batch.proof(), ZERO_ADDRESS)

    assert graded(report) == (Verdict.REGISTERED, Reason.NONE)


def test_inspect__viewer_claimed__is_claimed_by_you(lens, items, batch, shopper):
    tx = claim_item(items, batch, shopper)

    report = lens.inspect(batch.item(), batch.proof(), shopper)

    assert graded(report) == (Verdict.CLAIMED_BY_YOU, Reason.CLAIMED_BY_VIEWER)
    assert tuple(report.item) == (shopper, tx.timestamp)


def test_inspect__another_claimed__is_already_claimed(lens, items, batch, shopper, payer):
    tx = claim_item(items, batch, shopper)

    report = lens.inspect(batch.item(), batch.proof(), payer)

    assert graded(report) == (Verdict.ALREADY_CLAIMED, Reason.CLAIMED_BY_OTHER)
    assert tuple(report.item) == (shopper, tx.timestamp)


def test_inspect__claim_and_nobody_asks__is_already_claimed(lens, items, batch, shopper):
    claim_item(items, batch, shopper)

    report = lens.inspect(batch.item(), batch.proof(), ZERO_ADDRESS)

    assert graded(report) == (Verdict.ALREADY_CLAIMED, Reason.CLAIMED_BY_OTHER)


def test_inspect__batch_is_recalled_after_claim__is_recalled_with_claim_as_reason(
    lens, items, provenance, batch, issuer, shopper
):
    claim_item(items, batch, shopper)
    provenance.recallBatch(batch.batch_id, NOTICE, sender=issuer)

    report = lens.inspect(batch.item(), batch.proof(), shopper)

    assert graded(report) == (Verdict.RECALLED, Reason.RECALLED | Reason.CLAIMED_BY_VIEWER)


def test_inspect__batch_is_expired_after_claim__is_expired_with_claim_as_reason(
    lens, items, provenance, brand, shopper, payer
):
    expires_at = now() + 1000
    batch = register_batch(provenance, brand, expires_at=expires_at)
    claim_item(items, batch, shopper)
    read_at(expires_at)

    report = lens.inspect(batch.item(), batch.proof(), payer)

    assert graded(report) == (Verdict.EXPIRED, Reason.EXPIRED | Reason.CLAIMED_BY_OTHER)


def test_inspect__issuer_is_deactivated_after_claim__is_issuer_revoked_with_claim_as_reason(
    lens, items, identities, batch, issuer, shopper
):
    claim_item(items, batch, shopper)
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    report = lens.inspect(batch.item(), batch.proof(), shopper)

    reasons = Reason.ISSUER_DEACTIVATED | Reason.CLAIMED_BY_VIEWER
    assert graded(report) == (Verdict.ISSUER_REVOKED, reasons)


def test_inspect__trace__reports_it(lens, provenance, batch, issuer):
    provenance.appendTrace(batch.batch_id, 0, [keccak(text="event")], sender=issuer)

    report = lens.inspect(batch.item(), batch.proof(), ZERO_ADDRESS)

    assert report.trace.count == 1
    assert tuple(report.trace) == tuple(provenance.traceOf(batch.batch_id))


def test_inspect__it_is_asked_at_any_time__names_block(lens, batch, chain):
    read_at(now() + 500)

    report = lens.inspect(batch.item(), batch.proof(), ZERO_ADDRESS)

    head = chain.blocks.head
    assert (report.blockNumber, report.blockTime) == (head.number, head.timestamp)
