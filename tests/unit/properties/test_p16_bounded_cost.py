"""P16: what a call costs is bounded, and no one can make it dearer for another."""

import pytest
from eth_utils import keccak

from tests.support.batches import GTIN, create_registration, register_batch
from tests.support.domains import DOMAIN
from tests.support.notices import NOTICE, NOTICE_LIMIT, crowd_notices, issue_notice
from tests.support.reverts import reverts
from tests.support.traces import EVENTS
from tests.support.undone import undone
from tests.support.verdicts import NoticeKind

GAS_OF_NOTICE = 3_000
GAS_OF_LONGEST_DOMAIN = 120_000
LONGEST_DOMAIN = 253
SUSPENSION = NoticeKind.SUSPENSION


@pytest.fixture
def crowd(provenance, issuer, brand, attacker):
    """Return a function that fills the registry with what others and the issuer itself do."""

    def _crowd():
        for gtin in range(1, 13):
            for owner in (issuer, brand, attacker):
                other = register_batch(provenance, owner, gtin=gtin, carton_size=1)
            issue_notice(provenance, other, attacker)
            provenance.activate(other.batch_id, 0, 3, sender=attacker)
            provenance.appendTrace(other.batch_id, 0, EVENTS, sender=attacker)
        provenance.recallGtin(attacker, GTIN, SUSPENSION, NOTICE, sender=attacker)
        provenance.setDailyLimit(attacker, issuer, 1, sender=attacker)
        provenance.revokeKey(attacker, issuer, 1, sender=attacker)
        provenance.addDomain(attacker, DOMAIN, sender=attacker)

    return _crowd


def gas_alone(act):
    """Return what an act costs now, and undo it."""
    with undone():
        return act().gas_used


def gas_of_answer(provenance, batch, asker):
    """Return what a verdict costs whoever asks."""
    return provenance.verdictOf.estimate_gas_cost(batch.item(), batch.proof(), sender=asker)


def test_p16_bounded_cost__batches_of_others_and_other_batches_of_issuer__registers_for_same_gas(
    provenance, issuer, crowd
):
    terms = create_registration(issuer)
    alone = gas_alone(lambda: provenance.registerBatch(terms, sender=issuer))
    crowd()

    beside = provenance.registerBatch(terms, sender=issuer).gas_used

    assert beside == alone


def test_p16_bounded_cost__batches_of_others_and_other_batches_of_issuer__answers_for_same_gas(
    provenance, batch, issuer, shopper, crowd
):
    alone = gas_of_answer(provenance, batch, shopper)
    crowd()

    assert gas_of_answer(provenance, batch, shopper) == alone


def test_p16_bounded_cost__batch_has_one_item_or_any_number__registers_for_same_gas(
    provenance, issuer
):
    # NOTE: zero bytes of calldata are cheaper, hence counts of four bytes that are not zero.
    counts = (0x01010101, 0x7FFFFFFF, 0xFFFFFFFF)
    gas = {
        gas_alone(
            lambda count=count: provenance.registerBatch(
                create_registration(issuer, itemCount=count), sender=issuer
            ),
        )
        for count in counts
    }

    assert len(gas) == 1


def test_p16_bounded_cost__long_trace__appends_for_same_gas(provenance, batch, issuer):
    events = [keccak(text=f"event {number}") for number in range(50)]
    provenance.appendTrace(batch.batch_id, 0, events[:1], sender=issuer)
    short = provenance.appendTrace(batch.batch_id, 1, EVENTS[:1], sender=issuer).gas_used
    provenance.appendTrace(batch.batch_id, 2, events, sender=issuer)

    long = provenance.appendTrace(batch.batch_id, 52, EVENTS[:1], sender=issuer).gas_used

    assert long == short


def test_p16_bounded_cost__many_notices__recalls_for_same_gas(provenance, batch, issuer):
    def recall():
        return provenance.recall(batch.batch_id, 1, 2, SUSPENSION, NOTICE, sender=issuer).gas_used

    few, *_, many = [recall() for _ in range(NOTICE_LIMIT)]

    assert many == few


def test_p16_bounded_cost__many_notices__answers_for_bounded_gas_more_for_each(
    provenance, batch, issuer, shopper
):
    without = gas_of_answer(provenance, batch, shopper)
    for _ in range(NOTICE_LIMIT):
        issue_notice(provenance, batch, issuer)

    more = gas_of_answer(provenance, batch, shopper) - without
    assert 0 < more <= NOTICE_LIMIT * GAS_OF_NOTICE


def test_p16_bounded_cost__more_notices_than_parts_may_have__answers_for_same_gas_for_any_number(
    provenance, batch, issuer, shopper
):
    without = gas_of_answer(provenance, batch, shopper)
    crowd_notices(provenance, batch, issuer, NOTICE_LIMIT + 1)
    few = gas_of_answer(provenance, batch, shopper)
    crowd_notices(provenance, batch, issuer, 50)

    many = gas_of_answer(provenance, batch, shopper)

    assert many == few
    assert 0 < many - without <= (NOTICE_LIMIT + 1) * GAS_OF_NOTICE


def test_p16_bounded_cost__more_notices_than_parts_may_have__recalls_whole_for_same_gas(
    provenance, batch, issuer
):
    crowd_notices(provenance, batch, issuer, NOTICE_LIMIT + 1)

    costs = {
        provenance.recall(batch.batch_id, 0, 3, SUSPENSION, NOTICE, sender=issuer).gas_used
        for _ in range(5)
    }

    assert len(costs) == 1


def test_p16_bounded_cost__largest_batch__activates_carton_for_same_gas(provenance, issuer):
    gas = set()
    for gtin, count in [(1, 0x02020202), (2, 0xFFFFFFFF)]:
        terms = create_registration(issuer, gtin=gtin, itemCount=count, cartonSize=1)
        provenance.registerBatch(terms, sender=issuer)
        batch_id = provenance.batchIdOf(issuer, gtin, terms["lot"])
        tx = provenance.activate(batch_id, 0x01010101, 0x01010101, sender=issuer)
        gas.add(tx.gas_used - _calldata_gas(batch_id))

    assert len(gas) == 1


def test_p16_bounded_cost__domain_is_as_long_as_it_may_be__binds_for_bounded_gas(
    provenance, issuer
):
    tx = provenance.addDomain(issuer, "a" * 253, sender=issuer)

    assert tx.gas_used <= GAS_OF_LONGEST_DOMAIN


def _calldata_gas(data):
    """Return what bytes of calldata cost, in gas."""
    return sum(16 if byte else 4 for byte in data)


def test_p16_bounded_cost__domain_is_longer__is_refused(provenance, issuer):
    error = provenance.IssuerRegistry_DomainLength

    with reverts(error, length=LONGEST_DOMAIN + 1, limit=LONGEST_DOMAIN):
        provenance.addDomain(issuer, "d" * (LONGEST_DOMAIN + 1), sender=issuer)
