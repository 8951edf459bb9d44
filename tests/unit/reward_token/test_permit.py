from dataclasses import replace

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.claims import high_s
from tests.support.clock import later, next_block_at
from tests.support.permits import Permit
from tests.support.reverts import reverts


@pytest.fixture
def permit(payer, shopper):
    return Permit(payer.address, shopper.address, 9)


def invalid_signer(token, permit, signature):
    signer = permit.signer_of(token, signature)
    return reverts(token.ERC2612InvalidSigner, signer=signer, owner=permit.owner)


def test_permit__anyone_sends_it__sets_allowance(minted, permit, payer, shopper, relayer):
    tx = minted.permit(*permit.arguments(permit.sign(minted, payer)), sender=relayer)

    assert tx.events == [minted.Approval(owner=payer, spender=shopper, value=9)]
    assert minted.allowance(payer, shopper) == 9


def test_permit__anyone_sends_it__uses_up_nonce(minted, permit, payer, relayer):
    minted.permit(*permit.arguments(permit.sign(minted, payer)), sender=relayer)

    assert minted.nonces(payer) == 1


def test_permit__it_is_replayed__reverts(minted, permit, payer, relayer):
    signature = permit.sign(minted, payer)
    minted.permit(*permit.arguments(signature), sender=relayer)

    with invalid_signer(minted, permit, signature):
        minted.permit(*permit.arguments(signature), sender=relayer)


def test_permit__attacker_sends_it_first__leaves_allowance_usable(
    minted, permit, payer, shopper, attacker
):
    signature = permit.sign(minted, payer)
    minted.permit(*permit.arguments(signature), sender=attacker)

    with invalid_signer(minted, permit, signature):
        minted.permit(*permit.arguments(signature), sender=shopper)
    minted.transferFrom(payer, shopper, 9, sender=shopper)

    assert minted.balanceOf(shopper) == 9


def test_permit__deadline_is_this_second__is_accepted(minted, permit, payer, shopper):
    deadline = later(100)
    timed = replace(permit, deadline=deadline)
    signature = timed.sign(minted, payer)
    next_block_at(deadline)

    minted.permit(*timed.arguments(signature), sender=shopper)

    assert minted.allowance(payer, shopper) == 9


def test_permit__deadline_was_one_second_ago__reverts(minted, permit, payer, shopper):
    deadline = later(100)
    timed = replace(permit, deadline=deadline)
    signature = timed.sign(minted, payer)
    next_block_at(deadline + 1)

    with reverts(minted.ERC2612ExpiredSignature, deadline=deadline):
        minted.permit(*timed.arguments(signature), sender=shopper)


def test_permit__another_signed__reverts(minted, permit, attacker, payer):
    signature = permit.sign(minted, attacker)

    with reverts(minted.ERC2612InvalidSigner, signer=attacker, owner=payer):
        minted.permit(*permit.arguments(signature), sender=attacker)


def test_permit__value_is_not_signed_one__reverts(minted, permit, payer, shopper):
    signature = permit.sign(minted, payer)
    more = replace(permit, value=10)

    with invalid_signer(minted, more, signature):
        minted.permit(*more.arguments(signature), sender=shopper)


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
def test_permit__any_part_of_domain_differs__reverts(minted, permit, payer, shopper, domain):
    signature = permit.sign(minted, payer, **domain)

    with invalid_signer(minted, permit, signature):
        minted.permit(*permit.arguments(signature), sender=shopper)


def test_permit__signature_is_high_s__reverts(minted, permit, payer, shopper):
    signature = high_s(permit.sign(minted, payer))

    with reverts(minted.ECDSAInvalidSignatureS, s=signature[32:64]):
        minted.permit(*permit.arguments(signature), sender=shopper)


def test_permit__owner_is_zero__reverts(minted, permit, shopper):
    nobody = replace(permit, owner=ZERO_ADDRESS)

    with reverts(minted.ECDSAInvalidSignature):
        minted.permit(*nobody.arguments(b"\0" * 65), sender=shopper)
