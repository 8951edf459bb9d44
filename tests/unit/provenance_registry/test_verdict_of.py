import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import GTIN, register_batch
from tests.support.clock import later, read_at
from tests.support.notices import LIFTING, NOTICE, issue_notice
from tests.support.verdicts import NoticeKind, Reason, Verdict

SIBLINGS = [keccak(text=f"sibling {height}") for height in range(2)]


def test_verdict_of__second_before_expiry__is_registered(provenance, expiring):
    batch, expires_at = expiring
    read_at(expires_at - 1)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.REGISTERED, Reason.NONE)


def test_verdict_of__second_of_expiry__is_expired(provenance, expiring):
    batch, expires_at = expiring
    read_at(expires_at)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.EXPIRED, Reason.EXPIRED)


def test_verdict_of__batch_is_recalled__is_recalled(provenance, batch, issuer):
    issue_notice(provenance, batch, issuer)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.RECALLED, Reason.RECALLED)


def test_verdict_of__batch_is_expired_and_recalled__is_recalled_for_both_reasons(
    provenance, expiring, issuer
):
    batch, expires_at = expiring
    issue_notice(provenance, batch, issuer)
    read_at(expires_at)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.RECALLED, Reason.RECALLED | Reason.EXPIRED)


def test_verdict_of__issuer_is_deactivated__is_issuer_revoked(
    provenance, identities, batch, issuer
):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.ISSUER_REVOKED, Reason.ISSUER_DEACTIVATED)


@pytest.mark.parametrize(("first", "last"), [(1, 1), (0, 1), (1, 3), (0, 3)])
def test_verdict_of__item_is_recalled_in_any_range__is_recalled(
    provenance, batch, issuer, first, last
):
    issue_notice(provenance, batch, issuer, first, last)

    verdict = provenance.verdictOf(batch.item(1), batch.proof(1))

    assert verdict == (Verdict.RECALLED, Reason.RECALLED)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (2, 2), (2, 3)])
def test_verdict_of__only_neighbours_are_recalled__is_registered(
    provenance, batch, issuer, first, last
):
    issue_notice(provenance, batch, issuer, first, last)

    verdict = provenance.verdictOf(batch.item(1), batch.proof(1))

    assert verdict == (Verdict.REGISTERED, Reason.NONE)


def test_verdict_of__item_is_reinstated__is_registered(provenance, batch, issuer):
    number = issue_notice(provenance, batch, issuer)
    provenance.reinstate(batch.batch_id, number, LIFTING, sender=issuer)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.REGISTERED, Reason.NONE)


def test_verdict_of__one_of_two_overlapping_recalls_is_lifted__is_recalled(
    provenance, batch, issuer
):
    number = issue_notice(provenance, batch, issuer, 0, 1)
    issue_notice(provenance, batch, issuer, 1, 2)
    provenance.reinstate(batch.batch_id, number, LIFTING, sender=issuer)

    lifted = provenance.verdictOf(batch.item(0), batch.proof(0))
    overlapped = provenance.verdictOf(batch.item(1), batch.proof(1))

    assert lifted == (Verdict.REGISTERED, Reason.NONE)
    assert overlapped == (Verdict.RECALLED, Reason.RECALLED)


def test_verdict_of__item_is_suspended__is_suspended(provenance, batch, issuer):
    issue_notice(provenance, batch, issuer, kind=NoticeKind.SUSPENSION)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.SUSPENDED, Reason.SUSPENDED)


def test_verdict_of__item_is_suspended_and_recalled__is_recalled_for_both_reasons(
    provenance, batch, issuer
):
    for kind in NoticeKind:
        issue_notice(provenance, batch, issuer, kind=kind)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.RECALLED, Reason.RECALLED | Reason.SUSPENDED)


def test_verdict_of__item_is_suspended_and_expired__is_suspended_for_both_reasons(
    provenance, expiring, issuer
):
    batch, expires_at = expiring
    issue_notice(provenance, batch, issuer, kind=NoticeKind.SUSPENSION)
    read_at(expires_at)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.SUSPENDED, Reason.SUSPENDED | Reason.EXPIRED)


@pytest.mark.parametrize(
    ("kind", "verdict", "reason"),
    [
        (NoticeKind.RECALL, Verdict.RECALLED, Reason.RECALLED),
        (NoticeKind.SUSPENSION, Verdict.SUSPENDED, Reason.SUSPENDED),
    ],
)
def test_verdict_of__gtin_has_notice__is_what_notice_says(
    provenance, batch, issuer, kind, verdict, reason
):
    provenance.recallGtin(issuer, GTIN, kind, NOTICE, sender=issuer)

    answer = provenance.verdictOf(batch.item(), batch.proof())

    assert answer == (verdict, reason | Reason.GTIN_NOTICE)


@pytest.mark.parametrize(("offset", "is_marked"), [(-1, True), (0, True), (1, False)])
def test_verdict_of__key_is_revoked_about_registration__is_issuer_revoked_up_to_its_second(
    provenance, batch, issuer, offset, is_marked
):
    revoked_from = provenance.batchOf(batch.batch_id).registeredAt + offset
    provenance.revokeKey(issuer, issuer, revoked_from, sender=issuer)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    marked = (Verdict.ISSUER_REVOKED, Reason.KEY_REVOKED)
    assert verdict == (marked if is_marked else (Verdict.REGISTERED, Reason.NONE))


def test_verdict_of__key_is_revoked_and_item_suspended_and_expired__is_issuer_revoked_for_all(
    provenance, expiring, issuer
):
    batch, expires_at = expiring
    issue_notice(provenance, batch, issuer, kind=NoticeKind.SUSPENSION)
    provenance.revokeKey(issuer, issuer, 1, sender=issuer)
    read_at(expires_at)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    reasons = Reason.KEY_REVOKED | Reason.SUSPENDED | Reason.EXPIRED
    assert verdict == (Verdict.ISSUER_REVOKED, reasons)


def test_verdict_of__carton_is_not_active__is_registered_with_this_reason(provenance, issuer):
    batch = register_batch(provenance, issuer, carton_size=2)
    provenance.activate(batch.batch_id, 1, 1, sender=issuer)

    sleeping = provenance.verdictOf(batch.item(1), batch.proof(1))
    active = provenance.verdictOf(batch.item(2), batch.proof(2))

    assert sleeping == (Verdict.REGISTERED, Reason.NOT_ACTIVATED)
    assert active == (Verdict.REGISTERED, Reason.NONE)


def test_verdict_of__all_that_can_be_wrong__is_recalled_for_all_reasons(
    provenance, identities, issuer
):
    expires_at = later(1000)
    batch = register_batch(provenance, issuer, expires_at=expires_at, carton_size=1)
    issue_notice(provenance, batch, issuer)
    provenance.recallGtin(issuer, GTIN, NoticeKind.SUSPENSION, NOTICE, sender=issuer)
    provenance.revokeKey(issuer, issuer, 1, sender=issuer)
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)
    read_at(expires_at)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    revoked = Reason.ISSUER_DEACTIVATED | Reason.KEY_REVOKED
    noticed = Reason.RECALLED | Reason.SUSPENDED | Reason.GTIN_NOTICE
    assert verdict == (Verdict.RECALLED, revoked | noticed | Reason.EXPIRED | Reason.NOT_ACTIVATED)


def test_verdict_of__batch_is_recalled_and_proof_wrong__is_unknown_for_proof_alone(
    provenance, batch, issuer
):
    issue_notice(provenance, batch, issuer)

    verdict = provenance.verdictOf(batch.item(), SIBLINGS[:2])

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


def test_verdict_of__issuer_has_new_owner__is_registered(
    provenance, identities, batch, issuer, brand
):
    identities.changeOwner(issuer, brand, sender=issuer)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.REGISTERED, Reason.NONE)
