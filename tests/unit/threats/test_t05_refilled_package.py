"""An attacker fills genuine empty packages again, or puts a genuine label on other goods.

What remains open: packages that were never claimed, so a claim should be worth something to the
shopper; whether the seal is whole, only eyes see.
"""

import ape
import pytest

from tests.support.batches import CHIP, HIDDEN_CODE, item_id_of
from tests.support.claims import claim_item, create_claim
from tests.support.items import act, chip_transfer, sign_chip_transfer
from tests.support.printed import claim_printed, look
from tests.support.reverts import reverts
from tests.support.two_leaves import register_two_leaves
from tests.support.verdicts import OwnerAct, Reason, Verdict


@pytest.fixture
def opened(items, printed, shopper):
    """Open the first item and return when: its code is scratched free and known."""
    return claim_printed(items, printed, shopper).timestamp


def test_t05_refilled_package__refilled_one_is_scanned__tells_when_it_was_opened(
    lens, proof, opened, payer
):
    report = look(lens, proof, payer)

    assert report.verdict == Verdict.ALREADY_CLAIMED
    assert report.item.claimedAt == opened


def test_t05_refilled_package__attacker_claims_with_old_code__is_refused(
    items, printed, opened, shopper, attacker
):
    with reverts(
        items.ItemRegistry_AlreadyClaimed,
        itemId=item_id_of(printed.batch_id, 0),
        owner=shopper,
        claimedAt=opened,
    ):
        claim_printed(items, printed, attacker)


def test_t05_refilled_package__attacker_moves_item_with_old_code__is_refused(
    items, printed, proof, opened, attacker
):
    item_id, block = item_id_of(proof.batch_id, 0), ape.chain.blocks.height
    signature = sign_chip_transfer(items, item_id, attacker, block, key=printed.key())

    with reverts(items.ItemRegistry_NoChip, itemId=item_id):
        items.transferWithChip(item_id, attacker, block, signature, sender=attacker)


def test_t05_refilled_package__package_has_second_leaf_with_chip__moves_nothing(
    items, provenance, brand, shopper, attacker
):
    # A chip that belongs to no claim is put on the empty: the owner of the opened item stays.
    batch = register_two_leaves(provenance, brand, HIDDEN_CODE, CHIP)
    tx = claim_item(items, batch, shopper, index=0)
    item_id = item_id_of(batch.batch_id, 0)
    claim = create_claim(items, batch, attacker, index=1)

    with reverts(items.ItemRegistry_NoChip, itemId=item_id):
        items.transferWithChip(*chip_transfer(items, batch, attacker, 1), sender=attacker)
    with reverts(
        items.ItemRegistry_AlreadyClaimed, itemId=item_id, owner=shopper, claimedAt=tx.timestamp
    ):
        items.claim(*claim, sender=attacker)


def test_t05_refilled_package__owner_threw_it_away__is_never_claimed_or_owned_again(
    items, lens, printed, proof, opened, shopper, attacker
):
    item_id = item_id_of(proof.batch_id, 0)
    act(items, item_id, OwnerAct.DESTROY, shopper)

    with reverts(
        items.ItemRegistry_AlreadyClaimed, itemId=item_id, owner=shopper, claimedAt=opened
    ):
        claim_printed(items, printed, attacker)
    with reverts(items.ItemRegistry_NotOwned, itemId=item_id):
        act(items, item_id, OwnerAct.TRANSFER, shopper, attacker)
    assert look(lens, proof).reasons == Reason.DESTROYED | Reason.CLAIMED_BY_OTHER


def test_t05_refilled_package__empty_was_never_claimed__can_be_claimed_by_whoever_has_it(
    items, lens, printed, proof, attacker, shopper
):
    # The open end: that is why claims are rewarded.
    claim_printed(items, printed, attacker)

    assert look(lens, proof, shopper).verdict == Verdict.ALREADY_CLAIMED
