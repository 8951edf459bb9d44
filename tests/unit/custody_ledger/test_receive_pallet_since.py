"""Offers of pallets that die with a recall or suspension of any lot, lifted or not."""

import pytest

from tests.support.blocks import GAS_SHARE, one_block
from tests.support.custody import deliver_pallet, not_tradable, pack
from tests.support.delegation import delegate_all
from tests.support.notices import lift_all
from tests.support.verdicts import NoticeKind, Reason
from tests.unit.custody_ledger.goods_notices import NOTICE, NOTICES, recall_all

ISSUES = [issue for issue, _ in NOTICES]
KINDS = [(NoticeKind.RECALL, Reason.RECALLED), (NoticeKind.SUSPENSION, Reason.SUSPENDED)]


@pytest.mark.parametrize(("kind", "reasons"), KINDS)
@pytest.mark.parametrize(("item", "index"), [(0, 0), (3, 0), (4, 1), (9, 1)])
def test_receive_pallet__notice_of_any_item_since_offer_was_lifted__reverts_with_its_lot(
    custody, provenance, offered_pallet, issuer, distributor, kind, reasons, item, index
):
    lots = offered_pallet.lots
    provenance.recall(lots[0][0], item, item, kind, NOTICE, sender=issuer)
    lift_all(provenance, lots[0][0], issuer)

    with not_tradable(custody, lots[index], reasons):
        custody.receivePallet(offered_pallet.address, lots, sender=distributor)


@pytest.mark.parametrize(("kind", "reasons"), KINDS)
def test_receive_pallet__notice_of_gtin_since_offer_was_lifted__reverts(
    custody, provenance, offered_pallet, issuer, distributor, kind, reasons
):
    lots = offered_pallet.lots
    gtin = provenance.batchOf(lots[0][0]).gtin
    provenance.recallGtin(issuer, gtin, kind, NOTICE, sender=issuer)
    lift_all(provenance, lots[0][0], issuer)

    with not_tradable(custody, lots[0], reasons | Reason.GTIN_NOTICE):
        custody.receivePallet(offered_pallet.address, lots, sender=distributor)


@pytest.mark.parametrize("issue", ISSUES)
def test_receive_pallet__notice_since_offer_was_lifted__lets_issuer_have_them_back(
    custody, provenance, pallet, issuer, distributor, issue
):
    deliver_pallet(custody, pallet, issuer, distributor)
    custody.shipPallet(pallet.address, issuer, sender=distributor)
    issue(provenance, pallet.lots[0][0], issuer)
    lift_all(provenance, pallet.lots[0][0], issuer)

    custody.receivePallet(pallet.address, pallet.lots, sender=issuer)

    assert custody.palletOf(pallet.address).holder == issuer


@pytest.mark.parametrize("issue", ISSUES)
def test_receive_pallet__notice_since_offer_was_lifted__receives_after_it_is_offered_anew(
    custody, provenance, offered_pallet, issuer, distributor, issue
):
    issue(provenance, offered_pallet.lots[0][0], issuer)
    lift_all(provenance, offered_pallet.lots[0][0], issuer)
    custody.cancelPalletOffer(offered_pallet.address, sender=issuer)

    deliver_pallet(custody, offered_pallet, issuer, distributor)

    assert custody.palletOf(offered_pallet.address).holder == distributor


@pytest.mark.parametrize("issue", ISSUES)
def test_receive_pallet__notice_before_offer_was_lifted_before__receives(
    custody, provenance, pallet, issuer, distributor, issue
):
    issue(provenance, pallet.lots[0][0], issuer)
    lift_all(provenance, pallet.lots[0][0], issuer)

    deliver_pallet(custody, pallet, issuer, distributor)

    assert custody.palletOf(pallet.address).holder == distributor


@pytest.mark.parametrize("issue", ISSUES)
def test_receive_pallet__notice_second_before_offer_was_lifted_since__receives(
    custody, provenance, pallet, issuer, distributor, issue
):
    issue(provenance, pallet.lots[0][0], issuer)
    custody.shipPallet(pallet.address, distributor, sender=issuer)
    lift_all(provenance, pallet.lots[0][0], issuer)

    custody.receivePallet(pallet.address, pallet.lots, sender=distributor)

    assert custody.palletOf(pallet.address).holder == distributor


def test_receive_pallet__lifted_recall_is_of_second_of_offer__reverts(
    custody, provenance, identities, pallet, issuer, distributor, manufacturer
):
    delegate_all(identities, issuer, manufacturer, ["recall"])
    batch_id, second = pallet.lots[1]
    terms = (batch_id, second, second, NoticeKind.RECALL, NOTICE)
    with one_block():
        provenance.recall(*terms, sender=manufacturer, gas=GAS_SHARE)
        custody.shipPallet(pallet.address, distributor, sender=issuer, gas=GAS_SHARE)
    lift_all(provenance, batch_id, issuer)

    offered_at = custody.custodyOf(*pallet.lots[1]).offeredAt
    assert provenance.noticeOf(batch_id, 0).issuedAt == offered_at
    with not_tradable(custody, pallet.lots[1], Reason.RECALLED):
        custody.receivePallet(pallet.address, pallet.lots, sender=distributor)


def test_receive_pallet__lifted_recall_since_offer_is_of_items_not_on_it__receives(
    custody, provenance, lots, issuer, distributor
):
    pallet = pack(custody, issuer, lots[:1])
    custody.shipPallet(pallet.address, distributor, sender=issuer)
    provenance.recall(lots[1][0], 4, 9, NoticeKind.RECALL, NOTICE, sender=issuer)
    lift_all(provenance, lots[1][0], issuer)

    custody.receivePallet(pallet.address, pallet.lots, sender=distributor)

    assert custody.palletOf(pallet.address).holder == distributor


def test_receive_pallet__lots_offer_was_before_lifted_recall_and_pallets_after__receives(
    custody, provenance, lots, issuer, distributor
):
    custody.shipLot(*lots[0], distributor, sender=issuer)
    recall_all(provenance, lots[0][0], issuer)
    lift_all(provenance, lots[0][0], issuer)
    pallet = pack(custody, issuer, lots)

    deliver_pallet(custody, pallet, issuer, distributor)

    assert custody.palletOf(pallet.address).holder == distributor
