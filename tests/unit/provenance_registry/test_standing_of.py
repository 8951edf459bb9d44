import pytest

from tests.support.abi import ZERO_ADDRESS, ZERO_HASH, permission
from tests.support.batches import GTIN, batch_id_of, create_registration, register_batch
from tests.support.clock import later, next_block_at, read_at
from tests.support.delegation import delegate_all
from tests.support.notices import NOTICE, issue_notice
from tests.support.verdicts import NoticeKind, Reason

RECALL, SUSPENSION = NoticeKind.RECALL, NoticeKind.SUSPENSION


def reasons_of(provenance, batch, index=0):
    """Return what holds of an item."""
    return provenance.standingOf(batch.batch_id, index).reasons


@pytest.fixture
def delegates_batch(provenance, identities, issuer, manufacturer):
    """A batch that a delegate registered, and when."""
    delegate_all(identities, issuer, manufacturer, ["batch"])
    batch = register_batch(provenance, issuer, sender=manufacturer)
    return batch, provenance.batchOf(batch.batch_id).registeredAt


def test_standing_of__batch_is_unknown__is_all_zero(provenance, identities, issuer):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    assert tuple(provenance.standingOf(batch_id_of(issuer), 0)) == (ZERO_HASH, 0, 0)


@pytest.mark.parametrize("count", [1, 2**32 - 1])
def test_standing_of__nothing_holds__is_root_item_count_and_no_reason(provenance, issuer, count):
    terms = create_registration(issuer, itemCount=count)
    provenance.registerBatch(terms, sender=issuer)

    standing = tuple(provenance.standingOf(batch_id_of(issuer), count - 1))

    assert standing == (terms["root"], count, Reason.NONE)


def test_standing_of__index_is_beyond_batch__tells_what_holds_of_item_there(
    provenance, batch, issuer
):
    issue_notice(provenance, batch, issuer)
    provenance.recallGtin(issuer, GTIN, SUSPENSION, NOTICE, sender=issuer)

    standing = tuple(provenance.standingOf(batch.batch_id, 4))

    assert standing == (batch.root, 4, Reason.SUSPENDED | Reason.GTIN_NOTICE)


def test_standing_of__second_before_expiry__has_no_reason(provenance, expiring):
    batch, expires_at = expiring
    read_at(expires_at - 1)

    assert reasons_of(provenance, batch) == Reason.NONE


def test_standing_of__second_of_expiry__is_expired(provenance, expiring):
    batch, expires_at = expiring
    read_at(expires_at)

    assert reasons_of(provenance, batch) == Reason.EXPIRED


def test_standing_of__notices_that_overlap_at_one_item__tells_each_item_its_own(
    provenance, batch, issuer
):
    issue_notice(provenance, batch, issuer, 0, 1, RECALL)
    issue_notice(provenance, batch, issuer, 1, 2, SUSPENSION)

    reasons = [reasons_of(provenance, batch, index) for index in range(4)]

    recalled, suspended = Reason.RECALLED, Reason.SUSPENDED
    assert reasons == [recalled, recalled | suspended, suspended, Reason.NONE]


def test_standing_of__batch_was_registered_before_second_of_revocation__has_no_reason(
    provenance, delegates_batch, issuer, manufacturer
):
    batch, registered_at = delegates_batch

    provenance.revokeKey(issuer, manufacturer, registered_at + 1, sender=issuer)

    assert reasons_of(provenance, batch) == Reason.NONE


def test_standing_of__batch_was_registered_in_second_of_revocation__is_marked(
    provenance, delegates_batch, issuer, manufacturer
):
    batch, registered_at = delegates_batch

    provenance.revokeKey(issuer, manufacturer, registered_at, sender=issuer)

    assert reasons_of(provenance, batch) == Reason.KEY_REVOKED


def test_standing_of__batch_was_registered_after_second_of_revocation__is_marked(
    provenance, delegates_batch, issuer, manufacturer
):
    batch, registered_at = delegates_batch

    provenance.revokeKey(issuer, manufacturer, registered_at - 1, sender=issuer)

    assert reasons_of(provenance, batch) == Reason.KEY_REVOKED


def test_standing_of__another_operator_registered_batch__has_no_reason(
    provenance, batch, issuer, manufacturer
):
    provenance.revokeKey(issuer, manufacturer, 1, sender=issuer)

    assert reasons_of(provenance, batch) == Reason.NONE


def test_standing_of__revocation_by_another_issuer__has_no_reason(
    provenance, delegates_batch, brand, manufacturer
):
    batch, _ = delegates_batch

    provenance.revokeKey(brand, manufacturer, 1, sender=brand)

    assert reasons_of(provenance, batch) == Reason.NONE


def test_standing_of__key_was_revoked_from_earlier_and_earlier__marks_more_and_more(
    provenance, issuer
):
    start = later(86_400)  # beyond any clock that the chain might follow
    batches = []
    for number in (1, 2, 3):
        next_block_at(start + 10 * number)
        batches.append(register_batch(provenance, issuer, gtin=number))

    marked = []
    for number in (3, 2, 1):
        provenance.revokeKey(issuer, issuer, start + 10 * number, sender=issuer)
        marked.append([reasons_of(provenance, batch) for batch in batches])

    fresh, bad = Reason.NONE, Reason.KEY_REVOKED
    assert marked == [[fresh, fresh, bad], [fresh, bad, bad], [bad, bad, bad]]


def test_standing_of__revoked_delegation__has_no_reason(
    provenance, identities, delegates_batch, issuer, manufacturer
):
    batch, _ = delegates_batch

    identities.revokeDelegate(issuer, permission("batch"), manufacturer, sender=issuer)

    assert reasons_of(provenance, batch) == Reason.NONE


def test_standing_of__issuer_is_deactivated__tells_so(provenance, identities, batch, issuer):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    assert reasons_of(provenance, batch) == Reason.ISSUER_DEACTIVATED


def test_standing_of__carton_is_not_active__tells_so(provenance, cartons, issuer):
    provenance.activate(cartons.batch_id, 5, 5, sender=issuer)

    assert reasons_of(provenance, cartons, 4) == Reason.NOT_ACTIVATED
    assert reasons_of(provenance, cartons, 6) == Reason.NOT_ACTIVATED


def test_standing_of__carton_is_active__has_no_reason(provenance, cartons, issuer):
    provenance.activate(cartons.batch_id, 5, 5, sender=issuer)

    assert reasons_of(provenance, cartons, 5) == Reason.NONE


@pytest.mark.parametrize(
    ("kind", "reason"), [(RECALL, Reason.RECALLED), (SUSPENSION, Reason.SUSPENDED)]
)
def test_standing_of__gtin_is_recalled_or_suspended__tells_both(
    provenance, batch, issuer, kind, reason
):
    provenance.recallGtin(issuer, GTIN, kind, NOTICE, sender=issuer)

    assert reasons_of(provenance, batch) == Reason.GTIN_NOTICE | reason


def test_standing_of__suspension_of_gtin_and_recall_of_item__tells_all(provenance, batch, issuer):
    provenance.recallGtin(issuer, GTIN, SUSPENSION, NOTICE, sender=issuer)
    issue_notice(provenance, batch, issuer, 1, 1)

    assert reasons_of(provenance, batch, 0) == Reason.GTIN_NOTICE | Reason.SUSPENDED
    assert reasons_of(provenance, batch, 1) == (
        Reason.GTIN_NOTICE | Reason.SUSPENDED | Reason.RECALLED
    )


def test_standing_of__all_that_can_be_wrong__tells_all(provenance, identities, issuer):
    expires_at = later(1000)
    batch = register_batch(provenance, issuer, expires_at=expires_at, carton_size=1)
    issue_notice(provenance, batch, issuer)
    provenance.recallGtin(issuer, GTIN, SUSPENSION, NOTICE, sender=issuer)
    provenance.revokeKey(issuer, issuer, 1, sender=issuer)
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)
    read_at(expires_at)

    assert reasons_of(provenance, batch) == (
        Reason.ISSUER_DEACTIVATED
        | Reason.RECALLED
        | Reason.EXPIRED
        | Reason.SUSPENDED
        | Reason.GTIN_NOTICE
        | Reason.KEY_REVOKED
        | Reason.NOT_ACTIVATED
    )
