"""Offers of lots that die with a recall or suspension, lifted or not."""

import pytest
from eth_utils import keccak

from tests.support.blocks import GAS_SHARE, one_block
from tests.support.clock import next_block_at
from tests.support.custody import cut, deliver, not_tradable
from tests.support.delegation import delegate_all
from tests.support.notices import NOTICE_LIMIT, lift_all
from tests.support.verdicts import NoticeKind, Reason
from tests.unit.custody_ledger.conftest import SIZE
from tests.unit.custody_ledger.goods_notices import (
    NOTICE,
    NOTICES,
    recall_all,
    recall_inner,
    suspend_all,
)

NOTE = keccak(text="delivery note")
ISSUES = [issue for issue, _ in NOTICES]


@pytest.mark.parametrize(("issue", "reasons"), NOTICES)
def test_receive_lot__notice_since_offer_was_lifted__reverts(
    custody, provenance, offered, issuer, distributor, issue, reasons
):
    issue(provenance, offered[0], issuer)
    lift_all(provenance, offered[0], issuer)

    with not_tradable(custody, offered, reasons):
        custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)


@pytest.mark.parametrize("issue", ISSUES)
def test_receive_lot__notice_since_offer_was_lifted__lets_issuer_have_them_back(
    custody, provenance, lot, issuer, distributor, issue
):
    deliver(custody, lot, issuer, distributor)
    custody.shipLot(*lot, issuer, sender=distributor)
    issue(provenance, lot[0], issuer)
    lift_all(provenance, lot[0], issuer)

    custody.receiveLot(*lot, SIZE, NOTE, sender=issuer)

    assert custody.custodyOf(*lot).holder == issuer


@pytest.mark.parametrize("issue", ISSUES)
def test_receive_lot__notice_since_offer_was_lifted__receives_after_it_is_offered_anew(
    custody, provenance, offered, issuer, distributor, issue
):
    issue(provenance, offered[0], issuer)
    lift_all(provenance, offered[0], issuer)
    custody.cancelOffer(*offered, sender=issuer)
    custody.shipLot(*offered, distributor, sender=issuer)

    custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)

    assert custody.custodyOf(*offered).holder == distributor


@pytest.mark.parametrize("issue", ISSUES)
def test_receive_lot__notice_before_offer_was_lifted_before__receives(
    custody, provenance, lot, issuer, distributor, issue
):
    issue(provenance, lot[0], issuer)
    lift_all(provenance, lot[0], issuer)
    custody.shipLot(*lot, distributor, sender=issuer)

    custody.receiveLot(*lot, SIZE, NOTE, sender=distributor)

    assert custody.custodyOf(*lot).holder == distributor


@pytest.mark.parametrize("issue", ISSUES)
def test_receive_lot__notice_second_before_offer_was_lifted_since__receives(
    custody, provenance, lot, issuer, distributor, issue
):
    issue(provenance, lot[0], issuer)
    custody.shipLot(*lot, distributor, sender=issuer)
    lift_all(provenance, lot[0], issuer)

    custody.receiveLot(*lot, SIZE, NOTE, sender=distributor)

    assert custody.custodyOf(*lot).holder == distributor


@pytest.mark.parametrize("is_notice_first", [True, False])
def test_receive_lot__lifted_recall_is_of_second_of_offer__reverts(
    custody, provenance, identities, lot, issuer, distributor, manufacturer, is_notice_first
):
    delegate_all(identities, issuer, manufacturer, ["recall"])
    terms = (lot[0], 0, 0, NoticeKind.RECALL, NOTICE)
    steps = [
        lambda: custody.shipLot(*lot, distributor, sender=issuer, gas=GAS_SHARE),
        lambda: provenance.recall(*terms, sender=manufacturer, gas=GAS_SHARE),
    ]
    with one_block():
        for step in reversed(steps) if is_notice_first else steps:
            step()
    lift_all(provenance, lot[0], issuer)

    assert provenance.noticeOf(lot[0], 0).issuedAt == custody.custodyOf(*lot).offeredAt
    with not_tradable(custody, lot, Reason.RECALLED):
        custody.receiveLot(*lot, 0, NOTE, sender=distributor)


def test_receive_lot__recall_was_lifted_and_suspension_stands__reverts_with_both_reasons(
    custody, provenance, offered, issuer, distributor
):
    recall_inner(provenance, offered[0], issuer)
    lift_all(provenance, offered[0], issuer)
    suspend_all(provenance, offered[0], issuer)

    with not_tradable(custody, offered, Reason.RECALLED | Reason.SUSPENDED):
        custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)


@pytest.mark.parametrize(("index", "touched"), [(0, 4), (1, 3)])
def test_receive_lot__lifted_recall_since_offer_is_of_other_items__receives(
    custody, provenance, lots, issuer, distributor, index, touched
):
    custody.shipLot(*lots[index], distributor, sender=issuer)
    provenance.recall(lots[0][0], touched, touched, NoticeKind.RECALL, NOTICE, sender=issuer)
    lift_all(provenance, lots[0][0], issuer)

    custody.receiveLot(*lots[index], 0, NOTE, sender=distributor)

    assert custody.custodyOf(*lots[index]).holder == distributor


@pytest.mark.parametrize(("index", "touched"), [(0, 3), (1, 4)])
def test_receive_lot__lifted_recall_since_offer_is_of_its_last_or_first_item__reverts(
    custody, provenance, lots, issuer, distributor, index, touched
):
    custody.shipLot(*lots[index], distributor, sender=issuer)
    provenance.recall(lots[0][0], touched, touched, NoticeKind.RECALL, NOTICE, sender=issuer)
    lift_all(provenance, lots[0][0], issuer)

    with not_tradable(custody, lots[index], Reason.RECALLED):
        custody.receiveLot(*lots[index], 0, NOTE, sender=distributor)


def test_receive_lot__number_32_since_offer_was_lifted__reverts(
    custody, provenance, lot, issuer, distributor
):
    for _ in range(NOTICE_LIMIT + 1):
        recall_all(provenance, lot[0], issuer)
    lift_all(provenance, lot[0], issuer)
    custody.shipLot(*lot, distributor, sender=issuer)
    suspend_all(provenance, lot[0], issuer)
    lift_all(provenance, lot[0], issuer)

    with not_tradable(custody, lot, Reason.SUSPENDED):
        custody.receiveLot(*lot, SIZE, NOTE, sender=distributor)


def test_receive_lot__offer_died__can_be_refused_and_stays_dead_at_any_time(
    custody, provenance, offered, issuer, distributor
):
    recall_all(provenance, offered[0], issuer)
    lift_all(provenance, offered[0], issuer)
    next_block_at(custody.custodyOf(*offered).offeredAt + 10**9)

    with not_tradable(custody, offered, Reason.RECALLED):
        custody.receiveLot(*offered, SIZE, NOTE, sender=distributor)
    custody.cancelOffer(*offered, sender=distributor)

    assert custody.custodyOf(*offered).holder == issuer


def test_receive_lot__lot_is_split_and_part_offered_anew__receives_this_part(
    custody, provenance, offered, issuer, distributor
):
    recall_all(provenance, offered[0], issuer)
    lift_all(provenance, offered[0], issuer)
    _, part = cut(custody, offered, issuer, 4)

    deliver(custody, part, issuer, distributor)

    assert custody.custodyOf(*part).holder == distributor
