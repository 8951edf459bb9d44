"""P11: equal items are refused off chain, and on chain no item is ever claimed twice."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.batches import (
    SampleBatch,
    claim_key,
    create_batch,
    create_registration,
    merkle_levels,
)
from tests.support.claims import create_claim, sign_claim, signer_of
from tests.support.reverts import reverts
from weilian.batchfile import read_batch_file
from weilian.csvfile import CsvFileError
from weilian.merkle import build_batch_tree
from weilian.serials import DuplicateSerialError

SECRET = b"k" * 32
REGISTRY = "0x" + "11" * 20
HEADER = "gtin,lot,serial\n"
ROW = "9521234001010,L1,{}\n"
SERIALS = st.lists(
    st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=1, max_size=20),
    min_size=1,
    max_size=12,
    unique=True,
)


@st.composite
def with_one_twice(draw):
    """Return serials of which one comes again at a later place, and both places."""
    serials = draw(SERIALS)
    first = draw(st.integers(0, len(serials) - 1))
    second = draw(st.integers(first + 1, len(serials)))
    return [*serials[:second], serials[first], *serials[second:]], first, second


@dataclass(frozen=True)
class DishonestBatch(SampleBatch):
    """Four items; the first one's leaf stands in place 2, too."""

    def leaf(self, index):
        return super().leaf(0 if index == 2 else index)


@dataclass(frozen=True)
class OneKeyBatch(SampleBatch):
    """Four items with the key of the first."""

    def item(self, index=0):
        return super().item(index) | {"claimKey": claim_key(0).address}


def register(provenance, issuer, kind):
    """Register a batch of four items with a tree of this kind."""
    plain = create_batch(provenance, issuer)
    batch = kind(plain.chain_id, plain.registry, plain.batch_id, plain.count)
    provenance.registerBatch(create_registration(issuer, root=batch.root), sender=issuer)
    return batch


@settings(deadline=None)
@given(with_one_twice())
def test_p11_duplicates__serial_comes_twice_among_any_others__is_refused_when_tree_is_built(case):
    serials, first, second = case

    with pytest.raises(DuplicateSerialError, match=f"as item {first} and item {second};"):
        build_batch_tree(1, REGISTRY, bytes(32), serials, SECRET)


@settings(deadline=None)
@given(with_one_twice())
def test_p11_duplicates__serial_comes_twice_among_any_others__is_refused_with_its_line_in_table(
    tmp_path_factory, case
):
    serials, first, second = case
    path = tmp_path_factory.getbasetemp() / "twice.csv"
    path.write_text(HEADER + "".join(ROW.format(serial) for serial in serials))

    with pytest.raises(CsvFileError) as caught:
        read_batch_file(path)

    problems = [(problem.line, problem.rule) for problem in caught.value.problems]
    assert problems == [(second + 2, f"occurs already in line {first + 2}")]


@settings(max_examples=20, deadline=None)
@given(SERIALS)
def test_p11_duplicates__all_serials_differ__takes_them(tmp_path_factory, serials):
    path = tmp_path_factory.getbasetemp() / "differ.csv"
    path.write_text(HEADER + "".join(ROW.format(serial) for serial in serials))

    tree = build_batch_tree(1, REGISTRY, bytes(32), read_batch_file(path).serials, SECRET)

    leaves = {row.tobytes() for row in tree.levels[0]}
    assert len(leaves) == len(tree.levels[0])
    assert [tree.index_of(serial) for serial in serials] == list(range(len(serials)))


def test_p11_duplicates__dishonest_tree_with_one_leaf_in_two_places__lets_item_be_claimed_once(
    provenance, items, issuer, shopper, attacker
):
    batch = register(provenance, issuer, DishonestBatch)
    assert batch.proof(0) != batch.proof(2)
    assert merkle_levels([batch.leaf(n) for n in range(4)])[-1] == [batch.root]

    first = items.claim(*create_claim(items, batch, shopper), sender=shopper)

    with reverts(
        items.ItemRegistry_AlreadyClaimed,
        itemId=items.itemIdOf(batch.batch_id, 0),
        owner=shopper,
        claimedAt=first.timestamp,
    ):
        again = create_claim(items, batch, attacker, proof=batch.proof(2))
        items.claim(*again, sender=attacker)


def test_p11_duplicates__dishonest_tree_with_one_key_under_two_indexes__claims_only_signed_one(
    provenance, items, issuer, shopper
):
    batch = register(provenance, issuer, OneKeyBatch)
    signature = sign_claim(items, batch.item(0), shopper)

    with reverts(
        items.ItemRegistry_WrongSigner,
        signer=signer_of(items, signature, batch.item(2), shopper),
        claimKey=claim_key(0).address,
    ):
        stolen = create_claim(items, batch, shopper, index=2, signature=signature)
        items.claim(*stolen, sender=shopper)
