"""Orders paid through Permit2 by a signature that carries the order's id as its witness."""

import pytest

from tests.support.account_code import put_code_at
from tests.support.clock import later, next_block_at
from tests.support.funding import WITNESS_TYPES, Kind, by_permit2
from tests.support.reverts import reverts
from tests.unit.checkout.conftest import AMOUNT, approve

NONE, AUTHORIZED = range(2)


@pytest.fixture
def order(deal, dollar, payer, permit2):
    """An order whose payer has approved Permit2 for ever, as wallets do."""
    approve(dollar, payer, permit2, payer, 2**256 - 1)
    return deal(dollar)


@pytest.fixture
def order_id(escrow, order):
    return bytes(escrow.orderIdOf(order))


@pytest.fixture
def signed(permit2, dollar, checkout, order_id, payer):
    """The payer's signature over this order's payment, with changes."""

    def signed(**changes):
        terms = {
            "permit2": permit2,
            "token": dollar,
            "signer": payer,
            "spender": checkout,
            "value": AMOUNT,
            "order_id": order_id,
        }
        return by_permit2(**(terms | changes))

    return signed


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": b"\1" * 32},
        {"value": AMOUNT + 1},
        {"value": AMOUNT - 1},
        {"chainId": 1},
        {"verifyingContract": "0x" + "33" * 20},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_permit2__it_is_for_another_payment__reverts(
    checkout, permit2, order, signed, relayer, changes
):
    funding = signed(**changes)

    with reverts(permit2.InvalidSigner):
        checkout.authorize(order, funding, b"", sender=relayer)


@pytest.mark.parametrize("part", ["token", "spender"])
def test_permit2__it_is_for_another_token_or_spender__reverts(
    checkout, permit2, stablecoin, order, signed, relayer, part
):
    funding = signed(**{part: {"token": stablecoin, "spender": relayer}[part]})

    with reverts(permit2.InvalidSigner):
        checkout.authorize(order, funding, b"", sender=relayer)


def test_permit2__its_witness_is_of_another_type__reverts(
    checkout, permit2, order, signed, relayer
):
    kinds = WITNESS_TYPES["PermitWitnessTransferFrom"][:-1]
    witness = {"name": "witness", "type": "Witness"}
    types = {
        "PermitWitnessTransferFrom": [*kinds, witness],
        "Witness": WITNESS_TYPES["OrderWitness"],
        "TokenPermissions": WITNESS_TYPES["TokenPermissions"],
    }

    with reverts(permit2.InvalidSigner):
        checkout.authorize(order, signed(types=types), b"", sender=relayer)


def test_permit2__it_is_used_for_another_order__reverts(
    escrow, checkout, permit2, order, signed, attacker
):
    other = order | {"operator": attacker}

    with reverts(permit2.InvalidSigner):
        checkout.authorize(other, signed(), b"", sender=attacker)

    assert escrow.orderOf(other).status == NONE


def test_permit2__it_is_signed_by_stranger__reverts(checkout, permit2, order, signed, attacker):
    with reverts(permit2.InvalidSigner):
        checkout.authorize(order, signed(signer=attacker), b"", sender=attacker)


def test_permit2__payer_sends_it_itself__reverts_without_its_signature(
    checkout, permit2, order, signed, payer, attacker
):
    with reverts(permit2.InvalidSigner):
        checkout.authorize(order, signed(signer=attacker), b"", sender=payer)


def test_permit2__it_was_used_before__reverts(checkout, permit2, dollar, order, signed, payer):
    funding = signed()
    checkout.authorize(order, funding, b"", sender=payer)
    dollar.mint(payer, AMOUNT, sender=payer)

    with reverts(permit2.InvalidNonce):
        checkout.authorize(order, funding, b"", sender=payer)


def test_permit2__order_is_signed_again_with_another_nonce__reverts(
    escrow, checkout, dollar, order, order_id, signed, payer
):
    checkout.authorize(order, signed(), b"", sender=payer)
    dollar.mint(payer, AMOUNT, sender=payer)

    with reverts(
        escrow.CommissionEscrow_WrongStatus, orderId=order_id, status=AUTHORIZED, needed=NONE
    ):
        checkout.authorize(order, signed(nonce=1), b"", sender=payer)


@pytest.mark.parametrize("nonce", [1, 255, 256, 2**256 - 1])
def test_permit2__nonces_come_in_any_order__pays(
    escrow, checkout, dollar, order, signed, payer, nonce
):
    twin = order | {"salt": 2}
    twin_id = bytes(escrow.orderIdOf(twin))
    dollar.mint(payer, AMOUNT, sender=payer)
    checkout.authorize(order, signed(nonce=nonce), b"", sender=payer)

    checkout.authorize(twin, signed(nonce=0, order_id=twin_id), b"", sender=payer)

    assert escrow.orderOf(twin).status == AUTHORIZED


def test_permit2__its_deadline_is_this_second__pays(escrow, checkout, order, signed, relayer):
    deadline = later(100)
    funding = signed(deadline=deadline)
    next_block_at(deadline)

    checkout.authorize(order, funding, b"", sender=relayer)

    assert escrow.orderOf(order).status == AUTHORIZED


def test_permit2__its_deadline_was_second_before__reverts(
    checkout, permit2, order, signed, relayer
):
    deadline = later(100)
    funding = signed(deadline=deadline)
    next_block_at(deadline + 1)

    with reverts(permit2.SignatureExpired, signatureDeadline=deadline):
        checkout.authorize(order, funding, b"", sender=relayer)


def test_permit2__payer_approved_checkout_instead__reverts(
    checkout, permit2, dollar, order, signed, payer, relayer
):
    approve(dollar, payer, permit2, payer, 0)
    approve(dollar, payer, checkout, payer)

    with reverts(dollar.ERC20InsufficientAllowance, spender=permit2, allowance=0, needed=AMOUNT):
        checkout.authorize(order, signed(), b"", sender=relayer)


def test_permit2__contract_wallet_refuses__reverts(
    checkout, permit2, sale, wallet, shopper, relayer
):
    order = sale(Kind.PERMIT2, signer=shopper, buyer=wallet)
    wallet.setRefusing(True, sender=shopper)

    with reverts(permit2.InvalidContractSignature):
        checkout.authorize(*order.arguments, sender=relayer)


def test_permit2__payers_address_has_code_that_says_no__reverts(
    checkout, permit2, order, signed, wallet, relayer, payer
):
    funding = signed()
    put_code_at(payer, wallet, sender=relayer)

    with reverts(permit2.InvalidContractSignature):
        checkout.authorize(order, funding, b"", sender=relayer)
