"""A thief sells a stolen item as its own, with box, label and hidden code.

What remains open: a buyer who does not look; an item that its owner never claimed.
"""

import ape
import pytest

from tests.support.abi import permission
from tests.support.batches import CHIP, claim_key, item_id_of, register_batch
from tests.support.claims import FAR_DEADLINE, claim_item
from tests.support.inspections import graded, query
from tests.support.items import (
    CASE,
    FLAGGED,
    LOST,
    ON_CHIP,
    STOLEN,
    act,
    chip_signer_of,
    chip_transfer,
    flag,
    sign_act,
    state_of,
    token_of,
)
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct, Reason, Verdict


@pytest.fixture
def batch(provenance, brand):
    return register_batch(provenance, brand)


@pytest.fixture
def stolen(items, batch, shopper):
    """An item whose owner reported it stolen."""
    claim_item(items, batch, shopper)
    item_id = item_id_of(batch.batch_id, 0)
    act(items, item_id, OwnerAct.REPORT_STOLEN, shopper)
    return item_id


@pytest.fixture
def on_chip(items, provenance, brand, shopper):
    """A batch with chips, whose first item the shopper has claimed."""
    batch = register_batch(provenance, brand, gtin=1, key_kind=CHIP)
    claim_item(items, batch, shopper)
    return batch


def test_t15_lost_or_stolen_goods__buyer_scans_it__is_told(lens, batch, stolen, payer):
    reasons = Reason.STOLEN | Reason.CLAIMED_BY_OTHER
    assert graded(lens.inspect(query(batch, viewer=payer))) == (Verdict.LOST_OR_STOLEN, reasons)


@pytest.mark.parametrize("what", list(OwnerAct), ids=lambda what: what.name)
def test_t15_lost_or_stolen_goods__thief_acts_as_owner__is_refused(
    items, stolen, shopper, attacker, what
):
    with reverts(items.ItemRegistry_NotOwner, itemId=stolen, actor=attacker, owner=shopper):
        act(items, stolen, what, attacker, attacker)


def test_t15_lost_or_stolen_goods__thief_was_approved_before__cannot_take_it(
    items, stolen, shopper, attacker
):
    items.setApprovalForAll(attacker, True, sender=shopper)

    with reverts(items.ItemRegistry_Reported, itemId=stolen, flags=STOLEN):
        items.transferFrom(shopper, attacker, token_of(stolen), sender=attacker)


def test_t15_lost_or_stolen_goods__thief_got_signed_transfer_before__is_dead(
    items, batch, shopper, attacker
):
    claim_item(items, batch, shopper)
    item_id = item_id_of(batch.batch_id, 0)
    signature = sign_act(items, item_id, OwnerAct.TRANSFER, shopper, attacker)
    act(items, item_id, OwnerAct.REPORT_STOLEN, shopper)

    with reverts(items.ItemRegistry_OwnerSignatureWrong, itemId=item_id, owner=shopper):
        items.actFor(item_id, OwnerAct.TRANSFER, attacker, FAR_DEADLINE, signature, sender=attacker)


def test_t15_lost_or_stolen_goods__thief_has_item_with_chip__means_chip_does_not_help(
    items, on_chip, shopper, attacker
):
    item_id = item_id_of(on_chip.batch_id, 0)
    act(items, item_id, OwnerAct.REPORT_STOLEN, shopper)

    with reverts(items.ItemRegistry_Reported, itemId=item_id, flags=STOLEN | ON_CHIP):
        items.transferWithChip(*chip_transfer(items, on_chip, attacker), sender=attacker)


def test_t15_lost_or_stolen_goods__thief_took_wallet_too__means_brand_stops_it(
    items, batch, brand, shopper, attacker
):
    # The thief made itself the owner before anybody reported.
    claim_item(items, batch, shopper)
    item_id = item_id_of(batch.batch_id, 0)
    act(items, item_id, OwnerAct.TRANSFER, shopper, attacker)
    flag(items, batch, brand)

    with reverts(items.ItemRegistry_NotReported, itemId=item_id):
        act(items, item_id, OwnerAct.REPORT_FOUND, attacker)
    with reverts(items.ItemRegistry_Reported, itemId=item_id, flags=FLAGGED):
        act(items, item_id, OwnerAct.TRANSFER, attacker, shopper)


@pytest.mark.parametrize("late", [1, 2, 1000])
def test_t15_lost_or_stolen_goods__chip_was_read_in_passing__is_worth_nothing_after_256_blocks(
    items, on_chip, shopper, attacker, late
):
    # The attacker's reader stood beside the item once; it waits until the owner is far away.
    *_, block, _ = arguments = chip_transfer(items, on_chip, attacker)
    ape.chain.mine(255 + late)

    with reverts(
        items.ItemRegistry_BlockTooOld, blockNumber=block, current=ape.chain.blocks.height + 1
    ):
        items.transferWithChip(*arguments, sender=attacker)
    assert state_of(items, item_id_of(on_chip.batch_id, 0)) == (shopper, 0, ON_CHIP)


def test_t15_lost_or_stolen_goods__chip_signs_for_blocks_to_come__is_refused(
    items, on_chip, attacker
):
    # A hash that nobody knows yet can only be guessed, and a later block has another.
    due = ape.chain.blocks.height + 3
    guessed = chip_transfer(items, on_chip, attacker, block=due)
    ape.chain.mine(4)
    signer = chip_signer_of(items, guessed)

    with reverts(items.ItemRegistry_WrongSigner, signer=signer, claimKey=claim_key(0).address):
        items.transferWithChip(*guessed, sender=attacker)


def test_t15_lost_or_stolen_goods__somebody_takes_and_locks_item__is_undone_by_issuer(
    items, on_chip, brand, shopper, attacker
):
    # The attacker read the chip in time and reported what it took: nobody could move it any more.
    item_id = item_id_of(on_chip.batch_id, 0)
    items.transferWithChip(*chip_transfer(items, on_chip, attacker), sender=attacker)
    act(items, item_id, OwnerAct.REPORT_LOST, attacker)
    act(items, item_id, OwnerAct.REPORT_STOLEN, attacker)
    with reverts(items.ItemRegistry_Reported, itemId=item_id, flags=LOST | STOLEN | ON_CHIP):
        items.transferWithChip(*chip_transfer(items, on_chip, shopper), sender=shopper)

    flag(items, on_chip, brand, is_stolen=False)

    items.transferWithChip(*chip_transfer(items, on_chip, shopper), sender=shopper)
    assert state_of(items, item_id) == (shopper, 4, ON_CHIP)


def test_t15_lost_or_stolen_goods__seller_locks_item_before_it_is_lost__is_told_and_undone(
    items, lens, batch, brand, shopper, payer
):
    # A report by the owner lies as well as it tells the truth: the issuer hears both sides.
    claim_item(items, batch, shopper)
    item_id = item_id_of(batch.batch_id, 0)
    act(items, item_id, OwnerAct.REPORT_STOLEN, shopper)
    assert lens.inspect(query(batch, viewer=payer)).verdict == Verdict.LOST_OR_STOLEN

    flag(items, batch, brand, is_stolen=False)

    assert lens.inspect(query(batch, viewer=payer)).reasons == Reason.CLAIMED_BY_OTHER


@pytest.mark.parametrize("is_stolen", [True, False])
def test_t15_lost_or_stolen_goods__rival_flags_or_clears__is_refused(
    items, batch, stolen, brand, attacker, is_stolen
):
    if not is_stolen:
        flag(items, batch, brand)

    with reverts(
        items.ItemRegistry_NotAuthorized,
        issuer=brand,
        permission=permission("inspect"),
        actor=attacker,
    ):
        items.flagStolen(batch.batch_id, 0, is_stolen, CASE, sender=attacker)


def test_t15_lost_or_stolen_goods__item_is_found__means_owner_has_it_back(
    items, lens, batch, stolen, shopper
):
    act(items, stolen, OwnerAct.REPORT_FOUND, shopper)

    assert lens.inspect(query(batch, viewer=shopper)).verdict == Verdict.CLAIMED_BY_YOU
