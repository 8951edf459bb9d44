from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import item_id_of
from tests.support.items import act, token_of
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct


def test_approve__owner_approves__emits_approval(items, item_id, shopper, distributor):
    tx = items.approve(distributor, token_of(item_id), sender=shopper)

    assert tx.events == [
        items.Approval(owner=shopper, approved=distributor, tokenId=token_of(item_id))
    ]
    assert items.getApproved(token_of(item_id)) == distributor


def test_approve__owner_approves_another__replaces_first(
    items, item_id, shopper, distributor, payer
):
    token_id = token_of(item_id)
    items.approve(distributor, token_id, sender=shopper)

    items.approve(payer, token_id, sender=shopper)

    assert items.getApproved(token_id) == payer
    with reverts(items.ERC721InsufficientApproval, operator=distributor, tokenId=token_id):
        items.transferFrom(shopper, distributor, token_id, sender=distributor)


def test_approve__owner_approves_zero__ends_approval(items, item_id, shopper, distributor):
    token_id = token_of(item_id)
    items.approve(distributor, token_id, sender=shopper)

    items.approve(ZERO_ADDRESS, token_id, sender=shopper)

    with reverts(items.ERC721InsufficientApproval, operator=distributor, tokenId=token_id):
        items.transferFrom(shopper, distributor, token_id, sender=distributor)


def test_approve__operator_of_owner_approves__is_accepted(
    items, item_id, shopper, distributor, payer
):
    items.setApprovalForAll(distributor, True, sender=shopper)

    items.approve(payer, token_of(item_id), sender=distributor)

    assert items.getApproved(token_of(item_id)) == payer


def test_approve__account_approved_for_item_approves__reverts(
    items, item_id, shopper, distributor, payer
):
    items.approve(distributor, token_of(item_id), sender=shopper)

    with reverts(items.ERC721InvalidApprover, approver=distributor):
        items.approve(payer, token_of(item_id), sender=distributor)


def test_approve__stranger_approves__reverts(items, item_id, attacker):
    with reverts(items.ERC721InvalidApprover, approver=attacker):
        items.approve(attacker, token_of(item_id), sender=attacker)


def test_approve__item_is_unclaimed__reverts(items, batch, shopper):
    token_id = token_of(item_id_of(batch.batch_id, 0))

    with reverts(items.ERC721NonexistentToken, tokenId=token_id):
        items.approve(shopper, token_id, sender=shopper)


def test_approve__item_was_destroyed__reverts(items, item_id, shopper, distributor):
    act(items, item_id, OwnerAct.DESTROY, shopper)

    with reverts(items.ERC721NonexistentToken, tokenId=token_of(item_id)):
        items.approve(distributor, token_of(item_id), sender=shopper)


def test_approve__item_has_chip__lets_nobody_move_it(items, chip_item_id, shopper, distributor):
    items.approve(distributor, token_of(chip_item_id), sender=shopper)

    with reverts(items.ItemRegistry_ChipNeeded, itemId=chip_item_id):
        items.transferFrom(shopper, distributor, token_of(chip_item_id), sender=distributor)
