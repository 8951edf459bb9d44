import ape
import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.account_code import put_code_at
from tests.support.claims import high_s
from tests.support.events import event, events_of
from tests.support.funding import ALLOWANCE, Kind, by_permit2, sign_order
from tests.support.money import Money
from tests.support.programme import PlanLimits, create_order, deploy_programme, publish
from tests.support.reverts import reverts
from tests.unit.checkout.conftest import AMOUNT, approve

NONE, AUTHORIZED, CAPTURED, _, VOIDED, _ = range(6)

each_kind = pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.name)
by_order_signature = pytest.mark.parametrize(
    "kind", [Kind.ALLOWANCE, Kind.PERMIT], ids=lambda kind: kind.name
)


def status_of(escrow, order):
    return escrow.orderOf(order).status


@each_kind
def test_authorize__stranger_sends_what_payer_signed__emits_order(
    escrow, checkout, sale, payer, relayer, kind
):
    signed = sale(kind)
    token = signed.token

    tx = checkout.authorize(*signed.arguments, sender=relayer)

    first = []
    if kind == Kind.PERMIT:
        first = [event(token.Approval, owner=payer, spender=checkout, value=AMOUNT)]
    if kind in (Kind.AUTHORIZATION, Kind.KEY_AUTHORIZATION):
        first = [event(token.AuthorizationUsed, authorizer=payer, nonce=signed.order_id)]
    assert events_of(tx) == [
        *first,
        event(token.Transfer, **{"from": payer, "to": checkout, "value": AMOUNT}),
        event(token.Approval, owner=checkout, spender=escrow, value=AMOUNT),
        event(
            escrow.OrderAuthorized,
            orderId=signed.order_id,
            planId=signed.order["planId"],
            payer=payer,
            order=signed.order,
        ),
        event(token.Transfer, **{"from": checkout, "to": escrow, "value": AMOUNT}),
    ]


@each_kind
def test_authorize__stranger_sends_what_payer_signed__moves_amount_into_escrow(
    escrow, checkout, sale, brand, payer, relayer, platform, kind, assert_empty
):
    signed = sale(kind)
    parties = (escrow, checkout, brand, payer, relayer, platform)

    with Money(*parties, token=signed.token) as money:
        checkout.authorize(*signed.arguments, sender=relayer)

    assert money.changes == {payer.address: -AMOUNT, escrow.address: AMOUNT}
    assert status_of(escrow, signed.order) == AUTHORIZED
    assert_empty(signed.token)


@each_kind
def test_authorize__stranger_sends_what_payer_signed__returns_order_id(
    checkout, sale, relayer, kind
):
    signed = sale(kind)

    order_id = checkout.authorize.call(*signed.arguments, sender=relayer)

    assert order_id == signed.order_id


@by_order_signature
def test_authorize__payer_sends_it_itself__needs_no_signature(escrow, checkout, sale, payer, kind):
    signed = sale(kind)

    checkout.authorize(signed.order, signed.funding, b"", sender=payer)

    assert status_of(escrow, signed.order) == AUTHORIZED


@by_order_signature
@pytest.mark.parametrize("signer", ["attacker", "brand", "relayer"])
def test_authorize__signature_is_not_payers__reverts(
    escrow, checkout, sale, payer, relayer, kind, signer, request
):
    signed = sale(kind)
    forged = sign_order(escrow, request.getfixturevalue(signer), signed.order)

    with reverts(checkout.Checkout_SignatureInvalid, payer=payer):
        checkout.authorize(signed.order, signed.funding, forged, sender=relayer)

    assert status_of(escrow, signed.order) == NONE


@by_order_signature
@pytest.mark.parametrize("shape", [lambda _: b"", lambda s: s[:64], lambda s: s + b"\0", high_s])
def test_authorize__signature_is_malformed__reverts(checkout, sale, payer, relayer, kind, shape):
    signed = sale(kind)

    with reverts(checkout.Checkout_SignatureInvalid, payer=payer):
        checkout.authorize(signed.order, signed.funding, shape(signed.signature), sender=relayer)


@by_order_signature
@pytest.mark.parametrize(
    "change",
    [
        {"salt": 2},
        {"receiver": "0x" + "11" * 20},
        {"seller": 7},
        {"operator": "0x" + "22" * 20},
        {"receiptExpiry": 1},
        {"lines": []},
    ],
    ids=lambda change: next(iter(change)),
)
def test_authorize__signature_is_for_another_order__reverts(
    escrow, checkout, sale, payer, relayer, kind, change
):
    signed = sale(kind)
    other = sign_order(escrow, payer, signed.order | change)

    with reverts(checkout.Checkout_SignatureInvalid, payer=payer):
        checkout.authorize(signed.order, signed.funding, other, sender=relayer)


@by_order_signature
@pytest.mark.parametrize(
    "domain",
    [
        {"chainId": 1},
        {"verifyingContract": "0x" + "33" * 20},
        {"name": "Weilian Checkout"},
        {"version": "2"},
    ],
    ids=lambda domain: next(iter(domain)),
)
def test_authorize__signature_is_for_another_domain__reverts(
    escrow, checkout, sale, payer, relayer, kind, domain
):
    signed = sale(kind)
    other = sign_order(escrow, payer, signed.order, **domain)

    with reverts(checkout.Checkout_SignatureInvalid, payer=payer):
        checkout.authorize(signed.order, signed.funding, other, sender=relayer)


def test_authorize__payer_is_zero__reverts(checkout, deal, dollar, relayer):
    order = deal(dollar) | {"payer": ZERO_ADDRESS}

    with reverts(checkout.Checkout_SignatureInvalid, payer=ZERO_ADDRESS):
        checkout.authorize(order, ALLOWANCE, b"\0" * 65, sender=relayer)


@pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.name)
def test_authorize__currency_is_coin__reverts(checkout, book, brand, payer, kind):
    order = create_order(publish(book, brand), payer, brand)

    with reverts(checkout.Checkout_NativeCurrency):
        checkout.authorize(order, (kind, b""), b"", sender=payer)


@pytest.mark.parametrize("kind", [Kind.ALLOWANCE, Kind.AUTHORIZATION, Kind.PERMIT2])
def test_authorize__payer_is_contract_wallet__authorizes(
    escrow, checkout, sale, wallet, shopper, relayer, kind, assert_empty
):
    signed = sale(kind, signer=shopper, buyer=wallet)

    with Money(escrow, checkout, wallet, shopper, token=signed.token) as money:
        checkout.authorize(*signed.arguments, sender=relayer)

    assert money.changes == {wallet.address: -AMOUNT, escrow.address: AMOUNT}
    assert_empty(signed.token)


def test_authorize__contract_wallet_refuses__reverts(checkout, sale, wallet, shopper, relayer):
    signed = sale(Kind.ALLOWANCE, signer=shopper, buyer=wallet)
    wallet.setRefusing(True, sender=shopper)

    with reverts(checkout.Checkout_SignatureInvalid, payer=wallet):
        checkout.authorize(*signed.arguments, sender=relayer)


@by_order_signature
def test_authorize__payers_address_has_code_that_says_no__authorizes_by_its_key(
    escrow, checkout, sale, wallet, payer, relayer, kind
):
    signed = sale(kind)
    put_code_at(payer, wallet, sender=relayer)

    checkout.authorize(*signed.arguments, sender=relayer)

    assert status_of(escrow, signed.order) == AUTHORIZED


@pytest.mark.parametrize("kind", [Kind.ALLOWANCE, Kind.AUTHORIZATION, Kind.PERMIT2])
def test_authorize__payers_address_has_code_that_says_yes__authorizes(
    escrow, checkout, sale, wallet, payer, shopper, relayer, kind
):
    put_code_at(payer, wallet, sender=relayer)
    signed = sale(kind, signer=shopper)

    checkout.authorize(*signed.arguments, sender=relayer)

    assert status_of(escrow, signed.order) == AUTHORIZED


@pytest.mark.parametrize("became", [AUTHORIZED, CAPTURED, VOIDED])
def test_authorize__order_was_authorized_before__reverts(
    escrow, checkout, sale, brand, payer, relayer, became
):
    signed = sale(Kind.ALLOWANCE)
    checkout.authorize(*signed.arguments, sender=relayer)
    if became == CAPTURED:
        escrow.capture(signed.order, [], sender=payer)
    if became == VOIDED:
        escrow.void(signed.order, sender=brand)
    signed.token.mint(payer, AMOUNT, sender=payer)
    approve(signed.token, payer, checkout, payer)

    with reverts(
        escrow.CommissionEscrow_WrongStatus, orderId=signed.order_id, status=became, needed=NONE
    ):
        checkout.authorize(*signed.arguments, sender=relayer)


@each_kind
def test_authorize__plan_is_final__reverts(checkout, escrow, sale, relayer, kind):
    signed = sale(kind, is_final=True)

    with reverts(escrow.CommissionEscrow_PlanFinal, planId=signed.order["planId"]):
        checkout.authorize(*signed.arguments, sender=relayer)


def test_authorize__allowance_is_one_short__reverts(checkout, sale, payer, relayer):
    signed = sale(Kind.ALLOWANCE)
    approve(signed.token, payer, checkout, payer, AMOUNT - 1)

    with reverts(
        signed.token.ERC20InsufficientAllowance,
        spender=checkout,
        allowance=AMOUNT - 1,
        needed=AMOUNT,
    ):
        checkout.authorize(*signed.arguments, sender=relayer)


def test_authorize__stranger_pays_from_his_own_allowance__reverts(
    escrow, checkout, sale, deal, dollar, payer, attacker
):
    signed = sale(Kind.ALLOWANCE)
    own = signed.order | {"payer": attacker}

    with reverts(dollar.ERC20InsufficientAllowance, spender=checkout, allowance=0, needed=AMOUNT):
        checkout.authorize(own, ALLOWANCE, b"", sender=attacker)


@each_kind
def test_authorize__tokens_lie_at_checkout__leaves_them_there(
    escrow, checkout, sale, payer, attacker, relayer, kind
):
    signed = sale(kind)
    signed.token.mint(checkout, 2 * AMOUNT, sender=attacker)

    with Money(escrow, checkout, payer, token=signed.token) as money:
        checkout.authorize(*signed.arguments, sender=relayer)

    assert money.changes == {payer.address: -AMOUNT, escrow.address: AMOUNT}


def test_authorize__chain_has_no_permit2__reverts(
    project, deployer, identities, platform, brand, payer, relayer, permit2, dollar
):
    programme = deploy_programme(project, deployer, identities, platform, PlanLimits())
    checkout = programme.checkout
    plan_id = publish(programme.book, brand, currency=dollar.address)
    order = create_order(plan_id, payer, brand, currency=dollar.address)
    order_id = bytes(programme.escrow.orderIdOf(order))
    dollar.mint(payer, AMOUNT, sender=payer)
    funding = by_permit2(permit2, dollar, payer, checkout, AMOUNT, order_id)

    with ape.reverts():
        checkout.authorize(order, funding, b"", sender=relayer)
    assert status_of(programme.escrow, order) == NONE


def test_authorize__kind_of_funding_is_unknown__reverts(escrow, checkout, sale, payer):
    signed = sale(Kind.ALLOWANCE)

    with ape.reverts():
        checkout.authorize(signed.order, (len(Kind), b""), signed.signature, sender=payer)
    assert status_of(escrow, signed.order) == NONE
