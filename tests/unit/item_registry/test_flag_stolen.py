import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import item_id_of, register_batch
from tests.support.claims import claim_item
from tests.support.items import CASE, FLAGGED, LOST, act, flag, state_of
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct

INSPECT = permission("inspect")


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


def test_flag_stolen__issuer_closes_matter__leaves_owners_report(
    items, batch, item_id, issuer, shopper
):
    act(items, item_id, OwnerAct.REPORT_LOST, shopper)
    flag(items, batch, issuer)

    flag(items, batch, issuer, is_stolen=False)

    assert state_of(items, item_id) == (shopper, 1, LOST)


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


def test_flag_stolen__item_is_not_flagged__reverts_when_matter_is_closed(
    items, batch, item_id, issuer
):
    with reverts(items.ItemRegistry_FlagUnchanged, itemId=item_id, isStolen=False):
        flag(items, batch, issuer, is_stolen=False)


def test_flag_stolen__another_item_of_batch__is_not_touched(items, batch, item_id, issuer, payer):
    claim_item(items, batch, payer, index=1)

    flag(items, batch, issuer)

    assert state_of(items, item_id_of(batch.batch_id, 1)) == (payer, 0, 0)
