"""An insider of the brand registers items that were never made, or more than were made.

What remains open: whether the first entry is true, no chain can tell; that outputs weigh no more
than inputs is checked off chain only.
"""

import pytest

from tests.support.abi import permission
from tests.support.batches import (
    CHIP,
    HIDDEN_CODE,
    create_batch,
    create_registration,
    item_id_of,
    register_batch,
)
from tests.support.claims import claim_item
from tests.support.inspections import graded, query
from tests.support.reverts import reverts
from tests.support.two_leaves import register_two_leaves
from tests.support.verdicts import Reason, Verdict

BATCH = permission("batch")


def test_t08_insider_registers_fake_batch__insider_has_no_permission__is_refused(
    provenance, brand, attacker
):
    with reverts(
        provenance.IssuerRegistry_NotAuthorized, issuer=brand, permission=BATCH, actor=attacker
    ):
        register_batch(provenance, brand, sender=attacker)


@pytest.mark.parametrize("matter", ["trace", "activate", "recall", "inspect", "custody", "seller"])
def test_t08_insider_registers_fake_batch__insider_acts_in_other_matters_only__is_refused(
    provenance, identities, brand, manufacturer, matter
):
    identities.addDelegate(brand, permission(matter), manufacturer, 1000, sender=brand)

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=brand,
        permission=BATCH,
        actor=manufacturer,
    ):
        register_batch(provenance, brand, sender=manufacturer)


def test_t08_insider_registers_fake_batch__insider_hides_items_behind_count__means_no_claim(
    provenance, items, lens, brand, attacker
):
    # Declared are five, the tree has eight with keys that the insider knows.
    batch = register_batch(provenance, brand, count=5)

    for index in (5, 6, 7):
        assert graded(lens.inspect(query(batch, index))) == (
            Verdict.UNKNOWN,
            Reason.INDEX_OUT_OF_RANGE,
        )
        with reverts(
            items.ItemRegistry_NotClaimable,
            itemId=item_id_of(batch.batch_id, index),
            verdict=Verdict.UNKNOWN,
            reasons=Reason.INDEX_OUT_OF_RANGE,
        ):
            claim_item(items, batch, attacker, index)


def test_t08_insider_registers_fake_batch__insider_makes_deeper_tree_than_declared__means_no_claim(
    provenance, items, brand, attacker
):
    tree = create_batch(provenance, brand, count=8)
    declared = create_registration(brand, itemCount=4, root=tree.root)
    provenance.registerBatch(declared, sender=brand)

    with reverts(
        items.ItemRegistry_NotClaimable,
        itemId=item_id_of(tree.batch_id, 0),
        verdict=Verdict.UNKNOWN,
        reasons=Reason.PROOF_LENGTH,
    ):
        claim_item(items, tree, attacker)


def test_t08_insider_registers_fake_batch__insider_gives_index_two_leaves__means_one_is_claimed(
    provenance, items, brand, attacker, shopper
):
    # One is under the label that is sold, the other the insider keeps.
    batch = register_two_leaves(provenance, brand, HIDDEN_CODE, CHIP)
    tx = claim_item(items, batch, shopper, index=0)

    with reverts(
        items.ItemRegistry_AlreadyClaimed,
        itemId=item_id_of(batch.batch_id, 0),
        owner=shopper,
        claimedAt=tx.timestamp,
    ):
        claim_item(items, batch, attacker, index=1)


def test_t08_insider_registers_fake_batch__insider_registers_lot_again_with_more__is_refused(
    provenance, brand
):
    batch = register_batch(provenance, brand, count=2)
    registered_at = provenance.batchOf(batch.batch_id).registeredAt

    with reverts(
        provenance.ProvenanceRegistry_BatchExists,
        batchId=batch.batch_id,
        registeredAt=registered_at,
    ):
        register_batch(provenance, brand, count=200)


def test_t08_insider_registers_fake_batch__insider_makes_many_small_batches__is_bounded_by_day(
    provenance, identities, brand, manufacturer
):
    identities.addDelegate(brand, BATCH, manufacturer, 1000, sender=brand)
    provenance.setDailyLimit(brand, manufacturer, 5, sender=brand)
    for gtin in (1, 2):
        register_batch(provenance, brand, count=2, gtin=gtin, sender=manufacturer)

    with reverts(
        provenance.IssuerRegistry_DailyLimitExceeded,
        issuer=brand,
        operator=manufacturer,
        used=6,
        dailyLimit=5,
    ):
        register_batch(provenance, brand, count=2, gtin=3, sender=manufacturer)


def test_t08_insider_registers_fake_batch__fake_is_found__means_suspension_stops_all_of_it(
    provenance, items, brand, attacker
):
    batch = register_batch(provenance, brand)
    provenance.recall(batch.batch_id, 0, 3, 0, b"\1" * 32, sender=brand)

    with reverts(
        items.ItemRegistry_NotClaimable,
        itemId=item_id_of(batch.batch_id, 3),
        verdict=Verdict.SUSPENDED,
        reasons=Reason.SUSPENDED,
    ):
        claim_item(items, batch, attacker, 3)
