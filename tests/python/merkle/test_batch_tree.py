import json
from dataclasses import replace

import pytest
from eth_abi.abi import encode
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.python.gs1.test_identifiers import ai82_text
from weilian.address import ZERO_ADDRESS
from weilian.gs1 import SerialError
from weilian.hashing import keccak256
from weilian.keys import claim_address, item_code, item_salt, salt_key
from weilian.merkle import (
    ItemProof,
    ItemProofError,
    batch_id,
    build_batch_tree,
    process_proof,
)
from weilian.merkle.batch_tree import ItemIndexError, ProofKeysMissingError, UnknownSerialError
from weilian.merkle.items import LEAF_TYPES, item_leaf, leaf_prefix, serial_commitment
from weilian.merkle.nodes import EmptyTreeError
from weilian.merkle.standard import standard_leaf
from weilian.serials import DuplicateSerialError

CHAIN_ID = 31337
REGISTRY = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
ISSUER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
GTIN, LOT = "09521234001010", "WYYC-20260418-A"
BATCH = batch_id(ISSUER, int(GTIN), LOT)
SECRET = b"k" * 32
bytes32 = st.binary(min_size=32, max_size=32)


def create_tree(count=5, **options):
    serials = [f"S{n}" for n in range(count)]
    return build_batch_tree(CHAIN_ID, REGISTRY, BATCH, serials, SECRET, **options)


def create_proof(**changes):
    content = json.loads(create_tree().item_proof("S3", GTIN, LOT).to_json())
    return json.dumps(content | changes)


def test_batch_id__issuer_and_product__are_both_inside():
    product = keccak256(encode(["uint64", "bytes20"], [int(GTIN), LOT.encode().ljust(20, b"\0")]))

    assert bytes.fromhex(ISSUER[2:]) + product[:12] == BATCH


@given(bytes32, ai82_text)
def test_serial_commitment__any_serial__is_that_of_eth_abi(salt, serial):
    encoded = encode(["bytes32", "string"], [salt, serial])

    assert serial_commitment(salt, serial) == keccak256(encoded)


@given(st.integers(1, 2**64 - 1), bytes32, st.integers(0, 2**32), bytes32)
def test_item_leaf__any_item__is_the_standard_leaf(chain_id, batch, index, commitment):
    prefix = leaf_prefix(chain_id, REGISTRY, batch)

    expected = standard_leaf(LEAF_TYPES, (chain_id, REGISTRY, batch, index, commitment, ISSUER))
    assert item_leaf(prefix, index, commitment, ISSUER) == expected


@settings(max_examples=40)
@given(st.integers(1, 70))
def test_build_batch_tree__any_count__has_one_depth_and_proves_each_item(count):
    tree = create_tree(count)

    assert (tree.count, tree.depth) == (count, (count - 1).bit_length())
    for item in tree.items():
        proof = tree.item_proof(item.serial, GTIN, LOT)
        assert len(proof.proof) == tree.depth
        assert process_proof(proof.leaf, proof.proof) == tree.root
        assert proof.issuer == ISSUER


def test_build_batch_tree__leaves__stand_in_the_order_of_the_items():
    tree = create_tree(6)
    nodes = tree.standard_tree().dump()["tree"]
    leaves = [f"0x{tree.item_proof(item.serial, GTIN, LOT).leaf.hex()}" for item in tree.items()]

    assert leaves == nodes[:-7:-1]


def test_build_batch_tree__items__hold_the_derived_secrets():
    item = create_tree().item("S3")

    assert item.index == 3
    assert item.salt == item_salt(salt_key(SECRET), "S3")
    assert item.serial_commitment == serial_commitment(item.salt, "S3")
    assert item.claim_key == claim_address(item_code(SECRET, "S3"))


def test_build_batch_tree__padding__cannot_be_claimed_and_differs():
    tree = create_tree(5)
    values = tree.standard_tree().values

    assert len(values) == 8
    assert [(value[3], value[5]) for value in values[5:]] == [(n, ZERO_ADDRESS) for n in (5, 6, 7)]
    assert len({value[4] for value in values}) == 8


def test_build_batch_tree__other_chain_registry_batch_or_secret__gives_other_roots():
    arguments = [CHAIN_ID, REGISTRY, BATCH, ["A"], SECRET]
    others = [1, ISSUER, b"\x01" * 32, ["B"], b"j" * 32]
    roots = {build_batch_tree(*arguments).root}

    for place, other in enumerate(others):
        roots.add(build_batch_tree(*arguments[:place], other, *arguments[place + 1 :]).root)

    assert len(roots) == 6


def test_build_batch_tree__progress__counts_to_the_end():
    calls = []

    create_tree(4_100, progress=lambda *state: calls.append(state))

    assert calls == [(4_096, 4_100), (4_100, 4_100)]


@pytest.mark.parametrize(
    ("serials", "error", "message"),
    [
        ([], EmptyTreeError, "at least one leaf"),
        (["A", "B", "A"], DuplicateSerialError, "serial 'A' occurs twice, as item 0 and item 2"),
        (["A", "茶"], SerialError, "character '茶' at place 1"),
    ],
)
def test_build_batch_tree__bad_serials__raises(serials, error, message):
    with pytest.raises(error, match=message):
        build_batch_tree(CHAIN_ID, REGISTRY, BATCH, serials, SECRET)


@pytest.mark.parametrize("serial", ["X", "S", "S44", "", "R", "茶"])
def test_item__unknown_serial__raises(serial):
    with pytest.raises(UnknownSerialError, match=f"serial '{serial}' is not in this batch"):
        create_tree().item(serial)


@given(st.lists(ai82_text, min_size=1, max_size=30, unique=True))
def test_index_of__any_serials__finds_each(serials):
    tree = build_batch_tree(CHAIN_ID, REGISTRY, BATCH, serials, SECRET)

    assert [tree.index_of(serial) for serial in serials] == list(range(len(serials)))


def test_item__no_keys__says_what_is_missing():
    tree = replace(create_tree(), keys=None)

    with pytest.raises(ProofKeysMissingError, match="need its proof keys"):
        tree.item("S3")


def test_build_batch_tree__short_codes__claim_keys_come_from_the_salts():
    tree = build_batch_tree(CHAIN_ID, REGISTRY, BATCH, ["A"], SECRET, code_length=12)
    item = tree.item("A")

    assert item.claim_key == claim_address(item_code(SECRET, "A", 12), item.salt)


@pytest.mark.parametrize("index", [-1, 5])
def test_proof__outside_the_items__raises_also_for_padding(index):
    with pytest.raises(ItemIndexError, match=f"there is no item {index}"):
        create_tree(5).proof(index)


def test_item_proof__other_product__raises():
    with pytest.raises(ItemProofError, match="do not give its batch id"):
        create_tree().item_proof("S1", GTIN, "L2")


def test_from_json__saved_proof__is_the_same_and_checks(tmp_path):
    proof = create_tree().item_proof("S3", GTIN, LOT)

    proof.save(tmp_path / "S3.json")
    loaded = ItemProof.from_json((tmp_path / "S3.json").read_bytes())

    assert loaded == proof
    loaded.check()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"serial": "S4"}, "serial 'S4' and the salt do not give its commitment"),
        ({"index": 4}, "its path does not lead to the root"),
        ({"index": 5}, "index 5 is outside a batch of 5 items"),
        ({"count": 9}, "3 nodes do not fit a batch of 9 items"),
        ({"lot": "L2"}, "lot 'L2' do not give its batch id"),
        ({"gtin": "95212340"}, "GTIN 00000095212340 and"),
        ({"chain_id": 1}, "its path does not lead to the root"),
        ({"registry": ISSUER}, "its path does not lead to the root"),
        ({"claim_key": ISSUER}, "its path does not lead to the root"),
        ({"root": "0x" + "00" * 32}, "its path does not lead to the root 0x000"),
        ({"proof": ["0x" + "00" * 32] * 3}, "its path does not lead to the root"),
    ],
)
def test_check__changed_proof__says_what_does_not_fit(changes, message):
    proof = ItemProof.from_json(create_proof(**changes))

    with pytest.raises(ItemProofError, match=message):
        proof.check()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"chain_id": "1"}, "chain_id: Input should be a valid integer"),
        ({"registry": "0x12"}, "registry: must be a checksum address"),
        ({"salt": "0x12"}, "salt: '0x12' is not a node"),
        ({"gtin": "9521234001013"}, "check digit 3 is wrong"),
        ({"lot": 7}, "lot: Input should be a valid string"),
        ({"index": 2**32}, "index: Input should be less than 4294967296"),
        ({"index": 2**70}, "index: Input should be less than 4294967296"),
        ({"index": -1}, "index: Input should be greater than or equal to 0"),
        ({"count": 0}, "count: Input should be greater than 0"),
        ({"proof": ["0x" + "00" * 32] * 33}, "proof: Tuple should have at most 32 items"),
        ({"more": 1}, "more: Unexpected keyword argument"),
    ],
)
def test_from_json__malformed_proof__names_the_field(changes, message):
    with pytest.raises(ItemProofError, match=message):
        ItemProof.from_json(create_proof(**changes))
