from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilian.merkle import StandardMerkleTree
from weilian.merkle.multiproof import (
    MultiProof,
    MultiProofError,
    process_multi_proof,
    range_proof,
)
from weilian.merkle.nodes import LeafIndexError, hash_pair, levels
from weilian.merkle.standard import standard_leaf

TYPES = ["uint256"]
NODE, OTHER = b"\x01" * 32, b"\x02" * 32


def create_tree(count=9, **options):
    return StandardMerkleTree.of([[n] for n in range(count)], TYPES, **options)


def create_levels(depth):
    leaves = np.random.default_rng(depth).integers(0, 256, (1 << depth, 32), dtype=np.uint8)
    return levels(leaves)


@st.composite
def some_of_a_tree(draw):
    count = draw(st.integers(1, 40))
    indexes = draw(st.lists(st.integers(0, count - 1), min_size=1, unique=True))
    return create_tree(count, sort_leaves=draw(st.booleans())), indexes


@given(some_of_a_tree())
def test_multi_proof__any_leaves__lead_to_the_root(chosen):
    tree, indexes = chosen

    made = tree.multi_proof(indexes)

    assert sorted(made.indexes) == sorted(indexes)
    assert made.leaves == tuple(standard_leaf(TYPES, [index]) for index in made.indexes)
    assert made.root() == tree.root
    assert tree.verify_multi_proof([[index] for index in made.indexes], made.proof, made.flags)


@given(some_of_a_tree(), st.integers(100, 200))
def test_verify_multi_proof__one_other_value__is_refused(chosen, stranger):
    tree, indexes = chosen
    made = tree.multi_proof(indexes)

    values = [[stranger], *([index] for index in made.indexes[1:])]

    assert not tree.verify_multi_proof(values, made.proof, made.flags)


@given(some_of_a_tree(), st.data())
def test_process_multi_proof__changed_proof__gives_another_root_or_raises(chosen, data):
    tree, indexes = chosen
    made = tree.multi_proof(indexes)
    parts = {"leaves": list(made.leaves), "proof": list(made.proof), "flags": list(made.flags)}
    name = data.draw(st.sampled_from([name for name, part in parts.items() if part]))
    place = data.draw(st.integers(0, len(parts[name]) - 1))
    parts[name][place] = not parts[name][place] if name == "flags" else NODE

    try:
        root = process_multi_proof(**parts)
    except MultiProofError:
        return
    assert root != tree.root


def test_multi_proof__order_of_the_leaves__is_part_of_the_proof():
    tree = create_tree(8, sort_leaves=False)
    made = tree.multi_proof([5, 1, 3])

    assert made.indexes == (1, 3, 5)
    assert replace(made, leaves=made.leaves[::-1]).root() != tree.root


@given(st.integers(0, 7), st.data())
def test_range_proof__any_range__leads_to_the_root_in_order(depth, data):
    rows = create_levels(depth)
    first = data.draw(st.integers(0, (1 << depth) - 1))
    count = data.draw(st.integers(1, (1 << depth) - first))

    made = range_proof(rows, first, count)

    assert made.indexes == tuple(range(first, first + count))
    assert b"".join(made.leaves) == rows[0][first : first + count].tobytes()
    assert made.root() == rows[-1].tobytes()


@pytest.mark.parametrize(("first", "nodes"), [(0, 8), (24, 9), (100, 9), (2_040, 15)])
def test_range_proof__carton_of_24_among_4096__needs_few_nodes(first, nodes):
    rows = create_levels(12)

    assert len(range_proof(rows, first, 24).proof) == nodes


@pytest.mark.parametrize(("first", "count", "wrong"), [(-1, 2, -1), (6, 3, 8), (8, 1, 8)])
def test_range_proof__outside_the_tree__raises(first, count, wrong):
    with pytest.raises(LeafIndexError, match=f"there is no leaf {wrong}; .* leaves 0 to 7"):
        range_proof(create_levels(3), first, count)


@pytest.mark.parametrize("count", [0, -3])
def test_range_proof__empty_range__raises(count):
    with pytest.raises(MultiProofError, match="it needs at least one leaf"):
        range_proof(create_levels(3), 0, count)


def test_multi_proof__no_leaf__raises():
    with pytest.raises(MultiProofError, match="it needs at least one leaf"):
        create_tree().multi_proof([])


def test_multi_proof__leaf_named_twice__raises():
    with pytest.raises(MultiProofError, match="leaf 3 is named twice"):
        create_tree().multi_proof([3, 1, 3])


@pytest.mark.parametrize("index", [-1, 9])
def test_multi_proof__no_such_leaf__raises(index):
    with pytest.raises(LeafIndexError, match=f"there is no leaf {index}"):
        create_tree(9).multi_proof([0, index])


@pytest.mark.parametrize(
    ("leaves", "proof", "flags", "message"),
    [
        ([], [], [], "it shows no leaf"),
        ([], [NODE], [], "it shows no leaf"),
        ([NODE], [], [True], "1 leaves and 0 nodes need 0 flags, there are 1"),
        ([NODE], [NODE], [], "1 leaves and 1 nodes need 1 flags, there are 0"),
        ([NODE], [NODE], [True], "its flags take 0 nodes, there are 1"),
        ([NODE, NODE], [], [False], "its flags take 1 nodes, there are 0"),
        ([NODE[1:]], [], [], "leaf or node 1 has 31 bytes, not 32"),
        ([NODE], [NODE * 2], [False], "leaf or node 2 has 64 bytes, not 32"),
    ],
)
def test_process_multi_proof__parts_that_do_not_fit__raises(leaves, proof, flags, message):
    with pytest.raises(MultiProofError, match=f"multiproof: {message}"):
        process_multi_proof(leaves, proof, flags)


def test_process_multi_proof__unused_node_as_the_root__raises():
    # NOTE: CVE-2023-34459: two leaves of one's own, a flag that joins them, the true root unused.
    root = create_tree().root

    with pytest.raises(MultiProofError, match="its flags take 0 nodes, there are 1"):
        process_multi_proof([NODE, OTHER], [root], [True, True])


def test_root__two_leaves_of_one_parent__is_their_hash():
    made = MultiProof((0, 1), (NODE, OTHER), (), (True,))

    assert made.root() == hash_pair(NODE, OTHER)
