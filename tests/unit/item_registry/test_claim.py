from itertools import count as counter

import ape
import pytest
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import CHIP, HIDDEN_CODE, claim_key, item_id_of, register_batch
from tests.support.claims import (
    FAR_DEADLINE,
    claim_item,
    compact,
    create_claim,
    high_s,
    sign_claim,
    signer_of,
)
from tests.support.clock import later, next_block_at
from tests.support.items import ON_CHIP, act, token_of
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct


def wrong_signer(items, arguments):
    """Demand that this claim is refused for its signer."""
    item, _, request, signature = arguments
    signer = signer_of(items, signature, item, request["claimer"], request["deadline"])
    return reverts(items.ItemRegistry_WrongSigner, signer=signer, claimKey=item["claimKey"])


def test_claim__claimer_sends_claim__becomes_owner(items, batch, shopper):
    tx = items.claim(*create_claim(items, batch, shopper), sender=shopper)

    state = items.itemOf(item_id_of(batch.batch_id, 0))
    assert tuple(state) == (shopper, tx.timestamp, 0, 0)


def test_claim__claimer_sends_claim__emits_transfer_and_claim(items, batch, shopper):
    tx = items.claim(*create_claim(items, batch, shopper, index=2), sender=shopper)

    token_id = token_of(item_id_of(batch.batch_id, 2))
    assert tx.events == [
        items.Transfer(**{"from": ZERO_ADDRESS, "to": shopper, "tokenId": token_id}),
        items.ItemClaimed(batchId=batch.batch_id, index=2, keyKind=HIDDEN_CODE),
    ]


def test_claim__another_sends_claim__makes_signed_claimer_owner(items, batch, shopper, relayer):
    items.claim(*create_claim(items, batch, shopper), sender=relayer)

    assert items.itemOf(item_id_of(batch.batch_id, 0)).owner == shopper


def test_claim__attacker_copies_claim__still_makes_signed_claimer_owner(
    items, batch, shopper, attacker
):
    arguments = create_claim(items, batch, shopper)

    items.claim(*arguments, sender=attacker)

    state = items.itemOf(item_id_of(batch.batch_id, 0))
    assert state.owner == shopper
    with reverts(
        items.ItemRegistry_AlreadyClaimed,
        itemId=item_id_of(batch.batch_id, 0),
        owner=shopper,
        claimedAt=state.claimedAt,
    ):
        items.claim(*arguments, sender=shopper)


def test_claim__attacker_puts_itself_into_claim__reverts(items, batch, shopper, attacker):
    request = {"claimer": attacker, "deadline": FAR_DEADLINE}
    arguments = create_claim(items, batch, shopper, request=request)

    with wrong_signer(items, arguments):
        items.claim(*arguments, sender=attacker)


def test_claim__claim_went_through__cannot_be_replayed(items, batch, shopper):
    tx = claim_item(items, batch, shopper)

    with reverts(
        items.ItemRegistry_AlreadyClaimed,
        itemId=item_id_of(batch.batch_id, 0),
        owner=shopper,
        claimedAt=tx.timestamp,
    ):
        claim_item(items, batch, shopper)


def test_claim__claim_went_through__cannot_be_claimed_by_another_with_same_key(
    items, batch, shopper, attacker
):
    tx = claim_item(items, batch, shopper)

    with reverts(
        items.ItemRegistry_AlreadyClaimed,
        itemId=item_id_of(batch.batch_id, 0),
        owner=shopper,
        claimedAt=tx.timestamp,
    ):
        claim_item(items, batch, attacker)


def test_claim__claim_went_through__cannot_be_claimed_with_other_contents_of_leaf(
    items, batch, shopper, attacker
):
    tx = claim_item(items, batch, shopper)
    item = batch.item() | {"serialCommitment": keccak(text="other"), "claimKey": attacker.address}

    with reverts(
        items.ItemRegistry_AlreadyClaimed,
        itemId=item_id_of(batch.batch_id, 0),
        owner=shopper,
        claimedAt=tx.timestamp,
    ):
        items.claim(*create_claim(items, batch, attacker, item=item), sender=attacker)


def test_claim__deadline_is_this_second__is_accepted(items, batch, shopper):
    deadline = later(100)
    arguments = create_claim(items, batch, shopper, deadline=deadline)
    next_block_at(deadline)

    items.claim(*arguments, sender=shopper)

    state = items.itemOf(item_id_of(batch.batch_id, 0))
    assert (state.owner, state.claimedAt) == (shopper, deadline)


def test_claim__deadline_was_one_second_ago__reverts(items, batch, shopper):
    deadline = later(100)
    arguments = create_claim(items, batch, shopper, deadline=deadline)
    next_block_at(deadline + 1)

    with reverts(items.ItemRegistry_DeadlinePassed, deadline=deadline, time=deadline + 1):
        items.claim(*arguments, sender=shopper)


def test_claim__deadline_is_not_signed_one__reverts(items, batch, shopper):
    request = {"claimer": shopper, "deadline": FAR_DEADLINE - 1}
    arguments = create_claim(items, batch, shopper, request=request)

    with wrong_signer(items, arguments):
        items.claim(*arguments, sender=shopper)


def test_claim__claimer_is_zero__reverts(items, batch, relayer):
    with reverts(items.ItemRegistry_ClaimerZero):
        items.claim(*create_claim(items, batch, ZERO_ADDRESS), sender=relayer)


def test_claim__another_key_signed__reverts(items, batch, attacker):
    signature = sign_claim(items, batch.item(), attacker, key=claim_key(1))
    claim_key_address = batch.item()["claimKey"]

    with reverts(
        items.ItemRegistry_WrongSigner, signer=claim_key(1).address, claimKey=claim_key_address
    ):
        items.claim(*create_claim(items, batch, attacker, signature=signature), sender=attacker)


def test_claim__signature_is_for_another_item__reverts(items, batch, shopper):
    signature = sign_claim(items, batch.item(1), shopper, key=claim_key(0))
    arguments = create_claim(items, batch, shopper, signature=signature)

    with wrong_signer(items, arguments):
        items.claim(*arguments, sender=shopper)


def test_claim__signature_is_for_another_contract__reverts(
    items, provenance, identities, batch, shopper, deployer, project
):
    other = deployer.deploy(project.ItemRegistry, provenance, identities)
    arguments = create_claim(items, batch, shopper)
    items.claim(*arguments, sender=shopper)

    with wrong_signer(other, arguments):
        other.claim(*arguments, sender=shopper)


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
def test_claim__any_part_of_domain_differs__reverts(items, batch, shopper, domain):
    signature = sign_claim(items, batch.item(), shopper, **domain)
    arguments = create_claim(items, batch, shopper, signature=signature)

    with wrong_signer(items, arguments):
        items.claim(*arguments, sender=shopper)


def test_claim__signature_is_high_s__reverts(items, batch, shopper):
    signature = high_s(sign_claim(items, batch.item(), shopper))

    with reverts(items.ECDSAInvalidSignatureS, s=signature[32:64]):
        items.claim(*create_claim(items, batch, shopper, signature=signature), sender=shopper)


@pytest.mark.parametrize(
    "shape",
    [lambda _: b"", compact, lambda signature: signature[:-1], lambda signature: signature + b"\0"],
    ids=["empty", "compact", "64 bytes", "66 bytes"],
)
def test_claim__signature_has_another_length__reverts(items, batch, shopper, shape):
    signature = shape(sign_claim(items, batch.item(), shopper))

    with reverts(items.ECDSAInvalidSignatureLength, length=len(signature)):
        items.claim(*create_claim(items, batch, shopper, signature=signature), sender=shopper)


@pytest.mark.parametrize("v", [0, 1, 26, 29])
def test_claim__signature_is_of_nobody__reverts(items, batch, shopper, v):
    signature = sign_claim(items, batch.item(), shopper)[:64] + bytes([v])

    with reverts(items.ECDSAInvalidSignature):
        items.claim(*create_claim(items, batch, shopper, signature=signature), sender=shopper)


def test_claim__signature_is_of_nobody__reverts_even_if_leaf_has_no_key(items, batch, attacker):
    item = batch.item() | {"claimKey": ZERO_ADDRESS}

    with reverts(items.ECDSAInvalidSignature):
        items.claim(
            *create_claim(items, batch, attacker, item=item, signature=b"\0" * 65),
            sender=attacker,
        )


def test_claim__any_bit_of_signature_is_flipped__reverts(items, batch, shopper):
    right = int.from_bytes(sign_claim(items, batch.item(), shopper))

    @on_one_chain(30)
    @given(st.integers(0, 65 * 8 - 1))
    def check(bit):
        signature = (right ^ 1 << bit).to_bytes(65)
        with ape.reverts():
            items.claim.call(
                *create_claim(items, batch, shopper, signature=signature), sender=shopper
            )

    check()


def test_claim__another_item_of_batch_is_claimed__is_accepted(items, batch, shopper, payer):
    claim_item(items, batch, shopper, index=0)

    claim_item(items, batch, payer, index=1)

    assert items.itemOf(item_id_of(batch.batch_id, 0)).owner == shopper
    assert items.itemOf(item_id_of(batch.batch_id, 1)).owner == payer


def test_claim__batch_of_one_item__is_accepted_with_empty_proof(items, provenance, issuer, shopper):
    batch = register_batch(provenance, issuer, count=1)

    items.claim(*create_claim(items, batch, shopper, proof=[]), sender=shopper)

    assert items.itemOf(item_id_of(batch.batch_id, 0)).owner == shopper


def test_claim__batches_of_any_size_are_tried__gives_each_item_to_its_claimer(
    items, provenance, issuer, shopper, relayer
):
    gtins = counter(1)

    @on_one_chain(30)
    @given(st.integers(1, 33), st.integers(0, 32))
    def check(count, any_index):
        batch = register_batch(provenance, issuer, count, gtin=next(gtins))
        index = any_index % count

        items.claim(*create_claim(items, batch, shopper, index), sender=relayer)

        assert items.itemOf(item_id_of(batch.batch_id, index)).owner == shopper

    check()


def test_claim__key_is_in_chip__marks_item(items, chip_batch, shopper):
    tx = claim_item(items, chip_batch, shopper)

    state = items.itemOf(item_id_of(chip_batch.batch_id, 0))
    assert tuple(state) == (shopper, tx.timestamp, 0, ON_CHIP)
    assert tx.events[1].keyKind == CHIP


@pytest.mark.parametrize("answer", [b"\0" * 4, b"\xff" * 4], ids=["reverts", "answers wrongly"])
def test_claim__claimer_is_contract_that_refuses_items__is_accepted(
    items, batch, project, deployer, relayer, answer
):
    receiver = deployer.deploy(project.ItemReceiver, answer)

    items.claim(*create_claim(items, batch, receiver), sender=relayer)

    assert items.itemOf(item_id_of(batch.batch_id, 0)).owner == receiver


def test_claim__item_was_destroyed__reverts(items, batch, item_id, shopper, attacker):
    claimed_at = items.itemOf(item_id).claimedAt
    act(items, item_id, OwnerAct.DESTROY, shopper)

    with reverts(
        items.ItemRegistry_AlreadyClaimed, itemId=item_id, owner=shopper, claimedAt=claimed_at
    ):
        claim_item(items, batch, attacker)


def test_claim__item_changed_hands__reverts_with_owner_of_now(
    items, batch, item_id, shopper, payer, attacker
):
    claimed_at = items.itemOf(item_id).claimedAt
    act(items, item_id, OwnerAct.TRANSFER, shopper, payer)

    with reverts(
        items.ItemRegistry_AlreadyClaimed, itemId=item_id, owner=payer, claimedAt=claimed_at
    ):
        claim_item(items, batch, attacker)
