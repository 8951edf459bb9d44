"""P13: what a claim shows in the mempool helps no other sender: whatever of it is changed, and
whoever sends it, either the signed claimer gets the item or nobody does.
"""

from itertools import count as counter

import pytest
from ape.exceptions import ContractLogicError
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import CHIP, claim_key, item_id_of, register_batch
from tests.support.claims import (
    FAR_DEADLINE,
    claim_item,
    compact,
    create_claim,
    high_s,
    sign_claim,
    signer_of,
)
from tests.support.items import chip_signer_of, chip_transfer
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts


@pytest.fixture
def batch(provenance, brand):
    return register_batch(provenance, brand)


@pytest.fixture
def chips(items, provenance, brand, shopper):
    """A batch with chips, of which the shopper claimed the first two items."""
    batch = register_batch(provenance, brand, gtin=7, key_kind=CHIP)
    for index in (0, 1):
        claim_item(items, batch, shopper, index)
    return batch


def altered(signature, request, attacker, shopper):
    """Draw claims that an attacker can make of one it saw: another request or signature."""
    requests = st.builds(
        dict,
        claimer=st.sampled_from([attacker.address, shopper.address]),
        deadline=st.sampled_from([FAR_DEADLINE, FAR_DEADLINE - 1, 2**40]),
    )
    signatures = st.sampled_from(
        [signature, high_s(signature), compact(signature), signature[:64] + b"\0", bytes(65)]
    )
    return st.tuples(requests, signatures).filter(lambda one: one != (request, signature))


def test_p13_claim_is_bound__attacker_sends_anything_made_of_it__wins_nothing(
    items, provenance, brand, shopper, attacker
):
    gtins = counter(1)
    request = {"claimer": shopper.address, "deadline": FAR_DEADLINE}

    @on_one_chain(25)
    @given(st.data())
    def check(data):
        batch = register_batch(provenance, brand, gtin=next(gtins))
        item, _, _, seen = create_claim(items, batch, shopper)
        forged, signature = data.draw(altered(seen, request, attacker, shopper))

        with pytest.raises(ContractLogicError):
            items.claim(item, batch.proof(), forged, signature, sender=attacker)

        items.claim(item, batch.proof(), request, seen, sender=attacker)
        assert items.itemOf(item_id_of(batch.batch_id, 0)).owner == shopper

    check()


def test_p13_claim_is_bound__attacker_replaces_claimer__is_refused_for_its_signer(
    items, batch, shopper, attacker
):
    item = batch.item()
    seen = sign_claim(items, item, shopper)
    signer = signer_of(items, seen, item, attacker)
    forged = create_claim(
        items,
        batch,
        shopper,
        request={"claimer": attacker, "deadline": FAR_DEADLINE},
        signature=seen,
    )

    with reverts(items.ItemRegistry_WrongSigner, signer=signer, claimKey=item["claimKey"]):
        items.claim(*forged, sender=attacker)


def test_p13_claim_is_bound__attacker_replaces_key_in_item__is_refused_by_proof(
    items, batch, shopper, attacker
):
    own = claim_key(99)
    item = batch.item() | {"claimKey": own.address}
    signature = sign_claim(items, item, attacker, key=own)

    with reverts(
        items.ItemRegistry_NotClaimable,
        itemId=item_id_of(batch.batch_id, 0),
        verdict=0,
        reasons=1 << 3,
    ):
        items.claim(
            *create_claim(items, batch, attacker, item=item, signature=signature), sender=attacker
        )


@pytest.mark.parametrize("sender", ["attacker", "relayer", "brand", "shopper"])
def test_p13_claim_is_bound__anyone_sends_it__means_signed_claimer_gets_item(
    items, batch, shopper, sender, request
):
    arguments = create_claim(items, batch, shopper)

    items.claim(*arguments, sender=request.getfixturevalue(sender))

    assert items.itemOf(item_id_of(batch.batch_id, 0)).owner == shopper


def test_p13_claim_is_bound__chip_signed_receiver__means_nobody_else_gets_item(
    items, chips, payer, attacker
):
    *_, seen = chip_transfer(items, chips, payer)
    forged = chip_transfer(items, chips, attacker, signature=seen)
    signer = chip_signer_of(items, forged)

    with reverts(items.ItemRegistry_WrongSigner, signer=signer, claimKey=claim_key(0).address):
        items.transferWithChip(*forged, sender=attacker)


def altered_transfer(seen, other_item, attacker):
    """Draw what an attacker can make of a transfer it saw: any part of it another."""
    item_id, to, block, signature = seen
    return st.tuples(
        st.sampled_from([item_id, other_item]),
        st.sampled_from([to, attacker]),
        st.sampled_from([block, block - 1, block - 2, block + 1]),
        st.sampled_from([signature, high_s(signature), compact(signature), bytes(65)]),
    ).filter(lambda one: one != seen)


def test_p13_claim_is_bound__attacker_sends_anything_made_of_chips_transfer__wins_nothing(
    items, chips, shopper, payer, attacker
):
    ids = [item_id_of(chips.batch_id, index) for index in (0, 1)]

    @on_one_chain(25)
    @given(st.data())
    def check(data):
        seen = chip_transfer(items, chips, payer)
        forged = data.draw(altered_transfer(seen, ids[1], attacker))

        with pytest.raises(ContractLogicError):
            items.transferWithChip(*forged, sender=attacker)

        items.transferWithChip(*seen, sender=attacker)
        assert [items.itemOf(one).owner for one in ids] == [payer, shopper]

    check()
