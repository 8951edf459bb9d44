"""Notices that count although they were lifted, because they were issued since a given second."""

import pytest

from tests.support.batches import GTIN, register_batch
from tests.support.clock import NEVER, next_block_at, read_at
from tests.support.notices import (
    LIFTING,
    NOTICE,
    NOTICE_LIMIT,
    crowd_notices,
    issue_notice,
    lift_all,
)
from tests.support.verdicts import NoticeKind, Reason

RECALL, SUSPENSION = NoticeKind.RECALL, NoticeKind.SUSPENSION


def on_item(provenance, batch, issuer, kind):
    """Issue a notice of item 2 alone and return when."""
    return provenance.recall(batch.batch_id, 2, 2, kind, NOTICE, sender=issuer).timestamp


def on_batch(provenance, batch, issuer, kind):
    """Issue a notice of the whole batch and return when."""
    return provenance.recall(batch.batch_id, 0, 3, kind, NOTICE, sender=issuer).timestamp


def on_gtin(provenance, batch, issuer, kind):
    """Issue a notice of the GTIN and return when."""
    return provenance.recallGtin(issuer, GTIN, kind, NOTICE, sender=issuer).timestamp


NOTICES = [
    (on_item, RECALL, Reason.RECALLED),
    (on_item, SUSPENSION, Reason.SUSPENDED),
    (on_batch, RECALL, Reason.RECALLED),
    (on_batch, SUSPENSION, Reason.SUSPENDED),
    (on_gtin, RECALL, Reason.RECALLED | Reason.GTIN_NOTICE),
    (on_gtin, SUSPENSION, Reason.SUSPENDED | Reason.GTIN_NOTICE),
]
each_notice = pytest.mark.parametrize(("issue", "kind", "reasons"), NOTICES)


@each_notice
@pytest.mark.parametrize(("later", "counts"), [(-1, True), (0, True), (1, False)])
def test_condition_of__notice_that_was_lifted__counts_if_issued_in_second_of_since_or_later(
    provenance, batch, issuer, issue, kind, reasons, later, counts
):
    issued_at = issue(provenance, batch, issuer, kind)
    lift_all(provenance, batch.batch_id, issuer)

    told = provenance.conditionOf(batch.batch_id, 0, 3, issued_at + later)

    assert told == (reasons if counts else Reason.NONE)


@each_notice
@pytest.mark.parametrize("since", [0, NEVER])
def test_condition_of__notice_that_was_lifted__counts_from_beginning_and_not_at_end_of_time(
    provenance, batch, issuer, issue, kind, reasons, since
):
    issue(provenance, batch, issuer, kind)
    lift_all(provenance, batch.batch_id, issuer)

    told = provenance.conditionOf(batch.batch_id, 0, 3, since)

    assert told == (Reason.NONE if since else reasons)


@each_notice
@pytest.mark.parametrize("later", [-1, 0, 1])
def test_condition_of__notice_that_stands__counts_whenever_it_was_issued(
    provenance, batch, issuer, issue, kind, reasons, later
):
    issued_at = issue(provenance, batch, issuer, kind)

    told = provenance.conditionOf(batch.batch_id, 0, 3, issued_at + later)

    assert told == reasons


def test_condition_of__since_is_between_issue_and_lifting__does_not_count_it(
    provenance, batch, issuer
):
    issued_at = on_batch(provenance, batch, issuer, RECALL)
    next_block_at(issued_at + 1000)
    provenance.reinstate(batch.batch_id, 0, LIFTING, sender=issuer)

    told = provenance.conditionOf(batch.batch_id, 0, 3, issued_at + 500)

    assert told == Reason.NONE


@pytest.mark.parametrize(
    ("first", "last", "is_touched"),
    [(0, 2, False), (0, 3, True), (5, 9, True), (6, 9, False)],
)
def test_condition_of__lifted_recall_of_some_items__counts_for_ranges_that_share_item_alone(
    provenance, issuer, first, last, is_touched
):
    ten = register_batch(provenance, issuer, count=10)
    issue_notice(provenance, ten, issuer, 3, 5)
    lift_all(provenance, ten.batch_id, issuer)

    told = provenance.conditionOf(ten.batch_id, first, last, 0)

    assert told == (Reason.RECALLED if is_touched else Reason.NONE)


def test_condition_of__several_notices_that_were_lifted__counts_those_issued_since(
    provenance, batch, issuer
):
    first = on_item(provenance, batch, issuer, RECALL)
    second = on_batch(provenance, batch, issuer, SUSPENSION)
    lift_all(provenance, batch.batch_id, issuer)

    told = [
        provenance.conditionOf(batch.batch_id, 0, 3, since)
        for since in (first, first + 1, second, second + 1)
    ]

    both, later = Reason.RECALLED | Reason.SUSPENDED, Reason.SUSPENDED
    assert told == [both, later, later, Reason.NONE]


def test_condition_of__gtin_notice_was_lifted_and_issued_anew_and_lifted__counts_up_to_last_issue(
    provenance, batch, issuer
):
    for kind in (RECALL, SUSPENSION):
        issued_at = on_gtin(provenance, batch, issuer, kind)
        provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)

    told = [provenance.conditionOf(batch.batch_id, 0, 3, issued_at + later) for later in (0, 1)]

    assert told == [Reason.SUSPENDED | Reason.GTIN_NOTICE, Reason.NONE]


def test_condition_of__lifted_gtin_notice_was_issued_before_registration__never_counts(
    provenance, issuer
):
    notice = provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)
    provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)
    batch = register_batch(provenance, issuer)

    told = [provenance.conditionOf(batch.batch_id, 0, 3, time) for time in (0, notice.timestamp)]

    assert told == [Reason.NONE] * 2


def test_condition_of__number_32_was_written_anew_and_lifted__counts_up_to_last_issue(
    provenance, batch, issuer
):
    crowd_notices(provenance, batch, issuer, NOTICE_LIMIT + 1)
    issued_at = on_batch(provenance, batch, issuer, RECALL)
    provenance.reinstate(batch.batch_id, 32, LIFTING, sender=issuer)

    told = [provenance.conditionOf(batch.batch_id, 1, 1, issued_at + later) for later in (0, 1)]

    assert told == [Reason.SUSPENDED | Reason.RECALLED, Reason.SUSPENDED]


@pytest.mark.parametrize("since", [0, NEVER])
def test_condition_of__no_notice__has_no_reason_since_any_time(provenance, batch, since):
    assert provenance.conditionOf(batch.batch_id, 0, 3, since) == Reason.NONE


@pytest.mark.parametrize("later", [-1000, 0, 1000])
def test_condition_of__goods_are_expired__is_expired_since_any_time(provenance, expiring, later):
    batch, expires_at = expiring
    read_at(expires_at)

    assert provenance.conditionOf(batch.batch_id, 0, 3, expires_at + later) == Reason.EXPIRED
