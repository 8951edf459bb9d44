"""Currencies that do not behave as ERC-20 says, or call back while they are paid."""

import pytest
from eth_abi import encode

from tests.support.abi import ZERO_ADDRESS, selector
from tests.support.funding import ALLOWANCE, Kind, sign_order
from tests.support.programme import account, create_order, publish
from tests.support.reverts import reverts
from tests.unit.checkout.conftest import AMOUNT, approve

NONE, AUTHORIZED, CAPTURED = range(3)


@pytest.fixture
def offer(project, deployer, escrow, checkout, deal, payer):
    """A kind of token, an order in it that is approved and signed."""

    def offer(name):
        token = deployer.deploy(getattr(project, name))
        order = deal(token)
        approve(token, payer, checkout, payer, 2 * AMOUNT)
        return token, order, sign_order(escrow, payer, order)

    return offer


@pytest.mark.parametrize("step", ["authorize", "charge"])
def test_hostile_tokens__token_pays_another_order_meanwhile__is_refused(
    escrow, checkout, offer, payer, relayer, step
):
    token, order, signature = offer("HookToken")
    token.mint(payer, AMOUNT, sender=payer)
    twin = order | {"salt": 2}
    again = getattr(checkout, step).encode_input(twin, ALLOWANCE, sign_order(escrow, payer, twin))
    token.arm(checkout, again, sender=relayer)

    checkout.authorize(order, ALLOWANCE, signature, sender=relayer)

    assert (token.hasReentered(), token.succeeded()) == (True, False)
    assert token.result() == selector(checkout.ReentrancyGuardReentrantCall.abi)
    assert escrow.orderOf(twin).status == NONE
    assert token.balanceOf(escrow) == AMOUNT


def test_hostile_tokens__token_sends_same_order_meanwhile__is_refused(
    escrow, checkout, offer, relayer
):
    token, order, signature = offer("HookToken")
    token.arm(
        checkout, checkout.authorize.encode_input(order, ALLOWANCE, signature), sender=relayer
    )

    checkout.authorize(order, ALLOWANCE, signature, sender=relayer)

    assert not token.succeeded()
    assert token.balanceOf(escrow) == AMOUNT
    assert token.balanceOf(checkout) == 0


def test_hostile_tokens__token_takes_fee__reverts(checkout, offer, relayer):
    token, order, signature = offer("FeeToken")

    with reverts(
        token.ERC20InsufficientBalance, sender=checkout, balance=AMOUNT * 99 // 100, needed=AMOUNT
    ):
        checkout.authorize(order, ALLOWANCE, signature, sender=relayer)


def test_hostile_tokens__token_takes_fee__reverts_even_if_some_lies_at_checkout(
    escrow, checkout, offer, payer, relayer
):
    token, order, signature = offer("FeeToken")
    token.mint(checkout, AMOUNT, sender=payer)

    with reverts(
        escrow.PartyLedger_WrongAmountReceived,
        currency=token,
        received=AMOUNT * 99 // 100,
        due=AMOUNT,
    ):
        checkout.authorize(order, ALLOWANCE, signature, sender=relayer)


def test_hostile_tokens__token_returns_false__reverts(checkout, offer, deployer, relayer):
    token, order, signature = offer("FalseToken")
    token.setHostile(True, sender=deployer)

    with reverts(checkout.SafeERC20FailedOperation, token=token):
        checkout.authorize(order, ALLOWANCE, signature, sender=relayer)


def test_hostile_tokens__token_lies_about_payment__reverts(
    escrow, checkout, offer, deployer, relayer
):
    token, order, signature = offer("LyingToken")
    token.setHostile(True, sender=deployer)

    with reverts(escrow.PartyLedger_WrongAmountReceived, currency=token, received=0, due=AMOUNT):
        checkout.authorize(order, ALLOWANCE, signature, sender=relayer)


def test_hostile_tokens__token_returns_nothing__authorizes(escrow, checkout, offer, relayer):
    token, order, signature = offer("NoReturnToken")

    checkout.authorize(order, ALLOWANCE, signature, sender=relayer)

    assert escrow.orderOf(order).status == AUTHORIZED
    assert token.balanceOf(escrow) == AMOUNT


def test_hostile_tokens__token_of_hostile_brand_forges_payments__blocks_no_payment_to_another_brand(
    project, deployer, book, escrow, checkout, sale, brand, attacker, relayer
):
    signed = sale(Kind.ALLOWANCE, is_final=True)
    token = deployer.deploy(project.ForgingToken)
    terms = {"currency": token.address, "isFinal": True, "refundWindow": 0, "maturity": 0}
    plan_id = publish(book, attacker, **terms)
    forged = signed.order | {"planId": plan_id, "receiver": attacker, "currency": token.address}
    nothing = encode(["uint256", "uint256", "bytes"], [0, 0, b""])
    checkout.charge(forged, (Kind.AUTHORIZATION, nothing), b"", sender=attacker)

    checkout.charge(*signed.arguments, sender=relayer)

    assert escrow.creditOf(account(brand), signed.token) == AMOUNT * 98 // 100


@pytest.mark.parametrize("step", ["authorize", "charge"])
def test_hostile_tokens__token_forges_payment_of_nobody__is_refused(
    project, deployer, book, escrow, checkout, payer, attacker, step
):
    token = deployer.deploy(project.ForgingToken)
    timing = {"isFinal": True, "refundWindow": 0, "maturity": 0} if step == "charge" else {}
    plan_id = publish(book, attacker, currency=token.address, **timing)
    order = create_order(plan_id, ZERO_ADDRESS, attacker, currency=token.address)
    nothing = encode(["uint256", "uint256", "bytes"], [0, 0, b""])

    with reverts(escrow.CommissionEscrow_PayerInvalid, payer=ZERO_ADDRESS):
        getattr(checkout, step)(order, (Kind.AUTHORIZATION, nothing), b"", sender=attacker)


def test_hostile_tokens__currency_has_no_code__reverts(escrow, checkout, sale, payer, attacker):
    order = sale(Kind.ALLOWANCE).order | {"currency": attacker}

    with reverts(checkout.SafeERC20FailedOperation, token=attacker):
        checkout.authorize(order, ALLOWANCE, b"", sender=payer)
