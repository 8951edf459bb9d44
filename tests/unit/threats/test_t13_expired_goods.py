"""A seller hands out goods past their date, or moves the date.

What remains open: goods whose brand declared no expiry never expire.
"""

from datetime import date

import pytest

from tests.support.batches import GTIN, create_registration, item_id_of, register_batch
from tests.support.claims import claim_item
from tests.support.clock import later, next_block_at, read_at
from tests.support.inspections import graded, query
from tests.support.items import NOTICE
from tests.support.reverts import reverts
from tests.support.verdicts import Reason, Verdict
from weilian.gs1.dates import read_date

LIFE = 1000  # seconds
TODAY = date(2026, 11, 25)


@pytest.fixture
def batch(provenance, brand):
    """A batch that expires soon."""
    return register_batch(provenance, brand, expires_at=later(LIFE))


@pytest.fixture
def expires_at(provenance, batch):
    return provenance.batchOf(batch.batch_id).expiresAt


def test_t13_expired_goods__shopper_scans_in_second_of_expiry__is_told(lens, batch, expires_at):
    read_at(expires_at)

    assert graded(lens.inspect(query(batch))) == (Verdict.EXPIRED, Reason.EXPIRED)


def test_t13_expired_goods__shopper_claims_in_second_of_expiry__is_refused(
    items, batch, expires_at, shopper
):
    next_block_at(expires_at)

    with reverts(
        items.ItemRegistry_NotClaimable,
        itemId=item_id_of(batch.batch_id, 0),
        verdict=Verdict.EXPIRED,
        reasons=Reason.EXPIRED,
    ):
        claim_item(items, batch, shopper)


def test_t13_expired_goods__shopper_claims_in_second_before__is_accepted(
    items, batch, expires_at, shopper
):
    next_block_at(expires_at - 1)

    claim_item(items, batch, shopper)

    assert items.itemOf(item_id_of(batch.batch_id, 0)).claimedAt == expires_at - 1


def test_t13_expired_goods__dealer_takes_expired_lot__is_refused(
    custody, batch, expires_at, brand, distributor
):
    custody.shipLot(batch.batch_id, 0, distributor, sender=brand)
    next_block_at(expires_at)

    with reverts(
        custody.CustodyLedger_NotTradable,
        batchId=batch.batch_id,
        first=0,
        reasons=Reason.EXPIRED,
    ):
        custody.receiveLot(batch.batch_id, 0, 4, NOTICE, sender=distributor)


def test_t13_expired_goods__brand_registers_lot_again_with_later_date__is_refused(
    provenance, batch, expires_at, brand
):
    registered_at = provenance.batchOf(batch.batch_id).registeredAt
    later = create_registration(brand, gtin=GTIN, root=batch.root, expiresAt=expires_at + LIFE)

    with reverts(
        provenance.ProvenanceRegistry_BatchExists,
        batchId=batch.batch_id,
        registeredAt=registered_at,
    ):
        provenance.registerBatch(later, sender=brand)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("270200", date(2027, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("751231", date(2075, 12, 31)),
        ("781231", date(1978, 12, 31)),
    ],
    ids=["day 00", "day 00 in leap year", "next fifty years", "last fifty years"],
)
def test_t13_expired_goods__date_on_label_is_ambiguous__is_read_by_gs1s_rule(text, day):
    assert read_date(text, today=TODAY) == day
