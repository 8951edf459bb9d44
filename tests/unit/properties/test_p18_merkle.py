"""P18: the library's trees are what the contract verifies, and an independent builder agrees."""

from itertools import count as counter

import numpy as np
import pytest
from eth_abi import encode
from eth_utils import keccak, to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import (
    GTIN,
    LEAF_TYPES,
    create_batch,
    create_registration,
    merkle_levels,
)
from tests.support.properties import on_one_chain
from tests.support.verdicts import Reason, Verdict
from weilian.merkle import build_batch_tree
from weilian.merkle.batch_tree import TreeHead, padding_leaves
from weilian.merkle.items import item_leaves
from weilian.merkle.nodes import levels

SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 127, 129, 255, 257]
MILLION = 1_000_000
SECRET = keccak(text="batch secret")


def build(provenance, issuer, count, gtin=1):
    """Build the library's tree of a batch and register its root."""
    plain = create_batch(provenance, issuer, count, gtin)
    serials = [f"S{number}" for number in range(count)]
    tree = build_batch_tree(plain.chain_id, plain.registry, plain.batch_id, serials, SECRET)
    register(provenance, issuer, gtin, count, tree.root)
    return tree


def register(provenance, issuer, gtin, count, root):
    terms = create_registration(issuer, gtin=gtin, itemCount=count, root=root)
    provenance.registerBatch(terms, sender=issuer)


def item_of(tree, index):
    """Return an item as the contract takes it."""
    record = tree.item_at(index)
    return (tree.head.batch_id, index, record.serial_commitment, 0, record.claim_key)


def leaf_of(tree, index):
    """Hash a leaf without the library."""
    item = tree.item_at(index)
    head = (tree.head.chain_id, tree.head.registry, tree.head.batch_id)
    key = int(item.claim_key, 16)
    values = (*head, index, item.serial_commitment, key)
    return keccak(keccak(encode(LEAF_TYPES, values)))


def check_members(provenance, tree, indexes):
    """Demand that these items are proven, and not by a proof or at a place of another."""
    for index in indexes:
        item, proof = item_of(tree, index), tree.proof(index)
        assert provenance.verdictOf(item, proof) == (Verdict.REGISTERED, Reason.NONE)
        if tree.count == 1:
            continue
        neighbour = index ^ 1 if index ^ 1 < tree.count else index - 1
        moved = (item[0], neighbour, *item[2:])
        for wrong in [(item, tree.proof(neighbour)), (moved, proof)]:
            assert provenance.verdictOf(*wrong) == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


def million(provenance, issuer):
    """Build the tree of a million random items: head, commitments, keys and levels."""
    plain = create_batch(provenance, issuer, MILLION)
    head = TreeHead(plain.chain_id, plain.registry, plain.batch_id, MILLION)
    random = np.random.default_rng(7)
    commitments, keys = (random.integers(0, 256, (MILLION, n), np.uint8) for n in (32, 20))
    leaves = item_leaves(head.prefix, 0, commitments, keys)
    padding = padding_leaves(head, SECRET, MILLION, (1 << head.depth) - MILLION)
    return head, commitments, keys, levels(np.concatenate([leaves, padding]))


@pytest.mark.parametrize("count", SIZES)
def test_p18_merkle__trees_of_1_2_3_and_about_power_of_two_are_built__has_root_of_independent_tree(
    provenance, issuer, count
):
    tree = build(provenance, issuer, count)

    padding = [row.tobytes() for row in tree.levels[0][count:]]
    leaves = [leaf_of(tree, index) for index in range(count)]
    assert merkle_levels([*leaves, *padding])[-1] == [tree.root]


@pytest.mark.parametrize("count", SIZES)
def test_p18_merkle__trees_of_1_2_3_and_about_power_of_two_are_built__proves_its_items_alone(
    provenance, issuer, count
):
    tree = build(provenance, issuer, count)

    check_members(provenance, tree, {0, count // 2, count - 1})


def test_p18_merkle__batches_of_any_size_are_tried__proves_its_items_alone(provenance, issuer):
    gtins = counter(1)

    @on_one_chain(12)
    @given(st.integers(1, 300), st.data())
    def check(count, data):
        tree = build(provenance, issuer, count, next(gtins))
        indexes = data.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=3))

        check_members(provenance, tree, indexes)

    check()


def test_p18_merkle__tree_of_million_leaves__proves_its_items_alone(provenance, issuer):
    head, commitments, keys, rows = million(provenance, issuer)
    register(provenance, issuer, GTIN, MILLION, rows[-1].tobytes())

    for index in (0, 1, MILLION // 2, MILLION - 1):
        key = to_checksum_address(keys[index].tobytes())
        item = (head.batch_id, index, commitments[index].tobytes(), 0, key)
        proof = [row[(index >> height) ^ 1].tobytes() for height, row in enumerate(rows[:-1])]
        assert provenance.verdictOf(item, proof) == (Verdict.REGISTERED, Reason.NONE)
        wrong = (item[0], index ^ 1, *item[2:])
        assert provenance.verdictOf(wrong, proof) == (Verdict.UNKNOWN, Reason.PROOF_INVALID)
