import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS
from tests.support.items import (
    DESTROYED,
    FLAGGED,
    LOST,
    STOLEN,
    act,
    flag,
    report,
    state_of,
    token_of,
)
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct


def test_act__owner_transfers__means_receiver_owns_item(items, item_id, shopper, payer):
    act(items, item_id, OwnerAct.TRANSFER, shopper, payer)

    assert state_of(items, item_id) == (payer, 1, 0)
    assert items.ownerOf(token_of(item_id)) == payer


def test_act__owner_transfers__keeps_time_of_claim(items, item_id, shopper, payer):
    claimed_at = items.itemOf(item_id).claimedAt

    act(items, item_id, OwnerAct.TRANSFER, shopper, payer)

    assert items.itemOf(item_id).claimedAt == claimed_at


def test_act__owner_transfers__emits_transfer_and_act(items, item_id, shopper, payer):
    tx = act(items, item_id, OwnerAct.TRANSFER, shopper, payer)

    assert tx.events == [
        items.Transfer(**{"from": shopper, "to": payer, "tokenId": token_of(item_id)}),
        items.ItemActed(itemId=item_id, act=OwnerAct.TRANSFER, owner=payer, nonce=1),
    ]


def test_act__owner_transfers_to_itself__counts_as_act(items, item_id, shopper):
    act(items, item_id, OwnerAct.TRANSFER, shopper, shopper)

    assert state_of(items, item_id) == (shopper, 1, 0)
    assert items.balanceOf(shopper) == 1


def test_act__owner_transfers_to_zero__reverts(items, item_id, shopper):
    with reverts(items.ERC721InvalidReceiver, receiver=ZERO_ADDRESS):
        act(items, item_id, OwnerAct.TRANSFER, shopper, ZERO_ADDRESS)


def test_act__approval_stands__does_not_outlive_transfer(items, item_id, shopper, payer, attacker):
    token_id = token_of(item_id)
    items.approve(attacker, token_id, sender=shopper)

    act(items, item_id, OwnerAct.TRANSFER, shopper, payer)

    assert items.getApproved(token_id) == ZERO_ADDRESS
    with reverts(items.ERC721InsufficientApproval, operator=attacker, tokenId=token_id):
        items.transferFrom(payer, attacker, token_id, sender=attacker)


@pytest.mark.parametrize(
    ("what", "flags"),
    [
        (OwnerAct.REPORT_LOST, LOST),
        (OwnerAct.REPORT_STOLEN, STOLEN),
        (OwnerAct.DESTROY, DESTROYED),
    ],
)
def test_act__owner_reports__sets_flag_and_counts(items, item_id, shopper, what, flags):
    act(items, item_id, what, shopper)

    assert state_of(items, item_id) == (shopper, 1, flags)


@pytest.mark.parametrize("what", [OwnerAct.REPORT_LOST, OwnerAct.REPORT_STOLEN])
def test_act__owner_reports__emits_act_of_owner_whatever_to_is(
    items, item_id, shopper, attacker, what
):
    tx = act(items, item_id, what, shopper, attacker)

    assert tx.events == [items.ItemActed(itemId=item_id, act=what, owner=shopper, nonce=1)]


def test_act__owner_reports_twice__is_accepted_and_counted(items, item_id, shopper):
    act(items, item_id, OwnerAct.REPORT_LOST, shopper)

    act(items, item_id, OwnerAct.REPORT_LOST, shopper)

    assert state_of(items, item_id) == (shopper, 2, LOST)


def test_act__owner_found_what_was_lost_and_stolen__clears_both(items, item_id, shopper):
    act(items, item_id, OwnerAct.REPORT_LOST, shopper)
    act(items, item_id, OwnerAct.REPORT_STOLEN, shopper)

    tx = act(items, item_id, OwnerAct.REPORT_FOUND, shopper)

    assert state_of(items, item_id) == (shopper, 3, 0)
    assert tx.events == [
        items.ItemActed(itemId=item_id, act=OwnerAct.REPORT_FOUND, owner=shopper, nonce=3)
    ]


@pytest.mark.parametrize("how", [LOST, STOLEN])
def test_act__owner_found_item__can_transfer_again(
    items, batch, item_id, shopper, payer, issuer, how
):
    report(items, batch, how, shopper, issuer)
    act(items, item_id, OwnerAct.REPORT_FOUND, shopper)

    act(items, item_id, OwnerAct.TRANSFER, shopper, payer)

    assert items.itemOf(item_id).owner == payer


def test_act__owner_found_what_it_never_reported__reverts(items, item_id, shopper):
    with reverts(items.ItemRegistry_NotReported, itemId=item_id):
        act(items, item_id, OwnerAct.REPORT_FOUND, shopper)


def test_act__owner_found_what_issuer_flagged__reverts(items, batch, item_id, shopper, issuer):
    flag(items, batch, issuer)

    with reverts(items.ItemRegistry_NotReported, itemId=item_id):
        act(items, item_id, OwnerAct.REPORT_FOUND, shopper)


def test_act__owner_found_what_issuer_flagged_too__keeps_issuers_flag(
    items, batch, item_id, shopper, issuer
):
    flag(items, batch, issuer)
    act(items, item_id, OwnerAct.REPORT_STOLEN, shopper)

    act(items, item_id, OwnerAct.REPORT_FOUND, shopper)

    assert state_of(items, item_id) == (shopper, 2, FLAGGED)


def test_act__owner_destroys__emits_transfer_to_zero_and_act(items, item_id, shopper):
    tx = act(items, item_id, OwnerAct.DESTROY, shopper)

    assert tx.events == [
        items.Transfer(**{"from": shopper, "to": ZERO_ADDRESS, "tokenId": token_of(item_id)}),
        items.ItemActed(itemId=item_id, act=OwnerAct.DESTROY, owner=shopper, nonce=1),
    ]


@pytest.mark.parametrize("how", [LOST, STOLEN, FLAGGED])
def test_act__owner_destroys_reported_item__keeps_report_on_record(
    items, batch, item_id, shopper, issuer, how
):
    report(items, batch, how, shopper, issuer)

    act(items, item_id, OwnerAct.DESTROY, shopper)

    assert items.itemOf(item_id).flags == how | DESTROYED


@pytest.mark.parametrize("what", list(OwnerAct), ids=lambda what: what.name)
def test_act__item_was_destroyed__reverts(items, item_id, shopper, payer, what):
    act(items, item_id, OwnerAct.DESTROY, shopper)

    with reverts(items.ItemRegistry_NotOwned, itemId=item_id):
        act(items, item_id, what, shopper, payer)


@pytest.mark.parametrize("what", list(OwnerAct), ids=lambda what: what.name)
def test_act__item_is_unclaimed__reverts(items, shopper, payer, what):
    item_id = keccak(text="no item")

    with reverts(items.ItemRegistry_NotOwned, itemId=item_id):
        act(items, item_id, what, shopper, payer)


@pytest.mark.parametrize("what", list(OwnerAct), ids=lambda what: what.name)
def test_act__caller_is_not_owner__reverts(items, item_id, shopper, attacker, what):
    with reverts(items.ItemRegistry_NotOwner, itemId=item_id, actor=attacker, owner=shopper):
        act(items, item_id, what, attacker, attacker)


def test_act__caller_is_former_owner__reverts(items, item_id, shopper, payer):
    act(items, item_id, OwnerAct.TRANSFER, shopper, payer)

    with reverts(items.ItemRegistry_NotOwner, itemId=item_id, actor=shopper, owner=payer):
        act(items, item_id, OwnerAct.REPORT_STOLEN, shopper)


def test_act__caller_is_approved_only__reverts(items, item_id, shopper, distributor):
    items.approve(distributor, token_of(item_id), sender=shopper)
    items.setApprovalForAll(distributor, True, sender=shopper)

    with reverts(items.ItemRegistry_NotOwner, itemId=item_id, actor=distributor, owner=shopper):
        act(items, item_id, OwnerAct.TRANSFER, distributor, distributor)


def test_act__item_has_chip__reverts_for_transfer(items, chip_item_id, shopper, payer):
    with reverts(items.ItemRegistry_ChipNeeded, itemId=chip_item_id):
        act(items, chip_item_id, OwnerAct.TRANSFER, shopper, payer)


def test_act__item_has_chip__lets_owner_report_find_and_destroy(items, chip_item_id, shopper):
    act(items, chip_item_id, OwnerAct.REPORT_LOST, shopper)
    act(items, chip_item_id, OwnerAct.REPORT_FOUND, shopper)
    act(items, chip_item_id, OwnerAct.DESTROY, shopper)

    owner, nonce, flags = state_of(items, chip_item_id)
    assert (owner, nonce) == (shopper, 3)
    assert flags & (LOST | DESTROYED) == DESTROYED
