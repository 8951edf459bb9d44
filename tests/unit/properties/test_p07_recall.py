"""P7: what is recalled stays so until its issuer's evented reinstatement, whoever holds it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import permission
from tests.support.batches import GTIN
from tests.support.notices import LIFTING, issue_notice, lift_all
from tests.support.properties import on_one_chain
from tests.support.registry_steps import (
    ACTOR,
    ACTS,
    NOTICE_ACTS,
    NUMBERS,
    SLOTS,
    Step,
    histories,
)
from tests.support.reverts import reverts
from tests.support.undone import undone
from tests.support.verdicts import NoticeKind, Reason

MOSTLY_NOTICES = (*NOTICE_ACTS, *ACTS)
RECALL = NoticeKind.RECALL
LIFTINGS = {"NoticeLifted", "GtinNoticeLifted"}
SSCC = 1


def recalled_by(registry, slot, ghost):
    """Return by the ghost's notices which of the items 0 to 3 are recalled."""
    standing = ghost.get(slot, {}).values()
    return {index for index in range(4) if any(index in notice for notice in standing)}


def note(ghost, receipt, registry, step):
    """Enter into the ghost what the emitted events say of notices."""
    for event in receipt.events if receipt else ():
        told, name = event.event_arguments, event.event_name
        if name == "NoticeIssued" and told["kind"] == RECALL:
            ghost[step.slot][told["number"]] = range(told["first"], told["last"] + 1)
        elif name == "NoticeLifted":
            ghost[step.slot].pop(told["number"], None)
        elif name == "GtinNoticeIssued":
            is_recall = told["kind"] == RECALL and step.slot in registry.terms
            ghost[step.slot]["gtin"] = range(2**32) if is_recall else range(0)
        elif name == "GtinNoticeLifted":
            ghost[step.slot].pop("gtin", None)


def recalled_items(registry, slot):
    """Ask the registry which of the items 0 to 3 are recalled."""
    batch_id = registry.batch_id(slot)
    items = range(min(4, registry.terms[slot]["itemCount"]))
    read = registry.provenance.standingOf
    return {index for index in items if read(batch_id, index).reasons & Reason.RECALLED}


def check_history(registry, history):
    """Follow the steps; compare with the ghost, and each state with the one before it."""
    ghost = {slot: {} for slot in range(SLOTS)}
    before = {}
    for step in history:
        receipt = registry.take(step)
        note(ghost, receipt, registry, step)
        if step.slot not in registry.terms:
            continue
        after = recalled_items(registry, step.slot)
        assert after == recalled_by(registry, step.slot, ghost) & items_of(registry, step.slot)
        if before.get(step.slot, set()) - after:
            assert {event.event_name for event in receipt.events} & LIFTINGS
        before[step.slot] = after


def items_of(registry, slot):
    return set(range(registry.terms[slot]["itemCount"]))


def fresh(custody, issuer, holder, batch):
    """The goods lie with the issuer."""


def shipped(custody, issuer, holder, batch):
    """The goods are on their way."""
    custody.shipLot(batch.batch_id, 0, holder, sender=issuer)


def received(custody, issuer, holder, batch):
    """The goods are in the hands of another."""
    shipped(custody, issuer, holder, batch)
    custody.receiveLot(batch.batch_id, 0, batch.count, bytes(32), sender=holder)


def packed(custody, issuer, holder, batch):
    """The goods are on a pallet of another."""
    received(custody, issuer, holder, batch)
    custody.packPallet(SSCC, [(batch.batch_id, 0)], sender=holder)


def shipped_on_pallet(custody, issuer, holder, batch):
    """The goods are on a pallet that is on its way back."""
    packed(custody, issuer, holder, batch)
    pallet = custody.palletAddressOf(holder, SSCC)
    custody.shipPallet(pallet, issuer, sender=holder)


HANDS = [fresh, shipped, received, packed, shipped_on_pallet]


def test_p07_recall__any_acts_are_tried_in_any_order__recalls_what_notices_cover_and_nothing_else(
    registry,
):
    @on_one_chain(4)
    @given(histories(MOSTLY_NOTICES, least=12, most=20))
    def check(history):
        with undone():
            check_history(replace(registry, terms={}), history)

    check()


def test_p07_recall__batch_has_had_32_notices__recalls_what_notices_cover_and_nothing_else(
    registry,
):
    registry.crowd(0)
    steps = st.builds(Step, st.sampled_from(NOTICE_ACTS), ACTOR, st.just(0), NUMBERS, NUMBERS)

    @on_one_chain(4)
    @given(st.lists(steps, min_size=8, max_size=16))
    def check(history):
        with undone():
            check_history(registry, history)

    check()


@pytest.mark.parametrize("bring", HANDS)
def test_p07_recall__goods_in_any_hands__recalls_them(
    provenance, custody, batch, issuer, distributor, bring
):
    bring(custody, issuer, distributor, batch)

    issue_notice(provenance, batch, issuer, 1, 2)

    reasons = [provenance.standingOf(batch.batch_id, index).reasons for index in range(4)]
    assert reasons == [Reason.NONE, Reason.RECALLED, Reason.RECALLED, Reason.NONE]


@pytest.mark.parametrize("bring", HANDS)
def test_p07_recall__goods_in_any_hands__lets_no_holder_take_recall_back(
    provenance, custody, batch, issuer, distributor, bring
):
    bring(custody, issuer, distributor, batch)
    issue_notice(provenance, batch, issuer)
    provenance.recallGtin(issuer, GTIN, RECALL, LIFTING, sender=issuer)
    refusal = {"issuer": issuer, "permission": permission("recall"), "actor": distributor}

    with reverts(provenance.IssuerRegistry_NotAuthorized, **refusal):
        provenance.reinstate(batch.batch_id, 0, LIFTING, sender=distributor)
    with reverts(provenance.IssuerRegistry_NotAuthorized, **refusal):
        provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=distributor)


@pytest.mark.parametrize("is_lifted", [False, True])
def test_p07_recall__recall_while_offer_stands__hinders_receipt_even_when_lifted(
    provenance, custody, batch, issuer, distributor, is_lifted
):
    shipped(custody, issuer, distributor, batch)
    issue_notice(provenance, batch, issuer, 3, 3)
    if is_lifted:
        lift_all(provenance, batch.batch_id, issuer)

    with reverts(
        custody.CustodyLedger_NotTradable,
        batchId=batch.batch_id,
        first=0,
        reasons=Reason.RECALLED,
    ):
        custody.receiveLot(batch.batch_id, 0, batch.count, bytes(32), sender=distributor)


def test_p07_recall__offer_after_recall_that_was_lifted__lets_goods_be_received(
    provenance, custody, batch, issuer, distributor
):
    issue_notice(provenance, batch, issuer)
    lift_all(provenance, batch.batch_id, issuer)

    received(custody, issuer, distributor, batch)

    assert custody.custodyOf(batch.batch_id, 0).holder == distributor
