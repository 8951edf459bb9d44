"""Orders that the payer signs and a relayer sends."""

from datetime import UTC, datetime, timedelta

import pytest
from eth_abi.abi import encode

from tests.python.chain.mocks import deploy_mock
from weilian.chain import ContractRevert
from weilian.chain.enums import FundingKind
from weilian.commission.order import OrderStatus, Part
from weilian.commission.parties import member_party
from weilian.signed_order import SignedCapture, SignedOrder, SignedOrderError, is_confirmation


@pytest.fixture
def order(brand, payer, line, currency, give, create_plan, create_order):
    """An order of 10,000 tokens that the payer has."""
    give(payer, 10_000)
    return create_order(create_plan(brand, currency.address), payer, line.numbers[0], 10_000)


@pytest.fixture
def create_token_order(chain, deployer, brand, payer, create_plan, create_order):
    """An order of 10,000 of a mock token, which the payer has unless told otherwise."""

    def create(name, balance=10_000):
        token = deploy_mock(chain, name, deployer)
        chain.send(token.functions.mint(payer.address, balance), deployer)
        return create_order(create_plan(brand, token.address), payer, amount=10_000)

    return create


@pytest.mark.parametrize("funding", [FundingKind.ALLOWANCE, FundingKind.PERMIT])
def test_authorize__signed_and_sent_as_a_file__needs_nothing_of_the_sender(
    checkouts, orders, order, payer, relayer, tmp_path, funding
):
    path = tmp_path / "order.json"
    if funding is FundingKind.ALLOWANCE:
        checkouts.allow(order, payer)
    checkouts.sign(order, payer, funding).save(path)
    signed = SignedOrder.load(path)

    change = checkouts.authorize(signed, relayer)

    assert signed.order == order
    assert change.order_id == signed.order_id == orders.id_of(order)
    assert orders.state(order).status is OrderStatus.AUTHORIZED
    assert not is_confirmation(path)


def test_sign__authorization__carries_the_order_as_nonce(checkouts, order, payer):
    signed = checkouts.sign(order, payer, FundingKind.AUTHORIZATION)

    expected = encode(("uint256", "uint256"), (0, order.authorization_expiry))
    assert signed.funding_data[:64] == expected
    assert signed.signature == b""


@pytest.mark.parametrize(
    ("token", "funding"),
    [
        ("BytesAuthorizationToken", FundingKind.AUTHORIZATION),
        ("KeyAuthorizationToken", FundingKind.KEY_AUTHORIZATION),
        ("KeyAuthorizationToken", FundingKind.AUTHORIZATION),  # the other form is found
    ],
)
def test_authorize__erc3009_sent_as_a_file__is_paid_by_the_payer(
    chain, checkouts, orders, create_token_order, payer, relayer, tmp_path, token, funding
):
    order, path = create_token_order(token), tmp_path / "order.json"
    checkouts.sign(order, payer, funding).save(path)

    change = checkouts.authorize(SignedOrder.load(path), relayer)

    assert change.amount == 10_000
    assert orders.state(order).status is OrderStatus.AUTHORIZED
    assert chain.w3.eth.get_transaction_count(payer.address) == 0


def test_authorize__erc3009_form_that_the_token_has_not__is_refused(
    checkouts, create_token_order, payer, relayer
):
    order = create_token_order("BytesAuthorizationToken")

    with pytest.raises(ContractRevert) as caught:
        checkouts.authorize(checkouts.sign(order, payer, FundingKind.KEY_AUTHORIZATION), relayer)

    assert caught.value.is_silent


def test_authorize__erc3009_in_the_other_form_without_money__tells_that(
    checkouts, create_token_order, payer, relayer
):
    order = create_token_order("KeyAuthorizationToken", balance=9_999)

    with pytest.raises(ContractRevert) as caught:
        checkouts.authorize(checkouts.sign(order, payer, FundingKind.AUTHORIZATION), relayer)

    assert caught.value.name == "ERC20InsufficientBalance"


def test_sign__permit2__carries_the_order_as_nonce(checkouts, orders, order, payer):
    signed = checkouts.sign(order, payer, FundingKind.PERMIT2)

    assert signed.funding_data[:32] == orders.id_of(order)
    assert signed.signature == b""


def test_authorize__changed_after_signing__is_refused(checkouts, order, payer, relayer):
    checkouts.allow(order, payer)
    text = checkouts.sign(order, payer).to_json().replace('"10000"', '"9999"')

    with pytest.raises(ContractRevert) as caught:
        checkouts.authorize(SignedOrder.from_json(text), relayer)

    assert caught.value.name == "Checkout_SignatureInvalid"


def test_authorize__other_escrow__is_refused_before_anything_is_sent(
    chain, checkouts, order, payer, stranger
):
    signed = checkouts.sign(order, payer)
    text = signed.to_json().replace(signed.escrow, stranger.address, 1)

    with pytest.raises(SignedOrderError, match=f"for the escrow {stranger.address}"):
        checkouts.authorize(SignedOrder.from_json(text), stranger)

    assert chain.w3.eth.get_transaction_count(stranger.address) == 0


def test_sign__the_chains_coin__is_refused(checkouts, brand, payer, create_plan, create_order):
    with pytest.raises(SignedOrderError, match="coin cannot be taken by signature"):
        checkouts.sign(create_order(create_plan(brand), payer), payer)


def test_charge__signed_final_sale__is_shared(
    checkouts, ledger, brand, payer, relayer, line, currency, give, create_plan, create_order
):
    terms = {"is_final": True, "refund_window": 0, "maturity": 0}
    published = create_plan(brand, currency.address, **terms)
    order = create_order(published, payer, line.numbers[0], 10_000)
    give(payer, 10_000)

    settlement = checkouts.charge(checkouts.sign(order, payer, FundingKind.PERMIT), relayer)

    assert settlement.net == 10_000
    seller = member_party(brand.address, line.numbers[0])
    assert ledger.credit(seller, currency.address) == 1_000


@pytest.mark.parametrize("parts", [(), (Part(0, 4_000),)], ids=["whole", "part"])
def test_capture__confirmed_by_signature__is_captured(
    chain, checkouts, orders, order, payer, relayer, tmp_path, parts
):
    path = tmp_path / "confirmation.json"
    orders.authorize(order, payer)
    until = datetime.fromtimestamp(chain.block()[1], UTC) + timedelta(hours=1)
    checkouts.sign_capture(order, payer, until, parts).save(path)
    signed = SignedCapture.load(path)

    change = checkouts.capture(signed, relayer)

    assert is_confirmation(path)
    assert signed.amounts == parts
    whole = not parts
    assert change.amount == (10_000 if whole else 4_000)
    assert change.status is (OrderStatus.CAPTURED if whole else OrderStatus.AUTHORIZED)


def test_is_confirmation__no_json__is_said(tmp_path):
    path = tmp_path / "file"
    path.write_text("no")

    with pytest.raises(SignedOrderError, match="is no JSON file"):
        is_confirmation(path)
    with pytest.raises(SignedOrderError, match="cannot read"):
        is_confirmation(tmp_path / "none")


@pytest.mark.parametrize("value", ['"-1"', '"1e3"', "null", '"' + "9" * 79 + '"'])
def test_load__amount_that_is_none__is_refused(checkouts, order, payer, value):
    text = checkouts.sign(order, payer).to_json().replace('"10000"', value)

    with pytest.raises(SignedOrderError, match="amount"):
        SignedOrder.from_json(text)
