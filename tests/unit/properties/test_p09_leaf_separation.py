"""P9: no inner node passes for a leaf, and a leaf says chain, registry, batch, index, serial, kind
of key and key: whatever of these changes, the old proof is worth nothing.
"""

from dataclasses import replace

import pytest
from eth_abi import encode
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import (
    LEAF_TYPES,
    SampleBatch,
    create_batch,
    create_registration,
    merkle_levels,
)
from tests.support.properties import on_one_chain
from tests.support.verdicts import Reason, Verdict

WRONG = (Verdict.UNKNOWN, Reason.PROOF_INVALID)
PLACES = range(len(LEAF_TYPES))


@pytest.fixture
def batch(provenance, brand):
    """A batch of eight items, not registered yet."""
    return create_batch(provenance, brand, count=8)


def register_root(provenance, brand, count, root):
    """Register a batch under a root that an attacker may have chosen."""
    terms = create_registration(brand, itemCount=count, root=root)
    provenance.registerBatch(terms, sender=brand)


def words_of(batch: SampleBatch, index: int):
    """Return what the leaf of an item is made of."""
    item = batch.item(index)
    key = item["keyKind"] << 160 | int(item["claimKey"], 16)
    return [batch.chain_id, batch.registry, batch.batch_id, index, item["serialCommitment"], key]


def double(data: bytes) -> bytes:
    return keccak(keccak(data))


@pytest.mark.parametrize("height", [1, 2])
def test_p09_leaf_separation__tree_is_said_to_be_shallower__means_no_inner_node_passes(
    provenance, brand, batch, height
):
    # With fewer declared items the inner nodes stand where leaves would.
    count = batch.count >> height
    register_root(provenance, brand, count, batch.root)

    for index in range(count):
        path = batch.proof(index << height)[height:]
        for place in range(batch.count):
            item = batch.item(place) | {"index": index}
            assert tuple(provenance.verdictOf(item, path)) == WRONG


def test_p09_leaf_separation__two_nodes_are_packed_as_item__is_unknown(provenance, brand, batch):
    # The 64 bytes above two nodes, read as the last two words of a leaf.
    left, right = batch.node(1, 0), batch.node(1, 1)
    register_root(provenance, brand, 4, batch.root)
    item = batch.item() | {
        "serialCommitment": min(left, right),
        "claimKey": "0x" + max(left, right)[-20:].hex(),
    }

    assert tuple(provenance.verdictOf(item, batch.proof()[1:])) == WRONG


@pytest.mark.parametrize("height", [0, 1])
def test_p09_leaf_separation__leaf_is_hashed_otherwise__is_unknown(
    provenance, brand, batch, height
):
    # Single hash, and hash of the packed words: neither form is taken for ours.
    types = LEAF_TYPES
    forms = [keccak(encode(types, words_of(batch, index))) for index in range(2)]
    leaves = forms if height == 0 else [keccak(form + b"\0") for form in forms]
    register_root(provenance, brand, 2, merkle_levels(leaves)[-1][0])

    assert tuple(provenance.verdictOf(batch.item(), leaves[1:])) == WRONG


def test_p09_leaf_separation__leaf_is_hashed_as_documented__is_registered(provenance, brand, batch):
    leaves = [double(encode(LEAF_TYPES, words_of(batch, index))) for index in range(2)]
    register_root(provenance, brand, 2, merkle_levels(leaves)[-1][0])

    verdict = provenance.verdictOf(batch.item(), leaves[1:])

    assert tuple(verdict) == (Verdict.REGISTERED, Reason.NONE)


def test_p09_leaf_separation__any_bit_of_any_word_of_leaf_differs__is_unknown(
    provenance, brand, batch
):
    # The registered leaf differs in one bit from the one that the item makes.
    lots = iter(range(1, 1000))

    @on_one_chain(40)
    @given(st.sampled_from(PLACES), st.integers(0, 255))
    def check(place, bit):
        lot = f"LOT-{next(lots)}".encode().ljust(20, b"\0")
        own = create_batch(provenance, brand, count=1, lot=lot)
        word = encode(LEAF_TYPES, words_of(own, 0))
        flipped = bytearray(word)
        flipped[32 * place + bit // 8] ^= 1 << bit % 8
        terms = create_registration(brand, lot=lot, itemCount=1, root=double(bytes(flipped)))
        provenance.registerBatch(terms, sender=brand)

        assert tuple(provenance.verdictOf(own.item(), [])) == WRONG

    check()


@pytest.mark.parametrize(
    "change", [{"chain_id": 1}, {"registry": "0x" + "11" * 20}, {"batch_id": b"\1" * 32}]
)
def test_p09_leaf_separation__tree_was_made_for_another_place__is_unknown(
    provenance, brand, batch, change
):
    other = replace(batch, **change)
    register_root(provenance, brand, other.count, other.root)

    for index in range(other.count):
        assert tuple(provenance.verdictOf(batch.item(index), other.proof(index))) == WRONG
