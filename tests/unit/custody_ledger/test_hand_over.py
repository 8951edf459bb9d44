import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of
from tests.support.clock import later, next_block_at
from tests.support.custody import (
    MAX_ITEMS,
    LotFlag,
    create_hand_over,
    cut,
    deliver,
    hand_over,
    lot_error,
    lot_id_of,
    moved,
    not_authorized,
    not_tradable,
    register_goods,
)
from tests.support.notices import lift_all
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason
from tests.unit.custody_ledger.conftest import SIZE

NOTICE = keccak(text="notice")


@pytest.mark.parametrize("prepare", ALLOWED)
def test_hand_over__caller_may_act_for_holder__hands_over(
    custody, identities, lot, issuer, distributor, manufacturer, prepare
):
    arguments = create_hand_over(custody, lot, distributor)
    prepare(identities, issuer, permission("custody"), manufacturer)

    custody.handOver(*arguments, sender=manufacturer)

    assert custody.custodyOf(*lot).holder == distributor


@pytest.mark.parametrize("prepare", REFUSED)
def test_hand_over__caller_may_not_act_for_holder__reverts(
    custody, identities, lot, issuer, distributor, attacker, prepare
):
    arguments = create_hand_over(custody, lot, distributor)
    prepare(identities, issuer, permission("custody"), attacker)

    with not_authorized(custody, issuer, attacker):
        custody.handOver(*arguments, sender=attacker)


def test_hand_over__caller_is_receiver__reverts(custody, lot, issuer, distributor):
    arguments = create_hand_over(custody, lot, distributor)

    with not_authorized(custody, issuer, distributor):
        custody.handOver(*arguments, sender=distributor)


@pytest.mark.parametrize("prepare", ALLOWED)
def test_hand_over__signer_may_act_for_receiver__hands_over(
    custody, identities, lot, issuer, distributor, manufacturer, prepare
):
    arguments = create_hand_over(custody, lot, distributor, signer=manufacturer)
    prepare(identities, distributor, permission("custody"), manufacturer)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor


@pytest.mark.parametrize("prepare", REFUSED)
def test_hand_over__signer_may_not_act_for_receiver__reverts(
    custody, identities, lot, issuer, distributor, attacker, prepare
):
    arguments = create_hand_over(custody, lot, distributor, signer=attacker)
    prepare(identities, distributor, permission("custody"), attacker)

    with not_authorized(custody, distributor, attacker):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receipt_is_good__gives_lot_to_receiver_by_next_version(
    custody, lot, issuer, distributor
):
    hand_over(custody, lot, issuer, distributor)

    assert tuple(custody.custodyOf(*lot)) == (
        distributor,
        0,
        SIZE,
        1,
        LotFlag.NONE,
        ZERO_ADDRESS,
        ZERO_ADDRESS,
        0,
    )


def test_hand_over__receipt_is_good__emits_receipt(custody, lots, issuer, distributor):
    arguments = create_hand_over(custody, lots[1], distributor)

    tx = custody.handOver(*arguments, sender=issuer)

    assert tx.events == [moved(custody.LotReceived, lots[1], issuer, distributor, version=2)]


def test_hand_over__lot_has_discrepancy__keeps_it(custody, lot, issuer, distributor, sponsor):
    deliver(custody, lot, issuer, distributor, counted=0)

    hand_over(custody, lot, distributor, sponsor)

    assert custody.custodyOf(*lot).flags == LotFlag.DISCREPANCY


@pytest.mark.parametrize("receiver", ["distributor", "sponsor"])
def test_hand_over__lot_is_offered__ends_offer(
    custody, offered, issuer, distributor, receiver, request
):
    to = request.getfixturevalue(receiver)

    hand_over(custody, offered, issuer, to)

    state = custody.custodyOf(*offered)
    assert (state.holder, state.offeredTo) == (to, ZERO_ADDRESS)
    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*offered)):
        custody.receiveLot(*offered, SIZE, NOTICE, sender=distributor)


def test_hand_over__batch_is_unknown__reverts(custody, issuer, distributor):
    lot = batch_id_of(issuer), 0
    arguments = create_hand_over(custody, lot, distributor)

    with lot_error(custody.CustodyLedger_LotUnknown, lot):
        custody.handOver(*arguments, sender=issuer)


@pytest.mark.parametrize("first", [1, SIZE, MAX_ITEMS])
def test_hand_over__no_lot_begins_there__reverts(custody, lot, issuer, distributor, first):
    inner = lot[0], first
    arguments = create_hand_over(custody, inner, distributor)

    with lot_error(custody.CustodyLedger_LotUnknown, inner):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__lot_is_packed__reverts(custody, pallet, issuer, distributor):
    lot = pallet.lots[0]
    arguments = create_hand_over(custody, lot, distributor)

    with lot_error(custody.CustodyLedger_LotPacked, lot, pallet=pallet.address):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receiver_is_zero__reverts(custody, lot, issuer, distributor):
    arguments = create_hand_over(custody, lot, ZERO_ADDRESS, signer=distributor)

    with reverts(custody.CustodyLedger_ReceiverInvalid, to=ZERO_ADDRESS):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receiver_is_holder__reverts(custody, lot, issuer):
    arguments = create_hand_over(custody, lot, issuer)

    with reverts(custody.CustodyLedger_ReceiverInvalid, to=issuer):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__deadline_is_this_second__hands_over(custody, lot, issuer, distributor):
    deadline = later(100)
    arguments = create_hand_over(custody, lot, distributor, deadline=deadline)
    next_block_at(deadline)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor


def test_hand_over__deadline_was_one_second_ago__reverts(custody, lot, issuer, distributor):
    deadline = later(100)
    arguments = create_hand_over(custody, lot, distributor, deadline=deadline)
    next_block_at(deadline + 1)

    with reverts(custody.CustodyLedger_DeadlinePassed, deadline=deadline, time=deadline + 1):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__deadline_is_zero__reverts(custody, lot, issuer, distributor):
    arguments = create_hand_over(custody, lot, distributor, deadline=0)
    time = later(100)
    next_block_at(time)

    with reverts(custody.CustodyLedger_DeadlinePassed, deadline=0, time=time):
        custody.handOver(*arguments, sender=issuer)


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [(NoticeKind.RECALL, Reason.RECALLED), (NoticeKind.SUSPENSION, Reason.SUSPENDED)],
)
@pytest.mark.parametrize("index", [0, 5, SIZE - 1])
def test_hand_over__any_item_is_recalled_or_suspended__reverts(
    custody, provenance, lot, issuer, distributor, kind, reasons, index
):
    arguments = create_hand_over(custody, lot, distributor)
    provenance.recall(lot[0], index, index, kind, NOTICE, sender=issuer)

    with not_tradable(custody, lot, reasons):
        custody.handOver(*arguments, sender=issuer)


@pytest.mark.parametrize("is_offered", [False, True])
def test_hand_over__recall_since_receipt_was_lifted__hands_over(
    custody, provenance, lot, issuer, distributor, is_offered
):
    if is_offered:
        custody.shipLot(*lot, distributor, sender=issuer)
    arguments = create_hand_over(custody, lot, distributor)
    provenance.recall(lot[0], 0, SIZE - 1, NoticeKind.RECALL, NOTICE, sender=issuer)
    lift_all(provenance, lot[0], issuer)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor


def test_hand_over__goods_are_recalled__lets_issuer_have_them_back(
    custody, provenance, lot, issuer, distributor
):
    deliver(custody, lot, issuer, distributor)
    provenance.recall(lot[0], 0, SIZE - 1, NoticeKind.RECALL, NOTICE, sender=issuer)

    hand_over(custody, lot, distributor, issuer)

    assert custody.custodyOf(*lot).holder == issuer


def test_hand_over__second_before_expiry__hands_over(
    custody, perishable, issuer, distributor, expires_at
):
    arguments = create_hand_over(custody, perishable, distributor)
    next_block_at(expires_at - 1)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*perishable).holder == distributor


def test_hand_over__second_of_expiry__reverts(custody, perishable, issuer, distributor, expires_at):
    arguments = create_hand_over(custody, perishable, distributor)
    next_block_at(expires_at)

    with not_tradable(custody, perishable, Reason.EXPIRED):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__goods_are_expired__lets_issuer_have_them_back(
    custody, perishable, issuer, distributor, expires_at
):
    deliver(custody, perishable, issuer, distributor)
    arguments = create_hand_over(custody, perishable, issuer)
    next_block_at(expires_at)

    custody.handOver(*arguments, sender=distributor)

    assert custody.custodyOf(*perishable).holder == issuer


def test_hand_over__lot_of_one_item_ends_largest_batch__hands_over(
    custody, provenance, issuer, distributor
):
    whole = register_goods(provenance, issuer, MAX_ITEMS), 0
    last = cut(custody, whole, issuer, MAX_ITEMS - 1)[1]

    hand_over(custody, last, issuer, distributor)

    assert tuple(custody.custodyOf(*last))[:4] == (distributor, MAX_ITEMS - 1, 1, 2)
