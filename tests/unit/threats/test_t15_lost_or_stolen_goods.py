"""A thief sells a stolen item as its own, with box, label and hidden code.

What remains open: a buyer who does not look; an item that its owner never claimed.
"""

import pytest

from tests.support.abi import permission
from tests.support.batches import CHIP, item_id_of, register_batch
from tests.support.claims import FAR_DEADLINE, claim_item
from tests.support.inspections import graded, query
from tests.support.items import (
    CASE,
    FLAGGED,
    ON_CHIP,
    STOLEN,
    act,
    chip_transfer,
    flag,
    sign_act,
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
    items, provenance, brand, shopper, attacker
):
    batch = register_batch(provenance, brand, gtin=1, key_kind=CHIP)
    claim_item(items, batch, shopper)
    item_id = item_id_of(batch.batch_id, 0)
    act(items, item_id, OwnerAct.REPORT_STOLEN, shopper)

    with reverts(items.ItemRegistry_Reported, itemId=item_id, flags=STOLEN | ON_CHIP):
        items.transferWithChip(*chip_transfer(items, batch, attacker), sender=attacker)


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
