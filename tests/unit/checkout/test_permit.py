"""Orders paid by a signed allowance (EIP-2612), which anyone may have used before."""

import pytest

from tests.support.clock import later, next_block_at
from tests.support.funding import Kind, by_permit, permit_data, sign_order
from tests.support.money import Money
from tests.support.permits import FOREVER, Permit
from tests.support.reverts import reverts
from tests.unit.checkout.conftest import AMOUNT, approve

AUTHORIZED = 1


def test_permit__stranger_used_it_before__still_pays(
    escrow, checkout, deal, dollar, payer, attacker, relayer, assert_empty
):
    order = deal(dollar)
    permit = Permit(payer.address, checkout.address, AMOUNT)
    signature = permit.sign(dollar, payer)
    dollar.permit(*permit.arguments(signature), sender=attacker)

    with Money(escrow, checkout, payer, attacker, token=dollar) as money:
        checkout.authorize(
            order,
            permit_data(AMOUNT, FOREVER, signature),
            sign_order(escrow, payer, order),
            sender=relayer,
        )

    assert money.changes == {payer.address: -AMOUNT, escrow.address: AMOUNT}
    assert_empty(dollar)


def test_permit__stranger_used_it_before__reverts_if_allowance_is_spent(
    escrow, checkout, deal, dollar, payer, relayer
):
    order = deal(dollar)
    funding = by_permit(dollar, payer, checkout, AMOUNT)
    checkout.authorize(order, funding, sign_order(escrow, payer, order), sender=relayer)
    dollar.mint(payer, AMOUNT, sender=payer)
    twin = order | {"salt": 2}

    with reverts(dollar.ERC20InsufficientAllowance, spender=checkout, allowance=0, needed=AMOUNT):
        checkout.authorize(twin, funding, sign_order(escrow, payer, twin), sender=relayer)


def test_permit__its_value_is_above_amount__leaves_allowance_that_strangers_cannot_use(
    escrow, checkout, deal, dollar, payer, attacker, relayer
):
    order = deal(dollar)
    funding = by_permit(dollar, payer, checkout, 3 * AMOUNT)
    checkout.authorize(order, funding, sign_order(escrow, payer, order), sender=relayer)
    dollar.mint(payer, AMOUNT, sender=payer)
    twin = order | {"salt": 2}

    with reverts(checkout.Checkout_SignatureInvalid, payer=payer):
        checkout.authorize(twin, funding, sign_order(escrow, attacker, twin), sender=attacker)

    assert dollar.allowance(payer, checkout) == 2 * AMOUNT
    assert dollar.balanceOf(payer) == AMOUNT


def test_permit__its_value_is_below_amount__reverts(escrow, checkout, deal, dollar, payer, relayer):
    order = deal(dollar)
    funding = by_permit(dollar, payer, checkout, AMOUNT - 1)

    with reverts(
        dollar.ERC20InsufficientAllowance, spender=checkout, allowance=AMOUNT - 1, needed=AMOUNT
    ):
        checkout.authorize(order, funding, sign_order(escrow, payer, order), sender=relayer)


def test_permit__its_deadline_is_this_second__pays(escrow, checkout, deal, dollar, payer, relayer):
    order, deadline = deal(dollar), later(100)
    funding = by_permit(dollar, payer, checkout, AMOUNT, deadline)
    signature = sign_order(escrow, payer, order)
    next_block_at(deadline)

    checkout.authorize(order, funding, signature, sender=relayer)

    assert escrow.orderOf(order).status == AUTHORIZED


def test_permit__its_deadline_was_second_before__reverts(
    escrow, checkout, deal, dollar, payer, relayer
):
    order, deadline = deal(dollar), later(100)
    funding = by_permit(dollar, payer, checkout, AMOUNT, deadline)
    signature = sign_order(escrow, payer, order)
    next_block_at(deadline + 1)

    with reverts(dollar.ERC20InsufficientAllowance, spender=checkout, allowance=0, needed=AMOUNT):
        checkout.authorize(order, funding, signature, sender=relayer)


def test_permit__it_is_signed_by_stranger__reverts(
    escrow, checkout, deal, dollar, payer, attacker, relayer
):
    order = deal(dollar)
    permit = Permit(payer.address, checkout.address, AMOUNT)
    funding = permit_data(AMOUNT, FOREVER, permit.sign(dollar, attacker))

    with reverts(dollar.ERC20InsufficientAllowance, spender=checkout, allowance=0, needed=AMOUNT):
        checkout.authorize(order, funding, sign_order(escrow, payer, order), sender=relayer)


@pytest.mark.parametrize("is_hostile", [False, True], ids=["does nothing", "reverts"])
def test_permit__token_ignores_it__pays_if_allowance_suffices(
    project, deployer, escrow, checkout, deal, payer, relayer, is_hostile
):
    token = deployer.deploy(project.OddPermitToken)
    order = deal(token)
    token.setHostile(is_hostile, sender=deployer)
    approve(token, payer, checkout, payer)
    funding = permit_data(AMOUNT, FOREVER, b"\0" * 65)

    checkout.authorize(order, funding, sign_order(escrow, payer, order), sender=relayer)

    assert escrow.orderOf(order).status == AUTHORIZED
    assert token.balanceOf(escrow) == AMOUNT


@pytest.mark.parametrize("name", ["OddPermitToken", "TestStablecoin", "PhantomToken"])
def test_permit__token_ignores_it__reverts_without_allowance(
    project, deployer, escrow, checkout, deal, payer, relayer, name
):
    token = deployer.deploy(getattr(project, name))
    order = deal(token)
    funding = permit_data(AMOUNT, FOREVER, b"\0" * 65)

    with reverts(token.ERC20InsufficientAllowance, spender=checkout, allowance=0, needed=AMOUNT):
        checkout.authorize(order, funding, sign_order(escrow, payer, order), sender=relayer)


def test_permit__payer_is_contract_wallet__pays_from_allowance(
    escrow, checkout, sale, wallet, shopper, relayer
):
    signed = sale(Kind.ALLOWANCE, signer=shopper, buyer=wallet)
    funding = permit_data(AMOUNT, FOREVER, b"\0" * 65)

    checkout.authorize(signed.order, funding, signed.signature, sender=relayer)

    assert escrow.orderOf(signed.order).status == AUTHORIZED
