"""P15: a proof is as long as the tree of the batch is deep, never longer than 32 nodes; an empty
one proves only the single item of a batch of one. Gas has bounds that hold for every batch.
"""

from itertools import count as counter

import pytest
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import create_batch, create_registration, register_batch
from tests.support.claims import create_claim
from tests.support.properties import on_one_chain
from tests.support.verdicts import Reason, Verdict

GOOD = (Verdict.REGISTERED, Reason.NONE)
LARGEST = 2**32 - 1
CLAIM_GAS = 150_000  # of a claim at depth 32, the deepest there is
VERDICT_GAS = 100_000  # of a verdict at depth 32, with the 21,000 of a transaction
SIBLINGS = [keccak(text=f"sibling {height}") for height in range(40)]
EDGES = sorted({2**power + step for power in range(32) for step in (-1, 0, 1)} - {0})


def fold(leaf, siblings):
    """Return the root above a leaf."""
    for sibling in siblings:
        leaf = keccak(min(leaf, sibling) + max(leaf, sibling))
    return leaf


def register_deep(provenance, brand, count, depth, lot):
    """Register a batch of any count of which only the first item's path of `depth` is known."""
    batch = create_batch(provenance, brand, 1, lot=lot)
    root = fold(batch.leaf(0), SIBLINGS[:depth])
    terms = create_registration(brand, lot=lot, itemCount=count, root=root)
    provenance.registerBatch(terms, sender=brand)
    return batch


def lots():
    """Name lots that differ."""
    return (f"LOT-{number}".encode().ljust(20, b"\0") for number in counter(1))


def verdict_of(provenance, batch, proof):
    return tuple(provenance.verdictOf(batch.item(), proof))


def test_p15_proofs_are_bounded__counts_of_any_size__takes_proofs_of_its_depth_alone(
    provenance, brand
):
    names = lots()

    @on_one_chain(40)
    @given(st.one_of(st.sampled_from(EDGES), st.integers(1, LARGEST)), st.integers(0, 34))
    def check(count, length):
        depth = (count - 1).bit_length()
        batch = register_deep(provenance, brand, count, length, next(names))

        verdict = verdict_of(provenance, batch, SIBLINGS[:length])

        # The path leads to the root in each case: what refuses it is its length.
        wrong = (Verdict.UNKNOWN, Reason.PROOF_LENGTH)
        assert verdict == (GOOD if length == depth else wrong)

    check()


@pytest.mark.parametrize("count", [1, 2, 3, LARGEST])
def test_p15_proofs_are_bounded__proof_is_empty__proves_only_batch_of_one(provenance, brand, count):
    batch = register_deep(provenance, brand, count, 0, next(lots()))

    is_good = verdict_of(provenance, batch, []) == GOOD

    assert is_good == (count == 1)


@pytest.mark.parametrize("length", [33, 40, 255, 256, 1000])
def test_p15_proofs_are_bounded__proof_is_longer_than_32_nodes__is_refused(
    provenance, brand, length
):
    batch = register_deep(provenance, brand, LARGEST, 32, next(lots()))

    verdict = verdict_of(provenance, batch, (SIBLINGS * 30)[:length])

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_LENGTH)


def test_p15_proofs_are_bounded__tree_is_deepest__means_claim_costs_less_than_bound(
    provenance, items, brand, shopper
):
    batch = register_deep(provenance, brand, LARGEST, 32, next(lots()))
    arguments = create_claim(items, batch, shopper, proof=SIBLINGS[:32])

    tx = items.claim(*arguments, sender=shopper)

    assert tx.gas_used < CLAIM_GAS


def test_p15_proofs_are_bounded__tree_is_deepest__means_verdict_costs_less_than_bound(
    provenance, brand
):
    batch = register_deep(provenance, brand, LARGEST, 32, next(lots()))

    gas = provenance.verdictOf.estimate_gas_cost(batch.item(), SIBLINGS[:32], sender=brand)

    assert gas < VERDICT_GAS


def test_p15_proofs_are_bounded__proof_is_absurdly_long__costs_its_calldata_only(provenance, brand):
    batch = register_deep(provenance, brand, LARGEST, 32, next(lots()))
    long = (SIBLINGS * 30)[:1000]

    gas = provenance.verdictOf.estimate_gas_cost(batch.item(), long, sender=brand)

    # 40 gas a byte (EIP-7623's floor), and less than a hash for each node on top.
    assert gas < 21_000 + 40 * 32 * 1000 + 60_000


def test_p15_proofs_are_bounded__batch_is_small_or_large__means_registration_costs_equal(
    provenance, brand
):
    costs = []
    for gtin, count in ((1, 1), (2, 1000), (3, LARGEST)):
        terms = create_registration(brand, gtin=gtin, itemCount=count)
        costs.append(provenance.registerBatch(terms, sender=brand).gas_used)

    assert max(costs) - min(costs) < 200


def test_p15_proofs_are_bounded__small_trees_are_tried_whole__means_every_item_verifies(
    provenance, brand
):
    for count in (1, 2, 3, 4, 5):
        batch = register_batch(provenance, brand, count, gtin=count)
        for index in range(count):
            verdict = provenance.verdictOf(batch.item(index), batch.proof(index))
            assert tuple(verdict) == GOOD
