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
    pack,
    receipt_wrong,
    register_goods,
)
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind
from tests.unit.custody_ledger.conftest import SIZE


@pytest.mark.parametrize("prepare", ALLOWED)
def test_merge_lots__caller_may_act_for_holder__merges(
    custody, identities, lots, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("custody"), manufacturer)

    custody.mergeLots(*lots[0], 4, sender=manufacturer)

    assert custody.custodyOf(*lots[0]).size == SIZE


@pytest.mark.parametrize("prepare", REFUSED)
def test_merge_lots__caller_may_not_act_for_holder__reverts(
    custody, identities, lots, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("custody"), attacker)

    with not_authorized(custody, issuer, attacker):
        custody.mergeLots(*lots[0], 4, sender=attacker)


def test_merge_lots__lots_are_neighbours__makes_them_one_by_next_version(custody, lots, issuer):
    custody.mergeLots(*lots[0], 4, sender=issuer)

    assert tuple(custody.custodyOf(*lots[0])) == (
        issuer,
        0,
        SIZE,
        2,
        LotFlag.NONE,
        ZERO_ADDRESS,
        ZERO_ADDRESS,
        0,
    )


def test_merge_lots__lots_are_neighbours__leaves_no_second_lot(custody, lots, issuer):
    custody.mergeLots(*lots[0], 4, sender=issuer)

    assert tuple(custody.custodyOf(*lots[1])) == (
        ZERO_ADDRESS,
        0,
        0,
        0,
        LotFlag.NONE,
        ZERO_ADDRESS,
        ZERO_ADDRESS,
        0,
    )


def test_merge_lots__lots_are_neighbours__emits_merger(custody, lots, issuer):
    tx = custody.mergeLots(*lots[0], 4, sender=issuer)

    assert tx.events == [custody.LotsMerged(batchId=lots[0][0], first=0, second=4, holder=issuer)]


def test_merge_lots__lots_do_not_begin_batch__makes_them_one(custody, lot, issuer):
    _, inner, _ = cut(custody, lot, issuer, 4, 7)

    custody.mergeLots(*inner, 7, sender=issuer)

    assert [custody.custodyOf(lot[0], first).size for first in (0, 4, 7)] == [4, 6, 0]


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0)])
def test_merge_lots__holders_differ__reverts(custody, lots, issuer, distributor, first, second):
    deliver(custody, lots[second], issuer, distributor)
    holders = {first: issuer, second: distributor}

    with lot_error(
        custody.CustodyLedger_HolderDiffers,
        lots[1],
        holder=holders[1],
        expected=holders[0],
    ):
        custody.mergeLots(*lots[0], 4, sender=holders[0])


@pytest.mark.parametrize(
    ("first", "size", "second"), [(0, 4, 7), (4, 3, 0), (7, 3, 0), (0, 4, 0), (7, 3, 7), (7, 3, 4)]
)
def test_merge_lots__lots_are_not_neighbours__reverts(custody, lot, issuer, first, size, second):
    cut(custody, lot, issuer, 4, 7)
    one = lot[0], first

    with lot_error(custody.CustodyLedger_NotNeighbours, one, size=size, second=second):
        custody.mergeLots(*one, second, sender=issuer)


@pytest.mark.parametrize("second", [0, MAX_ITEMS - 1])
def test_merge_lots__last_lot_of_largest_batch_comes_first__reverts(
    custody, provenance, issuer, second
):
    whole = register_goods(provenance, issuer, MAX_ITEMS), 0
    last = cut(custody, whole, issuer, MAX_ITEMS - 1)[1]

    with lot_error(custody.CustodyLedger_NotNeighbours, last, size=1, second=second):
        custody.mergeLots(*last, second, sender=issuer)


def test_merge_lots__lots_are_all_of_largest_batch__makes_them_one(custody, provenance, issuer):
    whole = register_goods(provenance, issuer, MAX_ITEMS), 0
    cut(custody, whole, issuer, MAX_ITEMS - 1)

    custody.mergeLots(*whole, MAX_ITEMS - 1, sender=issuer)

    assert custody.custodyOf(*whole).size == MAX_ITEMS


def test_merge_lots__batch_is_unknown__reverts(custody, issuer):
    lot = batch_id_of(issuer), 0

    with lot_error(custody.CustodyLedger_LotUnknown, lot):
        custody.mergeLots(*lot, 4, sender=issuer)


@pytest.mark.parametrize("first", [1, SIZE])
def test_merge_lots__first_is_no_lot__reverts(custody, lots, issuer, first):
    inner = lots[0][0], first

    with lot_error(custody.CustodyLedger_LotUnknown, inner):
        custody.mergeLots(*inner, 4, sender=issuer)


@pytest.mark.parametrize("second", [3, SIZE])
def test_merge_lots__second_is_no_lot__reverts(custody, lots, issuer, second):
    with lot_error(custody.CustodyLedger_LotUnknown, (lots[0][0], second)):
        custody.mergeLots(*lots[0], second, sender=issuer)


def test_merge_lots__lots_were_merged__reverts(custody, lots, issuer):
    custody.mergeLots(*lots[0], 4, sender=issuer)

    with lot_error(custody.CustodyLedger_LotUnknown, lots[1]):
        custody.mergeLots(*lots[0], 4, sender=issuer)


@pytest.mark.parametrize("index", [0, 1])
def test_merge_lots__either_lot_is_packed__reverts(custody, lots, issuer, index):
    pallet = pack(custody, issuer, [lots[index]])

    with lot_error(custody.CustodyLedger_LotPacked, lots[index], pallet=pallet.address):
        custody.mergeLots(*lots[0], 4, sender=issuer)


@pytest.mark.parametrize("index", [0, 1])
def test_merge_lots__either_lot_is_offered__ends_offer(custody, lots, issuer, distributor, index):
    custody.shipLot(*lots[index], distributor, sender=issuer)

    custody.mergeLots(*lots[0], 4, sender=issuer)

    assert custody.custodyOf(*lots[0]).offeredTo == ZERO_ADDRESS
    custody.splitLot(*lots[0], 4, sender=issuer)
    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*lots[index])):
        custody.receiveLot(*lots[index], 4, keccak(text="note"), sender=distributor)


def test_merge_lots__receipt_was_signed_before__ends_receipt(custody, lots, issuer, distributor):
    arguments = create_hand_over(custody, lots[0], distributor)

    custody.mergeLots(*lots[0], 4, sender=issuer)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=2):
        custody.handOver(*arguments, sender=issuer)


@pytest.mark.parametrize("index", [0, 1])
def test_merge_lots__either_lot_has_discrepancy__keeps_it(
    custody, lots, issuer, distributor, index
):
    deliver(custody, lots[index], issuer, distributor, counted=0)
    deliver(custody, lots[1 - index], issuer, distributor)

    custody.mergeLots(*lots[0], 4, sender=distributor)

    assert custody.custodyOf(*lots[0]).flags == LotFlag.DISCREPANCY


def test_merge_lots__discrepancy_is_on_record__keeps_it_after_next_split(
    custody, lots, issuer, distributor
):
    deliver(custody, lots[1], issuer, distributor, counted=0)
    deliver(custody, lots[0], issuer, distributor)
    custody.mergeLots(*lots[0], 4, sender=distributor)

    custody.splitLot(*lots[0], 4, sender=distributor)

    assert [custody.custodyOf(*part).flags for part in lots] == [LotFlag.DISCREPANCY] * 2


def test_merge_lots__recalled_lot_is_merged_with_clean_one__merges(
    custody, provenance, lots, issuer
):
    notice = keccak(text="notice")
    provenance.recall(lots[0][0], 0, 3, NoticeKind.RECALL, notice, sender=issuer)

    custody.mergeLots(*lots[0], 4, sender=issuer)

    assert custody.custodyOf(*lots[0]).size == SIZE
