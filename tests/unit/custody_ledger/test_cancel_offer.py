import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.custody import (
    LotFlag,
    create_hand_over,
    lot_error,
    lot_id_of,
    not_authorized,
    pack,
    receipt_wrong,
)
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind
from tests.unit.custody_ledger.conftest import SIZE


@pytest.mark.parametrize("prepare", ALLOWED)
@pytest.mark.parametrize("side", ["issuer", "distributor"])
def test_cancel_offer__caller_may_act_for_either_side__ends_offer(
    custody, identities, offered, manufacturer, side, prepare, request
):
    identity = request.getfixturevalue(side)
    prepare(identities, identity, permission("custody"), manufacturer)

    custody.cancelOffer(*offered, sender=manufacturer)

    assert custody.custodyOf(*offered).offeredTo == ZERO_ADDRESS


@pytest.mark.parametrize("prepare", REFUSED)
@pytest.mark.parametrize("side", ["issuer", "distributor"])
def test_cancel_offer__caller_may_act_for_neither_side__reverts(
    custody, identities, offered, distributor, attacker, side, prepare, request
):
    identity = request.getfixturevalue(side)
    prepare(identities, identity, permission("custody"), attacker)

    with not_authorized(custody, distributor, attacker):
        custody.cancelOffer(*offered, sender=attacker)


def test_cancel_offer__holder_cancels__keeps_lot_by_next_version(custody, offered, issuer):
    custody.cancelOffer(*offered, sender=issuer)

    assert tuple(custody.custodyOf(*offered)) == (
        issuer,
        0,
        SIZE,
        1,
        LotFlag.NONE,
        ZERO_ADDRESS,
        ZERO_ADDRESS,
        0,
    )


@pytest.mark.parametrize("side", ["issuer", "distributor"])
def test_cancel_offer__either_side_cancels__emits_its_name(custody, offered, side, request):
    actor = request.getfixturevalue(side)

    tx = custody.cancelOffer(*offered, sender=actor)

    assert tx.events == [custody.OfferCancelled(batchId=offered[0], first=0, actor=actor)]


def test_cancel_offer__lot_is_not_offered__reverts(custody, lot, issuer):
    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*lot)):
        custody.cancelOffer(*lot, sender=issuer)


def test_cancel_offer__offer_was_cancelled__reverts(custody, offered, issuer):
    custody.cancelOffer(*offered, sender=issuer)

    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*offered)):
        custody.cancelOffer(*offered, sender=issuer)


def test_cancel_offer__lot_was_received__reverts(custody, offered, issuer, distributor):
    custody.receiveLot(*offered, SIZE, keccak(text="note"), sender=distributor)

    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*offered)):
        custody.cancelOffer(*offered, sender=distributor)


def test_cancel_offer__lot_is_packed_since__reverts(custody, offered, issuer):
    pack(custody, issuer, [offered])

    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*offered)):
        custody.cancelOffer(*offered, sender=issuer)


def test_cancel_offer__lot_is_on_offered_pallet__reverts(custody, offered_pallet, issuer):
    lot = offered_pallet.lots[0]

    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*lot)):
        custody.cancelOffer(*lot, sender=issuer)


def test_cancel_offer__no_lot_begins_there__reverts(custody, offered, issuer):
    inner = offered[0], 1

    with lot_error(custody.CustodyLedger_LotUnknown, inner):
        custody.cancelOffer(*inner, sender=issuer)


def test_cancel_offer__holder_is_deactivated__lets_receiver_refuse(
    custody, identities, offered, issuer, distributor
):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    custody.cancelOffer(*offered, sender=distributor)

    assert custody.custodyOf(*offered).offeredTo == ZERO_ADDRESS


def test_cancel_offer__receiver_is_deactivated__lets_holder_take_it_back(
    custody, identities, offered, issuer, distributor
):
    identities.changeOwner(distributor, ZERO_ADDRESS, sender=distributor)

    custody.cancelOffer(*offered, sender=issuer)

    assert custody.custodyOf(*offered).offeredTo == ZERO_ADDRESS


def test_cancel_offer__goods_are_recalled__ends_offer(custody, provenance, offered, issuer):
    notice = keccak(text="notice")
    provenance.recall(offered[0], 0, SIZE - 1, NoticeKind.RECALL, notice, sender=issuer)

    custody.cancelOffer(*offered, sender=issuer)

    assert custody.custodyOf(*offered).offeredTo == ZERO_ADDRESS


def test_cancel_offer__receipt_was_signed_before__ends_receipt_too(
    custody, offered, issuer, distributor
):
    arguments = create_hand_over(custody, offered, distributor)

    custody.cancelOffer(*offered, sender=issuer)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=1):
        custody.handOver(*arguments, sender=issuer)
