from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import item_id_of
from tests.support.items import act, token_of
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct


def test_get_approved__nobody_was_approved__is_zero(items, item_id):
    assert items.getApproved(token_of(item_id)) == ZERO_ADDRESS


def test_get_approved__account_was_approved__is_that_account(items, item_id, shopper, distributor):
    items.approve(distributor, token_of(item_id), sender=shopper)

    assert items.getApproved(token_of(item_id)) == distributor


def test_get_approved__item_changed_hands__is_zero(items, item_id, shopper, payer, distributor):
    items.approve(distributor, token_of(item_id), sender=shopper)

    items.transferFrom(shopper, payer, token_of(item_id), sender=shopper)

    assert items.getApproved(token_of(item_id)) == ZERO_ADDRESS


def test_get_approved__item_is_unclaimed__reverts(items, batch):
    token_id = token_of(item_id_of(batch.batch_id, 0))

    with reverts(items.ERC721NonexistentToken, tokenId=token_id):
        items.getApproved(token_id)


def test_get_approved__item_was_destroyed__reverts(items, item_id, shopper, distributor):
    items.approve(distributor, token_of(item_id), sender=shopper)
    act(items, item_id, OwnerAct.DESTROY, shopper)

    with reverts(items.ERC721NonexistentToken, tokenId=token_of(item_id)):
        items.getApproved(token_of(item_id))
