"""P6: an item is in order if and only if its issuer is active, its proof leads from exactly this
item to the root, neither it nor its batch nor its GTIN is recalled or suspended, it is not
expired, its carton is activated, the key that registered it is not revoked from before, and its
index is below the count. Each of these that fails is told as its own reason, and nobody claims.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import GTIN, SampleBatch, item_id_of, register_batch
from tests.support.claims import claim_item, create_claim
from tests.support.clock import later, read_at
from tests.support.items import NOTICE, recall
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason, Verdict

IN_ORDER = (Verdict.REGISTERED, Reason.NONE)
COUNT = 3
LIFE = 10_000  # seconds
INDEX = 1


@dataclass(frozen=True)
class Scene:
    """A batch of a new issuer with one item that everything is done to."""

    suite: Any
    issuer: Any
    batch: SampleBatch
    expires_at: int


def recalled_item(scene):
    recall(scene.suite.provenance, scene.batch, scene.issuer, first=INDEX, last=INDEX)


def recalled_batch(scene):
    recall(scene.suite.provenance, scene.batch, scene.issuer)


def suspended_range(scene):
    kind = NoticeKind.SUSPENSION
    recall(scene.suite.provenance, scene.batch, scene.issuer, kind, first=0, last=INDEX)


def recalled_gtin(scene):
    terms = scene.issuer, GTIN, NoticeKind.RECALL, NOTICE
    scene.suite.provenance.recallGtin(*terms, sender=scene.issuer)


def revoked_key(scene):
    terms = scene.issuer, scene.issuer, 1
    scene.suite.provenance.revokeKey(*terms, sender=scene.issuer)


def deactivated_issuer(scene):
    scene.suite.identities.changeOwner(scene.issuer, ZERO_ADDRESS, sender=scene.issuer)


def expired(scene):
    read_at(scene.expires_at)


# What fails, the reason that tells, and the reason's verdict; deactivation and time come last.
FAULTS = [
    (recalled_item, Reason.RECALLED, Verdict.RECALLED),
    (recalled_batch, Reason.RECALLED, Verdict.RECALLED),
    (suspended_range, Reason.SUSPENDED, Verdict.SUSPENDED),
    (recalled_gtin, Reason.RECALLED | Reason.GTIN_NOTICE, Verdict.RECALLED),
    (revoked_key, Reason.KEY_REVOKED, Verdict.ISSUER_REVOKED),
    (deactivated_issuer, Reason.ISSUER_DEACTIVATED, Verdict.ISSUER_REVOKED),
    (expired, Reason.EXPIRED, Verdict.EXPIRED),
]
GRAVITY = [
    Verdict.RECALLED,
    Verdict.ISSUER_REVOKED,
    Verdict.SUSPENDED,
    Verdict.EXPIRED,
    Verdict.REGISTERED,
]


@pytest.fixture
def set_scene(suite, accounts, payer):
    """Make a scene with an issuer of its own, for what is done to it lasts."""

    def make(*, is_active: bool = True) -> Scene:
        issuer = accounts.containers["test"].generate_account()
        payer.transfer(issuer, "1 ether")
        expires_at = later(LIFE)
        batch = register_batch(
            suite.provenance, issuer, COUNT, expires_at=expires_at, carton_size=1
        )
        if is_active:
            suite.provenance.activate(batch.batch_id, INDEX, INDEX, sender=issuer)
        return Scene(suite, issuer, batch, expires_at)

    return make


def verdict_of(scene, item=None, proof=None):
    batch = scene.batch
    item, proof = item or batch.item(INDEX), batch.proof(INDEX) if proof is None else proof
    return tuple(scene.suite.provenance.verdictOf(item, proof))


def test_p06_genuine_iff_all_hold__nothing_fails__is_in_order_and_claimed(set_scene, shopper):
    scene = set_scene()

    assert verdict_of(scene) == IN_ORDER
    claim_item(scene.suite.items, scene.batch, shopper, INDEX)


def test_p06_genuine_iff_all_hold__any_two_faults__tells_both_and_graver_makes_verdict(set_scene):
    for (spoil, reason, verdict), (spoil_too, second, other) in combinations(FAULTS, 2):
        scene = set_scene()

        spoil(scene)
        spoil_too(scene)

        graver = min(verdict, other, key=GRAVITY.index)
        assert verdict_of(scene) == (graver, reason | second)


def test_p06_genuine_iff_all_hold__any_set_of_faults__tells_exactly_those_and_is_not_claimed(
    set_scene, shopper
):
    @on_one_chain(15)
    @given(st.sets(st.sampled_from(range(len(FAULTS)))), st.booleans())
    def check(chosen, is_active):
        scene = set_scene(is_active=is_active)
        faults = [FAULTS[place] for place in sorted(chosen)]

        for spoil, _, _ in faults:
            spoil(scene)

        reasons = Reason.NONE if is_active else Reason.NOT_ACTIVATED
        for _, reason, _ in faults:
            reasons |= reason
        verdicts = [verdict for *_, verdict in faults] + [Verdict.REGISTERED]
        expected = min(verdicts, key=GRAVITY.index), reasons
        assert verdict_of(scene) == expected
        refuse_claim_if(scene, shopper, *expected)

    check()


def refuse_claim_if(scene, shopper, verdict, reasons):
    """Claim the item; that must fail for exactly these reasons, if there are any."""
    items, batch = scene.suite.items, scene.batch
    if not reasons:
        claim_item(items, batch, shopper, INDEX)
        return
    item_id = item_id_of(batch.batch_id, INDEX)
    with reverts(items.ItemRegistry_NotClaimable, itemId=item_id, verdict=verdict, reasons=reasons):
        items.claim(*create_claim(items, batch, shopper, INDEX), sender=shopper)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"index": 0}, Reason.PROOF_INVALID),
        ({"index": COUNT}, Reason.INDEX_OUT_OF_RANGE),
        ({"index": 2**32 - 1}, Reason.INDEX_OUT_OF_RANGE),
        ({"serialCommitment": b"\1" * 32}, Reason.PROOF_INVALID),
        ({"keyKind": 1}, Reason.PROOF_INVALID),
        ({"claimKey": "0x" + "11" * 20}, Reason.PROOF_INVALID),
        ({"batchId": b"\1" * 32}, Reason.BATCH_UNKNOWN),
    ],
)
def test_p06_genuine_iff_all_hold__item_is_not_leaf__is_unknown_for_that_alone(
    set_scene, change, reason
):
    scene = set_scene()

    # Also where other reasons hold of the batch: nothing is told of what is no member.
    recalled_batch(scene)

    item = scene.batch.item(INDEX) | change
    assert verdict_of(scene, item) == (Verdict.UNKNOWN, reason)


@pytest.mark.parametrize("node", range(2))
def test_p06_genuine_iff_all_hold__any_node_of_proof_differs__is_unknown(set_scene, node):
    scene = set_scene()
    proof = scene.batch.proof(INDEX)
    proof[node] = bytes(b ^ 1 for b in proof[node])

    assert verdict_of(scene, proof=proof) == (Verdict.UNKNOWN, Reason.PROOF_INVALID)
