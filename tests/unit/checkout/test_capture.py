import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.account_code import put_code_at
from tests.support.clock import later, next_block_at
from tests.support.events import event, events_of
from tests.support.funding import Kind, sign_typed
from tests.support.programme import Part
from tests.support.reverts import reverts
from tests.unit.checkout.conftest import AMOUNT

NONE, AUTHORIZED, CAPTURED, _, VOIDED, _ = range(6)
TYPES = {
    "Capture": [
        {"name": "orderId", "type": "bytes32"},
        {"name": "parts", "type": "bytes32"},
        {"name": "deadline", "type": "uint48"},
    ]
}


@pytest.fixture
def authorized(checkout, sale, relayer):
    """An order whose payer signed for it, in escrow."""
    signed = sale(Kind.ALLOWANCE)
    checkout.authorize(*signed.arguments, sender=relayer)
    return signed


@pytest.fixture
def deadline():
    return later(3_600)


@pytest.fixture
def consent(checkout):
    """Sign the receipt of an order as a wallet does, apart from the contract."""

    def consent(signer, order_id, parts, deadline, **domain):
        full = {
            "name": "Weilian Checkout",
            "version": "1",
            "chainId": checkout.provider.chain_id,
            "verifyingContract": checkout.address,
        }
        message = {"orderId": order_id, "parts": hash_of(parts), "deadline": deadline}
        return sign_typed(signer, full | domain, TYPES, message)

    return consent


def hash_of(parts):
    return keccak(encode(["(uint16,uint128)[]"], [parts]))


def test_capture__stranger_sends_what_payer_signed__captures_all(
    escrow, checkout, authorized, consent, payer, relayer, deadline
):
    signature = consent(payer, authorized.order_id, [], deadline)

    tx = checkout.capture(authorized.order, [], deadline, signature, sender=relayer)

    assert events_of(tx) == [
        event(escrow.OrderCaptured, orderId=authorized.order_id, actor=checkout)
    ]
    assert escrow.orderOf(authorized.order).status == CAPTURED


def test_capture__stranger_sends_what_payer_signed__captures_parts(
    escrow, checkout, authorized, consent, payer, relayer, deadline
):
    parts = [Part(0, 4_000), Part(0, 1_000)]
    signature = consent(payer, authorized.order_id, parts, deadline)

    tx = checkout.capture(authorized.order, parts, deadline, signature, sender=relayer)

    assert events_of(tx) == [
        event(escrow.PartsCaptured, orderId=authorized.order_id, actor=checkout, parts=parts)
    ]
    view = escrow.orderOf(authorized.order)
    assert (view.status, view.captured) == (AUTHORIZED, [5_000])


@pytest.mark.parametrize("signer", ["brand", "relayer", "attacker"])
def test_capture__signature_is_not_payers__reverts(
    checkout, authorized, consent, payer, relayer, deadline, signer, request
):
    signature = consent(request.getfixturevalue(signer), authorized.order_id, [], deadline)

    with reverts(checkout.Checkout_SignatureInvalid, payer=payer):
        checkout.capture(authorized.order, [], deadline, signature, sender=relayer)


@pytest.mark.parametrize("sender", ["payer", "brand", "attacker"])
def test_capture__signature_is_missing__reverts(
    checkout, authorized, payer, deadline, sender, request
):
    with reverts(checkout.Checkout_SignatureInvalid, payer=payer):
        checkout.capture(
            authorized.order, [], deadline, b"", sender=request.getfixturevalue(sender)
        )


@pytest.mark.parametrize(
    "domain",
    [{"chainId": 1}, {"verifyingContract": "0x" + "33" * 20}, {"version": "2"}],
    ids=lambda domain: next(iter(domain)),
)
def test_capture__signature_is_for_another_domain__reverts(
    checkout, authorized, consent, payer, relayer, deadline, domain
):
    signature = consent(payer, authorized.order_id, [], deadline, **domain)

    with reverts(checkout.Checkout_SignatureInvalid, payer=payer):
        checkout.capture(authorized.order, [], deadline, signature, sender=relayer)


@pytest.mark.parametrize("changed", ["order", "parts", "deadline"])
def test_capture__signature_is_for_something_else__reverts(
    checkout, authorized, consent, payer, relayer, deadline, changed
):
    terms = {"order": authorized.order_id, "parts": [Part(0, 4_000)], "deadline": deadline}
    other = {"order": b"\1" * 32, "parts": [], "deadline": deadline - 1}
    signature = consent(payer, *(terms | {changed: other[changed]}).values())

    with reverts(checkout.Checkout_SignatureInvalid, payer=payer):
        checkout.capture(authorized.order, terms["parts"], deadline, signature, sender=relayer)


def test_capture__signature_is_consent_to_pay__reverts(
    checkout, authorized, payer, relayer, deadline
):
    with reverts(checkout.Checkout_SignatureInvalid, payer=payer):
        checkout.capture(authorized.order, [], deadline, authorized.signature, sender=relayer)


def test_capture__deadline_is_next_second__captures(
    escrow, checkout, authorized, consent, payer, relayer, deadline
):
    signature = consent(payer, authorized.order_id, [], deadline)
    next_block_at(deadline - 1)

    checkout.capture(authorized.order, [], deadline, signature, sender=relayer)

    assert escrow.orderOf(authorized.order).status == CAPTURED


def test_capture__deadline_is_this_second__reverts(
    checkout, authorized, consent, payer, relayer, deadline
):
    signature = consent(payer, authorized.order_id, [], deadline)
    next_block_at(deadline)

    with reverts(checkout.Checkout_ConsentExpired, deadline=deadline, time=deadline):
        checkout.capture(authorized.order, [], deadline, signature, sender=relayer)


def test_capture__payer_is_contract_wallet__captures(
    escrow, checkout, sale, consent, wallet, shopper, relayer, deadline
):
    signed = sale(Kind.ALLOWANCE, signer=shopper, buyer=wallet)
    checkout.authorize(*signed.arguments, sender=relayer)
    signature = consent(shopper, signed.order_id, [], deadline)

    checkout.capture(signed.order, [], deadline, signature, sender=relayer)

    assert escrow.orderOf(signed.order).status == CAPTURED


def test_capture__payers_address_has_code_that_says_no__captures_by_its_key(
    escrow, checkout, authorized, consent, wallet, payer, relayer, deadline
):
    signature = consent(payer, authorized.order_id, [], deadline)
    put_code_at(payer, wallet, sender=relayer)

    checkout.capture(authorized.order, [], deadline, signature, sender=relayer)

    assert escrow.orderOf(authorized.order).status == CAPTURED


@pytest.mark.parametrize("became", [CAPTURED, VOIDED])
def test_capture__order_is_authorized_no_more__reverts(
    escrow, checkout, authorized, consent, brand, payer, relayer, deadline, became
):
    signature = consent(payer, authorized.order_id, [], deadline)
    if became == CAPTURED:
        checkout.capture(authorized.order, [], deadline, signature, sender=relayer)
    else:
        escrow.void(authorized.order, sender=brand)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=authorized.order_id,
        status=became,
        needed=AUTHORIZED,
    ):
        checkout.capture(authorized.order, [], deadline, signature, sender=relayer)


def test_capture__order_is_not_paid_yet__reverts(
    escrow, checkout, sale, consent, payer, relayer, deadline
):
    signed = sale(Kind.ALLOWANCE)
    signature = consent(payer, signed.order_id, [], deadline)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=signed.order_id,
        status=NONE,
        needed=AUTHORIZED,
    ):
        checkout.capture(signed.order, [], deadline, signature, sender=relayer)


def test_capture__part_is_above_line__reverts(
    escrow, checkout, authorized, consent, payer, relayer, deadline
):
    parts = [Part(0, AMOUNT + 1)]
    signature = consent(payer, authorized.order_id, parts, deadline)

    with reverts(
        escrow.CommissionEscrow_PartTooHigh,
        orderId=authorized.order_id,
        line=0,
        amount=AMOUNT + 1,
        limit=AMOUNT,
    ):
        checkout.capture(authorized.order, parts, deadline, signature, sender=relayer)


def test_capture__consent_to_parts_was_used_before__reverts(
    escrow, checkout, authorized, consent, payer, relayer, attacker, deadline
):
    parts = [Part(0, 4_000)]
    signature = consent(payer, authorized.order_id, parts, deadline)
    digest = checkout.captureDigestOf(authorized.order_id, parts, deadline)
    checkout.capture(authorized.order, parts, deadline, signature, sender=relayer)

    with reverts(checkout.Checkout_ConsentUsed, digest=digest):
        checkout.capture(authorized.order, parts, deadline, signature, sender=attacker)

    assert escrow.orderOf(authorized.order).captured == [4_000]


def test_capture__payer_consents_to_equal_parts_again__captures(
    escrow, checkout, authorized, consent, payer, relayer, deadline
):
    parts = [Part(0, 4_000)]
    for end in (deadline, deadline + 1):
        signature = consent(payer, authorized.order_id, parts, end)
        checkout.capture(authorized.order, parts, end, signature, sender=relayer)

    assert escrow.orderOf(authorized.order).captured == [8_000]
