import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_HASH
from tests.support.clock import next_block_at
from tests.support.custody import (
    MAX_ITEMS,
    cut,
    deliver,
    not_tradable,
    register_goods,
)
from tests.support.verdicts import NoticeKind, Reason
from tests.unit.custody_ledger.conftest import SIZE
from tests.unit.custody_ledger.goods_notices import NOTICE, NOTICES, recall_all

NOTE = keccak(text="delivery note")


@pytest.mark.parametrize(("issue", "reasons"), NOTICES)
def test_receive_lot__goods_are_recalled_or_suspended_since__reverts(
    custody, provenance, offered, issuer, distributor, issue, reasons
):
    issue(provenance, offered[0], issuer)

    with not_tradable(custody, offered, reasons):
        custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)


@pytest.mark.parametrize("issue", [issue for issue, _ in NOTICES])
def test_receive_lot__goods_are_recalled_or_suspended_since__lets_issuer_have_them_back(
    custody, provenance, lot, issuer, distributor, issue
):
    deliver(custody, lot, issuer, distributor)
    custody.shipLot(*lot, issuer, sender=distributor)
    issue(provenance, lot[0], issuer)

    custody.receiveLot(*lot, SIZE, NOTE, sender=issuer)

    assert custody.custodyOf(*lot).holder == issuer


@pytest.mark.parametrize(("index", "touched"), [(0, 4), (1, 3)])
def test_receive_lot__neighbour_is_recalled__receives(
    custody, provenance, lots, issuer, distributor, index, touched
):
    custody.shipLot(*lots[index], distributor, sender=issuer)
    provenance.recall(lots[0][0], touched, touched, NoticeKind.RECALL, NOTICE, sender=issuer)

    custody.receiveLot(*lots[index], 0, NOTE, sender=distributor)

    assert custody.custodyOf(*lots[index]).holder == distributor


def test_receive_lot__clean_part_is_split_off__receives_that_part_alone(
    custody, provenance, lot, issuer, distributor
):
    provenance.recall(lot[0], 0, 3, NoticeKind.RECALL, NOTICE, sender=issuer)
    recalled, clean = cut(custody, lot, issuer, 4)
    custody.shipLot(*recalled, distributor, sender=issuer)

    deliver(custody, clean, issuer, distributor)

    assert custody.custodyOf(*clean).holder == distributor
    with not_tradable(custody, recalled, Reason.RECALLED):
        custody.receiveLot(*recalled, 4, NOTE, sender=distributor)


def test_receive_lot__second_before_expiry__receives(
    custody, perishable, issuer, distributor, expires_at
):
    custody.shipLot(*perishable, distributor, sender=issuer)
    next_block_at(expires_at - 1)

    custody.receiveLot(*perishable, SIZE, NOTE, sender=distributor)

    assert custody.custodyOf(*perishable).holder == distributor


def test_receive_lot__second_of_expiry__reverts(
    custody, perishable, issuer, distributor, expires_at
):
    custody.shipLot(*perishable, distributor, sender=issuer)
    next_block_at(expires_at)

    with not_tradable(custody, perishable, Reason.EXPIRED):
        custody.receiveLot(*perishable, SIZE, NOTE, sender=distributor)


def test_receive_lot__goods_are_expired_and_recalled__reverts_with_both_reasons(
    custody, provenance, perishable, issuer, distributor, expires_at
):
    custody.shipLot(*perishable, distributor, sender=issuer)
    recall_all(provenance, perishable[0], issuer)
    next_block_at(expires_at)

    with not_tradable(custody, perishable, Reason.EXPIRED | Reason.RECALLED):
        custody.receiveLot(*perishable, SIZE, NOTE, sender=distributor)


def test_receive_lot__goods_are_expired__lets_issuer_have_them_back(
    custody, perishable, issuer, distributor, expires_at
):
    deliver(custody, perishable, issuer, distributor)
    custody.shipLot(*perishable, issuer, sender=distributor)
    next_block_at(expires_at)

    custody.receiveLot(*perishable, SIZE, NOTE, sender=issuer)

    assert custody.custodyOf(*perishable).holder == issuer


def test_receive_lot__last_item_of_largest_batch_is_recalled__reverts(
    custody, provenance, issuer, distributor
):
    whole = register_goods(provenance, issuer, MAX_ITEMS), 0
    last = MAX_ITEMS - 1
    custody.shipLot(*whole, distributor, sender=issuer)
    provenance.recall(whole[0], last, last, NoticeKind.RECALL, NOTICE, sender=issuer)

    with not_tradable(custody, whole, Reason.RECALLED):
        custody.receiveLot(*whole, MAX_ITEMS, ZERO_HASH, sender=distributor)


def test_receive_lot__item_before_last_lot_of_largest_batch_is_recalled__receives_last_lot(
    custody, provenance, issuer, distributor
):
    whole = register_goods(provenance, issuer, MAX_ITEMS), 0
    last = cut(custody, whole, issuer, MAX_ITEMS - 1)[1]
    before = MAX_ITEMS - 2
    provenance.recall(whole[0], before, before, NoticeKind.RECALL, NOTICE, sender=issuer)

    deliver(custody, last, issuer, distributor)

    assert tuple(custody.custodyOf(*last))[:3] == (distributor, MAX_ITEMS - 1, 1)
