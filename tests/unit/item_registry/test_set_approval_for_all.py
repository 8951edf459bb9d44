import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.items import act, token_of
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct


@pytest.mark.parametrize("is_approved", [True, False])
def test_set_approval_for_all__owner_says__emits_it(items, shopper, distributor, is_approved):
    tx = items.setApprovalForAll(distributor, is_approved, sender=shopper)

    assert tx.events == [
        items.ApprovalForAll(owner=shopper, operator=distributor, approved=is_approved)
    ]
    assert items.isApprovedForAll(shopper, distributor) == is_approved


def test_set_approval_for_all__owner_takes_it_back__means_operator_cannot_send(
    items, item_id, shopper, distributor
):
    token_id = token_of(item_id)
    items.setApprovalForAll(distributor, True, sender=shopper)

    items.setApprovalForAll(distributor, False, sender=shopper)

    with reverts(items.ERC721InsufficientApproval, operator=distributor, tokenId=token_id):
        items.transferFrom(shopper, distributor, token_id, sender=distributor)


def test_set_approval_for_all__item_has_new_owner__means_operator_of_former_cannot_send(
    items, item_id, shopper, payer, distributor
):
    token_id = token_of(item_id)
    items.setApprovalForAll(distributor, True, sender=shopper)
    act(items, item_id, OwnerAct.TRANSFER, shopper, payer)

    with reverts(items.ERC721InsufficientApproval, operator=distributor, tokenId=token_id):
        items.transferFrom(payer, distributor, token_id, sender=distributor)


def test_set_approval_for_all__operator_is_zero__reverts(items, shopper):
    with reverts(items.ERC721InvalidOperator, operator=ZERO_ADDRESS):
        items.setApprovalForAll(ZERO_ADDRESS, True, sender=shopper)
