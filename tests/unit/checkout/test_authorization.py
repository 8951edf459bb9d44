"""Orders paid by a signed payment (ERC-3009) that carries the order's id as its nonce."""

import ape
import pytest
from eth_abi import decode, encode

from tests.support.account_code import put_code_at
from tests.support.clock import later, next_block_at
from tests.support.funding import Kind, by_authorization
from tests.support.money import Money
from tests.support.reverts import reverts
from tests.unit.checkout.conftest import AMOUNT

NONE, AUTHORIZED = range(2)


@pytest.fixture
def order(deal, authorization_dollar):
    return deal(authorization_dollar)


@pytest.fixture
def order_id(escrow, order):
    return bytes(escrow.orderIdOf(order))


@pytest.fixture
def signed(authorization_dollar, checkout, order_id, payer):
    """The payer's signature over this order's payment, with changes."""

    def signed(**changes):
        terms = {"signer": payer, "to": checkout, "value": AMOUNT, "nonce": order_id}
        return by_authorization(authorization_dollar, **(terms | changes))

    return signed


@pytest.fixture
def key_sale(sale):
    """An order in a token that takes v, r and s alone."""
    return sale(Kind.KEY_AUTHORIZATION)


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": b"\1" * 32},
        {"nonce": bytes(32)},
        {"value": AMOUNT - 1},
        {"value": AMOUNT + 1},
        {"chainId": 1},
        {"verifyingContract": "0x" + "33" * 20},
        {"version": "1"},
    ],
    ids=lambda changes: " ".join(map(str, changes)),
)
def test_authorization__it_is_for_another_payment__reverts(
    checkout, authorization_dollar, order, signed, payer, relayer, changes
):
    funding = signed(**changes)

    with reverts(authorization_dollar.AuthorizationToken_SignatureInvalid, authorizer=payer):
        checkout.authorize(order, funding, b"", sender=relayer)


def test_authorization__it_is_to_another_account__reverts(
    checkout, authorization_dollar, order, signed, payer, relayer
):
    funding = signed(to=relayer)

    with reverts(authorization_dollar.AuthorizationToken_SignatureInvalid, authorizer=payer):
        checkout.authorize(order, funding, b"", sender=relayer)


def test_authorization__it_is_signed_by_stranger__reverts(
    checkout, authorization_dollar, order, signed, payer, attacker
):
    funding = signed(signer=attacker, payer=payer)

    with reverts(authorization_dollar.AuthorizationToken_SignatureInvalid, authorizer=payer):
        checkout.authorize(order, funding, b"", sender=attacker)


def test_authorization__it_is_used_for_another_order__reverts(
    escrow, checkout, authorization_dollar, order, signed, payer, attacker
):
    other = order | {"operator": attacker}

    with reverts(authorization_dollar.AuthorizationToken_SignatureInvalid, authorizer=payer):
        checkout.authorize(other, signed(), b"", sender=attacker)

    assert escrow.orderOf(other).status == NONE


def test_authorization__payer_sends_it_itself__reverts_without_its_signature(
    checkout, authorization_dollar, order, signed, payer, attacker
):
    funding = signed(signer=attacker, payer=payer)

    with reverts(authorization_dollar.AuthorizationToken_SignatureInvalid, authorizer=payer):
        checkout.authorize(order, funding, b"", sender=payer)


def test_authorization__stranger_takes_it_to_token__reverts(
    checkout, authorization_dollar, order_id, signed, payer, attacker
):
    _, data = signed()
    after, before, signature = decode(["uint256", "uint256", "bytes"], data)

    with reverts(
        authorization_dollar.AuthorizationToken_CallerNotPayee, caller=attacker, payee=checkout
    ):
        authorization_dollar.receiveWithAuthorization(
            payer, checkout, AMOUNT, after, before, order_id, signature, sender=attacker
        )


def test_authorization__it_begins_second_before__pays(escrow, checkout, order, signed, relayer):
    after = later(100)
    funding = signed(after=after)
    next_block_at(after + 1)

    checkout.authorize(order, funding, b"", sender=relayer)

    assert escrow.orderOf(order).status == AUTHORIZED


def test_authorization__it_begins_this_second__reverts(
    checkout, authorization_dollar, order, signed, relayer
):
    after = later(100)
    funding = signed(after=after)
    next_block_at(after)

    with reverts(authorization_dollar.AuthorizationToken_NotYetValid, validAfter=after, time=after):
        checkout.authorize(order, funding, b"", sender=relayer)


def test_authorization__it_ends_next_second__pays(escrow, checkout, order, signed, relayer):
    before = later(100)
    funding = signed(before=before)
    next_block_at(before - 1)

    checkout.authorize(order, funding, b"", sender=relayer)

    assert escrow.orderOf(order).status == AUTHORIZED


def test_authorization__it_ends_this_second__reverts(
    checkout, authorization_dollar, order, signed, relayer
):
    before = later(100)
    funding = signed(before=before)
    next_block_at(before)

    with reverts(authorization_dollar.AuthorizationToken_Expired, validBefore=before, time=before):
        checkout.authorize(order, funding, b"", sender=relayer)


def test_authorization__payers_balance_is_one_short__reverts(
    checkout, authorization_dollar, order, signed, payer, attacker, relayer
):
    authorization_dollar.transfer(attacker, 1, sender=payer)

    with reverts(
        authorization_dollar.ERC20InsufficientBalance,
        sender=payer,
        balance=AMOUNT - 1,
        needed=AMOUNT,
    ):
        checkout.authorize(order, signed(), b"", sender=relayer)


def test_authorization__token_does_not_know_it__reverts(escrow, checkout, sale, payer, relayer):
    signed = sale(Kind.ALLOWANCE)
    funding = by_authorization(signed.token, payer, checkout, AMOUNT, signed.order_id)

    with ape.reverts():
        checkout.authorize(signed.order, funding, b"", sender=relayer)

    assert escrow.orderOf(signed.order).status == NONE


def test_authorization__token_knows_keys_alone__pays(
    escrow, checkout, key_sale, payer, relayer, assert_empty
):
    with Money(escrow, checkout, payer, token=key_sale.token) as money:
        checkout.authorize(*key_sale.arguments, sender=relayer)

    assert money.changes == {payer.address: -AMOUNT, escrow.address: AMOUNT}
    assert_empty(key_sale.token)


def test_authorization__token_knows_keys_alone__pays_for_payer_whose_address_has_code(
    escrow, checkout, key_sale, wallet, payer, relayer
):
    put_code_at(payer, wallet, sender=relayer)

    checkout.authorize(*key_sale.arguments, sender=relayer)

    assert escrow.orderOf(key_sale.order).status == AUTHORIZED


def test_authorization__token_knows_keys_alone__reverts_for_another_order(
    checkout, key_sale, payer, attacker
):
    with reverts(key_sale.token.AuthorizationToken_SignatureInvalid, authorizer=payer):
        checkout.authorize(
            key_sale.order | {"operator": attacker}, key_sale.funding, b"", sender=attacker
        )


def test_authorization__token_knows_keys_alone__reverts_if_signature_is_malformed(
    checkout, key_sale, relayer
):
    after, before, signature = decode(["uint256", "uint256", "bytes"], key_sale.funding[1])
    data = encode(["uint256", "uint256", "bytes"], [after, before, signature[:-1] + b"\0\0"])

    with reverts(key_sale.token.ECDSAInvalidSignature):
        checkout.authorize(key_sale.order, (Kind.KEY_AUTHORIZATION, data), b"", sender=relayer)


def test_authorization__token_takes_any_call__reverts_even_if_enough_lies_at_checkout(
    project, deployer, escrow, checkout, deal, payer, attacker
):
    token = deployer.deploy(project.PhantomToken)
    order = deal(token)
    token.mint(checkout, AMOUNT, sender=attacker)
    forged = by_authorization(token, attacker, checkout, AMOUNT, bytes(32), payer=payer)

    with reverts(checkout.Checkout_WrongAmountReceived, currency=token, received=0, due=AMOUNT):
        checkout.authorize(order, forged, b"", sender=attacker)

    assert escrow.orderOf(order).status == NONE


def test_authorization__data_is_malformed__reverts(escrow, checkout, order, payer, relayer):
    with ape.reverts():
        checkout.authorize(order, (Kind.AUTHORIZATION, b"\1" * 95), b"", sender=relayer)

    assert escrow.orderOf(order).status == NONE
