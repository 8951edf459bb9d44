import copy
import re
from itertools import count

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from weilian.merkle import MerkleError, StandardMerkleTree, process_proof
from weilian.merkle.nodes import EmptyTreeError, LeafIndexError
from weilian.merkle.standard import DumpError, LeafError, LeafTypeError, standard_leaf

TYPES = ["address", "uint256"]
ALICE, BOB = "0x" + "11" * 20, "0x" + "22" * 20
numbers = st.lists(st.integers(0, 2**256 - 1), min_size=1, max_size=70)


def create_tree(count=5, **options):
    return StandardMerkleTree.of([(ALICE, n) for n in range(count)], TYPES, **options)


def test_root__example_of_the_package_readme__is_its_root():
    values = [(ALICE, "5000000000000000000"), (BOB, "2500000000000000000")]

    root = StandardMerkleTree.of(values, TYPES).root

    assert root.hex() == "d4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77"


def test_standard_leaf__any_value__is_hashed_twice():
    assert standard_leaf(TYPES, (ALICE, 7)) == keccak(keccak(encode(TYPES, (ALICE, 7))))


@given(numbers, st.booleans())
def test_proof__any_tree__leads_to_the_root(values, sort_leaves):
    tree = StandardMerkleTree.of([[n] for n in values], ["uint256"], sort_leaves=sort_leaves)

    for index, value in enumerate(values):
        assert process_proof(standard_leaf(["uint256"], [value]), tree.proof(index)) == tree.root


@given(numbers, st.data())
def test_verify__other_value__is_refused(values, data):
    tree = StandardMerkleTree.of([[n] for n in values], ["uint256"])
    stranger = data.draw(st.integers(0, 2**256 - 1).filter(lambda n: n not in values))
    index = data.draw(st.integers(0, len(values) - 1))

    assert not tree.verify([stranger], tree.proof(index))


@given(numbers)
def test_root__sorted_tree__does_not_depend_on_the_order(values):
    trees = [
        StandardMerkleTree.of([[n] for n in order], ["uint256"]) for order in (values, values[::-1])
    ]

    assert trees[0].root == trees[1].root


def test_load__own_dump__is_the_same_tree():
    tree = create_tree(9)

    loaded = StandardMerkleTree.load(tree.dump())

    assert loaded.dump() == tree.dump()
    assert loaded.proof(4) == tree.proof(4)


def test_root__equal_values__each_has_its_leaf():
    tree = StandardMerkleTree.of([[n % 3] for n in range(9)], ["uint8"])

    for index in range(9):
        assert tree.verify([index % 3], tree.proof(index))
    assert sorted(item["treeIndex"] for item in tree.dump()["values"]) == list(range(8, 17))


def test_of__one_bad_value_among_many__names_it_and_its_place():
    values = [[number] for number in [*range(200), -5, *range(200)]]

    with pytest.raises(LeafError, match=r"leaf \[-5\] at place 201 does not fit \(uint8\)"):
        StandardMerkleTree.of(values, ["uint8"])


def test_of__no_values__raises():
    with pytest.raises(EmptyTreeError, match="at least one leaf"):
        StandardMerkleTree.of([], TYPES)


@pytest.mark.parametrize("index", [-1, 5])
def test_proof__no_such_leaf__raises(index):
    with pytest.raises(LeafIndexError, match=f"there is no leaf {index}; .* 0 to 4"):
        create_tree().proof(index)


@pytest.mark.parametrize(
    ("types", "value"),
    [
        (TYPES, (ALICE,)),
        (TYPES, ("0x11", 1)),
        (TYPES, (ALICE, -1)),
        (TYPES, (ALICE, "a number")),
        (["uint8"], (256,)),
        (["bytes32"], ("0x1234",) * 2),
        (["bytes32"], ("1234",)),
        (["bytes32"], ("0x1234",)),
        (["bytes32"], (b"short",)),
        (["bytes4"], ("0x12 34 56",)),
        (["bytes"], ("0x12 34",)),
        (["uint8"], ("1_0",)),
        (["uint8"], ("٣",)),
        (["uint8"], (True,)),
        (["uint8"], (1.0,)),
        (["int8"], (-129,)),
        (["uint7"], (1,)),
        (["uint512"], (1,)),
        (["bytes33"], (b"1" * 33,)),
        (["bool"], (1,)),
        (["address"], ("0x" + "aB" * 20,)),
        (["fixed8x1"], (float("nan"),)),
        (["string"], ("\ud800",)),
        (["uint8"], 7),
        (["no type"], (1,)),
        (["bool"], ("true",)),
    ],
)
def test_of__value_does_not_fit__error_names_value_and_types(types, value):
    with pytest.raises(LeafError, match="does not fit"):
        StandardMerkleTree.of([value], types)


def _nested(depth, kind=list):
    value = 1
    for _ in range(depth):
        value = [value] if kind is list else {"a": value}
    return value


@pytest.mark.parametrize(
    "kind",
    [
        "uint256" + "[]" * 3_000,
        "uint256" + "[]" * 33,
        "(" * 3_000 + "uint8" + ")" * 3_000,
        "uint" + "9" * 5_000,
        "uint256[" + "9" * 5_000 + "]",
        "uint256[" + "9" * 20 + "]",
        "bytes" + "9" * 5_000,
        "fixed8x" + "9" * 5_000,
        "x" * 1_000_000,
    ],
    ids=map(str, count()),
)
def test_of__nonsense_type__is_named_and_cut(kind):
    with pytest.raises(LeafTypeError, match=f"leaf type '{re.escape(kind[:8])}") as caught:
        StandardMerkleTree.of([[1]], [kind])

    assert isinstance(caught.value, MerkleError)
    assert len(str(caught.value)) < 300
    with pytest.raises(LeafTypeError):
        standard_leaf([kind], [1])
    with pytest.raises(LeafTypeError):
        StandardMerkleTree.load(create_tree().dump() | {"leafEncoding": [kind]})


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("uint256", _nested(50_000)),
        ("uint256[]", _nested(50_000)),
        ("uint256[][]", _nested(3)),
        ("(uint256,uint8)", _nested(50_000)),
        ("string", _nested(50_000, dict)),
        ("uint256", 10**5_000),
        ("uint256", -(10**5_000)),
        ("uint256", "9" * 5_000),
        ("uint256", "0x" + "f" * 5_000),
        ("uint256[]", [10**5_000]),
        ("bool", 10**5_000),
        ("string", 10**5_000),
        ("bytes", "0x" + "zz" * 10**6),
        ("string", float("nan")),
    ],
    ids=map(str, count()),
)
def test_of__nonsense_value__is_a_short_leaf_error(kind, part):
    with pytest.raises(LeafError, match="does not fit") as caught:
        StandardMerkleTree.of([[part]], [kind])

    assert len(str(caught.value)) < 600


@given(
    st.lists(st.text("uintbytesfixedaddrool[](),x0123456789", max_size=14), max_size=3),
    st.lists(st.recursive(st.none() | st.integers() | st.text() | st.floats(), st.lists)),
)
def test_of__any_types_and_values__a_tree_or_its_own_error(types, value):
    try:
        tree = StandardMerkleTree.of([value], types)
    except MerkleError:
        return

    assert tree.verify(value, [])


def test_standard_leaf__arrays_and_tuples__are_those_of_eth_abi():
    types, value = ["uint8[][2]", "(address,uint256[])"], ([[1], [2, 3]], (ALICE, [7]))

    assert standard_leaf(types, value) == keccak(keccak(encode(types, value)))


def _other_root(dump):
    dump["tree"][0] = "0x" + "00" * 32


def _other_value(dump):
    dump["values"][2]["value"][1] = "77"


def _swapped(dump):
    values = dump["values"]
    values[0]["treeIndex"], values[1]["treeIndex"] = values[1]["treeIndex"], values[0]["treeIndex"]


def _same_leaf(dump):
    dump["values"][0] = dump["values"][1]


def _negative_index(dump):
    dump["values"][0]["treeIndex"] -= len(dump["tree"])


def _short(dump):
    dump["tree"].pop()


def _no_values(dump):
    dump["values"], dump["tree"] = [], []


def _other_format(dump):
    dump["format"] = "simple-v1"


def _long_format(dump):
    dump["format"] = "x" * 10**6


def _bad_hex(dump):
    dump["tree"][1] = "0x" + "zz" * 32


def _no_encoding(dump):
    del dump["leafEncoding"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_other_root, "node 0 was changed: it is not the hash of its children"),
        (_other_value, "value 2 was changed"),
        (_swapped, "value 0 was changed"),
        (_same_leaf, "each value must have its own leaf"),
        (_negative_index, "each value must have its own leaf"),
        (_short, "5 values need 9 nodes, there are 8"),
        (_no_values, "0 values need 1 nodes, there are 0"),
        (_long_format, "format 'xxx.* is unknown"),
        (_other_format, "format 'simple-v1' is unknown"),
        (_bad_hex, "is not a node"),
        (_no_encoding, "leafEncoding: Field required"),
    ],
)
def test_load__tampered_dump__says_what_was_changed(spoil, message):
    dump = copy.deepcopy(create_tree().dump())
    spoil(dump)

    with pytest.raises(MerkleError, match=message) as caught:
        StandardMerkleTree.load(dump)

    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("data", [None, [], "x", {"format": "standard-v1"}])
def test_load__no_dump__raises(data):
    with pytest.raises(DumpError, match="Merkle tree dump"):
        StandardMerkleTree.load(data)
