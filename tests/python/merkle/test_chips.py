"""Batches of items with chips, and what the kind of a key does to a leaf."""

import pytest
from eth_abi.abi import encode
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from tests.python.merkle.test_batch_tree import GTIN, ISSUER, LOT, REGISTRY
from weilian.address import AddressError
from weilian.hashing import keccak256
from weilian.merkle import ItemProof, ItemProofError, batch_id
from weilian.merkle.batch_tree import ItemIndexError, TreeHead, UnknownSerialError
from weilian.merkle.chips import ChipTree, DuplicateChipError
from weilian.merkle.items import KeyKind, item_leaf, leaf_prefix
from weilian.merkle.nodes import EmptyTreeError
from weilian.serials import DuplicateSerialError

BATCH = batch_id(ISSUER, int(GTIN), LOT)
CONTRACT_TYPES = ("uint256", "address", "bytes32", "uint32", "bytes32", "uint256")
"""Of a leaf, as ItemLib encodes it."""


def create_rows(count):
    keys = (Account.from_key(number.to_bytes(32)) for number in range(1, count + 1))
    return [(f"S{number}", key.address) for number, key in enumerate(keys)]


def create_tree(rows, count=None):
    head = TreeHead(31_337, REGISTRY, BATCH, len(rows) if count is None else count)
    return ChipTree.of(head, rows, b"\7" * 32)


@given(st.sampled_from(KeyKind), st.integers(0, 2**32 - 1), st.binary(min_size=32, max_size=32))
def test_item_leaf__any_kind__is_the_leaf_of_the_contracts(kind, index, commitment):
    prefix = leaf_prefix(5, REGISTRY, BATCH)
    key = kind.number << 160 | int(ISSUER, 16)

    leaf = item_leaf(prefix, index, commitment, ISSUER, kind)

    words = encode(CONTRACT_TYPES, (5, REGISTRY, BATCH, index, commitment, key))
    assert leaf == keccak256(keccak256(words))


def test_key_kind__numbers__are_those_of_the_contracts():
    assert [(kind.name, kind.number) for kind in KeyKind] == [("HIDDEN_CODE", 0), ("CHIP", 1)]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_chip_tree__each_item__is_proved(count):
    rows = create_rows(count)

    proofs = [create_tree(rows).item_proof(serial, GTIN, LOT) for serial, _ in rows]

    assert [(proof.serial, proof.claim_key) for proof in proofs] == rows
    assert {proof.key_kind for proof in proofs} == {KeyKind.CHIP}
    assert {len(proof.proof) for proof in proofs} == {(count - 1).bit_length()}


def test_chip_tree__standard_form__has_the_same_root():
    tree = create_tree(create_rows(5))

    assert tree.standard_tree().root == tree.root


def test_item_proof__file__keeps_the_kind():
    proof = create_tree(create_rows(3)).item_proof("S1", GTIN, LOT)

    read = ItemProof.from_json(proof.to_json())

    assert read == proof
    assert '"key_kind": "chip"' in proof.to_json()


def test_item_proof__file_without_kind__is_of_a_hidden_code():
    proof = create_tree(create_rows(3)).item_proof("S1", GTIN, LOT)
    text = proof.to_json().replace(',\n  "key_kind": "chip"', "")

    read = ItemProof.from_json(text)

    assert read.key_kind is KeyKind.HIDDEN_CODE
    with pytest.raises(ItemProofError, match="does not lead to the root"):
        read.check()


def test_item_proof__unknown_kind__is_refused():
    text = create_tree(create_rows(1)).item_proof("S0", GTIN, LOT).to_json()

    with pytest.raises(ItemProofError, match="key_kind"):
        ItemProof.from_json(text.replace('"chip"', '"chop"'))


def test_chip_tree__rows_that_make_no_batch__are_refused():
    rows = create_rows(3)

    with pytest.raises(DuplicateChipError, match="items 0 and 3 have the same chip"):
        create_tree([*rows, ("S9", rows[0][1])])
    with pytest.raises(DuplicateSerialError):
        create_tree([*rows, ("S0", REGISTRY)])
    with pytest.raises(AddressError):
        create_tree([("S0", "chip")])
    with pytest.raises(EmptyTreeError):
        create_tree([])


def test_chip_tree__what_is_not_in_it__is_said():
    tree = create_tree(create_rows(3))

    with pytest.raises(UnknownSerialError):
        tree.item_proof("S3", GTIN, LOT)
    for index in (-1, 3):
        with pytest.raises(ItemIndexError):
            tree.proof(index)
