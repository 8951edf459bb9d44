from contextlib import suppress
from itertools import count as counter

import pytest
from ape.exceptions import ContractLogicError
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import item_id_of, register_batch
from tests.support.claims import claim_item
from tests.support.items import DESTROYED, act, chip_transfer
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct

COUNT = 4


@pytest.fixture
def owners(shopper, payer, distributor):
    return shopper, payer, distributor


def holders(items, batch):
    """List who owns the items of a batch, those left out that nobody owns."""
    states = [items.itemOf(item_id_of(batch.batch_id, index)) for index in range(batch.count)]
    return [state.owner for state in states if state.claimedAt and not state.flags & DESTROYED]


def claim_or_act(items, batch, index, what, account, owners):
    """Let an account claim an item, or its owner do something with it if the item lets him."""
    item_id = item_id_of(batch.batch_id, index)
    owner = items.itemOf(item_id).owner
    if owner == ZERO_ADDRESS:
        claim_item(items, batch, account, index)
        return
    sender = next(one for one in owners if one.address == owner)
    with suppress(ContractLogicError):
        act(items, item_id, what, sender, account)


def test_balance_of__account_is_zero__reverts(items):
    with reverts(items.ERC721InvalidOwner, owner=ZERO_ADDRESS):
        items.balanceOf(ZERO_ADDRESS)


def test_balance_of__account_owns_nothing__is_zero(items, batch, shopper):
    assert items.balanceOf(shopper) == 0


def test_balance_of__account_claimed__counts_items(items, batch, shopper):
    claim_item(items, batch, shopper, index=0)
    claim_item(items, batch, shopper, index=2)

    assert items.balanceOf(shopper) == 2


def test_balance_of__item_changed_hands__moves_one(items, item_id, shopper, payer):
    act(items, item_id, OwnerAct.TRANSFER, shopper, payer)

    assert (items.balanceOf(shopper), items.balanceOf(payer)) == (0, 1)


def test_balance_of__item_moved_by_chip__moves_one(items, chip_batch, chip_item_id, shopper, payer):
    items.transferWithChip(*chip_transfer(items, chip_batch, payer), sender=payer)

    assert (items.balanceOf(shopper), items.balanceOf(payer)) == (0, 1)


def test_balance_of__item_is_destroyed__falls(items, batch, item_id, shopper):
    claim_item(items, batch, shopper, index=1)

    act(items, item_id, OwnerAct.DESTROY, shopper)

    assert items.balanceOf(shopper) == 1


def test_balance_of__item_is_reported__stays(items, item_id, shopper):
    act(items, item_id, OwnerAct.REPORT_STOLEN, shopper)

    assert items.balanceOf(shopper) == 1


def test_balance_of__owners_do_anything__sums_to_number_of_owned_items(
    items, provenance, issuer, owners
):
    gtins = counter(1)
    steps = st.tuples(st.integers(0, COUNT - 1), st.integers(0, 2), st.sampled_from(OwnerAct))

    @on_one_chain(15)
    @given(st.lists(steps, min_size=4, max_size=12))
    def check(story):
        batch = register_batch(provenance, issuer, COUNT, gtin=next(gtins))
        before = [items.balanceOf(owner) for owner in owners]

        for index, who, what in story:
            claim_or_act(items, batch, index, what, owners[who], owners)

        held = holders(items, batch)
        gained = [items.balanceOf(o) - b for o, b in zip(owners, before, strict=True)]
        assert gained == [held.count(owner.address) for owner in owners]

    check()
