"""The label printer sells the hidden codes before the goods are in the shops.

What remains open: codes that leak after their carton was activated, and an insider of the brand
who activates cartons for the thief.
"""

import pytest

from tests.support.abi import permission
from tests.support.batches import item_id_of
from tests.support.printed import claim_printed, look, print_batch, register_printed, terms_of
from tests.support.reverts import reverts
from tests.support.verdicts import Reason, Verdict

BATCH, ACTIVATE = permission("batch"), permission("activate")


@pytest.fixture
def cartons(provenance, brand):
    """A batch of six items in cartons of two, none activated."""
    return register_printed(provenance, brand, 6, cartonSize=2)


def not_claimable(items, printed, index):
    """Demand that the claim of an item is refused since its carton is not activated."""
    return reverts(
        items.ItemRegistry_NotClaimable,
        itemId=item_id_of(printed.batch_id, index),
        verdict=Verdict.REGISTERED,
        reasons=Reason.NOT_ACTIVATED,
    )


@pytest.mark.parametrize("index", range(6))
def test_t04_printer_leaks_codes__no_carton_is_activated__means_no_leaked_code_claims(
    items, cartons, attacker, index
):
    with not_claimable(items, cartons, index):
        claim_printed(items, cartons, attacker, index)


def test_t04_printer_leaks_codes__one_carton_arrived__means_leaked_codes_of_others_stay_useless(
    items, provenance, cartons, brand, shopper, attacker
):
    provenance.activate(cartons.batch_id, 1, 1, sender=brand)

    claim_printed(items, cartons, shopper, 2)

    for index in (1, 4):
        with not_claimable(items, cartons, index):
            claim_printed(items, cartons, attacker, index)


def test_t04_printer_leaks_codes__printer_activates_carton__is_refused(
    provenance, cartons, brand, attacker
):
    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=brand,
        permission=ACTIVATE,
        actor=attacker,
    ):
        provenance.activate(cartons.batch_id, 0, 0, sender=attacker)


def test_t04_printer_leaks_codes__stolen_carton_is_scanned__tells_it_is_not_activated(
    lens, cartons, shopper
):
    report = look(lens, cartons.proof(), shopper)

    assert report.reasons == Reason.NOT_ACTIVATED


def test_t04_printer_leaks_codes__leak_is_found__means_suspension_stops_activated_carton_too(
    items, provenance, cartons, brand, attacker
):
    provenance.activate(cartons.batch_id, 0, 0, sender=brand)
    provenance.recall(cartons.batch_id, 0, 1, 0, b"\1" * 32, sender=brand)

    with reverts(
        items.ItemRegistry_NotClaimable,
        itemId=item_id_of(cartons.batch_id, 0),
        verdict=Verdict.SUSPENDED,
        reasons=Reason.SUSPENDED,
    ):
        claim_printed(items, cartons, attacker)


def test_t04_printer_leaks_codes__printer_registers_more_than_ordered__is_bounded_by_day(
    provenance, identities, brand, manufacturer
):
    identities.addDelegate(brand, BATCH, manufacturer, 1000, sender=brand)
    provenance.setDailyLimit(brand, manufacturer, 3, sender=brand)
    terms = terms_of(print_batch(provenance, brand, 4), brand)

    with reverts(
        provenance.IssuerRegistry_DailyLimitExceeded,
        issuer=brand,
        operator=manufacturer,
        used=4,
        dailyLimit=3,
    ):
        provenance.registerBatch(terms, sender=manufacturer)
