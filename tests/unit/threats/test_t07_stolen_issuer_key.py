"""A thief gets hold of a key that registers batches for the brand.

What remains open: what the thief registers before the theft is found, in bounds of the daily
limit, looks registered until then; a thief of the owner's key itself can do all that a brand can.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.abi import permission
from tests.support.batches import create_registration, item_id_of, register_batch
from tests.support.claims import claim_item
from tests.support.clock import later, next_block_at
from tests.support.inspections import graded, query
from tests.support.reverts import reverts
from tests.support.verdicts import Reason, Verdict

BATCH = permission("batch")
OLD_GTIN, FORGED_GTIN = 6901234567892, 6901234567908
LIMIT = 8


@dataclass(frozen=True)
class Theft:
    """An honest batch, a forged one of the same key, and the second of the theft."""

    honest: Any
    forged: Any
    time: int


@pytest.fixture
def operator(identities, provenance, brand, manufacturer):
    """The key that is stolen: it registers for the brand, eight items a day."""
    identities.addDelegate(brand, BATCH, manufacturer, 10**6, sender=brand)
    provenance.setDailyLimit(brand, manufacturer, LIMIT, sender=brand)
    return manufacturer


@pytest.fixture
def theft(provenance, brand, operator):
    honest = register_batch(provenance, brand, gtin=OLD_GTIN, sender=operator)
    time = later(100)
    next_block_at(time)
    forged = register_batch(provenance, brand, gtin=FORGED_GTIN, sender=operator)
    return Theft(honest, forged, time)


def test_t07_stolen_issuer_key__key_is_revoked_from_theft_on__means_forged_items_are_marked(
    provenance, items, lens, theft, brand, operator, attacker
):
    provenance.revokeKey(brand, operator, theft.time, sender=brand)

    assert graded(lens.inspect(query(theft.forged))) == (
        Verdict.ISSUER_REVOKED,
        Reason.KEY_REVOKED,
    )
    with reverts(
        items.ItemRegistry_NotClaimable,
        itemId=item_id_of(theft.forged.batch_id, 0),
        verdict=Verdict.ISSUER_REVOKED,
        reasons=Reason.KEY_REVOKED,
    ):
        claim_item(items, theft.forged, attacker)


def test_t07_stolen_issuer_key__key_is_revoked_from_theft_on__means_honest_items_stay_good(
    provenance, items, lens, theft, brand, operator, shopper
):
    provenance.revokeKey(brand, operator, theft.time, sender=brand)

    assert graded(lens.inspect(query(theft.honest))) == (Verdict.REGISTERED, Reason.NONE)
    claim_item(items, theft.honest, shopper)


def test_t07_stolen_issuer_key__key_is_revoked__means_thief_registers_nothing_more(
    provenance, theft, brand, operator
):
    provenance.revokeKey(brand, operator, theft.time, sender=brand)

    with reverts(
        provenance.IssuerRegistry_KeyRevoked,
        issuer=brand,
        operator=operator,
        revokedFrom=theft.time,
    ):
        register_batch(provenance, brand, lot=b"MORE".ljust(20, b"\0"), sender=operator)


def test_t07_stolen_issuer_key__thief_makes_many_items__is_bounded_by_day(
    provenance, theft, brand, operator
):
    # The honest and the forged four used the day up.
    with reverts(
        provenance.IssuerRegistry_DailyLimitExceeded,
        issuer=brand,
        operator=operator,
        used=LIMIT + 1,
        dailyLimit=LIMIT,
    ):
        register_batch(provenance, brand, count=1, lot=b"MORE".ljust(20, b"\0"), sender=operator)


def test_t07_stolen_issuer_key__thief_raises_its_limit__is_refused(provenance, brand, operator):
    with reverts(provenance.IssuerRegistry_NotOwner, issuer=brand, actor=operator, owner=brand):
        provenance.setDailyLimit(brand, operator, 0, sender=operator)


def test_t07_stolen_issuer_key__thief_revokes_keys_of_others__is_refused(
    provenance, brand, operator
):
    with reverts(provenance.IssuerRegistry_NotOwner, issuer=brand, actor=operator, owner=brand):
        provenance.revokeKey(brand, brand, 1, sender=operator)


def test_t07_stolen_issuer_key__thief_dates_revocation_later__is_refused_even_to_owner(
    provenance, theft, brand, operator
):
    # Whoever holds the owner's key later cannot make what was forged good again.
    provenance.revokeKey(brand, operator, theft.time, sender=brand)

    with reverts(
        provenance.IssuerRegistry_RevocationTooLate,
        issuer=brand,
        operator=operator,
        revokedFrom=theft.time + 1,
        latest=theft.time,
    ):
        provenance.revokeKey(brand, operator, theft.time + 1, sender=brand)


@pytest.mark.parametrize("matter", ["activate", "recall", "domain", "trace"])
def test_t07_stolen_issuer_key__thief_tries_other_matters_of_brand__is_refused(
    provenance, theft, brand, operator, matter
):
    batch_id = theft.honest.batch_id
    attempts = {
        "activate": lambda: provenance.activate(batch_id, 0, 0, sender=operator),
        "recall": lambda: provenance.recall(batch_id, 0, 0, 1, b"\1" * 32, sender=operator),
        "domain": lambda: provenance.addDomain(brand, "thief.example", sender=operator),
        "trace": lambda: provenance.appendTrace(batch_id, 0, [b"\1" * 32], sender=operator),
    }

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=brand,
        permission=permission(matter),
        actor=operator,
    ):
        attempts[matter]()


def test_t07_stolen_issuer_key__thief_writes_over_honest_batch__is_refused(
    provenance, theft, brand, operator
):
    registered_at = provenance.batchOf(theft.honest.batch_id).registeredAt
    provenance.setDailyLimit(brand, operator, 0, sender=brand)
    terms = create_registration(brand, gtin=OLD_GTIN, root=b"\1" * 32)

    with reverts(
        provenance.ProvenanceRegistry_BatchExists,
        batchId=theft.honest.batch_id,
        registeredAt=registered_at,
    ):
        provenance.registerBatch(terms, sender=operator)
