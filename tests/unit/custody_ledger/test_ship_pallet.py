import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.custody import (
    LotFlag,
    deliver_pallet,
    not_authorized,
    pallet_address_of,
    pallet_moved,
)
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind


@pytest.mark.parametrize("prepare", ALLOWED)
def test_ship_pallet__caller_may_act_for_holder__offers_pallet(
    custody, identities, pallet, issuer, distributor, manufacturer, prepare
):
    prepare(identities, issuer, permission("custody"), manufacturer)

    custody.shipPallet(pallet.address, distributor, sender=manufacturer)

    assert custody.custodyOf(*pallet.lots[0]).offeredTo == distributor


@pytest.mark.parametrize("prepare", REFUSED)
def test_ship_pallet__caller_may_not_act_for_holder__reverts(
    custody, identities, pallet, issuer, distributor, attacker, prepare
):
    prepare(identities, issuer, permission("custody"), attacker)

    with not_authorized(custody, issuer, attacker):
        custody.shipPallet(pallet.address, distributor, sender=attacker)


def test_ship_pallet__caller_packed_it_and_gave_it_away__reverts(
    custody, pallet, issuer, distributor, sponsor
):
    deliver_pallet(custody, pallet, issuer, distributor)

    with not_authorized(custody, distributor, issuer):
        custody.shipPallet(pallet.address, sponsor, sender=issuer)


def test_ship_pallet__holder_ships__shows_offer_on_every_lot(custody, pallet, issuer, distributor):
    tx = custody.shipPallet(pallet.address, distributor, sender=issuer)

    rest = (LotFlag.PACKED, pallet.address, distributor, tx.timestamp)
    assert tuple(custody.custodyOf(*pallet.lots[0])) == (issuer, 0, 4, 2, *rest)
    assert tuple(custody.custodyOf(*pallet.lots[1])) == (issuer, 4, 6, 2, *rest)


def test_ship_pallet__holder_ships__changes_nothing_in_pallet(custody, pallet, issuer, distributor):
    before = tuple(custody.palletOf(pallet.address))

    custody.shipPallet(pallet.address, distributor, sender=issuer)

    assert tuple(custody.palletOf(pallet.address)) == before


def test_ship_pallet__holder_ships__emits_shipment(custody, pallet, issuer, distributor):
    tx = custody.shipPallet(pallet.address, distributor, sender=issuer)

    assert tx.events == [
        pallet_moved(custody.PalletShipped, pallet, issuer, distributor, version=1)
    ]


def test_ship_pallet__second_holder_ships__emits_shipment_of_next_version(
    custody, pallet, issuer, distributor, sponsor
):
    deliver_pallet(custody, pallet, issuer, distributor)

    tx = custody.shipPallet(pallet.address, sponsor, sender=distributor)

    assert tx.events == [
        pallet_moved(custody.PalletShipped, pallet, distributor, sponsor, version=2)
    ]


def test_ship_pallet__pallet_is_unknown__reverts(custody, issuer, distributor):
    name = pallet_address_of(issuer)

    with reverts(custody.PalletLedger_PalletUnknown, pallet=name):
        custody.shipPallet(name, distributor, sender=issuer)


def test_ship_pallet__pallet_was_unpacked__reverts(custody, pallet, issuer, distributor):
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)

    with reverts(custody.PalletLedger_PalletUnknown, pallet=pallet.address):
        custody.shipPallet(pallet.address, distributor, sender=issuer)


@pytest.mark.parametrize("receiver", ["distributor", "sponsor"])
def test_ship_pallet__pallet_is_offered__reverts(
    custody, offered_pallet, issuer, distributor, receiver, request
):
    to = request.getfixturevalue(receiver)

    with reverts(custody.CustodyLedger_OfferPending, unitId=offered_pallet.unit_id, to=distributor):
        custody.shipPallet(offered_pallet.address, to, sender=issuer)


@pytest.mark.parametrize("receiver", ["zero", "issuer"])
def test_ship_pallet__receiver_is_zero_or_holder__reverts(custody, pallet, issuer, receiver):
    to = {"zero": ZERO_ADDRESS, "issuer": issuer}[receiver]

    with reverts(custody.CustodyLedger_ReceiverInvalid, to=to):
        custody.shipPallet(pallet.address, to, sender=issuer)


def test_ship_pallet__goods_are_recalled__offers_pallet(
    custody, provenance, pallet, issuer, distributor
):
    notice = keccak(text="notice")
    provenance.recall(pallet.lots[0][0], 0, 0, NoticeKind.RECALL, notice, sender=issuer)

    custody.shipPallet(pallet.address, distributor, sender=issuer)

    assert custody.custodyOf(*pallet.lots[0]).offeredTo == distributor
