import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of
from tests.support.custody import (
    MAX_ITEMS,
    LotFlag,
    create_hand_over,
    cut,
    deliver,
    lot_error,
    lot_id_of,
    not_authorized,
    receipt_wrong,
    register_goods,
)
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind
from tests.unit.custody_ledger.conftest import SIZE


@pytest.mark.parametrize("prepare", ALLOWED)
def test_split_lot__caller_may_act_for_holder__splits(
    custody, identities, lot, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("custody"), manufacturer)

    custody.splitLot(*lot, 4, sender=manufacturer)

    assert custody.custodyOf(lot[0], 4).holder == issuer


@pytest.mark.parametrize("prepare", REFUSED)
def test_split_lot__caller_may_not_act_for_holder__reverts(
    custody, identities, lot, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("custody"), attacker)

    with not_authorized(custody, issuer, attacker):
        custody.splitLot(*lot, 4, sender=attacker)


@pytest.mark.parametrize("caller", ["issuer", "distributor"])
def test_split_lot__caller_held_lot_before_or_is_offered_it__reverts(
    custody, lot, issuer, distributor, sponsor, caller, request
):
    deliver(custody, lot, issuer, sponsor)
    custody.shipLot(*lot, distributor, sender=sponsor)
    actor = request.getfixturevalue(caller)

    with not_authorized(custody, sponsor, actor):
        custody.splitLot(*lot, 4, sender=actor)


@pytest.mark.parametrize("second", [1, 4, SIZE - 1])
def test_split_lot__second_lies_in_lot__gives_both_lots_to_holder(custody, lot, issuer, second):
    custody.splitLot(*lot, second, sender=issuer)

    rest = (1, LotFlag.NONE, ZERO_ADDRESS, ZERO_ADDRESS, 0)
    assert tuple(custody.custodyOf(*lot)) == (issuer, 0, second, *rest)
    assert tuple(custody.custodyOf(lot[0], second)) == (issuer, second, SIZE - second, *rest)


def test_split_lot__lot_does_not_begin_batch__gives_both_lots_to_holder(custody, lots, issuer):
    custody.splitLot(*lots[1], 7, sender=issuer)

    assert tuple(custody.custodyOf(*lots[0]))[:4] == (issuer, 0, 4, 1)
    assert tuple(custody.custodyOf(*lots[1]))[:4] == (issuer, 4, 3, 2)
    assert tuple(custody.custodyOf(lots[0][0], 7))[:4] == (issuer, 7, 3, 1)


def test_split_lot__holder_splits__emits_split(custody, lot, issuer):
    tx = custody.splitLot(*lot, 4, sender=issuer)

    assert tx.events == [custody.LotSplit(batchId=lot[0], first=0, second=4, holder=issuer)]


@pytest.mark.parametrize("second", [0, SIZE, SIZE + 1, MAX_ITEMS])
def test_split_lot__second_lies_outside__reverts(custody, lot, issuer, second):
    with lot_error(custody.CustodyLedger_SplitOutside, lot, size=SIZE, second=second):
        custody.splitLot(*lot, second, sender=issuer)


@pytest.mark.parametrize("second", [0, 3, 4, SIZE])
def test_split_lot__second_lies_outside_inner_lot__reverts(custody, lots, issuer, second):
    with lot_error(custody.CustodyLedger_SplitOutside, lots[1], size=6, second=second):
        custody.splitLot(*lots[1], second, sender=issuer)


@pytest.mark.parametrize("second", [0, 1])
def test_split_lot__lot_has_one_item__reverts(custody, provenance, issuer, second):
    single = register_goods(provenance, issuer, count=1), 0

    with lot_error(custody.CustodyLedger_SplitOutside, single, size=1, second=second):
        custody.splitLot(*single, second, sender=issuer)


def test_split_lot__batch_is_largest__splits_off_its_last_item(custody, provenance, issuer):
    whole = register_goods(provenance, issuer, MAX_ITEMS), 0

    custody.splitLot(*whole, MAX_ITEMS - 1, sender=issuer)

    assert custody.custodyOf(*whole).size == MAX_ITEMS - 1
    assert custody.custodyOf(whole[0], MAX_ITEMS - 1).size == 1


def test_split_lot__batch_is_largest__reverts_behind_its_last_item(custody, provenance, issuer):
    whole = register_goods(provenance, issuer, MAX_ITEMS), 0

    with lot_error(custody.CustodyLedger_SplitOutside, whole, size=MAX_ITEMS, second=MAX_ITEMS):
        custody.splitLot(*whole, MAX_ITEMS, sender=issuer)


def test_split_lot__batch_is_unknown__reverts(custody, issuer):
    lot = batch_id_of(issuer), 0

    with lot_error(custody.CustodyLedger_LotUnknown, lot):
        custody.splitLot(*lot, 1, sender=issuer)


def test_split_lot__no_lot_begins_there__reverts(custody, lot, issuer):
    inner = lot[0], 4

    with lot_error(custody.CustodyLedger_LotUnknown, inner):
        custody.splitLot(*inner, 5, sender=issuer)


def test_split_lot__lot_is_packed__reverts(custody, pallet, issuer):
    with lot_error(custody.CustodyLedger_LotPacked, pallet.lots[1], pallet=pallet.address):
        custody.splitLot(*pallet.lots[1], 7, sender=issuer)


def test_split_lot__lot_is_offered__ends_offer(custody, offered, issuer, distributor):
    custody.splitLot(*offered, 4, sender=issuer)

    for first in (0, 4):
        assert custody.custodyOf(offered[0], first).offeredTo == ZERO_ADDRESS
    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*offered)):
        custody.receiveLot(*offered, 4, keccak(text="note"), sender=distributor)


def test_split_lot__lot_has_discrepancy__leaves_it_on_both_parts(custody, lot, issuer, distributor):
    deliver(custody, lot, issuer, distributor, counted=SIZE - 1)

    parts = cut(custody, lot, distributor, 4)

    assert [custody.custodyOf(*part).flags for part in parts] == [LotFlag.DISCREPANCY] * 2


def test_split_lot__goods_are_recalled__splits(custody, provenance, lot, issuer):
    provenance.recall(lot[0], 0, 3, NoticeKind.RECALL, keccak(text="notice"), sender=issuer)

    custody.splitLot(*lot, 4, sender=issuer)

    assert custody.custodyOf(lot[0], 4).size == SIZE - 4


def test_split_lot__second_was_lot_before__goes_on_with_its_versions(custody, lots, issuer):
    custody.mergeLots(*lots[0], 4, sender=issuer)

    custody.splitLot(*lots[0], 4, sender=issuer)

    assert [custody.custodyOf(*part).version for part in lots] == [3, 3]


def test_split_lot__second_was_lot_before__leaves_its_receipts_dead(
    custody, lots, issuer, distributor
):
    arguments = create_hand_over(custody, lots[1], distributor)
    custody.mergeLots(*lots[0], 4, sender=issuer)

    custody.splitLot(*lots[0], 4, sender=issuer)

    with receipt_wrong(custody, distributor, issuer, SIZE - 4, version=3):
        custody.handOver(*arguments, sender=issuer)


def test_split_lot__second_was_offered_before__leaves_its_offer_dead(
    custody, lots, issuer, distributor
):
    custody.shipLot(*lots[1], distributor, sender=issuer)
    custody.mergeLots(*lots[0], 4, sender=issuer)

    custody.splitLot(*lots[0], 4, sender=issuer)

    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*lots[1])):
        custody.receiveLot(*lots[1], SIZE - 4, keccak(text="note"), sender=distributor)
