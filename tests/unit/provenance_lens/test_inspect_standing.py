import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import GTIN, register_batch
from tests.support.claims import claim_item
from tests.support.clock import later, read_at
from tests.support.inspections import graded, query
from tests.support.items import NOTICE, recall
from tests.support.verdicts import NoticeKind, Reason, Verdict


def test_inspect__item_is_recalled_after_claim__is_recalled_with_claim_as_reason(
    lens, items, provenance, batch, issuer, shopper
):
    claim_item(items, batch, shopper)
    recall(provenance, batch, issuer, first=0, last=0)

    report = lens.inspect(query(batch, viewer=shopper))

    assert graded(report) == (Verdict.RECALLED, Reason.RECALLED | Reason.CLAIMED_BY_VIEWER)


def test_inspect__item_is_suspended__is_suspended(lens, provenance, batch, issuer):
    recall(provenance, batch, issuer, NoticeKind.SUSPENSION)

    assert graded(lens.inspect(query(batch))) == (Verdict.SUSPENDED, Reason.SUSPENDED)


def test_inspect__another_item_is_recalled__is_registered(lens, provenance, batch, issuer):
    recall(provenance, batch, issuer, first=1, last=3)

    assert graded(lens.inspect(query(batch))) == (Verdict.REGISTERED, Reason.NONE)


def test_inspect__notice_is_lifted__is_registered(lens, provenance, batch, issuer):
    recall(provenance, batch, issuer)
    provenance.reinstate(batch.batch_id, 0, NOTICE, sender=issuer)

    assert graded(lens.inspect(query(batch))) == (Verdict.REGISTERED, Reason.NONE)


@pytest.mark.parametrize(
    ("kind", "verdict", "reason"),
    [
        (NoticeKind.SUSPENSION, Verdict.SUSPENDED, Reason.SUSPENDED),
        (NoticeKind.RECALL, Verdict.RECALLED, Reason.RECALLED),
    ],
)
def test_inspect__gtin_has_notice__says_so(lens, provenance, batch, issuer, kind, verdict, reason):
    provenance.recallGtin(issuer, GTIN, kind, NOTICE, sender=issuer)

    assert graded(lens.inspect(query(batch))) == (verdict, reason | Reason.GTIN_NOTICE)


def test_inspect__second_before_expiry__is_registered(lens, provenance, brand):
    expires_at = later(1000)
    batch = register_batch(provenance, brand, expires_at=expires_at)
    read_at(expires_at - 1)

    assert graded(lens.inspect(query(batch))) == (Verdict.REGISTERED, Reason.NONE)


def test_inspect__second_of_expiry__is_expired_with_claim_as_reason(
    lens, items, provenance, brand, shopper, payer
):
    expires_at = later(1000)
    batch = register_batch(provenance, brand, expires_at=expires_at)
    claim_item(items, batch, shopper)
    read_at(expires_at)

    report = lens.inspect(query(batch, viewer=payer))

    assert graded(report) == (Verdict.EXPIRED, Reason.EXPIRED | Reason.CLAIMED_BY_OTHER)


def test_inspect__issuer_is_deactivated__is_issuer_revoked_with_claim_as_reason(
    lens, items, identities, batch, issuer, shopper
):
    claim_item(items, batch, shopper)
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    report = lens.inspect(query(batch, viewer=shopper))

    reasons = Reason.ISSUER_DEACTIVATED | Reason.CLAIMED_BY_VIEWER
    assert graded(report) == (Verdict.ISSUER_REVOKED, reasons)


def test_inspect__key_is_revoked_from_registration_on__is_issuer_revoked(
    lens, provenance, batch, issuer
):
    registered_at = provenance.batchOf(batch.batch_id).registeredAt
    provenance.revokeKey(issuer, issuer, registered_at, sender=issuer)

    assert graded(lens.inspect(query(batch))) == (Verdict.ISSUER_REVOKED, Reason.KEY_REVOKED)


def test_inspect__carton_is_not_activated__is_registered_with_reason(lens, provenance, brand):
    batch = register_batch(provenance, brand, carton_size=2)
    provenance.activate(batch.batch_id, 0, 0, sender=brand)

    reports = [lens.inspect(query(batch, index)) for index in (1, 2)]

    assert [graded(report) for report in reports] == [
        (Verdict.REGISTERED, Reason.NONE),
        (Verdict.REGISTERED, Reason.NOT_ACTIVATED),
    ]


def test_inspect__everything_is_held_against_item__means_gravest_makes_verdict(
    lens, provenance, identities, brand
):
    expires_at = later(1000)
    batch = register_batch(provenance, brand, expires_at=expires_at)
    found = []
    read_at(expires_at)
    for step in (
        lambda: None,
        lambda: recall(provenance, batch, brand, NoticeKind.SUSPENSION),
        lambda: provenance.revokeKey(brand, brand, 1, sender=brand),
        lambda: recall(provenance, batch, brand),
    ):
        step()
        found.append(lens.inspect(query(batch)).verdict)

    assert found == [
        Verdict.EXPIRED,
        Verdict.SUSPENDED,
        Verdict.ISSUER_REVOKED,
        Verdict.RECALLED,
    ]
