"""A distributor sells outside its territory, or to shops that the brand never authorised (窜货).

What remains open: where a scan happened can be faked; a seller who names another seller's account
is found out only if the shopper asks the seller to sign.
"""

import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.abi import permission
from tests.support.batches import register_batch
from tests.support.clock import later, next_block_at
from tests.support.inspections import graded, query
from tests.support.reverts import reverts
from tests.support.verdicts import Reason, Verdict

SALT = b"\x11" * 32
EVIDENCE = keccak(text="receipt and photographs")
YEAR = 365 * 86_400
DISCREPANCY = Reason.LEFT_ISSUER | Reason.DISCREPANCY


def territory(name, salt=SALT):
    """Commit to a territory; the chain tells nobody which."""
    return keccak(encode(("bytes32", "string"), (salt, name)))[:20]


@pytest.fixture
def batch(provenance, brand):
    return register_batch(provenance, brand)


@pytest.fixture
def delivered(custody, batch, brand, distributor):
    """The batch in the hands of a distributor for one province."""
    custody.authorizeSeller(brand, distributor, later(YEAR), territory("浙江"), sender=brand)
    custody.shipLot(batch.batch_id, 0, distributor, sender=brand)
    custody.receiveLot(batch.batch_id, 0, 4, EVIDENCE, sender=distributor)
    return batch


def test_t10_diverted_goods__shopper_buys_from_authorized_seller__is_told_so(lens, delivered):
    reasons = Reason.LEFT_ISSUER | Reason.SELLER_AUTHORIZED
    assert graded(lens.inspect(query(delivered))) == (Verdict.IN_TRADE, reasons)


def test_t10_diverted_goods__unknown_shop_offers_genuine_item__means_shopper_is_told(
    lens, delivered, attacker
):
    report = lens.inspect(query(delivered, seller=attacker))

    assert graded(report) == (Verdict.IN_TRADE, Reason.LEFT_ISSUER | Reason.SELLER_UNKNOWN)


def test_t10_diverted_goods__distributor_hands_lot_to_unknown_shop__means_chain_tells_who_has_it(
    lens, custody, delivered, distributor, attacker
):
    custody.shipLot(delivered.batch_id, 0, attacker, sender=distributor)
    custody.receiveLot(delivered.batch_id, 0, 4, EVIDENCE, sender=attacker)

    report = lens.inspect(query(delivered))

    assert report.custody.holder == attacker
    assert report.reasons == Reason.LEFT_ISSUER | Reason.SELLER_UNKNOWN


def test_t10_diverted_goods__seller_claims_another_territory__does_not_meet_commitment(
    lens, delivered
):
    kept = lens.inspect(query(delivered)).seller.territory

    assert kept == territory("浙江")
    assert kept not in (territory("江苏"), territory("浙江", salt=bytes(32)))


def test_t10_diverted_goods__seller_goes_on_after_term__means_shopper_is_told_in_that_second(
    lens, custody, delivered, brand, distributor
):
    valid_to = custody.sellerOf(brand, distributor).validTo
    next_block_at(valid_to)
    custody.splitLot(delivered.batch_id, 0, 2, sender=distributor)

    report = lens.inspect(query(delivered))

    assert report.reasons == Reason.LEFT_ISSUER | Reason.SELLER_LAPSED


def test_t10_diverted_goods__goods_vanish_in_transit__means_receiver_says_how_many_came(
    lens, custody, batch, brand, distributor
):
    custody.shipLot(batch.batch_id, 0, distributor, sender=brand)

    tx = custody.receiveLot(batch.batch_id, 0, 3, EVIDENCE, sender=distributor)

    assert tx.events[-1] == custody.DiscrepancyRecorded(
        batchId=batch.batch_id, first=0, to=distributor, size=4, counted=3, noteHash=EVIDENCE
    )
    assert lens.inspect(query(batch)).reasons & DISCREPANCY == DISCREPANCY


def test_t10_diverted_goods__brand_finds_diverted_item__means_evidence_is_on_record(
    custody, delivered, brand, attacker
):
    tx = custody.reportDiversion(delivered.batch_id, 2, attacker, EVIDENCE, sender=brand)

    assert tx.events == [
        custody.DiversionReported(
            batchId=delivered.batch_id,
            index=2,
            seller=attacker,
            evidenceHash=EVIDENCE,
            actor=brand,
        )
    ]


def test_t10_diverted_goods__rival_accuses_honest_seller__is_refused(
    custody, delivered, brand, distributor, attacker
):
    with reverts(
        custody.SellerRegistry_NotAuthorized,
        brand=brand,
        permission=permission("inspect"),
        actor=attacker,
    ):
        custody.reportDiversion(delivered.batch_id, 0, distributor, EVIDENCE, sender=attacker)


def test_t10_diverted_goods__shop_authorizes_itself__is_refused(custody, brand, attacker):
    with reverts(
        custody.SellerRegistry_NotAuthorized,
        brand=brand,
        permission=permission("seller"),
        actor=attacker,
    ):
        custody.authorizeSeller(brand, attacker, later(YEAR), bytes(20), sender=attacker)
