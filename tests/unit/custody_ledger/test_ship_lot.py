import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of
from tests.support.custody import (
    MAX_ITEMS,
    LotFlag,
    cut,
    deliver,
    lot_error,
    lot_id_of,
    moved,
    not_authorized,
    pack,
    register_goods,
)
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind
from tests.unit.custody_ledger.conftest import SIZE


@pytest.mark.parametrize("prepare", ALLOWED)
def test_ship_lot__caller_may_act_for_holder__offers_lot(
    custody, identities, lot, issuer, distributor, manufacturer, prepare
):
    prepare(identities, issuer, permission("custody"), manufacturer)

    custody.shipLot(*lot, distributor, sender=manufacturer)

    assert custody.custodyOf(*lot).offeredTo == distributor


@pytest.mark.parametrize("prepare", REFUSED)
def test_ship_lot__caller_may_not_act_for_holder__reverts(
    custody, identities, lot, issuer, distributor, attacker, prepare
):
    prepare(identities, issuer, permission("custody"), attacker)

    with not_authorized(custody, issuer, attacker):
        custody.shipLot(*lot, distributor, sender=attacker)


def test_ship_lot__caller_is_receiver__reverts(custody, lot, issuer, distributor):
    with not_authorized(custody, issuer, distributor):
        custody.shipLot(*lot, distributor, sender=distributor)


def test_ship_lot__caller_held_lot_before__reverts(custody, lot, issuer, distributor, sponsor):
    deliver(custody, lot, issuer, distributor)

    with not_authorized(custody, distributor, issuer):
        custody.shipLot(*lot, sponsor, sender=issuer)


def test_ship_lot__holder_ships__offers_lot_and_changes_nothing_else(
    custody, lot, issuer, distributor
):
    tx = custody.shipLot(*lot, distributor, sender=issuer)

    assert tuple(custody.custodyOf(*lot)) == (
        issuer,
        0,
        SIZE,
        0,
        LotFlag.NONE,
        ZERO_ADDRESS,
        distributor,
        tx.timestamp,
    )


def test_ship_lot__holder_ships__emits_shipment(custody, lot, issuer, distributor):
    tx = custody.shipLot(*lot, distributor, sender=issuer)

    assert tx.events == [moved(custody.LotShipped, lot, issuer, distributor, version=0)]


def test_ship_lot__second_holder_ships__emits_shipment_of_next_version(
    custody, lot, issuer, distributor, sponsor
):
    deliver(custody, lot, issuer, distributor)

    tx = custody.shipLot(*lot, sponsor, sender=distributor)

    assert tx.events == [moved(custody.LotShipped, lot, distributor, sponsor, version=1)]


def test_ship_lot__batch_is_unknown__reverts(custody, issuer, distributor):
    lot = batch_id_of(issuer), 0

    with lot_error(custody.CustodyLedger_LotUnknown, lot):
        custody.shipLot(*lot, distributor, sender=issuer)


@pytest.mark.parametrize("first", [1, SIZE - 1, SIZE, MAX_ITEMS])
def test_ship_lot__no_lot_begins_there__reverts(custody, lot, issuer, distributor, first):
    inner = lot[0], first

    with lot_error(custody.CustodyLedger_LotUnknown, inner):
        custody.shipLot(*inner, distributor, sender=issuer)


def test_ship_lot__lot_was_merged_away__reverts(custody, lots, issuer, distributor):
    first, second = lots
    custody.mergeLots(*first, second[1], sender=issuer)

    with lot_error(custody.CustodyLedger_LotUnknown, second):
        custody.shipLot(*second, distributor, sender=issuer)


def test_ship_lot__lot_is_packed__reverts(custody, pallet, issuer, distributor):
    with lot_error(custody.CustodyLedger_LotPacked, pallet.lots[1], pallet=pallet.address):
        custody.shipLot(*pallet.lots[1], distributor, sender=issuer)


def test_ship_lot__lot_is_unpacked_again__offers_it(custody, pallet, issuer, distributor):
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)

    custody.shipLot(*pallet.lots[1], distributor, sender=issuer)

    assert custody.custodyOf(*pallet.lots[1]).offeredTo == distributor


@pytest.mark.parametrize("receiver", ["distributor", "sponsor"])
def test_ship_lot__lot_is_offered__reverts(
    custody, offered, issuer, distributor, receiver, request
):
    to = request.getfixturevalue(receiver)

    with reverts(custody.CustodyLedger_OfferPending, unitId=lot_id_of(*offered), to=distributor):
        custody.shipLot(*offered, to, sender=issuer)


def test_ship_lot__offer_was_cancelled__offers_it_to_another(custody, offered, issuer, sponsor):
    custody.cancelOffer(*offered, sender=issuer)

    tx = custody.shipLot(*offered, sponsor, sender=issuer)

    assert tx.events == [moved(custody.LotShipped, offered, issuer, sponsor, version=1)]


def test_ship_lot__another_lot_of_batch_is_offered__offers_this_one(
    custody, lots, issuer, distributor, sponsor
):
    custody.shipLot(*lots[0], distributor, sender=issuer)

    custody.shipLot(*lots[1], sponsor, sender=issuer)

    assert custody.custodyOf(*lots[0]).offeredTo == distributor
    assert custody.custodyOf(*lots[1]).offeredTo == sponsor


@pytest.mark.parametrize("receiver", ["zero", "issuer"])
def test_ship_lot__receiver_is_zero_or_holder__reverts(custody, lot, issuer, receiver):
    to = {"zero": ZERO_ADDRESS, "issuer": issuer}[receiver]

    with reverts(custody.CustodyLedger_ReceiverInvalid, to=to):
        custody.shipLot(*lot, to, sender=issuer)


def test_ship_lot__goods_are_recalled__offers_them(custody, provenance, lot, issuer, distributor):
    notice = keccak(text="notice")
    provenance.recall(lot[0], 0, SIZE - 1, NoticeKind.RECALL, notice, sender=issuer)

    custody.shipLot(*lot, distributor, sender=issuer)

    assert custody.custodyOf(*lot).offeredTo == distributor


def test_ship_lot__lot_of_one_item_ends_largest_batch__offers_it(
    custody, provenance, issuer, distributor
):
    whole = register_goods(provenance, issuer, MAX_ITEMS), 0
    last = cut(custody, whole, issuer, MAX_ITEMS - 1)[1]

    custody.shipLot(*last, distributor, sender=issuer)

    state = custody.custodyOf(*last)
    assert (state.first, state.size, state.offeredTo) == (MAX_ITEMS - 1, 1, distributor)


def test_ship_lot__receiver_is_name_of_pallet__cannot_be_received_by_who_packs_it(
    custody, lots, issuer, attacker
):
    name = pack(custody, issuer, lots[1:]).address

    custody.shipLot(*lots[0], name, sender=issuer)

    with not_authorized(custody, name, issuer):
        custody.receiveLot(*lots[0], 4, keccak(text="note"), sender=issuer)
