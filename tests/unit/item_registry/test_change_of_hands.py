"""The five ways in which an item changes hands, and what closes all of them."""

import pytest

from tests.support.claims import FAR_DEADLINE
from tests.support.items import (
    FLAGGED,
    LOST,
    ON_CHIP,
    STOLEN,
    act,
    chip_transfer,
    flag,
    report,
    sign_act,
    token_of,
)
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct

TRANSFER = OwnerAct.TRANSFER
REPORTS = [LOST, STOLEN, FLAGGED]


def by_act(items, batch, item_id, owner, to, operator):
    return items.act(item_id, TRANSFER, to, sender=owner)


def by_signed_act(items, batch, item_id, owner, to, operator):
    signature = sign_act(items, item_id, TRANSFER, owner, to)
    return items.actFor(item_id, TRANSFER, to, FAR_DEADLINE, signature, sender=operator)


def by_transfer(items, batch, item_id, owner, to, operator):
    return items.transferFrom(owner, to, token_of(item_id), sender=owner)


def by_operator(items, batch, item_id, owner, to, operator):
    items.setApprovalForAll(operator, True, sender=owner)
    return items.transferFrom(owner, to, token_of(item_id), sender=operator)


def by_safe_transfer(items, batch, item_id, owner, to, operator):
    return items.safeTransferFrom(owner, to, token_of(item_id), sender=owner)


def by_safe_transfer_with_data(items, batch, item_id, owner, to, operator):
    return items.safeTransferFrom(owner, to, token_of(item_id), b"a gift", sender=owner)


def by_chip(items, batch, item_id, owner, to, operator):
    return items.transferWithChip(*chip_transfer(items, batch, to), sender=operator)


WAYS = [
    by_act,
    by_signed_act,
    by_transfer,
    by_operator,
    by_safe_transfer,
    by_safe_transfer_with_data,
]


@pytest.mark.parametrize("hand_on", WAYS)
def test_change_of_hands__item_is_free__gives_it_to_receiver(
    items, batch, item_id, shopper, payer, relayer, hand_on
):
    hand_on(items, batch, item_id, shopper, payer, relayer)

    assert items.itemOf(item_id).owner == items.ownerOf(token_of(item_id)) == payer
    assert (items.itemOf(item_id).nonce, items.balanceOf(shopper)) == (1, 0)


@pytest.mark.parametrize("how", REPORTS, ids=["lost", "stolen", "flagged"])
@pytest.mark.parametrize("hand_on", WAYS)
def test_change_of_hands__item_is_reported__reverts(
    items, batch, item_id, shopper, payer, relayer, issuer, hand_on, how
):
    report(items, batch, how, shopper, issuer)

    with reverts(items.ItemRegistry_Reported, itemId=item_id, flags=how):
        hand_on(items, batch, item_id, shopper, payer, relayer)


@pytest.mark.parametrize("how", REPORTS, ids=["lost", "stolen", "flagged"])
def test_change_of_hands__item_with_chip_is_reported__reverts(
    items, chip_batch, chip_item_id, shopper, payer, issuer, how
):
    report(items, chip_batch, how, shopper, issuer)

    with reverts(items.ItemRegistry_Reported, itemId=chip_item_id, flags=how | ON_CHIP):
        by_chip(items, chip_batch, chip_item_id, shopper, payer, payer)


@pytest.mark.parametrize("hand_on", WAYS)
def test_change_of_hands__item_has_chip__reverts_for_all_other_ways(
    items, chip_batch, chip_item_id, shopper, payer, relayer, hand_on
):
    with reverts(items.ItemRegistry_ChipNeeded, itemId=chip_item_id):
        hand_on(items, chip_batch, chip_item_id, shopper, payer, relayer)


@pytest.mark.parametrize("hand_on", WAYS)
def test_change_of_hands__owner_takes_back_report_but_issuer_flagged__reverts(
    items, batch, item_id, shopper, payer, relayer, issuer, hand_on
):
    act(items, item_id, OwnerAct.REPORT_LOST, shopper)
    flag(items, batch, issuer)
    act(items, item_id, OwnerAct.REPORT_FOUND, shopper)

    with reverts(items.ItemRegistry_Reported, itemId=item_id, flags=FLAGGED):
        hand_on(items, batch, item_id, shopper, payer, relayer)


@pytest.mark.parametrize("hand_on", [by_act, by_signed_act])
def test_change_of_hands__item_was_destroyed__reverts_for_acts(
    items, batch, item_id, shopper, payer, relayer, hand_on
):
    act(items, item_id, OwnerAct.DESTROY, shopper)

    with reverts(items.ItemRegistry_NotOwned, itemId=item_id):
        hand_on(items, batch, item_id, shopper, payer, relayer)


@pytest.mark.parametrize(
    "hand_on", [by_transfer, by_operator, by_safe_transfer, by_safe_transfer_with_data]
)
def test_change_of_hands__item_was_destroyed__reverts_for_wallets(
    items, batch, item_id, shopper, payer, relayer, hand_on
):
    act(items, item_id, OwnerAct.DESTROY, shopper)

    with reverts(items.ERC721NonexistentToken, tokenId=token_of(item_id)):
        hand_on(items, batch, item_id, shopper, payer, relayer)
