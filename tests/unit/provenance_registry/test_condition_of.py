import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import GTIN, batch_id_of, create_registration, register_batch
from tests.support.clock import NEVER, read_at
from tests.support.notices import LIFTING, NOTICE, issue_notice
from tests.support.verdicts import NoticeKind, Reason

RECALL, SUSPENSION = NoticeKind.RECALL, NoticeKind.SUSPENSION
LAST = 2**32 - 1


def test_condition_of__batch_is_unknown__is_batch_unknown_alone(provenance, issuer):
    provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)

    assert provenance.conditionOf(batch_id_of(issuer), 1, 0, NEVER) == Reason.BATCH_UNKNOWN


@pytest.mark.parametrize(("first", "last"), [(1, 0), (3, 2), (LAST, 0)])
def test_condition_of__first_item_is_after_last__is_index_out_of_range_alone(
    provenance, batch, issuer, first, last
):
    issue_notice(provenance, batch, issuer)

    assert provenance.conditionOf(batch.batch_id, first, last, NEVER) == Reason.INDEX_OUT_OF_RANGE


@pytest.mark.parametrize(("first", "last"), [(0, 4), (4, 4), (0, LAST), (LAST, LAST)])
def test_condition_of__last_item_is_beyond_batch__is_index_out_of_range_alone(
    provenance, batch, issuer, first, last
):
    issue_notice(provenance, batch, issuer)

    assert provenance.conditionOf(batch.batch_id, first, last, NEVER) == Reason.INDEX_OUT_OF_RANGE


@pytest.mark.parametrize("count", [1, LAST])
def test_condition_of__it_is_all_items_of_smallest_or_largest_batch__has_no_reason(
    provenance, issuer, count
):
    provenance.registerBatch(create_registration(issuer, itemCount=count), sender=issuer)

    assert provenance.conditionOf(batch_id_of(issuer), 0, count - 1, NEVER) == Reason.NONE


def test_condition_of__second_before_expiry__has_no_reason(provenance, expiring):
    batch, expires_at = expiring
    read_at(expires_at - 1)

    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == Reason.NONE


def test_condition_of__second_of_expiry__is_expired(provenance, expiring):
    batch, expires_at = expiring
    read_at(expires_at)

    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == Reason.EXPIRED


def test_condition_of__goods_that_do_not_expire__has_no_reason_at_end_of_time(provenance, batch):
    read_at(2**48 - 1)

    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == Reason.NONE


@pytest.mark.parametrize(
    ("first", "last", "is_touched"),
    [
        (0, 2, False),
        (0, 3, True),
        (3, 3, True),
        (4, 4, True),
        (5, 9, True),
        (6, 9, False),
        (0, 9, True),
    ],
)
def test_condition_of__recall_of_some_items__touches_ranges_that_share_one_item_and_no_other(
    provenance, issuer, first, last, is_touched
):
    batch = register_batch(provenance, issuer, count=10)
    issue_notice(provenance, batch, issuer, 3, 5)

    reasons = provenance.conditionOf(batch.batch_id, first, last, NEVER)

    assert reasons == (Reason.RECALLED if is_touched else Reason.NONE)


def test_condition_of__recall_and_suspension_of_different_items__tells_both_of_range_that_has_both(
    provenance, batch, issuer
):
    issue_notice(provenance, batch, issuer, 0, 0, RECALL)
    issue_notice(provenance, batch, issuer, 3, 3, SUSPENSION)

    ranges = [(0, 2), (1, 2), (1, 3), (0, 3)]
    reasons = [provenance.conditionOf(batch.batch_id, first, last, NEVER) for first, last in ranges]

    recalled, suspended = Reason.RECALLED, Reason.SUSPENDED
    assert reasons == [recalled, Reason.NONE, suspended, recalled | suspended]


@pytest.mark.parametrize(("first", "last"), [(0, 0), (3, 3), (0, 3)])
def test_condition_of__gtin_is_recalled__tells_so_of_any_range(
    provenance, batch, issuer, first, last
):
    provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)

    reasons = provenance.conditionOf(batch.batch_id, first, last, NEVER)

    assert reasons == Reason.RECALLED | Reason.GTIN_NOTICE


def test_condition_of__notices_that_were_lifted__has_no_reason(provenance, batch, issuer):
    issue_notice(provenance, batch, issuer)
    provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)
    provenance.reinstate(batch.batch_id, 0, LIFTING, sender=issuer)
    provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)

    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == Reason.NONE


def test_condition_of__deactivated_issuer_and_revoked_key_and_nothing_activated__has_no_reason(
    provenance, identities, cartons, issuer
):
    provenance.revokeKey(issuer, issuer, 1, sender=issuer)
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    assert provenance.conditionOf(cartons.batch_id, 0, 999, NEVER) == Reason.NONE


def test_condition_of__all_that_can_forbid_trade__tells_all(provenance, expiring, issuer):
    batch, expires_at = expiring
    issue_notice(provenance, batch, issuer, 1, 1, SUSPENSION)
    provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)
    read_at(expires_at)

    assert provenance.conditionOf(batch.batch_id, 1, 1, NEVER) == (
        Reason.EXPIRED | Reason.SUSPENDED | Reason.RECALLED | Reason.GTIN_NOTICE
    )
