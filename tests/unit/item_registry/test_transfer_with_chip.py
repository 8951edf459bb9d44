import ape
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import CHIP, HIDDEN_CODE, claim_key, create_batch, item_id_of
from tests.support.claims import claim_item, compact, high_s, sign_claim
from tests.support.items import (
    ON_CHIP,
    act,
    chip_signer_of,
    chip_transfer,
    recall,
    sign_chip_transfer,
    state_of,
    token_of,
)
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.two_leaves import register_two_leaves
from tests.support.verdicts import OwnerAct

WINDOW = 256
"""Blocks whose hash a transaction can ask for, its own not among them."""


def wrong_signer(items, arguments, place=0):
    """Demand that this transfer is refused for its signer, whoever that seems to be."""
    signer = chip_signer_of(items, arguments)
    return reverts(items.ItemRegistry_WrongSigner, signer=signer, claimKey=claim_key(place).address)


def next_block():
    """Return the number of the block that the next transaction is in."""
    return ape.chain.blocks.height + 1


def test_transfer_with_chip__chip_names_receiver__means_receiver_owns_item(
    items, chip_batch, chip_item_id, payer, relayer
):
    items.transferWithChip(*chip_transfer(items, chip_batch, payer), sender=relayer)

    assert state_of(items, chip_item_id) == (payer, 1, ON_CHIP)


def test_transfer_with_chip__chip_names_receiver__emits_transfer_and_act(
    items, chip_batch, chip_item_id, shopper, payer, relayer
):
    tx = items.transferWithChip(*chip_transfer(items, chip_batch, payer), sender=relayer)

    assert tx.events == [
        items.Transfer(**{"from": shopper, "to": payer, "tokenId": token_of(chip_item_id)}),
        items.ItemActed(itemId=chip_item_id, act=OwnerAct.TRANSFER, owner=payer, nonce=1),
    ]


def test_transfer_with_chip__chip_names_receiver__ends_approval(
    items, chip_batch, chip_item_id, shopper, payer, attacker
):
    token_id = token_of(chip_item_id)
    items.approve(attacker, token_id, sender=shopper)

    items.transferWithChip(*chip_transfer(items, chip_batch, payer), sender=payer)

    assert items.getApproved(token_id) == ZERO_ADDRESS


def test_transfer_with_chip__transfer_went_through__means_signature_does_not_work_again(
    items, chip_batch, chip_item_id, shopper, payer
):
    first = chip_transfer(items, chip_batch, payer)
    items.transferWithChip(*first, sender=payer)
    items.transferWithChip(*chip_transfer(items, chip_batch, shopper), sender=shopper)

    with wrong_signer(items, first):
        items.transferWithChip(*first, sender=payer)


def test_transfer_with_chip__owner_acted_since__means_signature_is_dead(
    items, chip_batch, chip_item_id, shopper, payer
):
    arguments = chip_transfer(items, chip_batch, payer)
    act(items, chip_item_id, OwnerAct.REPORT_LOST, shopper)
    act(items, chip_item_id, OwnerAct.REPORT_FOUND, shopper)

    with wrong_signer(items, arguments):
        items.transferWithChip(*arguments, sender=payer)


def test_transfer_with_chip__chip_signed_later_nonce__reverts(
    items, chip_batch, chip_item_id, payer
):
    signature = sign_chip_transfer(items, chip_item_id, payer, nonce=1)
    arguments = chip_transfer(items, chip_batch, payer, signature=signature)

    with wrong_signer(items, arguments):
        items.transferWithChip(*arguments, sender=payer)


def test_transfer_with_chip__block_is_oldest_of_last_256__is_accepted(
    items, chip_batch, chip_item_id, payer
):
    arguments = chip_transfer(items, chip_batch, payer)
    ape.chain.mine(WINDOW - 1)

    tx = items.transferWithChip(*arguments, sender=payer)

    assert tx.block_number - arguments[2] == WINDOW
    assert items.itemOf(chip_item_id).owner == payer


def test_transfer_with_chip__block_is_one_older_than_that__reverts(
    items, chip_batch, chip_item_id, payer
):
    arguments = chip_transfer(items, chip_batch, payer)
    ape.chain.mine(WINDOW)
    block = arguments[2]

    with reverts(items.ItemRegistry_BlockTooOld, blockNumber=block, current=block + WINDOW + 1):
        items.transferWithChip(*arguments, sender=payer)


@pytest.mark.parametrize("ahead", [0, 1, 256, 2**255], ids=["current", "next", "later", "never"])
def test_transfer_with_chip__block_has_no_hash_yet__reverts(
    items, chip_batch, chip_item_id, payer, ahead
):
    # The chip signed the zero that a contract sees there, which anybody knows beforehand.
    current = next_block()
    arguments = chip_transfer(items, chip_batch, payer, block=current + ahead)

    with reverts(items.ItemRegistry_BlockTooOld, blockNumber=current + ahead, current=current):
        items.transferWithChip(*arguments, sender=payer)


def test_transfer_with_chip__chip_signed_zero_for_old_block__reverts(
    items, chip_batch, chip_item_id, payer
):
    ape.chain.mine(WINDOW)
    signature = sign_chip_transfer(items, chip_item_id, payer, block=next_block())
    current = next_block()
    arguments = chip_transfer(items, chip_batch, payer, block=0, signature=signature)

    with reverts(items.ItemRegistry_BlockTooOld, blockNumber=0, current=current):
        items.transferWithChip(*arguments, sender=payer)


@pytest.mark.parametrize("earlier", [1, 3])
def test_transfer_with_chip__chip_signed_hash_of_another_block__reverts(
    items, chip_batch, chip_item_id, payer, earlier
):
    signed = ape.chain.blocks.height - earlier
    signature = sign_chip_transfer(items, chip_item_id, payer, block=signed)
    arguments = chip_transfer(items, chip_batch, payer, signature=signature)

    with wrong_signer(items, arguments):
        items.transferWithChip(*arguments, sender=payer)


def test_transfer_with_chip__receiver_is_not_signed_one__reverts(
    items, chip_batch, chip_item_id, payer, attacker
):
    signature = sign_chip_transfer(items, chip_item_id, payer)
    arguments = chip_transfer(items, chip_batch, attacker, signature=signature)

    with wrong_signer(items, arguments):
        items.transferWithChip(*arguments, sender=attacker)


def test_transfer_with_chip__chip_of_another_item_signed__reverts(
    items, chip_batch, chip_item_id, payer
):
    signature = sign_chip_transfer(items, chip_item_id, payer, key=claim_key(1))
    arguments = chip_transfer(items, chip_batch, payer, signature=signature)

    with wrong_signer(items, arguments):
        items.transferWithChip(*arguments, sender=payer)


def test_transfer_with_chip__signature_is_of_claim__reverts(items, chip_batch, chip_item_id, payer):
    signature = sign_claim(items, chip_batch.item(), payer)
    arguments = chip_transfer(items, chip_batch, payer, signature=signature)

    with wrong_signer(items, arguments):
        items.transferWithChip(*arguments, sender=payer)


@pytest.mark.parametrize(
    "domain",
    [
        {"chainId": 1},
        {"verifyingContract": "0x" + "11" * 20},
        {"name": "Weilian"},
        {"version": "2"},
    ],
    ids=lambda domain: next(iter(domain)),
)
def test_transfer_with_chip__any_part_of_domain_differs__reverts(
    items, chip_batch, chip_item_id, payer, domain
):
    signature = sign_chip_transfer(items, chip_item_id, payer, **domain)
    arguments = chip_transfer(items, chip_batch, payer, signature=signature)

    with wrong_signer(items, arguments):
        items.transferWithChip(*arguments, sender=payer)


def test_transfer_with_chip__signature_is_high_s__reverts(items, chip_batch, chip_item_id, payer):
    signature = high_s(sign_chip_transfer(items, chip_item_id, payer))
    arguments = chip_transfer(items, chip_batch, payer, signature=signature)

    with reverts(items.ECDSAInvalidSignatureS, s=signature[32:64]):
        items.transferWithChip(*arguments, sender=payer)


@pytest.mark.parametrize(
    "shape", [compact, lambda _: b"", lambda signature: signature + b"\0"], ids=[64, 0, 66]
)
def test_transfer_with_chip__signature_has_another_length__reverts(
    items, chip_batch, chip_item_id, payer, shape
):
    signature = shape(sign_chip_transfer(items, chip_item_id, payer))
    arguments = chip_transfer(items, chip_batch, payer, signature=signature)

    with reverts(items.ECDSAInvalidSignatureLength, length=len(signature)):
        items.transferWithChip(*arguments, sender=payer)


def test_transfer_with_chip__signature_is_of_nobody__reverts(
    items, chip_batch, chip_item_id, attacker
):
    arguments = chip_transfer(items, chip_batch, attacker, signature=b"\0" * 65)

    with reverts(items.ECDSAInvalidSignature):
        items.transferWithChip(*arguments, sender=attacker)


def test_transfer_with_chip__any_bit_of_signature_is_flipped__reverts(
    items, chip_batch, chip_item_id, payer
):
    right = int.from_bytes(sign_chip_transfer(items, chip_item_id, payer))

    @on_one_chain(20)
    @given(st.integers(0, 65 * 8 - 1))
    def check(bit):
        signature = (right ^ 1 << bit).to_bytes(65)
        with ape.reverts():
            items.transferWithChip.call(
                *chip_transfer(items, chip_batch, payer, signature=signature), sender=payer
            )

    check()


def test_transfer_with_chip__key_is_hidden_code__reverts(items, batch, item_id, attacker):
    arguments = chip_transfer(items, batch, attacker)

    with reverts(items.ItemRegistry_NoChip, itemId=item_id):
        items.transferWithChip(*arguments, sender=attacker)


def test_transfer_with_chip__item_claimed_by_code_has_chip_leaf_too__reverts(
    items, provenance, brand, shopper, attacker
):
    # Who built the tree kept a chip for itself: a claim decides which leaf counts.
    batch = register_two_leaves(provenance, brand, HIDDEN_CODE, CHIP)
    claim_item(items, batch, shopper, index=0)

    with reverts(items.ItemRegistry_NoChip, itemId=item_id_of(batch.batch_id, 0)):
        items.transferWithChip(*chip_transfer(items, batch, attacker, 1), sender=attacker)


@pytest.mark.parametrize("claimed", [0, 1])
def test_transfer_with_chip__item_has_two_chips__is_accepted_from_claimed_one(
    items, provenance, brand, shopper, payer, claimed
):
    batch = register_two_leaves(provenance, brand, CHIP, CHIP)
    claim_item(items, batch, shopper, claimed)

    items.transferWithChip(*chip_transfer(items, batch, payer, claimed), sender=payer)

    assert state_of(items, item_id_of(batch.batch_id, 0)) == (payer, 1, ON_CHIP)


@pytest.mark.parametrize("claimed", [0, 1])
def test_transfer_with_chip__item_has_two_chips__reverts_for_other_one(
    items, provenance, brand, shopper, attacker, claimed
):
    batch = register_two_leaves(provenance, brand, CHIP, CHIP)
    claim_item(items, batch, shopper, claimed)
    arguments = chip_transfer(items, batch, attacker, 1 - claimed)

    with wrong_signer(items, arguments, claimed):
        items.transferWithChip(*arguments, sender=attacker)


def test_transfer_with_chip__attacker_makes_up_key__reverts(
    items, chip_batch, chip_item_id, attacker
):
    signature = sign_chip_transfer(items, chip_item_id, attacker, key=claim_key(99))
    arguments = chip_transfer(items, chip_batch, attacker, signature=signature)

    with wrong_signer(items, arguments):
        items.transferWithChip(*arguments, sender=attacker)


def test_transfer_with_chip__item_is_unclaimed__reverts(items, chip_batch, attacker):
    item_id = item_id_of(chip_batch.batch_id, 0)

    with reverts(items.ItemRegistry_NotOwned, itemId=item_id):
        items.transferWithChip(*chip_transfer(items, chip_batch, attacker), sender=attacker)


def test_transfer_with_chip__batch_is_unknown__reverts(items, provenance, attacker):
    batch = create_batch(provenance, attacker)

    with reverts(items.ItemRegistry_NotOwned, itemId=item_id_of(batch.batch_id, 0)):
        items.transferWithChip(*chip_transfer(items, batch, attacker), sender=attacker)


def test_transfer_with_chip__item_was_destroyed__reverts(
    items, chip_batch, chip_item_id, shopper, payer
):
    act(items, chip_item_id, OwnerAct.DESTROY, shopper)

    with reverts(items.ItemRegistry_NotOwned, itemId=chip_item_id):
        items.transferWithChip(*chip_transfer(items, chip_batch, payer), sender=payer)


def test_transfer_with_chip__receiver_is_zero__reverts(items, chip_batch, chip_item_id, payer):
    arguments = chip_transfer(items, chip_batch, ZERO_ADDRESS)

    with reverts(items.ERC721InvalidReceiver, receiver=ZERO_ADDRESS):
        items.transferWithChip(*arguments, sender=payer)


def test_transfer_with_chip__batch_is_recalled__is_accepted(
    items, provenance, chip_batch, chip_item_id, issuer, payer
):
    # A recall warns whoever looks; who has the item at hand must still be able to own it.
    recall(provenance, chip_batch, issuer)

    items.transferWithChip(*chip_transfer(items, chip_batch, payer), sender=payer)

    assert items.itemOf(chip_item_id).owner == payer
