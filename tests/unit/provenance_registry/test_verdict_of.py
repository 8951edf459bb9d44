from dataclasses import replace
from itertools import count as counter

import pytest
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import (
    create_batch,
    create_registration,
    register_batch,
)
from tests.support.clock import now, read_at
from tests.support.properties import on_one_chain
from tests.support.verdicts import Reason, Verdict
from weilian.merkle import build_batch_tree

NOTICE = keccak(text="recall notice")
SIBLINGS = [keccak(text=f"sibling {height}") for height in range(32)]


def fold(leaf, siblings):
    """Return the root above a leaf."""
    for sibling in siblings:
        leaf = keccak(min(leaf, sibling) + max(leaf, sibling))
    return leaf


def register_root(provenance, issuer, batch, root):
    """Register a batch under a root that need not be its own."""
    terms = create_registration(issuer, itemCount=batch.count, root=root)
    provenance.registerBatch(terms, sender=issuer)


@pytest.fixture
def expiring(provenance, issuer):
    """A batch that expires in a while, and when."""
    expires_at = now() + 1000
    return register_batch(provenance, issuer, expires_at=expires_at), expires_at


def test_verdict_of__batch_is_unknown__is_unknown(provenance, issuer):
    batch = create_batch(provenance, issuer)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.UNKNOWN, Reason.BATCH_UNKNOWN)


def test_verdict_of__index_is_item_count__is_unknown(provenance, issuer):
    batch = register_batch(provenance, issuer, count=3)

    verdict = provenance.verdictOf(batch.item(3), batch.proof(3))

    assert verdict == (Verdict.UNKNOWN, Reason.INDEX_OUT_OF_RANGE)


def test_verdict_of__index_is_last_one__is_registered(provenance, issuer):
    batch = register_batch(provenance, issuer, count=3)

    verdict = provenance.verdictOf(batch.item(2), batch.proof(2))

    assert verdict == (Verdict.REGISTERED, Reason.NONE)


def test_verdict_of__batch_of_one_item__is_registered_with_empty_proof(provenance, issuer):
    batch = register_batch(provenance, issuer, count=1)

    verdict = provenance.verdictOf(batch.item(), [])

    assert verdict == (Verdict.REGISTERED, Reason.NONE)


def test_verdict_of__batch_of_one_item__is_unknown_with_node_in_proof(provenance, issuer):
    batch = register_batch(provenance, issuer, count=1)

    verdict = provenance.verdictOf(batch.item(), SIBLINGS[:1])

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_LENGTH)


def test_verdict_of__largest_batch__is_registered_with_32_nodes(provenance, issuer):
    batch = create_batch(provenance, issuer, count=2**32 - 1)
    last = 2**32 - 2
    register_root(provenance, issuer, batch, fold(batch.leaf(last), SIBLINGS))

    verdict = provenance.verdictOf(batch.item(last), SIBLINGS)

    assert verdict == (Verdict.REGISTERED, Reason.NONE)


def test_verdict_of__proof_is_too_short__is_unknown(provenance, batch):
    verdict = provenance.verdictOf(batch.item(), batch.proof()[:-1])

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_LENGTH)


def test_verdict_of__proof_is_too_long__is_unknown(provenance, batch):
    verdict = provenance.verdictOf(batch.item(), [*batch.proof(), SIBLINGS[0]])

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_LENGTH)


def test_verdict_of__inner_node_stands_for_leaf__is_unknown(provenance, issuer):
    tree = create_batch(provenance, issuer, count=4)
    halved = replace(tree, count=2)
    register_root(provenance, issuer, halved, tree.root)

    # Two items under the root of four: the proof would be right if a node could pass for a leaf.
    verdict = provenance.verdictOf(halved.item(), [tree.node(1, 1)])

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


@pytest.mark.parametrize(
    "change",
    [
        {"index": 1},
        {"serialCommitment": keccak(text="another serial")},
        {"claimKey": "0x" + "11" * 20},
    ],
)
def test_verdict_of__item_is_not_what_leaf_says__is_unknown(provenance, batch, change):
    verdict = provenance.verdictOf(batch.item() | change, batch.proof())

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


def test_verdict_of__proof_is_of_another_item__is_unknown(provenance, batch):
    verdict = provenance.verdictOf(batch.item(0), batch.proof(2))

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


def test_verdict_of__proof_is_of_another_batch__is_unknown(provenance, batch, brand):
    other = register_batch(provenance, brand)

    verdict = provenance.verdictOf(batch.item(), other.proof())

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


@pytest.mark.parametrize("change", [{"chain_id": 1}, {"registry": "0x" + "11" * 20}])
def test_verdict_of__leaf_is_of_another_chain_or_registry__is_unknown(provenance, issuer, change):
    foreign = replace(create_batch(provenance, issuer), **change)
    register_root(provenance, issuer, foreign, foreign.root)

    verdict = provenance.verdictOf(foreign.item(), foreign.proof())

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


def test_verdict_of__second_before_expiry__is_registered(provenance, expiring):
    batch, expires_at = expiring
    read_at(expires_at - 1)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.REGISTERED, Reason.NONE)


def test_verdict_of__second_of_expiry__is_expired(provenance, expiring):
    batch, expires_at = expiring
    read_at(expires_at)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.EXPIRED, Reason.EXPIRED)


def test_verdict_of__batch_is_recalled__is_recalled(provenance, batch, issuer):
    provenance.recallBatch(batch.batch_id, NOTICE, sender=issuer)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.RECALLED, Reason.RECALLED)


def test_verdict_of__batch_is_expired_and_recalled__is_recalled_for_both_reasons(
    provenance, expiring, issuer
):
    batch, expires_at = expiring
    provenance.recallBatch(batch.batch_id, NOTICE, sender=issuer)
    read_at(expires_at)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.RECALLED, Reason.RECALLED | Reason.EXPIRED)


def test_verdict_of__issuer_is_deactivated__is_issuer_revoked(
    provenance, identities, batch, issuer
):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.ISSUER_REVOKED, Reason.ISSUER_DEACTIVATED)


def test_verdict_of__all_that_can_be_wrong__is_recalled_for_all_reasons(
    provenance, identities, expiring, issuer
):
    batch, expires_at = expiring
    provenance.recallBatch(batch.batch_id, NOTICE, sender=issuer)
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)
    read_at(expires_at)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    reasons = Reason.ISSUER_DEACTIVATED | Reason.RECALLED | Reason.EXPIRED
    assert verdict == (Verdict.RECALLED, reasons)


def test_verdict_of__batch_is_recalled_and_proof_wrong__is_unknown_for_proof_alone(
    provenance, batch, issuer
):
    provenance.recallBatch(batch.batch_id, NOTICE, sender=issuer)

    verdict = provenance.verdictOf(batch.item(), SIBLINGS[:2])

    assert verdict == (Verdict.UNKNOWN, Reason.PROOF_INVALID)


def test_verdict_of__issuer_has_new_owner__is_registered(
    provenance, identities, batch, issuer, brand
):
    identities.changeOwner(issuer, brand, sender=issuer)

    verdict = provenance.verdictOf(batch.item(), batch.proof())

    assert verdict == (Verdict.REGISTERED, Reason.NONE)


def test_verdict_of__trees_of_any_size_are_tried__is_registered_for_every_item_and_for_no_other(
    provenance, issuer
):
    gtins = counter(1)

    @on_one_chain(25)
    @given(st.integers(1, 40), st.data())
    def check(count, data):
        batch = register_batch(provenance, issuer, count, gtin=next(gtins))
        index = data.draw(st.integers(0, 2**batch.depth - 1))
        other = data.draw(st.integers(0, 2**batch.depth - 1))

        right = provenance.verdictOf(batch.item(index), batch.proof(index))
        wrong = provenance.verdictOf(batch.item(index), batch.proof(other))

        inside = index < count
        assert (right[0] == Verdict.REGISTERED) is inside
        assert (wrong[0] == Verdict.REGISTERED) is (inside and other == index)

    check()


def test_verdict_of__item_counts_of_any_size_are_tried__demands_proof_of_trees_depth(
    provenance, issuer
):
    gtins = counter(1)

    @on_one_chain(25)
    @given(st.integers(0, 32), st.integers(-1, 1), st.integers(0, 2**32 - 1))
    def check(exponent, offset, any_index):
        count = min(max(2**exponent + offset, 1), 2**32 - 1)
        gtin = next(gtins)
        batch = create_batch(provenance, issuer, count, gtin)
        index = any_index % count
        root = fold(batch.leaf(index), SIBLINGS[: batch.depth])
        terms = create_registration(issuer, gtin=gtin, itemCount=count, root=root)
        provenance.registerBatch(terms, sender=issuer)

        exact = provenance.verdictOf(batch.item(index), SIBLINGS[: batch.depth])
        longer = provenance.verdictOf(batch.item(index), SIBLINGS[: batch.depth] + SIBLINGS[:1])

        assert exact == (Verdict.REGISTERED, Reason.NONE)
        assert longer == (Verdict.UNKNOWN, Reason.PROOF_LENGTH)

    check()


def test_verdict_of__tree_of_library__is_registered_for_its_items(provenance, issuer):
    batch = create_batch(provenance, issuer, count=5)
    serials = [f"S{number}" for number in range(5)]
    tree = build_batch_tree(
        batch.chain_id, batch.registry, batch.batch_id, serials, keccak(text="batch secret")
    )
    register_root(provenance, issuer, batch, tree.root)

    for serial in serials:
        record = tree.item(serial)
        item = (batch.batch_id, record.index, record.serial_commitment, record.claim_key)
        verdict = provenance.verdictOf(item, tree.proof(record.index))
        assert verdict == (Verdict.REGISTERED, Reason.NONE)
