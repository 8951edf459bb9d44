from dataclasses import replace

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import (
    CHIP,
    GTIN,
    create_batch,
    create_registration,
    item_id_of,
    register_batch,
)
from tests.support.claims import claim_item, create_claim
from tests.support.clock import later, next_block_at
from tests.support.items import NOTICE, recall
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason, Verdict


def not_claimable(items, batch, verdict, reason, index=0):
    """Demand that the claim of an item is refused for its verdict."""
    item_id = item_id_of(batch.batch_id, index)
    return reverts(items.ItemRegistry_NotClaimable, itemId=item_id, verdict=verdict, reasons=reason)


def test_claim__index_lies_in_padding__reverts(items, batch, attacker):
    # The padding leaf has a key that the attacker knows and a proof that leads to the root.
    with not_claimable(items, batch, Verdict.UNKNOWN, Reason.INDEX_OUT_OF_RANGE, index=3):
        claim_item(items, batch, attacker, index=3)


def test_claim__proof_is_of_another_index__reverts(items, batch, shopper):
    with not_claimable(items, batch, Verdict.UNKNOWN, Reason.PROOF_INVALID):
        items.claim(*create_claim(items, batch, shopper, proof=batch.proof(1)), sender=shopper)


def test_claim__proof_is_of_another_batch__reverts(items, provenance, batch, brand, shopper):
    other = register_batch(provenance, brand, count=3)

    with not_claimable(items, batch, Verdict.UNKNOWN, Reason.PROOF_INVALID):
        items.claim(*create_claim(items, batch, shopper, proof=other.proof()), sender=shopper)


@pytest.mark.parametrize("length", [0, 1, 3])
def test_claim__proof_has_another_length__reverts(items, batch, shopper, length):
    proof = [*batch.proof(), b"\1" * 32][:length]

    with not_claimable(items, batch, Verdict.UNKNOWN, Reason.PROOF_LENGTH):
        items.claim(*create_claim(items, batch, shopper, proof=proof), sender=shopper)


def test_claim__inner_node_stands_for_leaf__reverts(items, provenance, issuer, shopper):
    tree = create_batch(provenance, issuer, count=4)
    halved = replace(tree, count=2)
    terms = create_registration(issuer, itemCount=2, root=tree.root)
    provenance.registerBatch(terms, sender=issuer)
    proof = [tree.node(1, 1)]

    with not_claimable(items, halved, Verdict.UNKNOWN, Reason.PROOF_INVALID):
        items.claim(*create_claim(items, halved, shopper, proof=proof), sender=shopper)


def test_claim__batch_is_unknown__reverts(items, provenance, brand, shopper):
    batch = create_batch(provenance, brand)

    with not_claimable(items, batch, Verdict.UNKNOWN, Reason.BATCH_UNKNOWN):
        claim_item(items, batch, shopper)


def test_claim__batch_is_recalled__reverts(items, provenance, batch, issuer, shopper):
    recall(provenance, batch, issuer)

    with not_claimable(items, batch, Verdict.RECALLED, Reason.RECALLED):
        claim_item(items, batch, shopper)


def test_claim__second_before_expiry__is_accepted(items, provenance, issuer, shopper):
    expires_at = later(1000)
    batch = register_batch(provenance, issuer, expires_at=expires_at)
    next_block_at(expires_at - 1)

    claim_item(items, batch, shopper)

    assert items.itemOf(item_id_of(batch.batch_id, 0)).claimedAt == expires_at - 1


def test_claim__second_of_expiry__reverts(items, provenance, issuer, shopper):
    expires_at = later(1000)
    batch = register_batch(provenance, issuer, expires_at=expires_at)
    next_block_at(expires_at)

    with not_claimable(items, batch, Verdict.EXPIRED, Reason.EXPIRED):
        claim_item(items, batch, shopper)


def test_claim__issuer_is_deactivated__reverts(items, identities, batch, issuer, shopper):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    with not_claimable(items, batch, Verdict.ISSUER_REVOKED, Reason.ISSUER_DEACTIVATED):
        claim_item(items, batch, shopper)


def test_claim__leaf_says_another_kind_of_key__reverts(items, batch, shopper):
    item = batch.item() | {"keyKind": CHIP}

    with not_claimable(items, batch, Verdict.UNKNOWN, Reason.PROOF_INVALID):
        items.claim(*create_claim(items, batch, shopper, item=item), sender=shopper)


def test_claim__leaf_says_another_serial__reverts(items, batch, shopper):
    item = batch.item() | {"serialCommitment": b"\1" * 32}

    with not_claimable(items, batch, Verdict.UNKNOWN, Reason.PROOF_INVALID):
        items.claim(*create_claim(items, batch, shopper, item=item), sender=shopper)


def test_claim__item_is_suspended__reverts_until_it_is_reinstated(
    items, provenance, batch, issuer, shopper
):
    recall(provenance, batch, issuer, NoticeKind.SUSPENSION, 0, 0)
    with not_claimable(items, batch, Verdict.SUSPENDED, Reason.SUSPENDED):
        claim_item(items, batch, shopper)

    provenance.reinstate(batch.batch_id, 0, NOTICE, sender=issuer)

    claim_item(items, batch, shopper)
    assert items.itemOf(item_id_of(batch.batch_id, 0)).owner == shopper


def test_claim__item_lies_beside_recalled_range__is_accepted(
    items, provenance, batch, issuer, shopper
):
    recall(provenance, batch, issuer, first=1, last=2)

    claim_item(items, batch, shopper)

    with not_claimable(items, batch, Verdict.RECALLED, Reason.RECALLED, index=1):
        claim_item(items, batch, shopper, index=1)
    assert items.itemOf(item_id_of(batch.batch_id, 0)).owner == shopper


def test_claim__gtin_is_recalled__reverts(items, provenance, batch, issuer, shopper):
    provenance.recallGtin(issuer, GTIN, NoticeKind.RECALL, NOTICE, sender=issuer)

    reasons = Reason.RECALLED | Reason.GTIN_NOTICE
    with not_claimable(items, batch, Verdict.RECALLED, reasons):
        claim_item(items, batch, shopper)


def test_claim__key_that_registered_batch_is_revoked_from_that_second__reverts(
    items, provenance, batch, issuer, shopper
):
    registered_at = provenance.batchOf(batch.batch_id).registeredAt
    provenance.revokeKey(issuer, issuer, registered_at, sender=issuer)

    with not_claimable(items, batch, Verdict.ISSUER_REVOKED, Reason.KEY_REVOKED):
        claim_item(items, batch, shopper)


def test_claim__key_that_registered_batch_is_revoked_from_next_second__is_accepted(
    items, provenance, batch, issuer, shopper
):
    registered_at = provenance.batchOf(batch.batch_id).registeredAt
    next_block_at(registered_at + 1)
    provenance.revokeKey(issuer, issuer, registered_at + 1, sender=issuer)

    claim_item(items, batch, shopper)

    assert items.itemOf(item_id_of(batch.batch_id, 0)).owner == shopper


def test_claim__carton_is_not_activated__reverts(items, provenance, brand, shopper):
    # A verdict of REGISTERED does not make an item claimable if there is any reason against it.
    batch = register_batch(provenance, brand, count=4, carton_size=2)
    provenance.activate(batch.batch_id, 1, 1, sender=brand)

    with not_claimable(items, batch, Verdict.REGISTERED, Reason.NOT_ACTIVATED, index=1):
        claim_item(items, batch, shopper, index=1)


def test_claim__carton_is_activated__is_accepted(items, provenance, brand, shopper):
    batch = register_batch(provenance, brand, count=4, carton_size=2)
    provenance.activate(batch.batch_id, 1, 1, sender=brand)

    claim_item(items, batch, shopper, index=2)

    assert items.itemOf(item_id_of(batch.batch_id, 2)).owner == shopper
