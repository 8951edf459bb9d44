import json
import stat

import numpy as np
import pytest

from tests.python.merkle.test_batch_tree import (
    CHAIN_ID,
    GTIN,
    ISSUER,
    LOT,
    REGISTRY,
    create_tree,
)
from weilian.merkle import MerkleError
from weilian.merkle.batch_tree import TreeDamagedError
from weilian.merkle.carton_proof import MAX_CARTON, CartonProof, CartonProofError
from weilian.merkle.tree_file import (
    HEADER_LENGTH,
    Layout,
    TreeFileError,
    TreeWriter,
    open_tree,
)


@pytest.fixture
def saved(tmp_path):
    """Writes a tree of some items; returns the tree in memory and its file."""

    def _saved(count=5):
        tree, path = create_tree(count), tmp_path / f"{count}.weilian"
        with TreeWriter(path, tree.head) as writer:
            writer.put_leaves(0, tree.levels[0])
            writer.put_claim_keys(0, tree.claim_keys)
            assert writer.finish(tree.serials) == tree.root
        return tree, path

    return _saved


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 33])
def test_open_tree__any_count__is_the_tree_in_memory(saved, count):
    tree, path = saved(count)

    opened = open_tree(path, tree.keys)

    assert opened.head == tree.head
    assert list(opened.items()) == list(tree.items())
    assert [opened.proof(n) for n in range(count)] == [tree.proof(n) for n in range(count)]
    assert [opened.index_of(serial) for serial in tree.serials] == list(range(count))
    opened.check()


def test_tree_writer__file__is_private_and_has_its_name_only_when_whole(saved, tmp_path):
    _, path = saved()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["5.weilian"]


def test_tree_writer__not_finished__leaves_nothing(tmp_path):
    tree = create_tree()

    with TreeWriter(tmp_path / "t", tree.head) as writer:
        writer.put_leaves(0, tree.levels[0])

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda _: b"", "it does not begin with 'weilian-tree/1'"),
        (lambda data: data[:-1], r"it has \d+ bytes, a tree of 5 items has"),
        (lambda data: data + b"\0", r"it has \d+ bytes, a tree of 5 items has"),
        (lambda data: data.replace(b'"count": 5', b'"count": 9', 1), "a tree of 9 items has"),
        (
            lambda data: data.replace(b'"count": 5', b'"count": 0', 1),
            "count: Input should be great",
        ),
        (lambda data: data.replace(b"{", b"[", 1), "Invalid JSON"),
        (lambda data: data.replace(b'"root": "0x', b'"root": "0y', 1), "is not a node"),
        (lambda data: data.replace(REGISTRY.encode(), ISSUER.lower().encode(), 1), "checksum"),
    ],
)
def test_open_tree__no_whole_tree_file__says_why(saved, change, message):
    _, path = saved()
    path.write_bytes(change(path.read_bytes()))

    with pytest.raises(TreeFileError, match=message):
        open_tree(path)


def test_open_tree__other_root_in_the_header__is_refused(saved):
    tree, path = saved()
    data = path.read_bytes().replace(tree.root.hex().encode(), b"00" * 32, 1)
    path.write_bytes(data)

    with pytest.raises(TreeFileError, match="its last node is not the root"):
        open_tree(path)


def test_open_tree__no_such_file__one_sentence(tmp_path):
    with pytest.raises(TreeFileError, match="No such file"):
        open_tree(tmp_path / "none")


@pytest.mark.parametrize("field", ["leaf", "serials", "claim_keys"])
def test_item_proof__file_was_changed__proves_nothing(saved, field):
    tree, path = saved()
    layout = Layout(tree.head)
    place = {"leaf": HEADER_LENGTH, "serials": layout.serials, "claim_keys": layout.claim_keys}[
        field
    ]
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    opened = open_tree(path, tree.keys)

    with pytest.raises(MerkleError):
        [opened.item_proof(serial, GTIN, LOT) for serial in ("S0", "S1")]


@pytest.mark.parametrize("level", [0, 1, 2])
def test_check_tree__changed_node__is_named(saved, level):
    tree, path = saved(8)
    data = bytearray(path.read_bytes())
    data[Layout(tree.head).level(level) + 40] ^= 1
    path.write_bytes(data)

    with pytest.raises(TreeDamagedError, match=r"node \d+ of level \d was changed"):
        open_tree(path).check()


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("serials", "item 0 was changed"),
        ("claim_keys", "item 0 was changed"),
        ("order", "not in the order that it names"),
    ],
)
def test_check__changed_item__is_named_where_the_keys_are_there(saved, part, what):
    tree, path = saved(8)
    data = bytearray(path.read_bytes())
    data[getattr(Layout(tree.head), part) + 1] ^= 1
    path.write_bytes(data)

    with pytest.raises(TreeDamagedError, match=what):
        open_tree(path, tree.keys).check()


def test_index_of__order_or_serial_damaged__is_said(saved):
    tree, path = saved(8)
    layout, data = Layout(tree.head), bytearray(path.read_bytes())
    beyond, foreign = bytearray(data), bytearray(data)
    beyond[layout.order : layout.size] = b"\xff" * (layout.size - layout.order)
    foreign[layout.serials : layout.claim_keys] = b"\xff" * (layout.claim_keys - layout.serials)

    for changed, message in ((beyond, "its order names item"), (foreign, "is not ASCII")):
        path.write_bytes(changed)
        with pytest.raises(TreeDamagedError, match=message):
            open_tree(path, tree.keys).item("S3")


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 4), (1, 3), (4, 4)])
def test_carton_proof__any_range__leads_to_the_root_and_reads_back(tmp_path, first, last):
    tree = create_tree(5)

    made = CartonProof.of(tree, first, last, GTIN, LOT)
    made.save(tmp_path / "c.json")
    read = CartonProof.from_json((tmp_path / "c.json").read_bytes())

    assert read == made
    assert [item.serial for item in read.items] == list(tree.serials)[first : last + 1]
    assert list(read.leaves) == [bytes(row) for row in tree.levels[0][first : last + 1]]
    read.check()


def test_carton_proof__24_neighbours__need_few_nodes():
    tree = create_tree(1_000)

    assert len(CartonProof.of(tree, 96, 119, GTIN, LOT).proof) <= 9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"first": 1}, "its path does not lead to the root"),
        ({"first": 3}, "item 5 is outside a batch of 5 items"),
        ({"lot": "L2"}, "lot 'L2' do not give its batch id"),
        ({"chain_id": 2}, "its path does not lead to the root"),
        ({"proof": []}, "carton proof: multiproof: 3 leaves and 0 nodes"),
        ({"items": []}, "items: Tuple should have at least 1 item"),
        ({"more": 1}, "more: Unexpected keyword argument"),
    ],
)
def test_carton_proof__changed_file__says_what_does_not_fit(change, message):
    content = json.loads(CartonProof.of(create_tree(5), 0, 2, GTIN, LOT).to_json())

    with pytest.raises(CartonProofError, match=message):
        CartonProof.from_json(json.dumps(content | change)).check()


@pytest.mark.parametrize(("first", "last"), [(2, 1), (0, MAX_CARTON)])
def test_carton_proof__too_few_or_too_many__says_the_limit(first, last):
    with pytest.raises(CartonProofError, match=f"it must be 1 to {MAX_CARTON} items"):
        CartonProof.of(create_tree(5), first, last, GTIN, LOT)


def test_tree_writer__parts_in_any_order__are_the_same_file(saved, tmp_path):
    tree, path = saved(8)

    with TreeWriter(tmp_path / "other", tree.head) as writer:
        for first in (4, 0):
            writer.put_claim_keys(first, tree.claim_keys[first : first + 4])
            writer.put_leaves(first, np.asfortranarray(tree.levels[0][first : first + 4]))
        writer.finish(tree.serials)

    assert (tmp_path / "other").read_bytes() == path.read_bytes()
    assert tree.head.chain_id == CHAIN_ID
