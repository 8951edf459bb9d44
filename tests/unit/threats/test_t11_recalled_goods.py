"""A holder of recalled goods trades on as if nothing had happened.

What remains open: whoever never looks is not reached; products made from recalled goods are found
along their events off chain, and recalled one by one.
"""

import pytest

from tests.support.abi import permission
from tests.support.batches import GTIN, item_id_of, register_batch
from tests.support.claims import claim_item
from tests.support.clock import NEVER
from tests.support.inspections import query
from tests.support.items import NOTICE, recall
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason, Verdict


@pytest.fixture
def batch(provenance, custody, brand, distributor):
    """A batch that a distributor has."""
    batch = register_batch(provenance, brand)
    custody.shipLot(batch.batch_id, 0, distributor, sender=brand)
    custody.receiveLot(batch.batch_id, 0, 4, NOTICE, sender=distributor)
    return batch


def test_t11_recalled_goods__holder_hands_lot_on__means_receiver_cannot_take_it(
    provenance, custody, batch, brand, distributor, payer
):
    custody.shipLot(batch.batch_id, 0, payer, sender=distributor)
    recall(provenance, batch, brand, first=3, last=3)

    with reverts(
        custody.CustodyLedger_NotTradable,
        batchId=batch.batch_id,
        first=0,
        reasons=Reason.RECALLED,
    ):
        custody.receiveLot(batch.batch_id, 0, 4, NOTICE, sender=payer)


def test_t11_recalled_goods__holder_waits_until_recall_is_lifted__means_old_offer_is_dead(
    provenance, custody, batch, brand, distributor, payer
):
    # Both agreed before the recall; what was checked since must be agreed on anew.
    custody.shipLot(batch.batch_id, 0, payer, sender=distributor)
    recall(provenance, batch, brand)
    provenance.reinstate(batch.batch_id, 0, NOTICE, sender=brand)

    with reverts(
        custody.CustodyLedger_NotTradable,
        batchId=batch.batch_id,
        first=0,
        reasons=Reason.RECALLED,
    ):
        custody.receiveLot(batch.batch_id, 0, 4, NOTICE, sender=payer)
    custody.cancelOffer(batch.batch_id, 0, sender=distributor)
    custody.shipLot(batch.batch_id, 0, payer, sender=distributor)
    custody.receiveLot(batch.batch_id, 0, 4, NOTICE, sender=payer)


def test_t11_recalled_goods__holder_sends_lot_back__means_brand_takes_it(
    provenance, custody, batch, brand, distributor
):
    recall(provenance, batch, brand)
    custody.shipLot(batch.batch_id, 0, brand, sender=distributor)

    custody.receiveLot(batch.batch_id, 0, 4, NOTICE, sender=brand)

    assert custody.custodyOf(batch.batch_id, 0).holder == brand


def test_t11_recalled_goods__holder_splits_recalled_item_off__means_rest_is_traded_alone(
    provenance, custody, batch, brand, distributor, payer
):
    recall(provenance, batch, brand, first=2, last=3)
    custody.splitLot(batch.batch_id, 0, 2, sender=distributor)
    for first in (0, 2):
        custody.shipLot(batch.batch_id, first, payer, sender=distributor)

    custody.receiveLot(batch.batch_id, 0, 2, NOTICE, sender=payer)

    with reverts(
        custody.CustodyLedger_NotTradable,
        batchId=batch.batch_id,
        first=2,
        reasons=Reason.RECALLED,
    ):
        custody.receiveLot(batch.batch_id, 2, 2, NOTICE, sender=payer)


@pytest.mark.parametrize("is_gtin", [False, True], ids=["batch", "gtin"])
def test_t11_recalled_goods__seller_hands_out_item__means_shopper_is_told_and_cannot_claim(
    provenance, items, lens, batch, brand, shopper, is_gtin
):
    if is_gtin:
        provenance.recallGtin(brand, GTIN, NoticeKind.RECALL, NOTICE, sender=brand)
    else:
        recall(provenance, batch, brand)
    reasons = Reason.RECALLED | (Reason.GTIN_NOTICE if is_gtin else Reason.NONE)

    assert lens.inspect(query(batch)).verdict == Verdict.RECALLED
    with reverts(
        items.ItemRegistry_NotClaimable,
        itemId=item_id_of(batch.batch_id, 0),
        verdict=Verdict.RECALLED,
        reasons=reasons,
    ):
        claim_item(items, batch, shopper)


@pytest.mark.parametrize("is_holder", [True, False], ids=["holder", "stranger"])
def test_t11_recalled_goods__holder_or_stranger_lifts_recall__is_refused(
    provenance, batch, brand, distributor, attacker, is_holder
):
    recall(provenance, batch, brand)
    actor = distributor if is_holder else attacker

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=brand,
        permission=permission("recall"),
        actor=actor,
    ):
        provenance.reinstate(batch.batch_id, 0, NOTICE, sender=actor)


def test_t11_recalled_goods__brand_buries_recall_under_suspensions__means_recall_outweighs(
    provenance, lens, batch, brand
):
    recall(provenance, batch, brand)
    for _ in range(3):
        recall(provenance, batch, brand, NoticeKind.SUSPENSION)

    report = lens.inspect(query(batch))

    assert report.verdict == Verdict.RECALLED


def test_t11_recalled_goods__attacker_weakens_recall_to_suspension__means_recall_stands(
    provenance, lens, batch, brand
):
    # Someone with the brand's recall key writes over the one notice that is written anew.
    for _ in range(33):
        recall(provenance, batch, brand)
    for number in range(32):
        provenance.reinstate(batch.batch_id, number, NOTICE, sender=brand)

    recall(provenance, batch, brand, NoticeKind.SUSPENSION)
    provenance.recallGtin(brand, GTIN, NoticeKind.RECALL, NOTICE, sender=brand)
    provenance.recallGtin(brand, GTIN, NoticeKind.SUSPENSION, NOTICE, sender=brand)

    reasons = Reason.RECALLED | Reason.GTIN_NOTICE
    assert provenance.conditionOf(batch.batch_id, 0, 3, NEVER) == reasons
    assert lens.inspect(query(batch)).verdict == Verdict.RECALLED


def test_t11_recalled_goods__attacker_fills_notice_list__means_recall_of_whole_batch_still_goes(
    provenance, batch, brand
):
    # Someone with the brand's recall key issues notices on single items until there is no room.
    for _ in range(32):
        recall(provenance, batch, brand, NoticeKind.SUSPENSION, 0, 0)
    with reverts(provenance.ProvenanceRegistry_TooManyNotices, batchId=batch.batch_id, limit=32):
        recall(provenance, batch, brand, first=1, last=1)

    recall(provenance, batch, brand)

    assert graded_verdict(provenance, batch, 1) == Verdict.RECALLED


def graded_verdict(provenance, batch, index):
    return provenance.verdictOf(batch.item(index), batch.proof(index))[0]
