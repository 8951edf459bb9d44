"""Items in the reference model."""

from dataclasses import replace

import pytest

from tests.python.provenance.conftest import (
    COUNT,
    ISSUER,
    SHOP,
    SHOPPER,
    STRANGER,
    call,
    terms_of,
)
from tests.support.batches import CHIP, SampleBatch
from weilian.provenance.identity_model import Call
from weilian.provenance.item_model import BLOCK_HASHES, ChipTransfer, ClaimRequest
from weilian.provenance.membership import Item, KeyKind
from weilian.provenance.terms import (
    ITEM_LOST,
    OwnerAct,
)
from weilian.refusal import RefusedError

BLOCK = 1_000


@pytest.fixture
def chipped(model):
    """An item with a chip, in the shopper's hands."""
    ground, terms = model.ground, terms_of(lot=b"CHIPS".ljust(20, b"\0"))
    batch = SampleBatch(ground.chain_id, ground.registry, terms.batch_id, COUNT, CHIP)
    model.registry.register(call(ISSUER), replace(terms, root=batch.root))
    made = batch.item()
    item = Item(batch.batch_id, 0, made["serialCommitment"], made["claimKey"], KeyKind.CHIP)
    request = ClaimRequest(SHOPPER, 5_000)
    model.items.claim(call(SHOP), item, batch.proof(), request, item.claim_key)
    return item


def test_claim__second__names_the_owner(claimed, batch, item):
    with pytest.raises(RefusedError, match="AlreadyClaimed") as refusal:
        claimed.items.claim(
            call(STRANGER), item, batch.proof(), ClaimRequest(STRANGER, 5_000), item.claim_key
        )

    assert refusal.value.inputs == {"itemId": item.id, "owner": SHOPPER, "claimedAt": 2_000}


def test_act__destroyed__leaves_nobody_the_owner(claimed, item):
    claimed.items.act(call(SHOPPER), item.id, OwnerAct.DESTROY, SHOPPER)

    assert claimed.items.owner(item.id) != SHOPPER
    assert claimed.items.item(item.id).owner == SHOPPER
    claimed.check()


@pytest.mark.parametrize("seen", [BLOCK - 1, BLOCK - BLOCK_HASHES])
def test_transfer_with_chip__block_known__hands_the_item_on(model, chipped, seen):
    terms = ChipTransfer(chipped.id, STRANGER, seen)

    model.items.transfer_with_chip(Call(SHOP, 2_000, BLOCK), terms, chipped.claim_key)

    assert model.items.owner(chipped.id) == STRANGER
    model.check()


@pytest.mark.parametrize("seen", [BLOCK, BLOCK - BLOCK_HASHES - 1])
def test_transfer_with_chip__block_unknown__is_refused(model, chipped, seen):
    terms = ChipTransfer(chipped.id, STRANGER, seen)

    with pytest.raises(RefusedError, match="BlockTooOld") as refusal:
        model.items.transfer_with_chip(Call(SHOP, 2_000, BLOCK), terms, chipped.claim_key)

    assert refusal.value.inputs == {"blockNumber": seen, "current": BLOCK}
    assert model.items.owner(chipped.id) == SHOPPER


def test_transfer_with_chip__hidden_code__is_refused(claimed, item):
    terms = ChipTransfer(item.id, STRANGER, BLOCK - 1)

    with pytest.raises(RefusedError, match="NoChip"):
        claimed.items.transfer_with_chip(Call(SHOP, 2_000, BLOCK), terms, item.claim_key)


def test_transfer_with_chip__another_key__is_refused(model, chipped):
    terms = ChipTransfer(chipped.id, STRANGER, BLOCK - 1)

    with pytest.raises(RefusedError, match="WrongSigner") as refusal:
        model.items.transfer_with_chip(Call(SHOP, 2_000, BLOCK), terms, STRANGER)

    assert refusal.value.inputs == {"signer": STRANGER, "claimKey": chipped.claim_key}


def test_flag_stolen__closed__clears_every_report(claimed, item):
    for what in (OwnerAct.REPORT_LOST, OwnerAct.REPORT_STOLEN):
        claimed.items.act(call(SHOPPER), item.id, what, SHOPPER)
    claimed.items.flag_stolen(call(ISSUER), item.batch_id, 0, True)

    claimed.items.flag_stolen(call(ISSUER), item.batch_id, 0, False)

    assert claimed.items.item(item.id).flags == 0


def test_flag_stolen__reported_by_owner_alone__can_be_closed(claimed, item):
    claimed.items.act(call(SHOPPER), item.id, OwnerAct.REPORT_LOST, SHOPPER)
    reported = claimed.items.item(item.id).flags

    claimed.items.flag_stolen(call(ISSUER), item.batch_id, 0, False)

    assert (reported, claimed.items.item(item.id).flags) == (ITEM_LOST, 0)


@pytest.mark.parametrize("is_stolen", [True, False])
def test_flag_stolen__unchanged__is_refused(claimed, item, is_stolen):
    if is_stolen:
        claimed.items.flag_stolen(call(ISSUER), item.batch_id, 0, True)

    with pytest.raises(RefusedError, match="FlagUnchanged") as refusal:
        claimed.items.flag_stolen(call(ISSUER), item.batch_id, 0, is_stolen)

    assert refusal.value.inputs == {"itemId": item.id, "isStolen": is_stolen}
