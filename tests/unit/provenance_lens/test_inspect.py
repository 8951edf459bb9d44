import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, ZERO_HASH
from tests.support.batches import create_batch, item_id_of
from tests.support.claims import claim_item
from tests.support.clock import later, read_at
from tests.support.inspections import graded, query
from tests.support.items import act, flag
from tests.support.verdicts import OwnerAct, Reason, Verdict

NO_BATCH = (ZERO_HASH, 0, 0, 0, 0, 0, 0, 0)
NO_TRACE = (b"\0" * 26, 0)
NO_CLAIM = (ZERO_ADDRESS, 0, 0, 0)
NO_CUSTODY = (ZERO_ADDRESS, 0, 0, 0, 0, ZERO_ADDRESS, ZERO_ADDRESS, 0)
NO_SELLER = (0, 0, b"\0" * 20)
NOTHING = (ZERO_ADDRESS, NO_BATCH, NO_TRACE, NO_CLAIM, NO_CUSTODY, NO_SELLER)


def findings(report):
    """Return what stands behind a verdict."""
    parts = report.batch, report.trace, report.item, report.custody, report.seller
    return report.issuer, *map(tuple, parts)


def test_inspect__batch_is_unknown__is_unknown_with_nothing_else(lens, provenance, brand, shopper):
    batch = create_batch(provenance, brand)

    report = lens.inspect(query(batch, viewer=shopper, seller=shopper))

    assert graded(report) == (Verdict.UNKNOWN, Reason.BATCH_UNKNOWN)
    assert findings(report) == NOTHING


def test_inspect__index_is_first_behind_items__is_unknown_with_nothing_else(
    lens, provenance, issuer, batch
):
    # The index itself is inside what a proof of this length can reach.
    beyond = batch.item(3) | {"index": 4}

    report = lens.inspect(query(batch, 3, item=beyond))

    assert graded(report) == (Verdict.UNKNOWN, Reason.INDEX_OUT_OF_RANGE)
    assert findings(report) == NOTHING


@pytest.mark.parametrize("length", [0, 1, 3])
def test_inspect__proof_has_another_length__is_unknown_with_nothing_else(lens, batch, length):
    proof = [*batch.proof(), b"\1" * 32][:length]

    report = lens.inspect(query(batch, proof=proof))

    assert graded(report) == (Verdict.UNKNOWN, Reason.PROOF_LENGTH)
    assert findings(report) == NOTHING


def test_inspect__proof_is_wrong_for_claimed_item__is_unknown_with_nothing_else(
    lens, items, batch, shopper
):
    claim_item(items, batch, shopper)

    report = lens.inspect(query(batch, viewer=shopper, proof=batch.proof(1)))

    assert graded(report) == (Verdict.UNKNOWN, Reason.PROOF_INVALID)
    assert findings(report) == NOTHING


def test_inspect__no_claim__reports_what_registries_keep(
    lens, provenance, custody, batch, issuer, shopper
):
    report = lens.inspect(query(batch, viewer=shopper))

    kept = tuple(provenance.batchOf(batch.batch_id))
    lot = tuple(custody.custodyOf(batch.batch_id, 0))
    assert graded(report) == (Verdict.REGISTERED, Reason.NONE)
    assert findings(report) == (issuer, kept, NO_TRACE, NO_CLAIM, lot, NO_SELLER)


def test_inspect__no_claim_and_nobody_asks__is_registered(lens, batch):
    # No owner and no viewer are both zero: that must not read as "claimed by you".
    assert graded(lens.inspect(query(batch))) == (Verdict.REGISTERED, Reason.NONE)


def test_inspect__viewer_claimed__is_claimed_by_you(lens, items, batch, shopper):
    tx = claim_item(items, batch, shopper)

    report = lens.inspect(query(batch, viewer=shopper))

    assert graded(report) == (Verdict.CLAIMED_BY_YOU, Reason.CLAIMED_BY_VIEWER)
    assert tuple(report.item) == (shopper, tx.timestamp, 0, 0)


def test_inspect__another_claimed__is_already_claimed(lens, items, batch, shopper, payer):
    tx = claim_item(items, batch, shopper)

    report = lens.inspect(query(batch, viewer=payer))

    assert graded(report) == (Verdict.ALREADY_CLAIMED, Reason.CLAIMED_BY_OTHER)
    assert tuple(report.item) == (shopper, tx.timestamp, 0, 0)


def test_inspect__claim_and_nobody_asks__is_already_claimed(lens, items, batch, shopper):
    claim_item(items, batch, shopper)

    report = lens.inspect(query(batch))

    assert graded(report) == (Verdict.ALREADY_CLAIMED, Reason.CLAIMED_BY_OTHER)


def test_inspect__item_changed_hands__is_claimed_by_new_owner_only(
    lens, items, batch, shopper, payer
):
    claim_item(items, batch, shopper)
    act(items, item_id_of(batch.batch_id, 0), OwnerAct.TRANSFER, shopper, payer)

    verdicts = [lens.inspect(query(batch, viewer=one)).verdict for one in (payer, shopper)]

    assert verdicts == [Verdict.CLAIMED_BY_YOU, Verdict.ALREADY_CLAIMED]


@pytest.mark.parametrize(
    ("what", "reason"),
    [(OwnerAct.REPORT_LOST, Reason.LOST), (OwnerAct.REPORT_STOLEN, Reason.STOLEN)],
)
@pytest.mark.parametrize("is_owner", [True, False], ids=["owner asks", "other asks"])
def test_inspect__owner_reported_item__is_lost_or_stolen(
    lens, items, batch, shopper, payer, what, reason, is_owner
):
    claim_item(items, batch, shopper)
    act(items, item_id_of(batch.batch_id, 0), what, shopper)

    report = lens.inspect(query(batch, viewer=shopper if is_owner else payer))

    claim = Reason.CLAIMED_BY_VIEWER if is_owner else Reason.CLAIMED_BY_OTHER
    assert graded(report) == (Verdict.LOST_OR_STOLEN, reason | claim)


def test_inspect__owner_found_item__is_claimed_by_you_again(lens, items, batch, shopper):
    claim_item(items, batch, shopper)
    item_id = item_id_of(batch.batch_id, 0)
    act(items, item_id, OwnerAct.REPORT_LOST, shopper)
    act(items, item_id, OwnerAct.REPORT_FOUND, shopper)

    report = lens.inspect(query(batch, viewer=shopper))

    assert graded(report) == (Verdict.CLAIMED_BY_YOU, Reason.CLAIMED_BY_VIEWER)


def test_inspect__issuer_flagged_item__is_lost_or_stolen(lens, items, batch, issuer, shopper):
    claim_item(items, batch, shopper)
    flag(items, batch, issuer)

    report = lens.inspect(query(batch, viewer=shopper))

    reasons = Reason.STOLEN | Reason.CLAIMED_BY_VIEWER
    assert graded(report) == (Verdict.LOST_OR_STOLEN, reasons)


@pytest.mark.parametrize("is_flagged", [True, False], ids=["flagged too", "owner alone"])
def test_inspect__issuer_closed_every_report__is_claimed_by_you_again(
    lens, items, batch, issuer, shopper, is_flagged
):
    claim_item(items, batch, shopper)
    act(items, item_id_of(batch.batch_id, 0), OwnerAct.REPORT_STOLEN, shopper)
    if is_flagged:
        flag(items, batch, issuer)

    flag(items, batch, issuer, is_stolen=False)

    report = lens.inspect(query(batch, viewer=shopper))
    assert graded(report) == (Verdict.CLAIMED_BY_YOU, Reason.CLAIMED_BY_VIEWER)


@pytest.mark.parametrize("is_owner", [True, False], ids=["owner asks", "other asks"])
def test_inspect__owner_destroyed_item__is_already_claimed(
    lens, items, batch, shopper, payer, is_owner
):
    claim_item(items, batch, shopper)
    act(items, item_id_of(batch.batch_id, 0), OwnerAct.DESTROY, shopper)

    report = lens.inspect(query(batch, viewer=shopper if is_owner else payer))

    claim = Reason.CLAIMED_BY_VIEWER if is_owner else Reason.CLAIMED_BY_OTHER
    assert graded(report) == (Verdict.ALREADY_CLAIMED, Reason.DESTROYED | claim)


def test_inspect__owner_destroyed_item_it_had_reported__is_lost_or_stolen(
    lens, items, batch, shopper
):
    claim_item(items, batch, shopper)
    item_id = item_id_of(batch.batch_id, 0)
    act(items, item_id, OwnerAct.REPORT_STOLEN, shopper)
    act(items, item_id, OwnerAct.DESTROY, shopper)

    report = lens.inspect(query(batch))

    reasons = Reason.STOLEN | Reason.DESTROYED | Reason.CLAIMED_BY_OTHER
    assert graded(report) == (Verdict.LOST_OR_STOLEN, reasons)


def test_inspect__trace__reports_it(lens, provenance, batch, issuer):
    provenance.appendTrace(batch.batch_id, 0, [keccak(text="event")], sender=issuer)

    report = lens.inspect(query(batch))

    assert report.trace.count == 1
    assert tuple(report.trace) == tuple(provenance.traceOf(batch.batch_id))


def test_inspect__it_is_asked_at_any_time__names_block(lens, batch, chain):
    read_at(later(500))

    report = lens.inspect(query(batch))

    head = chain.blocks.head
    assert (report.blockNumber, report.blockTime) == (head.number, head.timestamp)
