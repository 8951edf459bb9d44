"""P12: an item is claimed at most once, whatever is tried and in whatever order; a claim never
goes away; a batch never has more claims than items. The same of cartons: once active, always.
"""

from contextlib import suppress
from itertools import count as counter

import pytest
from ape.exceptions import ContractLogicError
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import item_id_of, register_batch
from tests.support.claims import claim_item
from tests.support.items import act
from tests.support.properties import on_one_chain
from tests.support.verdicts import OwnerAct

COUNT = 3  # items; the tree has a fourth leaf with a key that is known
LEAVES = 4


@pytest.fixture
def claimers(shopper, payer, distributor):
    return shopper, payer, distributor


def claimed_at(items, batch):
    """List when each leaf's item was claimed."""
    ids = [item_id_of(batch.batch_id, index) for index in range(LEAVES)]
    return [items.itemOf(item_id).claimedAt for item_id in ids]


def claims_of(tx, items):
    return [event for event in tx.events if event.event_name == items.ItemClaimed.abi.name]


def play(items, batch, index, what, account, claimers):
    """Claim (no act), or let whoever owns the item do something; return the claims that this made.

    Whether it may be done is for the contract to say.
    """
    with suppress(ContractLogicError):
        if what is None:
            return len(claims_of(claim_item(items, batch, account, index), items))
        owner = items.itemOf(item_id_of(batch.batch_id, index)).owner
        sender = next((one for one in claimers if one.address == owner), account)
        act(items, item_id_of(batch.batch_id, index), what, sender, account)
    return 0


def test_p12_activated_once__anything_is_tried_in_any_order__means_each_item_has_at_most_one_claim(
    items, provenance, brand, claimers
):
    gtins = counter(1)
    moves = st.one_of(st.none(), st.none(), st.sampled_from(OwnerAct))
    steps = st.tuples(st.integers(0, LEAVES - 1), moves, st.integers(0, 2))

    @on_one_chain(12)
    @given(st.lists(steps, min_size=6, max_size=14))
    def check(story):
        batch = register_batch(provenance, brand, COUNT, gtin=next(gtins))
        claims = [0] * LEAVES
        for index, what, who in story:
            before = claimed_at(items, batch)

            claims[index] += play(items, batch, index, what, claimers[who], claimers)

            after = claimed_at(items, batch)
            assert all(new == old or old == 0 for old, new in zip(before, after, strict=True))
            assert [int(time != 0) for time in after] == claims
        assert max(claims) <= 1
        assert claims[COUNT:] == [0]

    check()


def test_p12_activated_once__all_leaves_are_claimed_by_all__means_batch_has_as_many_claims_as_items(
    items, provenance, brand, claimers
):
    batch = register_batch(provenance, brand, COUNT)

    made = sum(
        play(items, batch, index, None, who, claimers)
        for who in claimers
        for index in range(LEAVES)
    )

    assert made == COUNT
    assert sum(items.balanceOf(who) for who in claimers) == COUNT


def test_p12_activated_once__item_is_destroyed__stays_claimed(items, provenance, brand, claimers):
    batch = register_batch(provenance, brand, COUNT)
    claim_item(items, batch, claimers[0])
    before = claimed_at(items, batch)
    act(items, item_id_of(batch.batch_id, 0), OwnerAct.DESTROY, claimers[0])

    made = sum(play(items, batch, 0, None, who, claimers) for who in claimers)

    assert (made, claimed_at(items, batch)) == (0, before)


def test_p12_activated_once__cartons_are_activated_in_any_order__means_none_is_ever_lost(
    provenance, brand
):
    gtins = counter(100)
    ranges = st.tuples(st.integers(0, 599), st.integers(0, 300))

    @on_one_chain(10)
    @given(st.lists(ranges, min_size=1, max_size=4))
    def check(story):
        batch = register_batch(provenance, brand, 600, gtin=next(gtins), carton_size=1)
        active = set()
        for first, length in story:
            last = min(first + length, 599)
            provenance.activate(batch.batch_id, first, last, sender=brand)
            active |= set(range(first, last + 1))
        ends = [end for first, length in story for end in (first, first + length)]
        near = {end + step for end in [0, 255, 256, 511, 512, *ends] for step in (-1, 0, 1)}

        for index in near & set(range(600)):
            assert provenance.isActive(batch.batch_id, index) == (index in active)
        assert not provenance.isActive(batch.batch_id, 600)

    check()


def test_p12_activated_once__nobody_claimed__means_no_account_owns_anything(
    items, provenance, brand
):
    batch = register_batch(provenance, brand, COUNT)

    owners = {items.itemOf(item_id_of(batch.batch_id, index)).owner for index in range(LEAVES)}

    assert owners == {ZERO_ADDRESS}
