"""P14: a claim needs an item in order and its key. Without, the sender pays gas and nothing on the
chain has changed: the item can be claimed afterwards as before.
"""

from itertools import count as counter

import pytest
from ape.exceptions import ContractLogicError
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import claim_key, item_id_of, register_batch
from tests.support.claims import claim_item, create_claim, sign_claim
from tests.support.clock import later, next_block_at
from tests.support.inspections import query
from tests.support.items import NOTICE, recall
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.verdicts import Reason, Verdict

GAS = 500_000
UNCLAIMED = ("0x" + "0" * 40, 0, 0, 0)


@pytest.fixture
def batch(provenance, brand):
    return register_batch(provenance, brand)


def kept(suite, batch, account):
    """Return all that the chain keeps and that a claim of an item could touch."""
    report = suite.lens.inspect(query(batch))
    state = suite.items.itemOf(item_id_of(batch.batch_id, 0))
    return tuple(report)[:-2], tuple(state), suite.items.balanceOf(account)


def test_p14_claim_needs_all__wrong_keys_are_tried__costs_gas_and_changes_nothing(
    suite, items, batch, shopper, attacker
):
    before = kept(suite, batch, attacker)

    @on_one_chain(20)
    @given(st.integers(1, 10**9))
    def check(number):
        key = claim_key(number)
        signature = sign_claim(items, batch.item(), attacker, key=key)
        arguments = create_claim(items, batch, attacker, signature=signature)
        money = attacker.balance
        with reverts(
            items.ItemRegistry_WrongSigner, signer=key.address, claimKey=claim_key(0).address
        ):
            items.claim(*arguments, sender=attacker, gas_limit=GAS)
        assert attacker.balance < money
        assert kept(suite, batch, attacker) == before

    check()
    claim_item(items, batch, shopper)
    assert items.itemOf(item_id_of(batch.batch_id, 0)).owner == shopper


def test_p14_claim_needs_all__proofs_are_damaged__costs_gas_and_changes_nothing(
    suite, items, batch, shopper, attacker
):
    before = kept(suite, batch, attacker)
    damages = st.tuples(st.integers(0, 1), st.integers(0, 255))

    @on_one_chain(15)
    @given(damages)
    def check(damage):
        node, bit = damage
        proof = batch.proof()
        proof[node] = (int.from_bytes(proof[node]) ^ 1 << bit).to_bytes(32)
        with reverts(
            items.ItemRegistry_NotClaimable,
            itemId=item_id_of(batch.batch_id, 0),
            verdict=Verdict.UNKNOWN,
            reasons=Reason.PROOF_INVALID,
        ):
            items.claim(*create_claim(items, batch, shopper, proof=proof), sender=attacker)
        assert kept(suite, batch, attacker) == before

    check()


@pytest.mark.parametrize("kind", [0, 1], ids=["suspended", "recalled"])
def test_p14_claim_needs_all__ranges_have_notices__means_exactly_items_outside_are_claimed(
    items, provenance, brand, shopper, kind
):
    gtins = counter(1 + 1000 * kind)
    ends = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(sorted)

    @on_one_chain(10)
    @given(ends)
    def check(notice):
        first, last = notice
        batch = register_batch(provenance, brand, 5, gtin=next(gtins))
        recall(provenance, batch, brand, kind, first, last)

        claimed = [index for index in range(5) if claims(items, batch, shopper, index)]

        assert claimed == [index for index in range(5) if not first <= index <= last]

    check()


def claims(items, batch, account, index):
    """Try to claim an item, and say whether that went."""
    try:
        claim_item(items, batch, account, index)
    except ContractLogicError:
        return False
    return True


@pytest.mark.parametrize(("late", "is_claimed"), [(-1, True), (0, False), (1, False)])
def test_p14_claim_needs_all__time_is_about_expiry__means_claim_ends_with_that_second(
    items, provenance, brand, shopper, late, is_claimed
):
    expires_at = later(1000)
    batch = register_batch(provenance, brand, expires_at=expires_at)
    next_block_at(expires_at + late)

    assert claims(items, batch, shopper, 0) == is_claimed


def test_p14_claim_needs_all__notice_is_lifted__means_claim_goes_as_if_nothing_was(
    suite, items, provenance, batch, brand, shopper, attacker
):
    recall(provenance, batch, brand)
    assert not claims(items, batch, shopper, 0)
    provenance.reinstate(batch.batch_id, 0, NOTICE, sender=brand)
    assert tuple(items.itemOf(item_id_of(batch.batch_id, 0))) == UNCLAIMED

    assert claims(items, batch, shopper, 0)
