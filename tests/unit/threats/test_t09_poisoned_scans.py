"""An attacker scans an item a thousand times, and tries every door to change its verdict.

What remains open: scores made of scans are advice; who cut off a shopper's internet also cut off
the verdict.
"""

import pytest
from ape.exceptions import ContractLogicError

from tests.support.batches import register_batch
from tests.support.claims import FAR_DEADLINE, claim_item, create_claim
from tests.support.inspections import graded, query
from tests.support.items import chip_transfer, sign_act, token_of
from tests.support.verdicts import OwnerAct, Reason, Verdict

HASH = b"\1" * 32
SCANS = 200


@pytest.fixture
def batch(provenance, brand):
    """A batch of the brand's, not activated so that every door is there to be tried."""
    return register_batch(provenance, brand, carton_size=4)


def doors(suite, batch, brand, attacker):
    """List every way in which an account could try to change what is kept of an item."""
    provenance, items, custody = suite.provenance, suite.items, suite.custody
    batch_id, item_id = batch.batch_id, items.itemIdOf(batch.batch_id, 0)
    token_id = token_of(item_id)
    lots = [(batch_id, 0)]
    signature = sign_act(items, item_id, OwnerAct.REPORT_LOST, attacker)
    return [
        (provenance.recall, batch_id, 0, 3, 1, HASH),
        (provenance.reinstate, batch_id, 0, HASH),
        (provenance.recallGtin, brand, 6901234567892, 1, HASH),
        (provenance.reinstateGtin, brand, 6901234567892, HASH),
        (provenance.activate, batch_id, 0, 0),
        (provenance.revokeKey, brand, brand, 1),
        (provenance.setDailyLimit, brand, brand, 1),
        (provenance.appendTrace, batch_id, 0, [HASH]),
        (provenance.appendTraces, [(batch_id, 0, HASH)]),
        (provenance.correctTrace, batch_id, 0, 0, HASH),
        (items.claim, *create_claim(items, batch, attacker, signature=b"\1" * 65)),
        (items.flagStolen, batch_id, 0, True, HASH),
        (items.act, item_id, OwnerAct.REPORT_STOLEN, attacker),
        (items.actFor, item_id, OwnerAct.REPORT_LOST, attacker, FAR_DEADLINE, signature),
        (items.transferWithChip, *chip_transfer(items, batch, attacker)),
        (items.transferFrom, brand, attacker, token_id),
        (items.approve, attacker, token_id),
        (custody.shipLot, batch_id, 0, attacker),
        (custody.receiveLot, batch_id, 0, 4, HASH),
        (custody.cancelOffer, batch_id, 0),
        (custody.splitLot, batch_id, 0, 2),
        (custody.packPallet, 1, lots),
        (custody.authorizeSeller, brand, attacker, FAR_DEADLINE, b"\0" * 20),
        (custody.reportDiversion, batch_id, 0, brand, HASH),
        (suite.identities.changeOwner, brand, attacker),
    ]


def test_t09_poisoned_scans__attacker_scans_often__means_verdict_stays(lens, batch, attacker):
    before = graded(lens.inspect(query(batch, viewer=attacker)))

    for _ in range(SCANS):
        lens.inspect(query(batch, viewer=attacker), sender=attacker)

    assert before == (Verdict.REGISTERED, Reason.NOT_ACTIVATED)
    assert graded(lens.inspect(query(batch))) == before


@pytest.mark.parametrize("is_claimed", [False, True], ids=["unclaimed", "claimed"])
def test_t09_poisoned_scans__attacker_tries_every_door__means_all_are_shut_and_report_stays(
    suite, lens, batch, brand, shopper, attacker, is_claimed
):
    if is_claimed:
        suite.provenance.activate(batch.batch_id, 0, 0, sender=brand)
        claim_item(suite.items, batch, shopper)
    before = tuple(lens.inspect(query(batch)))[:-2]

    for method, *arguments in doors(suite, batch, brand, attacker):
        with pytest.raises(ContractLogicError):
            method(*arguments, sender=attacker)

    assert tuple(lens.inspect(query(batch)))[:-2] == before


def test_t09_poisoned_scans__attacker_registers_and_sells_as_itself__means_verdict_of_brand_stays(
    suite, lens, batch, attacker
):
    before = graded(lens.inspect(query(batch)))
    own = register_batch(suite.provenance, attacker)
    suite.provenance.recall(own.batch_id, 0, 3, 1, HASH, sender=attacker)
    suite.provenance.recallGtin(attacker, 6901234567892, 1, HASH, sender=attacker)

    assert graded(lens.inspect(query(own)))[0] == Verdict.RECALLED
    assert graded(lens.inspect(query(batch))) == before
