import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import item_id_of
from tests.support.claims import claim_item
from tests.support.items import state_of, token_of
from tests.support.reverts import reverts


def approve_item(items, token_id, owner, operator):
    items.approve(operator, token_id, sender=owner)


def approve_all(items, token_id, owner, operator):
    items.setApprovalForAll(operator, True, sender=owner)


def test_transfer_from__owner_sends__gives_item_to_receiver(items, item_id, shopper, payer):
    tx = items.transferFrom(shopper, payer, token_of(item_id), sender=shopper)

    assert state_of(items, item_id) == (payer, 1, 0)
    assert tx.events == [
        items.Transfer(**{"from": shopper, "to": payer, "tokenId": token_of(item_id)})
    ]


@pytest.mark.parametrize("approve", [approve_item, approve_all])
def test_transfer_from__approved_account_sends__gives_item_to_receiver(
    items, item_id, shopper, payer, distributor, approve
):
    approve(items, token_of(item_id), shopper, distributor)

    items.transferFrom(shopper, payer, token_of(item_id), sender=distributor)

    assert state_of(items, item_id) == (payer, 1, 0)


def test_transfer_from__approved_account_sent_once__cannot_send_again(
    items, item_id, shopper, payer, distributor
):
    token_id = token_of(item_id)
    items.approve(distributor, token_id, sender=shopper)
    items.transferFrom(shopper, payer, token_id, sender=distributor)

    with reverts(items.ERC721InsufficientApproval, operator=distributor, tokenId=token_id):
        items.transferFrom(payer, shopper, token_id, sender=distributor)


def test_transfer_from__receiver_is_contract__does_not_ask_it(
    items, item_id, project, deployer, shopper
):
    receiver = deployer.deploy(project.ItemReceiver, b"\0" * 4)

    items.transferFrom(shopper, receiver, token_of(item_id), sender=shopper)

    assert items.ownerOf(token_of(item_id)) == receiver


def test_transfer_from__stranger_sends__reverts(items, item_id, shopper, attacker):
    token_id = token_of(item_id)

    with reverts(items.ERC721InsufficientApproval, operator=attacker, tokenId=token_id):
        items.transferFrom(shopper, attacker, token_id, sender=attacker)


def test_transfer_from__account_approved_for_another_item_sends__reverts(
    items, batch, item_id, shopper, attacker
):
    claim_item(items, batch, shopper, index=1)
    items.approve(attacker, token_of(item_id_of(batch.batch_id, 1)), sender=shopper)
    token_id = token_of(item_id)

    with reverts(items.ERC721InsufficientApproval, operator=attacker, tokenId=token_id):
        items.transferFrom(shopper, attacker, token_id, sender=attacker)


def test_transfer_from__named_owner_is_not_owner__reverts(items, item_id, shopper, payer, attacker):
    token_id = token_of(item_id)

    with reverts(items.ERC721IncorrectOwner, sender=payer, tokenId=token_id, owner=shopper):
        items.transferFrom(payer, attacker, token_id, sender=shopper)


def test_transfer_from__receiver_is_zero__reverts(items, item_id, shopper):
    with reverts(items.ERC721InvalidReceiver, receiver=ZERO_ADDRESS):
        items.transferFrom(shopper, ZERO_ADDRESS, token_of(item_id), sender=shopper)


def test_transfer_from__item_is_unclaimed__reverts(items, batch, shopper, payer):
    token_id = token_of(item_id_of(batch.batch_id, 0))

    with reverts(items.ERC721NonexistentToken, tokenId=token_id):
        items.transferFrom(shopper, payer, token_id, sender=shopper)


def test_transfer_from__item_is_unclaimed__reverts_for_owner_zero(items, batch, attacker):
    token_id = token_of(item_id_of(batch.batch_id, 0))

    with reverts(items.ERC721NonexistentToken, tokenId=token_id):
        items.transferFrom(ZERO_ADDRESS, attacker, token_id, sender=attacker)
