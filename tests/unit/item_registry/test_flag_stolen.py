import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import claim_key, item_id_of, register_batch
from tests.support.claims import claim_item
from tests.support.items import (
    CASE,
    FLAGGED,
    LOST,
    ON_CHIP,
    STOLEN,
    act,
    flag,
    report,
    state_of,
)
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct

INSPECT = permission("inspect")
REPORTS = [(LOST,), (STOLEN,), (FLAGGED,), (LOST, STOLEN), (LOST, FLAGGED), (LOST, STOLEN, FLAGGED)]


def test_flag_stolen__issuer_flags__keeps_owner_and_nonce(items, batch, item_id, issuer, shopper):
    flag(items, batch, issuer)

    assert state_of(items, item_id) == (shopper, 0, FLAGGED)


@pytest.mark.parametrize("is_stolen", [True, False])
def test_flag_stolen__issuer_flags__emits_case(items, batch, item_id, issuer, is_stolen):
    if not is_stolen:
        flag(items, batch, issuer)

    tx = flag(items, batch, issuer, is_stolen=is_stolen)

    assert tx.events == [
        items.ItemFlagged(itemId=item_id, isStolen=is_stolen, caseHash=CASE, actor=issuer)
    ]


def test_flag_stolen__issuer_closes_matter__means_item_can_change_hands(
    items, batch, item_id, issuer, shopper, payer
):
    flag(items, batch, issuer)

    flag(items, batch, issuer, is_stolen=False)

    act(items, item_id, OwnerAct.TRANSFER, shopper, payer)
    assert state_of(items, item_id) == (payer, 1, 0)


@pytest.mark.parametrize("reports", REPORTS, ids=lambda reports: "+".join(map(str, reports)))
def test_flag_stolen__issuer_closes_matter__takes_back_every_report(
    items, batch, item_id, issuer, shopper, reports
):
    for how in reports:
        report(items, batch, how, shopper, issuer)
    owner, nonce, flags = state_of(items, item_id)
    assert flags == sum(reports)

    flag(items, batch, issuer, is_stolen=False)

    assert state_of(items, item_id) == (owner, nonce, 0)


def test_flag_stolen__issuer_closes_matter__leaves_chip_in_place(
    items, chip_batch, chip_item_id, issuer, shopper
):
    act(items, chip_item_id, OwnerAct.REPORT_STOLEN, shopper)

    flag(items, chip_batch, issuer, is_stolen=False)

    assert state_of(items, chip_item_id) == (shopper, 1, ON_CHIP)
    assert items.chipOf(chip_item_id) == claim_key(0).address


def test_flag_stolen__issuer_closes_matter__lets_owner_report_again(
    items, batch, item_id, issuer, shopper
):
    act(items, item_id, OwnerAct.REPORT_LOST, shopper)
    flag(items, batch, issuer, is_stolen=False)

    act(items, item_id, OwnerAct.REPORT_LOST, shopper)

    assert state_of(items, item_id) == (shopper, 2, LOST)


@pytest.mark.parametrize("what", [OwnerAct.REPORT_LOST, OwnerAct.REPORT_STOLEN])
def test_flag_stolen__owner_reported_only__keeps_owners_report_beside_flag(
    items, batch, item_id, issuer, shopper, what
):
    act(items, item_id, what, shopper)
    before = items.itemOf(item_id).flags

    flag(items, batch, issuer)

    assert items.itemOf(item_id).flags == before | FLAGGED


@pytest.mark.parametrize("prepare", ALLOWED)
def test_flag_stolen__caller_is_allowed__is_accepted(
    items, identities, batch, item_id, issuer, manufacturer, prepare
):
    prepare(identities, issuer, INSPECT, manufacturer)

    flag(items, batch, manufacturer)

    assert items.itemOf(item_id).flags == FLAGGED


@pytest.mark.parametrize("prepare", REFUSED)
def test_flag_stolen__caller_is_refused__reverts(
    items, identities, batch, item_id, issuer, attacker, prepare
):
    prepare(identities, issuer, INSPECT, attacker)

    with reverts(
        items.ItemRegistry_NotAuthorized, issuer=issuer, permission=INSPECT, actor=attacker
    ):
        flag(items, batch, attacker)


def test_flag_stolen__caller_is_owner_of_item__reverts(items, batch, item_id, issuer, shopper):
    with reverts(
        items.ItemRegistry_NotAuthorized, issuer=issuer, permission=INSPECT, actor=shopper
    ):
        flag(items, batch, shopper)


def test_flag_stolen__caller_is_another_issuer__reverts(
    items, provenance, batch, item_id, issuer, brand
):
    register_batch(provenance, brand)

    with reverts(items.ItemRegistry_NotAuthorized, issuer=issuer, permission=INSPECT, actor=brand):
        flag(items, batch, brand)


def test_flag_stolen__item_is_unclaimed__reverts(items, batch, issuer):
    with reverts(items.ItemRegistry_NotOwned, itemId=item_id_of(batch.batch_id, 0)):
        flag(items, batch, issuer)


@pytest.mark.parametrize("is_stolen", [True, False])
def test_flag_stolen__item_was_destroyed__reverts(
    items, batch, item_id, issuer, shopper, is_stolen
):
    if not is_stolen:
        flag(items, batch, issuer)
    act(items, item_id, OwnerAct.DESTROY, shopper)

    with reverts(items.ItemRegistry_NotOwned, itemId=item_id):
        flag(items, batch, issuer, is_stolen=is_stolen)


def test_flag_stolen__item_is_flagged_already__reverts(items, batch, item_id, issuer):
    flag(items, batch, issuer)

    with reverts(items.ItemRegistry_FlagUnchanged, itemId=item_id, isStolen=True):
        flag(items, batch, issuer)


def test_flag_stolen__item_is_not_reported__reverts_when_matter_is_closed(
    items, batch, item_id, issuer
):
    with reverts(items.ItemRegistry_FlagUnchanged, itemId=item_id, isStolen=False):
        flag(items, batch, issuer, is_stolen=False)


def test_flag_stolen__item_with_chip_is_not_reported__reverts_when_matter_is_closed(
    items, chip_batch, chip_item_id, issuer
):
    # The chip is a flag of the item, too, but no report.
    with reverts(items.ItemRegistry_FlagUnchanged, itemId=chip_item_id, isStolen=False):
        flag(items, chip_batch, issuer, is_stolen=False)


def test_flag_stolen__matter_was_closed__reverts_when_closed_again(items, batch, item_id, issuer):
    flag(items, batch, issuer)
    flag(items, batch, issuer, is_stolen=False)

    with reverts(items.ItemRegistry_FlagUnchanged, itemId=item_id, isStolen=False):
        flag(items, batch, issuer, is_stolen=False)


def test_flag_stolen__another_item_of_batch__is_not_touched(items, batch, item_id, issuer, payer):
    claim_item(items, batch, payer, index=1)

    flag(items, batch, issuer)

    assert state_of(items, item_id_of(batch.batch_id, 1)) == (payer, 0, 0)
