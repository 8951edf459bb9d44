"""What verdictOf says of items that may be no members of the batch."""

from dataclasses import replace
from itertools import count as counter

import pytest
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import (
    CHIP,
    GTIN,
    HIDDEN_CODE,
    create_batch,
    create_registration,
    register_batch,
)
from tests.support.properties import on_one_chain
from tests.support.verdicts import Reason, Verdict

SIBLINGS = [keccak(text=f"sibling {height}") for height in range(32)]


def fold(leaf, siblings):
    """Return the root above a leaf."""
    for sibling in siblings:
        leaf = keccak(min(leaf, sibling) + max(leaf, sibling))
    return leaf


def register_root(provenance, issuer, batch, root, gtin=GTIN):
    """Register a batch under a root that need not be its own."""
    terms = create_registration(issuer, gtin=gtin, itemCount=batch.count, root=root)
    provenance.registerBatch(terms, sender=issuer)


def test_membership__batch_is_unknown__is_unknown(provenance, issuer):
    batch = create_batch(provenance, issuer)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.UNKNOWN, Reason.BATCH_UNKNOWN)


def test_membership__index_is_item_count__is_unknown(provenance, issuer):
    batch = register_batch(provenance, issuer, count=3)

    verdict = provenance.verdictOf(batch.item(3), batch.proof(3))

    assert verdict == (Verdict.UNKNOWN, Reason.INDEX_OUT_OF_RANGE)


def test_membership__index_is_last_one__is_registered(provenance, issuer):
    batch = register_batch(provenance, issuer, count=3)

    verdict = provenance.verdictOf(batch.item(2), batch.proof(2))

    assert verdict == (Verdict.REGISTERED, Reason.NONE)


def test_membership__batch_of_one_item__is_registered_with_empty_proof(provenance, issuer):
    batch = register_batch(provenance, issuer, count=1)

    verdict = provenance.verdictOf(batch.item(), [])

    assert verdict == (Verdict.REGISTERED, Reason.NONE)


def test_membership__batch_of_one_item__is_unknown_with_node_in_proof(provenance, issuer):
    batch = register_batch(provenance, issuer, count=1)

    verdict = provenance.verdictOf(batch.item(), SIBLINGS[:1])

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_LENGTH)


def test_membership__largest_batch__is_registered_with_32_nodes(provenance, issuer):
    batch = create_batch(provenance, issuer, count=2**32 - 1)
    last = 2**32 - 2
    register_root(provenance, issuer, batch, fold(batch.leaf(last), SIBLINGS))

    verdict = provenance.verdictOf(batch.item(last), SIBLINGS)

    assert verdict == (Verdict.REGISTERED, Reason.NONE)


def test_membership__proof_is_too_short__is_unknown(provenance, batch):
    verdict = provenance.verdictOf(batch.item(), batch.proof()[:-1])

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_LENGTH)


def test_membership__proof_is_too_long__is_unknown(provenance, batch):
    verdict = provenance.verdictOf(batch.item(), [*batch.proof(), SIBLINGS[0]])

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_LENGTH)


def test_membership__inner_node_stands_for_leaf__is_unknown(provenance, issuer):
    tree = create_batch(provenance, issuer, count=4)
    halved = replace(tree, count=2)
    register_root(provenance, issuer, halved, tree.root)

    # Two items under the root of four: the proof would be right if a node could pass for a leaf.
    verdict = provenance.verdictOf(halved.item(), [tree.node(1, 1)])

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


@pytest.mark.parametrize(
    "change",
    [
        {"index": 1},
        {"serialCommitment": keccak(text="another serial")},
        {"keyKind": CHIP},
        {"claimKey": "0x" + "11" * 20},
    ],
)
def test_membership__item_is_not_what_leaf_says__is_unknown(provenance, batch, change):
    verdict = provenance.verdictOf(batch.item() | change, batch.proof())

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


def test_membership__proof_is_of_another_item__is_unknown(provenance, batch):
    verdict = provenance.verdictOf(batch.item(0), batch.proof(2))

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


def test_membership__proof_is_of_another_batch__is_unknown(provenance, batch, brand):
    other = register_batch(provenance, brand)

    verdict = provenance.verdictOf(batch.item(), other.proof())

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


@pytest.mark.parametrize("change", [{"chain_id": 1}, {"registry": "0x" + "11" * 20}])
def test_membership__leaf_is_of_another_chain_or_registry__is_unknown(provenance, issuer, change):
    foreign = replace(create_batch(provenance, issuer), **change)
    register_root(provenance, issuer, foreign, foreign.root)

    verdict = provenance.verdictOf(foreign.item(), foreign.proof())

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


def test_membership__chip_holds_key__is_registered_for_this_kind_of_key_alone(provenance, issuer):
    batch = register_batch(provenance, issuer, key_kind=CHIP)

    chip = provenance.verdictOf(batch.item(), batch.proof())
    code = provenance.verdictOf(batch.item() | {"keyKind": HIDDEN_CODE}, batch.proof())

    assert chip == (Verdict.REGISTERED, Reason.NONE)
    assert code == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


def test_membership__trees_of_any_size_are_tried__is_registered_for_every_item_and_for_no_other(
    provenance, issuer
):
    gtins = counter(1)

    @on_one_chain(25)
    @given(st.integers(1, 40), st.data())
    def check(count, data):
        batch = register_batch(provenance, issuer, count, gtin=next(gtins))
        index = data.draw(st.integers(0, 2**batch.depth - 1))
        other = data.draw(st.integers(0, 2**batch.depth - 1))

        right = provenance.verdictOf(batch.item(index), batch.proof(index))
        wrong = provenance.verdictOf(batch.item(index), batch.proof(other))

        inside = index < count
        assert (right[0] == Verdict.REGISTERED) is inside
        assert (wrong[0] == Verdict.REGISTERED) is (inside and other == index)

    check()


def test_membership__item_counts_of_any_size_are_tried__demands_proof_of_trees_depth(
    provenance, issuer
):
    gtins = counter(1)

    @on_one_chain(25)
    @given(st.integers(0, 32), st.integers(-1, 1), st.integers(0, 2**32 - 1))
    def check(exponent, offset, any_index):
        count = min(max(2**exponent + offset, 1), 2**32 - 1)
        gtin, index = next(gtins), any_index % count
        batch = create_batch(provenance, issuer, count, gtin)
        root = fold(batch.leaf(index), SIBLINGS[: batch.depth])
        register_root(provenance, issuer, batch, root, gtin)

        exact = provenance.verdictOf(batch.item(index), SIBLINGS[: batch.depth])
        longer = provenance.verdictOf(batch.item(index), SIBLINGS[: batch.depth] + SIBLINGS[:1])

        assert exact == (Verdict.REGISTERED, Reason.NONE)
        assert longer == (Verdict.UNKNOWN, Reason.PROOF_LENGTH)

    check()
