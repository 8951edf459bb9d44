import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import batch_id_of
from tests.support.clock import read_at
from tests.support.custody import (
    MAX_ITEMS,
    LotFlag,
    cut,
    deliver,
    deliver_pallet,
    pack,
    register_goods,
)
from tests.support.verdicts import NoticeKind
from tests.unit.custody_ledger.conftest import SIZE

NOTHING = (ZERO_ADDRESS, 0, 0, 0, LotFlag.NONE, ZERO_ADDRESS, ZERO_ADDRESS, 0)


def test_custody_of__batch_is_unknown__is_all_zero(custody, issuer):
    assert tuple(custody.custodyOf(batch_id_of(issuer), 0)) == NOTHING


def test_custody_of__nothing_happened_to_batch__is_one_lot_of_issuers(custody, lot, issuer):
    rest = (0, LotFlag.NONE, ZERO_ADDRESS, ZERO_ADDRESS, 0)
    assert tuple(custody.custodyOf(*lot)) == (issuer, 0, SIZE, *rest)


@pytest.mark.parametrize("first", [1, SIZE - 1, SIZE, MAX_ITEMS])
def test_custody_of__no_lot_begins_there__is_all_zero(custody, lot, first):
    assert tuple(custody.custodyOf(lot[0], first)) == NOTHING


def test_custody_of__batch_is_largest__is_one_lot_of_all_items(custody, provenance, issuer):
    batch_id = register_goods(provenance, issuer, MAX_ITEMS)

    state = custody.custodyOf(batch_id, 0)

    assert (state.holder, state.size) == (issuer, MAX_ITEMS)


def test_custody_of__lots_went_different_ways__tells_each(
    custody, lot, issuer, distributor, sponsor
):
    one, two, three = cut(custody, lot, issuer, 4, 7)
    deliver(custody, one, issuer, distributor)
    deliver(custody, three, issuer, sponsor, counted=0)

    told = [tuple(custody.custodyOf(*part))[:5] for part in (one, two, three)]

    assert told == [
        (distributor, 0, 4, 3, LotFlag.NONE),
        (issuer, 4, 3, 1, LotFlag.NONE),
        (sponsor, 7, 3, 2, LotFlag.DISCREPANCY),
    ]


def test_custody_of__lot_was_merged_away__is_all_zero(custody, lots, issuer):
    custody.mergeLots(*lots[0], 4, sender=issuer)

    assert tuple(custody.custodyOf(*lots[1])) == NOTHING


def test_custody_of__lot_is_offered__tells_to_whom_and_since_when(
    custody, lot, issuer, distributor
):
    tx = custody.shipLot(*lot, distributor, sender=issuer)
    read_at(tx.timestamp + 1000)

    state = custody.custodyOf(*lot)

    assert (state.offeredTo, state.offeredAt) == (distributor, tx.timestamp)


def test_custody_of__goods_are_recalled__still_tells_offer(
    custody, provenance, offered, issuer, distributor
):
    provenance.recall(offered[0], 0, 0, NoticeKind.RECALL, b"\1" * 32, sender=issuer)

    assert custody.custodyOf(*offered).offeredTo == distributor


def test_custody_of__lot_is_packed__looks_through_pallet(custody, pallet, issuer, distributor):
    deliver_pallet(custody, pallet, issuer, distributor)

    state = custody.custodyOf(*pallet.lots[1])

    assert (state.holder, state.pallet) == (distributor, pallet.address)
    assert (state.offeredTo, state.offeredAt) == (ZERO_ADDRESS, 0)


def test_custody_of__pallet_is_offered__tells_offer_with_version_of_lot(
    custody, lots, issuer, distributor
):
    deliver(custody, lots[1], issuer, distributor)
    pallet = pack(custody, distributor, lots[1:])
    tx = custody.shipPallet(pallet.address, issuer, sender=distributor)

    state = custody.custodyOf(*lots[1])

    rest = (LotFlag.PACKED, pallet.address, issuer, tx.timestamp)
    assert tuple(state) == (distributor, 4, 6, 3, *rest)
