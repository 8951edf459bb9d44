"""P10: a proof of one batch never verifies in another, nor one of an item for another item.

That the tree has one leaf for each index is the issuer's word: two leaves of one index are two
contents for one item, of which the first claim counts.
"""

from itertools import count as counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import create_registration, register_batch
from tests.support.printed import item_of, print_batch
from tests.support.properties import on_one_chain
from tests.support.verdicts import Reason, Verdict

GOOD = (Verdict.REGISTERED, Reason.NONE)


def verdict_of(provenance, item, proof):
    return tuple(provenance.verdictOf(item, proof))


def test_p10_proofs_are_bound__two_batches_of_any_size__shares_no_proof(provenance, brand):
    # The items of both have equal serials and keys, so nothing but the batch tells them apart.
    gtins = counter(1)

    @on_one_chain(15)
    @given(st.integers(2, 9), st.integers(2, 9))
    def check(first_count, second_count):
        one = register_batch(provenance, brand, first_count, gtin=next(gtins))
        other = register_batch(provenance, brand, second_count, gtin=next(gtins))

        for index in range(min(first_count, second_count)):
            found = [
                verdict_of(provenance, whose.item(index), proofs.proof(index))
                for whose in (one, other)
                for proofs in (one, other)
            ]
            assert [verdict == GOOD for verdict in found] == [True, False, False, True]

    check()


@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_p10_proofs_are_bound__proof_of_every_index_is_tried_for_every_other__means_none_verifies(
    provenance, brand, count
):
    batch = register_batch(provenance, brand, count)

    good = {
        (item, proof)
        for item in range(count)
        for proof in range(count)
        if verdict_of(provenance, batch.item(item), batch.proof(proof)) == GOOD
    }

    assert good == {(index, index) for index in range(count)}


@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_p10_proofs_are_bound__item_says_another_index__does_not_verify(provenance, brand, count):
    batch = register_batch(provenance, brand, count)

    found = {
        verdict_of(provenance, batch.item(index) | {"index": other}, batch.proof(index))
        for index in range(count)
        for other in range(count)
        if other != index
    }

    assert found == {(Verdict.UNKNOWN, Reason.PROOF_INVALID)}


def test_p10_proofs_are_bound__same_items_in_batches_of_two_issuers__shares_no_proof(
    provenance, brand, issuer
):
    # Equal keys and serials, equal GTIN and lot: only the name space differs.
    one, other = (register_batch(provenance, who) for who in (brand, issuer))

    assert one.item(0)["claimKey"] == other.item(0)["claimKey"]
    for index in range(4):
        moved = one.item(index) | {"batchId": other.batch_id}
        assert verdict_of(provenance, moved, one.proof(index)) == (
            Verdict.UNKNOWN,
            Reason.PROOF_INVALID,
        )


def test_p10_proofs_are_bound__proof_files_of_library__verifies_for_its_item_only(
    provenance, brand
):
    printed = print_batch(provenance, brand, count=5)
    proofs = [printed.proof(index) for index in range(5)]
    terms = create_registration(
        brand, lot=b"MAOTAI-53".ljust(20, b"\0"), itemCount=5, root=printed.tree.root
    )
    provenance.registerBatch(terms, sender=brand)

    good = [
        (one.index, other.index)
        for one in proofs
        for other in proofs
        if verdict_of(provenance, item_of(one), list(other.proof)) == GOOD
    ]

    assert good == [(index, index) for index in range(5)]
