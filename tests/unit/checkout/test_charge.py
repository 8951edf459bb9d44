import pytest

from tests.support.clock import next_block_at
from tests.support.events import event, events_of
from tests.support.funding import ALLOWANCE, Kind, by_authorization, by_permit2, sign_order
from tests.support.money import Money
from tests.support.programme import account, create_order, member, publish
from tests.support.reverts import reverts
from tests.unit.checkout.conftest import AMOUNT, approve

FEE = 200

each_kind = pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.name)


@each_kind
def test_charge__stranger_sends_what_payer_signed__emits_order_and_its_shares(
    escrow, checkout, sale, payer, relayer, kind
):
    signed = sale(kind, is_final=True)
    token = signed.token

    tx = checkout.charge(*signed.arguments, sender=relayer)

    own = [log for log in events_of(tx) if log[0] == escrow.address]
    assert own == [
        event(
            escrow.OrderCharged,
            orderId=signed.order_id,
            planId=signed.order["planId"],
            payer=payer,
            seller=0,
            salt=1,
        ),
        event(
            escrow.OrderSettled,
            orderId=signed.order_id,
            line=0,
            net=AMOUNT,
            breakage=1_300,
            allocation=1_000 << 32 | 200 << 32 + 46 | 100 << 32 + 92,
        ),
    ]
    assert events_of(tx)[-1] == event(
        token.Transfer, **{"from": checkout, "to": escrow, "value": AMOUNT}
    )


@each_kind
def test_charge__stranger_sends_what_payer_signed__moves_amount_to_brand_and_platform(
    escrow, checkout, sale, brand, payer, relayer, platform, kind, assert_empty
):
    signed = sale(kind, is_final=True)

    with Money(escrow, checkout, brand, payer, relayer, platform, token=signed.token) as money:
        checkout.charge(*signed.arguments, sender=relayer)

    assert money.changes == {payer.address: -AMOUNT, escrow.address: AMOUNT}
    assert escrow.creditOf(account(brand), signed.token) == AMOUNT - FEE
    assert escrow.creditOf(member(brand, 1), signed.token) == FEE
    assert_empty(signed.token)


@each_kind
def test_charge__stranger_sends_what_payer_signed__returns_order_id(checkout, sale, relayer, kind):
    signed = sale(kind, is_final=True)

    order_id = checkout.charge.call(*signed.arguments, sender=relayer)

    assert order_id == signed.order_id


def test_charge__payer_sends_it_itself__needs_no_signature(escrow, checkout, sale, brand, payer):
    signed = sale(Kind.ALLOWANCE, is_final=True)

    checkout.charge(signed.order, signed.funding, b"", sender=payer)

    assert escrow.creditOf(account(brand), signed.token) == AMOUNT - FEE


@pytest.mark.parametrize("kind", [Kind.ALLOWANCE, Kind.PERMIT])
def test_charge__signature_is_not_payers__reverts(escrow, checkout, sale, payer, attacker, kind):
    signed = sale(kind, is_final=True)
    forged = sign_order(escrow, attacker, signed.order)

    with reverts(checkout.Checkout_SignatureInvalid, payer=payer):
        checkout.charge(signed.order, signed.funding, forged, sender=attacker)


def test_charge__currency_is_coin__reverts(checkout, book, brand, payer):
    plan_id = publish(book, brand, isFinal=True, refundWindow=0, maturity=0)
    order = create_order(plan_id, payer, brand)

    with reverts(checkout.Checkout_NativeCurrency):
        checkout.charge(order, ALLOWANCE, b"", sender=payer)


def test_charge__expiry_is_next_second__charges(escrow, checkout, sale, brand, relayer):
    signed = sale(Kind.ALLOWANCE, is_final=True)
    next_block_at(signed.order["authorizationExpiry"] - 1)

    checkout.charge(*signed.arguments, sender=relayer)

    assert escrow.creditOf(account(brand), signed.token) == AMOUNT - FEE


@each_kind
def test_charge__expiry_is_this_second__reverts(checkout, sale, relayer, kind):
    signed = sale(kind, is_final=True)
    expiry = signed.order["authorizationExpiry"]
    next_block_at(expiry)

    with reverts(checkout.Checkout_ConsentExpired, deadline=expiry, time=expiry):
        checkout.charge(*signed.arguments, sender=relayer)


@each_kind
def test_charge__plan_is_not_final__reverts(checkout, escrow, sale, relayer, kind):
    signed = sale(kind)

    with reverts(escrow.CommissionEscrow_PlanNotFinal, planId=signed.order["planId"]):
        checkout.charge(*signed.arguments, sender=relayer)


def test_charge__order_was_charged_before__reverts(escrow, checkout, sale, payer, relayer):
    signed = sale(Kind.ALLOWANCE, is_final=True)
    checkout.charge(*signed.arguments, sender=relayer)
    signed.token.mint(payer, AMOUNT, sender=payer)
    approve(signed.token, payer, checkout, payer)

    with reverts(escrow.CommissionEscrow_SaltUsed, payer=payer, salt=1):
        checkout.charge(*signed.arguments, sender=relayer)


def test_charge__order_was_charged_before__reverts_even_if_paid_in_another_way(
    escrow, checkout, permit2, sale, payer, relayer
):
    signed = sale(Kind.ALLOWANCE, is_final=True)
    checkout.charge(*signed.arguments, sender=relayer)
    signed.token.mint(payer, AMOUNT, sender=payer)
    approve(signed.token, payer, permit2, payer)
    funding = by_permit2(permit2, signed.token, payer, checkout, AMOUNT, signed.order_id)

    with reverts(escrow.CommissionEscrow_SaltUsed, payer=payer, salt=1):
        checkout.charge(signed.order, funding, b"", sender=relayer)


def test_charge__authorization_was_used_before__reverts(checkout, sale, payer, relayer):
    signed = sale(Kind.AUTHORIZATION, is_final=True)
    checkout.charge(*signed.arguments, sender=relayer)
    signed.token.mint(payer, AMOUNT, sender=payer)
    anew = by_authorization(signed.token, payer, checkout, AMOUNT, signed.order_id, after=1)

    with reverts(signed.token.AuthorizationToken_Used, authorizer=payer, nonce=signed.order_id):
        checkout.charge(signed.order, anew, b"", sender=relayer)
