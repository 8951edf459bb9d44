import ape
import pytest
from eth_account import Account
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.claims import FAR_DEADLINE, claim_item, compact, high_s
from tests.support.clock import later, next_block_at
from tests.support.items import (
    DESTROYED,
    LOST,
    STOLEN,
    act,
    delegate_code,
    sign_act,
    state_of,
    token_of,
    typed_act,
)
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct

TRANSFER = OwnerAct.TRANSFER


def wrong_signature(items, item_id, owner):
    return reverts(items.ItemRegistry_OwnerSignatureWrong, itemId=item_id, owner=owner)


def test_act_for__owner_signed_transfer__means_receiver_owns_item(
    items, item_id, shopper, payer, relayer
):
    signature = sign_act(items, item_id, TRANSFER, shopper, payer)

    tx = items.actFor(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=relayer)

    assert state_of(items, item_id) == (payer, 1, 0)
    assert tx.events == [
        items.Transfer(**{"from": shopper, "to": payer, "tokenId": token_of(item_id)}),
        items.ItemActed(itemId=item_id, act=TRANSFER, owner=payer, nonce=1),
    ]


@pytest.mark.parametrize(
    ("what", "flags"),
    [
        (OwnerAct.REPORT_LOST, LOST),
        (OwnerAct.REPORT_STOLEN, STOLEN),
        (OwnerAct.DESTROY, DESTROYED),
    ],
)
def test_act_for__owner_signed_report__sets_flag(items, item_id, shopper, relayer, what, flags):
    signature = sign_act(items, item_id, what, shopper)

    items.actFor(item_id, what, ZERO_ADDRESS, FAR_DEADLINE, signature, sender=relayer)

    assert state_of(items, item_id) == (shopper, 1, flags)


def test_act_for__owner_signed_finding__clears_report(items, item_id, shopper, relayer):
    act(items, item_id, OwnerAct.REPORT_LOST, shopper)
    what = OwnerAct.REPORT_FOUND
    signature = sign_act(items, item_id, what, shopper)

    items.actFor(item_id, what, ZERO_ADDRESS, FAR_DEADLINE, signature, sender=relayer)

    assert state_of(items, item_id) == (shopper, 2, 0)


def test_act_for__signed_act_went_through__does_not_work_again(items, item_id, shopper, relayer):
    what = OwnerAct.REPORT_LOST
    signature = sign_act(items, item_id, what, shopper)
    items.actFor(item_id, what, ZERO_ADDRESS, FAR_DEADLINE, signature, sender=relayer)

    with wrong_signature(items, item_id, shopper):
        items.actFor(item_id, what, ZERO_ADDRESS, FAR_DEADLINE, signature, sender=relayer)


def test_act_for__item_came_back_after_signed_act__does_not_work_again(
    items, item_id, shopper, payer, relayer
):
    signature = sign_act(items, item_id, TRANSFER, shopper, payer)
    items.actFor(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=relayer)
    act(items, item_id, TRANSFER, payer, shopper)

    with wrong_signature(items, item_id, shopper):
        items.actFor(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=payer)


@pytest.mark.parametrize("what", list(OwnerAct), ids=lambda what: what.name)
def test_act_for__item_changed_hands_since__means_signed_act_of_former_owner_is_dead(
    items, item_id, shopper, payer, attacker, what
):
    signature = sign_act(items, item_id, what, shopper, attacker)
    act(items, item_id, TRANSFER, shopper, payer)

    with wrong_signature(items, item_id, payer):
        items.actFor(item_id, what, attacker, FAR_DEADLINE, signature, sender=attacker)


def test_act_for__item_went_through_wallet_transfer_and_back__means_signed_act_is_dead(
    items, item_id, shopper, payer, attacker
):
    signature = sign_act(items, item_id, TRANSFER, shopper, attacker)
    token_id = token_of(item_id)
    items.transferFrom(shopper, payer, token_id, sender=shopper)
    items.transferFrom(payer, shopper, token_id, sender=payer)

    with wrong_signature(items, item_id, shopper):
        items.actFor(item_id, TRANSFER, attacker, FAR_DEADLINE, signature, sender=attacker)


@pytest.mark.parametrize("nonce", [1, 2**32 - 1])
def test_act_for__nonce_is_not_items__reverts(items, item_id, shopper, payer, nonce):
    signature = sign_act(items, item_id, TRANSFER, shopper, payer, nonce=nonce)

    with wrong_signature(items, item_id, shopper):
        items.actFor(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=payer)


def test_act_for__deadline_is_this_second__is_accepted(items, item_id, shopper, payer, relayer):
    deadline = later(100)
    signature = sign_act(items, item_id, TRANSFER, shopper, payer, deadline)
    next_block_at(deadline)

    items.actFor(item_id, TRANSFER, payer, deadline, signature, sender=relayer)

    assert items.itemOf(item_id).owner == payer


def test_act_for__deadline_was_one_second_ago__reverts(items, item_id, shopper, payer, relayer):
    deadline = later(100)
    signature = sign_act(items, item_id, TRANSFER, shopper, payer, deadline)
    next_block_at(deadline + 1)

    with reverts(items.ItemRegistry_DeadlinePassed, deadline=deadline, time=deadline + 1):
        items.actFor(item_id, TRANSFER, payer, deadline, signature, sender=relayer)


def test_act_for__any_argument_is_not_signed_one__reverts(items, item_id, shopper, payer, attacker):
    signature = sign_act(items, item_id, TRANSFER, shopper, payer)

    for what, to, deadline in (
        (OwnerAct.DESTROY, payer, FAR_DEADLINE),
        (TRANSFER, attacker, FAR_DEADLINE),
        (TRANSFER, payer, FAR_DEADLINE - 1),
    ):
        with wrong_signature(items, item_id, shopper):
            items.actFor(item_id, what, to, deadline, signature, sender=attacker)


def test_act_for__signature_is_for_another_item__reverts(
    items, batch, item_id, shopper, payer, relayer
):
    claim_item(items, batch, shopper, index=1)
    other_id = items.itemIdOf(batch.batch_id, 1)
    signature = sign_act(items, other_id, TRANSFER, shopper, payer)

    with wrong_signature(items, item_id, shopper):
        items.actFor(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=relayer)


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
def test_act_for__any_part_of_domain_differs__reverts(items, item_id, shopper, payer, domain):
    signature = sign_act(items, item_id, TRANSFER, shopper, payer, **domain)

    with wrong_signature(items, item_id, shopper):
        items.actFor(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=payer)


@pytest.mark.parametrize(
    "shape",
    [high_s, compact, lambda _: b"", lambda signature: signature + b"\0", lambda _: b"\0" * 65],
    ids=["high s", "compact", "empty", "66 bytes", "zeros"],
)
def test_act_for__signature_has_another_form__reverts(items, item_id, shopper, payer, shape):
    signature = shape(sign_act(items, item_id, TRANSFER, shopper, payer))

    with wrong_signature(items, item_id, shopper):
        items.actFor(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=payer)


def test_act_for__any_bit_of_signature_is_flipped__reverts(items, item_id, shopper, payer):
    right = int.from_bytes(sign_act(items, item_id, TRANSFER, shopper, payer))

    @on_one_chain(20)
    @given(st.integers(0, 65 * 8 - 1))
    def check(bit):
        signature = (right ^ 1 << bit).to_bytes(65)
        with ape.reverts(items.ItemRegistry_OwnerSignatureWrong):
            items.actFor.call(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=payer)

    check()


def test_act_for__another_account_signed__reverts(items, item_id, shopper, attacker):
    signature = sign_act(items, item_id, TRANSFER, attacker, attacker)

    with wrong_signature(items, item_id, shopper):
        items.actFor(item_id, TRANSFER, attacker, FAR_DEADLINE, signature, sender=attacker)


def test_act_for__hidden_code_signed__reverts(items, batch, item_id, shopper, attacker):
    # Whoever scratched the code free has its key; it is no owner's key.
    key = Account.from_key(keccak(text="hidden key 0"))
    assert key.address == batch.item()["claimKey"]
    message = typed_act(items, item_id, TRANSFER, attacker)
    signature = bytes(key.sign_message(message).signature)

    with wrong_signature(items, item_id, shopper):
        items.actFor(item_id, TRANSFER, attacker, FAR_DEADLINE, signature, sender=attacker)


@pytest.mark.parametrize("what", list(OwnerAct), ids=lambda what: what.name)
def test_act_for__item_is_unclaimed__reverts(items, batch, shopper, relayer, what):
    item_id = items.itemIdOf(batch.batch_id, 0)
    signature = sign_act(items, item_id, what, shopper, shopper)

    with reverts(items.ItemRegistry_NotOwned, itemId=item_id):
        items.actFor(item_id, what, shopper, FAR_DEADLINE, signature, sender=relayer)


def test_act_for__item_is_unclaimed__reverts_for_signature_of_nobody(items, batch, attacker):
    item_id = items.itemIdOf(batch.batch_id, 0)

    with reverts(items.ItemRegistry_NotOwned, itemId=item_id):
        items.actFor(item_id, TRANSFER, attacker, FAR_DEADLINE, b"\0" * 65, sender=attacker)


@pytest.mark.parametrize("what", list(OwnerAct), ids=lambda what: what.name)
def test_act_for__item_was_destroyed__reverts(items, item_id, shopper, payer, relayer, what):
    act(items, item_id, OwnerAct.DESTROY, shopper)
    signature = sign_act(items, item_id, what, shopper, payer)

    with reverts(items.ItemRegistry_NotOwned, itemId=item_id):
        items.actFor(item_id, what, payer, FAR_DEADLINE, signature, sender=relayer)


def test_act_for__item_has_chip__reverts_for_transfer(items, chip_item_id, shopper, payer, relayer):
    signature = sign_act(items, chip_item_id, TRANSFER, shopper, payer)

    with reverts(items.ItemRegistry_ChipNeeded, itemId=chip_item_id):
        items.actFor(chip_item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=relayer)


def test_act_for__owner_signed_transfer_to_zero__reverts(items, item_id, shopper, relayer):
    signature = sign_act(items, item_id, TRANSFER, shopper)

    with reverts(items.ERC721InvalidReceiver, receiver=ZERO_ADDRESS):
        items.actFor(item_id, TRANSFER, ZERO_ADDRESS, FAR_DEADLINE, signature, sender=relayer)


def test_act_for__account_is_given_code__still_takes_its_key(
    items, item_id, chain, wallet, shopper, payer, relayer
):
    # A plain account under EIP-7702: its key still counts, whatever its code would answer.
    wallet.setRefusing(True, sender=shopper)
    signature = sign_act(items, item_id, TRANSFER, shopper, payer)
    delegate_code(chain, shopper, wallet, relayer)
    assert chain.provider.get_code(shopper.address)[:3] == b"\xef\x01\x00"

    items.actFor(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=payer)

    assert items.itemOf(item_id).owner == payer
