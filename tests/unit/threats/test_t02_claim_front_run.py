"""An attacker sees a shopper's claim in the mempool and sends its own before it.

What remains open: whoever sees the hidden code itself before the shopper claims first.
"""

import ape
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import CHIP, HIDDEN_CODE, claim_key, item_id_of, register_batch
from tests.support.claims import FAR_DEADLINE, claim_item, create_claim, signer_of
from tests.support.inspections import query
from tests.support.items import chip_signer_of, chip_transfer, state_of
from tests.support.printed import claim_with
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.two_leaves import register_two_leaves
from tests.support.verdicts import Verdict


def claim_seen(items, printed, proof, shopper):
    """Return the shopper's claim as everybody sees it."""
    return claim_with(items, proof, printed.key(), shopper)


def test_t02_claim_front_run__attacker_puts_itself_in__is_refused(
    items, printed, proof, shopper, attacker
):
    item, path, _, signature = claim_seen(items, printed, proof, shopper)
    signer = signer_of(items, signature, item, attacker)

    with reverts(items.ItemRegistry_WrongSigner, signer=signer, claimKey=proof.claim_key):
        items.claim(item, path, (attacker, FAR_DEADLINE), signature, sender=attacker)


def test_t02_claim_front_run__attacker_sends_it_first__means_shopper_still_owns_item(
    items, printed, proof, shopper, attacker
):
    arguments = claim_seen(items, printed, proof, shopper)

    tx = items.claim(*arguments, sender=attacker)

    item_id = item_id_of(proof.batch_id, 0)
    assert state_of(items, item_id) == (shopper, 0, 0)
    with reverts(
        items.ItemRegistry_AlreadyClaimed, itemId=item_id, owner=shopper, claimedAt=tx.timestamp
    ):
        items.claim(*arguments, sender=shopper)


def test_t02_claim_front_run__attacker_uses_signature_for_another_item__is_refused(
    items, printed, proof, shopper, attacker
):
    *_, request, signature = claim_seen(items, printed, proof, shopper)
    other = printed.proof(1)
    arguments = claim_with(items, other, printed.key(1), shopper)[:2]
    signer = signer_of(items, signature, arguments[0], shopper)

    with reverts(items.ItemRegistry_WrongSigner, signer=signer, claimKey=other.claim_key):
        items.claim(*arguments, request, signature, sender=attacker)


def test_t02_claim_front_run__attacker_uses_signature_as_chips__is_refused(
    items, printed, proof, shopper, attacker
):
    item, path, request, signature = claim_seen(items, printed, proof, shopper)
    items.claim(item, path, request, signature, sender=shopper)

    with reverts(items.ItemRegistry_NoChip, itemId=item_id_of(proof.batch_id, 0)):
        items.transferWithChip(
            item_id_of(proof.batch_id, 0),
            attacker,
            ape.chain.blocks.height,
            signature,
            sender=attacker,
        )


def test_t02_claim_front_run__item_has_chip__means_claim_seen_is_no_transfer(
    items, provenance, brand, shopper, attacker
):
    batch = register_batch(provenance, brand, gtin=1, key_kind=CHIP)
    *_, seen = arguments = create_claim(items, batch, shopper)
    items.claim(*arguments, sender=shopper)
    forged = chip_transfer(items, batch, attacker, signature=seen)
    signer = chip_signer_of(items, forged)

    with reverts(items.ItemRegistry_WrongSigner, signer=signer, claimKey=claim_key(0).address):
        items.transferWithChip(*forged, sender=attacker)


def test_t02_claim_front_run__issuer_kept_chip_of_same_item__takes_nothing_from_claimer(
    items, lens, provenance, brand, shopper
):
    # The brand is the attacker: its tree has a second leaf of the item, with a chip of its own.
    batch = register_two_leaves(provenance, brand, HIDDEN_CODE, CHIP)
    claim_item(items, batch, shopper, index=0)
    item_id = item_id_of(batch.batch_id, 0)

    with reverts(items.ItemRegistry_NoChip, itemId=item_id):
        items.transferWithChip(*chip_transfer(items, batch, brand, index=1), sender=brand)
    assert state_of(items, item_id) == (shopper, 0, 0)
    assert lens.inspect(query(batch, viewer=shopper)).verdict == Verdict.CLAIMED_BY_YOU


def test_t02_claim_front_run__attacker_tries_any_deadline__is_refused(
    items, printed, proof, shopper, attacker
):
    item, path, _, signature = claim_seen(items, printed, proof, shopper)

    @on_one_chain(15)
    @given(st.integers(2**40, FAR_DEADLINE - 1), st.booleans())
    def check(deadline, is_shopper):
        claimer = shopper if is_shopper else attacker
        signer = signer_of(items, signature, item, claimer, deadline)
        with reverts(items.ItemRegistry_WrongSigner, signer=signer, claimKey=proof.claim_key):
            items.claim(item, path, (claimer, deadline), signature, sender=attacker)

    check()
