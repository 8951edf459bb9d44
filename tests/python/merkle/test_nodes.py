import numpy as np
import pytest
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from weilian import hashing
from weilian.merkle import nodes as nodes_module
from weilian.merkle.nodes import (
    EmptyTreeError,
    NodeError,
    TreeShapeError,
    build_nodes,
    find_wrong_node,
    levels,
    parent_row,
    parse_node,
    process_proof,
    proof_of,
    rows_of,
)


def create_rows(count, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


@pytest.fixture
def is_fast(request, monkeypatch):
    """Choose the way in which pairs are hashed."""
    lanes = hashing._load_lanes() if request.param else None
    if request.param and lanes is None:
        pytest.skip("the lanes need numba")
    monkeypatch.setattr(nodes_module, "lanes_for", lambda _: lanes)
    return request.param


ways = pytest.mark.parametrize("is_fast", [False, True], ids=["plain", "lanes"], indirect=True)


@ways
@pytest.mark.parametrize("pairs", [0, 1, 2, 3, 4, 5, 8, 13])
def test_parent_row__any_pairs__are_hashed_lower_first(is_fast, pairs):
    children = create_rows(2 * pairs)

    parents = parent_row(children)

    texts = [row.tobytes() for row in children]
    couples = [sorted(texts[place : place + 2]) for place in range(0, len(texts), 2)]
    assert [row.tobytes() for row in parents] == [keccak(b"".join(pair)) for pair in couples]


@ways
@pytest.mark.parametrize("place", [0, 7, 8, 31])
@pytest.mark.parametrize("bytes_there", [(0x7F, 0x80), (0x80, 0x7F), (0, 0xFF), (5, 5)])
def test_parent_row__nodes_that_differ_in_one_byte__are_compared_from_the_front(
    is_fast, place, bytes_there
):
    children = np.full((2, 32), 0x42, np.uint8)
    children[:, place] = bytes_there

    texts = sorted(row.tobytes() for row in children)
    assert parent_row(children).tobytes() == keccak(b"".join(texts))


@ways
@pytest.mark.parametrize("count", [1, 2, 3, 5, 6, 9, 31, 33, 100])
def test_build_nodes__any_count__every_leaf_leads_to_the_root(is_fast, count):
    leaves = create_rows(count)

    nodes = build_nodes(leaves)

    assert find_wrong_node(nodes) is None
    for index, leaf in enumerate(leaves):
        proof = proof_of(nodes, 2 * count - 2 - index)
        assert process_proof(leaf.tobytes(), proof) == nodes[0].tobytes()


@pytest.mark.parametrize("depth", [0, 1, 2, 5, 9])
def test_levels__perfect_tree__has_the_root_of_the_complete_one(depth):
    leaves = create_rows(1 << depth)

    rows = levels(leaves)

    assert [len(row) for row in rows] == [1 << level for level in range(depth, -1, -1)]
    assert rows[-1].tobytes() == build_nodes(leaves)[0].tobytes()


@given(st.integers(2, 40), st.data())
def test_find_wrong_node__changed_node__names_the_first_that_does_not_fit(count, data):
    nodes = build_nodes(create_rows(count))
    changed = data.draw(st.integers(0, 2 * count - 2))

    nodes[changed, data.draw(st.integers(0, 31))] ^= 1

    assert find_wrong_node(nodes) == max(0, (changed - 1) // 2)


@pytest.mark.parametrize("shape", [(3, 32), (2, 31), (64,)])
def test_parent_row__no_pairs_of_nodes__raises(shape):
    with pytest.raises(TreeShapeError, match=rf"shape \({shape[0]},.* an even number of rows"):
        parent_row(np.zeros(shape, np.uint8))


def test_levels__no_power_of_two__raises():
    with pytest.raises(TreeShapeError, match=r"shape \(6, 32\) .* a power of two of rows"):
        levels(create_rows(6))


@pytest.mark.parametrize("build", [levels, build_nodes])
def test_build_nodes__no_leaves__raises(build):
    with pytest.raises(EmptyTreeError):
        build(rows_of([]))


@pytest.mark.parametrize(
    "text", [None, 7, "", "0x", "00" * 33, "0x" + "0g" * 32, "0x" + "11 " * 21 + "1"]
)
def test_parse_node__no_node__raises(text):
    with pytest.raises(NodeError, match="is not a node; it must be '0x' and 64 hex digits"):
        parse_node(text)
