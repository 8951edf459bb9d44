"""An auditor whose mandate is over goes on certifying in the brand's name.

What remains open: the status lists of certificates (W3C VC) live off chain, and a verifier that
keeps an old list does not see a revocation; the chain answers for mandates only.
"""

import pytest
from eth_abi import encode

from tests.support.abi import permission
from tests.support.batches import register_batch
from tests.support.clock import next_block_at, now
from tests.support.reverts import reverts

TRACE = permission("trace")
AUDIT = b"did/pub/audit".ljust(32, b"\0")
CERTIFICATE = b"\x33" * 32
CORRECTION = b"\x44" * 32
TERM = 1000  # seconds


@pytest.fixture
def batch(provenance, brand):
    return register_batch(provenance, brand)


@pytest.fixture
def auditor(identities, brand, manufacturer):
    """An account with a mandate of the brand to certify its batches."""
    identities.addDelegate(brand, TRACE, manufacturer, TERM, sender=brand)
    return manufacturer


def no_mandate(provenance, brand, auditor):
    return reverts(
        provenance.IssuerRegistry_NotAuthorized, issuer=brand, permission=TRACE, actor=auditor
    )


def test_t12_revoked_certificates__mandate_is_revoked__means_auditor_certifies_no_more(
    provenance, identities, batch, brand, auditor
):
    provenance.appendTrace(batch.batch_id, 0, [CERTIFICATE], sender=auditor)
    identities.revokeDelegate(brand, TRACE, auditor, sender=brand)

    with no_mandate(provenance, brand, auditor):
        provenance.appendTrace(batch.batch_id, 1, [CERTIFICATE], sender=auditor)


def test_t12_revoked_certificates__mandate_ends_this_second__means_auditor_certifies_no_more(
    provenance, batch, brand, auditor
):
    next_block_at(now() + TERM)

    with no_mandate(provenance, brand, auditor):
        provenance.appendTrace(batch.batch_id, 0, [CERTIFICATE], sender=auditor)


def test_t12_revoked_certificates__last_second_of_mandate__means_auditor_certifies(
    provenance, batch, auditor
):
    next_block_at(now() + TERM - 1)

    provenance.appendTrace(batch.batch_id, 0, [CERTIFICATE], sender=auditor)

    assert provenance.traceOf(batch.batch_id).count == 1


def test_t12_revoked_certificates__certificate_was_withdrawn__means_trace_leads_to_correction(
    provenance, batch, brand, auditor
):
    provenance.appendTrace(batch.batch_id, 0, [CERTIFICATE], sender=auditor)

    provenance.correctTrace(batch.batch_id, 1, 0, CORRECTION, sender=brand)

    assert provenance.latestOf(batch.batch_id, 0) == 1


def test_t12_revoked_certificates__auditor_hides_withdrawal__is_refused(
    provenance, batch, brand, auditor
):
    provenance.appendTrace(batch.batch_id, 0, [CERTIFICATE], sender=auditor)
    provenance.correctTrace(batch.batch_id, 1, 0, CORRECTION, sender=brand)

    with reverts(
        provenance.TraceLog_AlreadyCorrected,
        batchId=batch.batch_id,
        sequence=0,
        correction=1,
    ):
        provenance.correctTrace(batch.batch_id, 2, 0, CERTIFICATE, sender=auditor)


def test_t12_revoked_certificates__published_certificate_is_revoked__means_chain_says_so_at_once(
    identities, brand
):
    identities.setAttribute(brand, AUDIT, CERTIFICATE, TERM, sender=brand)
    before = identities.changed(brand)

    tx = identities.revokeAttribute(brand, AUDIT, CERTIFICATE, sender=brand)

    assert tx.events == [
        identities.DIDAttributeChanged(
            identity=brand, name=AUDIT, value=CERTIFICATE, validTo=0, previousChange=before
        )
    ]


def test_t12_revoked_certificates__attacker_publishes_certificate_for_brand__is_refused(
    identities, brand, attacker
):
    forged = encode(("string",), ("organic",))

    with reverts(identities.IdentityRegistry_NotOwner, identity=brand, actor=attacker, owner=brand):
        identities.setAttribute(brand, AUDIT, forged, TERM, sender=attacker)
