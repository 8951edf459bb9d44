"""An attacker squats claims: without the code, by old or altered signatures, across a reorg.

What remains open: a claim that a reorg undid must be sent again, which anyone can do until its
deadline.
"""

import ape
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import claim_key, item_id_of, register_batch
from tests.support.claims import (
    CURVE_ORDER,
    claim_item,
    compact,
    create_claim,
    high_s,
    sign_claim,
    signer_of,
)
from tests.support.clock import later, next_block_at
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts


@pytest.fixture
def batch(provenance, brand):
    return register_batch(provenance, brand)


def test_t17_squatted_claims__claim_is_sent_after_deadline__is_refused_and_code_still_works(
    items, batch, shopper, attacker
):
    deadline = later(100)
    arguments = create_claim(items, batch, shopper, deadline=deadline)
    next_block_at(deadline + 1)

    with reverts(items.ItemRegistry_DeadlinePassed, deadline=deadline, time=deadline + 1):
        items.claim(*arguments, sender=attacker)

    claim_item(items, batch, shopper)
    assert items.itemOf(item_id_of(batch.batch_id, 0)).owner == shopper


def test_t17_squatted_claims__attacker_claims_without_code__costs_gas_and_changes_nothing(
    items, batch, attacker
):
    signature = sign_claim(items, batch.item(), attacker, key=claim_key(99))
    arguments = create_claim(items, batch, attacker, signature=signature)
    balance = attacker.balance

    with reverts(
        items.ItemRegistry_WrongSigner,
        signer=claim_key(99).address,
        claimKey=claim_key(0).address,
    ):
        items.claim(*arguments, sender=attacker, gas_limit=300_000)

    assert attacker.balance < balance
    assert items.itemOf(item_id_of(batch.batch_id, 0)).claimedAt == 0


def test_t17_squatted_claims__signature_is_mirrored__is_refused_before_and_after_claim(
    items, batch, shopper, attacker
):
    signature = sign_claim(items, batch.item(), shopper)
    mirrored = high_s(signature)
    assert signer_of(items, mirrored, batch.item(), shopper) == claim_key(0).address

    with reverts(items.ECDSAInvalidSignatureS, s=mirrored[32:64]):
        items.claim(*create_claim(items, batch, shopper, signature=mirrored), sender=attacker)

    tx = claim_item(items, batch, shopper)
    with reverts(
        items.ItemRegistry_AlreadyClaimed,
        itemId=item_id_of(batch.batch_id, 0),
        owner=shopper,
        claimedAt=tx.timestamp,
    ):
        items.claim(*create_claim(items, batch, shopper, signature=mirrored), sender=attacker)


def test_t17_squatted_claims__signature_is_written_otherwise__is_refused(
    items, batch, shopper, attacker
):
    signature = compact(sign_claim(items, batch.item(), shopper))

    with reverts(items.ECDSAInvalidSignatureLength, length=64):
        items.claim(*create_claim(items, batch, shopper, signature=signature), sender=attacker)


@pytest.mark.parametrize(
    ("r", "s"),
    [(0, 1), (1, 0), (0, 0), (CURVE_ORDER, 1), (2**256 - 1, 1)],
    ids=["r 0", "s 0", "both 0", "r is order", "r is largest"],
)
@pytest.mark.parametrize("v", [0, 27, 28, 255])
def test_t17_squatted_claims__numbers_of_signature_are_degenerate__is_refused(
    items, batch, attacker, r, s, v
):
    signature = r.to_bytes(32) + s.to_bytes(32) + bytes([v])

    with reverts(items.ECDSAInvalidSignature):
        items.claim(*create_claim(items, batch, attacker, signature=signature), sender=attacker)


@pytest.mark.parametrize("s", [CURVE_ORDER // 2 + 1, CURVE_ORDER - 1, 2**256 - 1])
def test_t17_squatted_claims__s_is_in_upper_half__is_refused(items, batch, attacker, s):
    signature = b"\1" * 32 + s.to_bytes(32) + b"\x1b"

    with reverts(items.ECDSAInvalidSignatureS, s=s.to_bytes(32)):
        items.claim(*create_claim(items, batch, attacker, signature=signature), sender=attacker)


def test_t17_squatted_claims__random_signatures_are_tried__means_none_claims(
    items, batch, attacker
):
    @on_one_chain(25)
    @given(st.binary(min_size=65, max_size=65))
    def check(signature):
        with ape.reverts():
            items.claim(*create_claim(items, batch, attacker, signature=signature), sender=attacker)

    check()
    assert items.itemOf(item_id_of(batch.batch_id, 0)).claimedAt == 0


def test_t17_squatted_claims__claim_is_undone_by_reorg__means_same_claim_goes_through_once_more(
    items, batch, chain, shopper, attacker
):
    arguments = create_claim(items, batch, shopper)
    before = chain.snapshot()
    items.claim(*arguments, sender=shopper)
    chain.restore(before)
    assert items.itemOf(item_id_of(batch.batch_id, 0)).claimedAt == 0

    tx = items.claim(*arguments, sender=attacker)

    item_id = item_id_of(batch.batch_id, 0)
    assert items.itemOf(item_id).owner == shopper
    with reverts(
        items.ItemRegistry_AlreadyClaimed, itemId=item_id, owner=shopper, claimedAt=tx.timestamp
    ):
        items.claim(*arguments, sender=shopper)
