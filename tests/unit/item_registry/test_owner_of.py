import pytest

from tests.support.batches import item_id_of
from tests.support.items import LOST, STOLEN, act, flag, report, token_of
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct


def test_owner_of__item_is_unclaimed__reverts(items, batch):
    token_id = token_of(item_id_of(batch.batch_id, 0))

    with reverts(items.ERC721NonexistentToken, tokenId=token_id):
        items.ownerOf(token_id)


def test_owner_of__item_is_claimed__is_claimer(items, item_id, shopper):
    assert items.ownerOf(token_of(item_id)) == shopper


@pytest.mark.parametrize("how", [LOST, STOLEN])
def test_owner_of__item_is_reported__is_still_its_owner(
    items, batch, item_id, shopper, issuer, how
):
    report(items, batch, how, shopper, issuer)
    flag(items, batch, issuer)

    assert items.ownerOf(token_of(item_id)) == shopper


def test_owner_of__item_was_destroyed__reverts(items, item_id, shopper):
    token_id = token_of(item_id)
    act(items, item_id, OwnerAct.DESTROY, shopper)

    with reverts(items.ERC721NonexistentToken, tokenId=token_id):
        items.ownerOf(token_id)
