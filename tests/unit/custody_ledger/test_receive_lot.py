import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.custody import (
    MAX_ITEMS,
    LotFlag,
    cut,
    deliver,
    go_and_return,
    hand_over,
    lot_error,
    lot_id_of,
    moved,
    not_authorized,
    pack,
    register_goods,
)
from tests.support.reverts import reverts
from tests.unit.custody_ledger.conftest import SIZE

NOTE = keccak(text="delivery note")


def cancel(custody, lot, issuer, sponsor):
    custody.cancelOffer(*lot, sender=issuer)


def hand_to_another(custody, lot, issuer, sponsor):
    hand_over(custody, lot, issuer, sponsor)


def hand_to_another_and_get_back(custody, lot, issuer, sponsor):
    hand_over(custody, lot, issuer, sponsor)
    hand_over(custody, lot, sponsor, issuer)


def split(custody, lot, issuer, sponsor):
    cut(custody, lot, issuer, 4)


def split_and_merge(custody, lot, issuer, sponsor):
    cut(custody, lot, issuer, 4)
    custody.mergeLots(*lot, 4, sender=issuer)


def put_on_pallet(custody, lot, issuer, sponsor):
    pack(custody, issuer, [lot])


def put_on_pallet_and_take_off(custody, lot, issuer, sponsor):
    pallet = pack(custody, issuer, [lot])
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)


ENDS = [
    cancel,
    hand_to_another,
    hand_to_another_and_get_back,
    split,
    split_and_merge,
    put_on_pallet,
    put_on_pallet_and_take_off,
]


@pytest.mark.parametrize("prepare", ALLOWED)
def test_receive_lot__caller_may_act_for_receiver__receives(
    custody, identities, offered, distributor, manufacturer, prepare
):
    prepare(identities, distributor, permission("custody"), manufacturer)

    custody.receiveLot(*offered, SIZE, NOTE, sender=manufacturer)

    assert custody.custodyOf(*offered).holder == distributor


@pytest.mark.parametrize("prepare", REFUSED)
def test_receive_lot__caller_may_not_act_for_receiver__reverts(
    custody, identities, offered, distributor, attacker, prepare
):
    prepare(identities, distributor, permission("custody"), attacker)

    with not_authorized(custody, distributor, attacker):
        custody.receiveLot(*offered, SIZE, NOTE, sender=attacker)


def test_receive_lot__caller_is_holder__reverts(custody, offered, issuer, distributor):
    with not_authorized(custody, distributor, issuer):
        custody.receiveLot(*offered, SIZE, NOTE, sender=issuer)


def test_receive_lot__receiver_receives__becomes_holder_by_next_version(
    custody, offered, distributor
):
    custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)

    assert tuple(custody.custodyOf(*offered)) == (
        distributor,
        0,
        SIZE,
        1,
        LotFlag.NONE,
        ZERO_ADDRESS,
        ZERO_ADDRESS,
        0,
    )


def test_receive_lot__receiver_receives__emits_receipt(custody, offered, issuer, distributor):
    tx = custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)

    assert tx.events == [moved(custody.LotReceived, offered, issuer, distributor, version=1)]


@pytest.mark.parametrize("counted", [0, SIZE - 1, SIZE + 1, MAX_ITEMS])
def test_receive_lot__count_differs__receives_all_and_flags_discrepancy(
    custody, offered, distributor, counted
):
    custody.receiveLot(*offered, counted, NOTE, sender=distributor)

    state = custody.custodyOf(*offered)
    assert (state.holder, state.size, state.flags) == (distributor, SIZE, LotFlag.DISCREPANCY)


@pytest.mark.parametrize("counted", [0, SIZE - 1, SIZE + 1, MAX_ITEMS])
def test_receive_lot__count_differs__emits_receipt_and_discrepancy(
    custody, offered, issuer, distributor, counted
):
    tx = custody.receiveLot(*offered, counted, NOTE, sender=distributor)

    assert tx.events == [
        moved(custody.LotReceived, offered, issuer, distributor, version=1),
        custody.DiscrepancyRecorded(
            batchId=offered[0],
            first=0,
            to=distributor,
            size=SIZE,
            counted=counted,
            noteHash=NOTE,
        ),
    ]


def test_receive_lot__discrepancy_is_on_record__keeps_it_when_next_count_is_right(
    custody, lot, issuer, distributor, sponsor
):
    deliver(custody, lot, issuer, distributor, counted=SIZE - 1)

    deliver(custody, lot, distributor, sponsor)

    state = custody.custodyOf(*lot)
    assert (state.holder, state.flags) == (sponsor, LotFlag.DISCREPANCY)


def test_receive_lot__lot_is_not_offered__reverts(custody, lot, distributor):
    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*lot)):
        custody.receiveLot(*lot, SIZE, NOTE, sender=distributor)


def test_receive_lot__lot_was_received__reverts(custody, offered, distributor):
    custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)

    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*offered)):
        custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)


def test_receive_lot__lot_came_back_since__reverts(custody, lot, issuer, distributor):
    go_and_return(custody, lot, issuer, distributor)

    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*lot)):
        custody.receiveLot(*lot, SIZE, NOTE, sender=distributor)


@pytest.mark.parametrize("first", [1, SIZE - 1, SIZE, MAX_ITEMS])
def test_receive_lot__no_lot_begins_there__reverts(custody, offered, distributor, first):
    inner = offered[0], first

    with lot_error(custody.CustodyLedger_LotUnknown, inner):
        custody.receiveLot(*inner, SIZE, NOTE, sender=distributor)


@pytest.mark.parametrize("end", ENDS)
def test_receive_lot__lot_changed_since__reverts(
    custody, offered, issuer, distributor, sponsor, end
):
    end(custody, offered, issuer, sponsor)

    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*offered)):
        custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)


@pytest.mark.parametrize("index", [0, 1])
def test_receive_lot__either_lot_was_merged__reverts(custody, lots, issuer, distributor, index):
    custody.shipLot(*lots[index], distributor, sender=issuer)
    custody.mergeLots(*lots[0], 4, sender=issuer)
    custody.splitLot(*lots[0], 4, sender=issuer)

    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*lots[index])):
        custody.receiveLot(*lots[index], 4, NOTE, sender=distributor)


def test_receive_lot__receiver_has_new_owner__receives_by_new_owner(
    custody, identities, offered, distributor, sponsor
):
    identities.changeOwner(distributor, sponsor, sender=distributor)

    custody.receiveLot(*offered, SIZE, NOTE, sender=sponsor)

    assert custody.custodyOf(*offered).holder == distributor


def test_receive_lot__receiver_has_new_owner__reverts_for_old_one(
    custody, identities, offered, distributor, sponsor
):
    identities.changeOwner(distributor, sponsor, sender=distributor)

    with not_authorized(custody, distributor, distributor):
        custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)


def test_receive_lot__holder_is_deactivated_since__receives(
    custody, identities, offered, issuer, distributor
):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)

    assert custody.custodyOf(*offered).holder == distributor


def test_receive_lot__batch_has_one_item__receives(custody, provenance, issuer, distributor):
    single = register_goods(provenance, issuer, count=1), 0

    deliver(custody, single, issuer, distributor)

    assert tuple(custody.custodyOf(*single))[:4] == (distributor, 0, 1, 1)


def test_receive_lot__batch_is_largest__receives_all(custody, provenance, issuer, distributor):
    whole = register_goods(provenance, issuer, MAX_ITEMS), 0

    deliver(custody, whole, issuer, distributor)

    state = custody.custodyOf(*whole)
    assert (state.holder, state.size, state.flags) == (distributor, MAX_ITEMS, LotFlag.NONE)
