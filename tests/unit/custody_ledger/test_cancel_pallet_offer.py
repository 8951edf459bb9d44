import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.custody import (
    manifest_of,
    not_authorized,
    pallet_address_of,
    pallet_moved,
    unit_id_of,
)
from tests.support.reverts import reverts


@pytest.mark.parametrize("prepare", ALLOWED)
@pytest.mark.parametrize("side", ["issuer", "distributor"])
def test_cancel_pallet_offer__caller_may_act_for_either_side__ends_offer(
    custody, identities, offered_pallet, manufacturer, side, prepare, request
):
    identity = request.getfixturevalue(side)
    prepare(identities, identity, permission("custody"), manufacturer)

    custody.cancelPalletOffer(offered_pallet.address, sender=manufacturer)

    assert custody.custodyOf(*offered_pallet.lots[0]).offeredTo == ZERO_ADDRESS


@pytest.mark.parametrize("prepare", REFUSED)
@pytest.mark.parametrize("side", ["issuer", "distributor"])
def test_cancel_pallet_offer__caller_may_act_for_neither_side__reverts(
    custody, identities, offered_pallet, distributor, attacker, side, prepare, request
):
    identity = request.getfixturevalue(side)
    prepare(identities, identity, permission("custody"), attacker)

    with not_authorized(custody, distributor, attacker):
        custody.cancelPalletOffer(offered_pallet.address, sender=attacker)


@pytest.mark.parametrize("side", ["issuer", "distributor"])
def test_cancel_pallet_offer__either_side_cancels__keeps_pallet_by_next_version(
    custody, offered_pallet, issuer, side, request
):
    actor = request.getfixturevalue(side)

    custody.cancelPalletOffer(offered_pallet.address, sender=actor)

    kept = custody.palletOf(offered_pallet.address)
    assert tuple(kept) == (issuer, 2, 2, manifest_of(offered_pallet.lots))


@pytest.mark.parametrize("side", ["issuer", "distributor"])
def test_cancel_pallet_offer__either_side_cancels__emits_its_name(
    custody, offered_pallet, side, request
):
    actor = request.getfixturevalue(side)

    tx = custody.cancelPalletOffer(offered_pallet.address, sender=actor)

    assert tx.events == [custody.PalletOfferCancelled(pallet=offered_pallet.address, actor=actor)]


def test_cancel_pallet_offer__pallet_is_not_offered__reverts(custody, pallet, issuer):
    with reverts(custody.CustodyLedger_NoOffer, unitId=pallet.unit_id):
        custody.cancelPalletOffer(pallet.address, sender=issuer)


def test_cancel_pallet_offer__offer_was_cancelled__reverts(custody, offered_pallet, issuer):
    custody.cancelPalletOffer(offered_pallet.address, sender=issuer)

    with reverts(custody.CustodyLedger_NoOffer, unitId=offered_pallet.unit_id):
        custody.cancelPalletOffer(offered_pallet.address, sender=issuer)


def test_cancel_pallet_offer__pallet_was_received__reverts(custody, offered_pallet, distributor):
    custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=distributor)

    with reverts(custody.CustodyLedger_NoOffer, unitId=offered_pallet.unit_id):
        custody.cancelPalletOffer(offered_pallet.address, sender=distributor)


def test_cancel_pallet_offer__pallet_was_unpacked__reverts(custody, offered_pallet, issuer):
    custody.unpackPallet(offered_pallet.address, offered_pallet.lots, sender=issuer)

    with reverts(custody.CustodyLedger_NoOffer, unitId=offered_pallet.unit_id):
        custody.cancelPalletOffer(offered_pallet.address, sender=issuer)


def test_cancel_pallet_offer__pallet_is_unknown__reverts(custody, issuer):
    name = pallet_address_of(issuer)

    with reverts(custody.CustodyLedger_NoOffer, unitId=unit_id_of(name)):
        custody.cancelPalletOffer(name, sender=issuer)


def test_cancel_pallet_offer__holder_is_deactivated__lets_receiver_refuse(
    custody, identities, offered_pallet, issuer, distributor
):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    custody.cancelPalletOffer(offered_pallet.address, sender=distributor)

    assert custody.custodyOf(*offered_pallet.lots[0]).offeredTo == ZERO_ADDRESS


def test_cancel_pallet_offer__holder_ships_again__offers_next_version(
    custody, offered_pallet, issuer, sponsor
):
    custody.cancelPalletOffer(offered_pallet.address, sender=issuer)

    tx = custody.shipPallet(offered_pallet.address, sponsor, sender=issuer)

    assert tx.events == [
        pallet_moved(custody.PalletShipped, offered_pallet, issuer, sponsor, version=2)
    ]
