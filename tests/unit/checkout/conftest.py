from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.funding import (
    ALLOWANCE,
    Funding,
    Kind,
    by_authorization,
    by_permit,
    by_permit2,
    sign_order,
)
from tests.support.programme import create_order, publish

AMOUNT = 10_000


@dataclass
class Sale:
    """An order that its payer signed, ready for anyone to send."""

    token: Any
    order: dict[str, Any]
    order_id: bytes
    funding: Funding
    signature: bytes

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What the checkout is called with."""
        return self.order, self.funding, self.signature


@pytest.fixture(scope="session", autouse=True)
def _session_first(identities, brand, payer, shopper, relayer, permit2):
    """Later session fixtures would make ape undo and redo the earlier ones."""


@pytest.fixture
def wallet(project, deployer, shopper):
    """A contract wallet of the shopper's."""
    return deployer.deploy(project.Wallet1271, shopper)


@pytest.fixture
def dollar(project, deployer):
    return deployer.deploy(project.PermitToken)


@pytest.fixture
def authorization_dollar(project, deployer):
    return deployer.deploy(project.BytesAuthorizationToken)


@pytest.fixture
def key_dollar(project, deployer):
    return deployer.deploy(project.KeyAuthorizationToken)


@pytest.fixture
def deal(book, escrow, brand, payer):
    """An order of 10,000 in a token, which its payer has."""

    def deal(token, buyer=payer, is_final=False, **changes):
        timing = {"refundWindow": 0, "maturity": 0} if is_final else {}
        plan_id = publish(book, brand, currency=token.address, isFinal=is_final, **timing)
        token.mint(buyer, AMOUNT, sender=payer)
        return create_order(plan_id, buyer, brand, currency=token.address, **changes)

    return deal


@pytest.fixture
def sale(escrow, checkout, permit2, deal, dollar, authorization_dollar, key_dollar, payer):
    """An order of 10,000 with all signatures that it takes, by kind of funding."""
    tokens = {Kind.AUTHORIZATION: authorization_dollar, Kind.KEY_AUTHORIZATION: key_dollar}

    def sale(kind, signer=payer, buyer=payer, **changes):
        token = tokens.get(kind, dollar)
        order = deal(token, buyer, **changes)
        order_id = bytes(escrow.orderIdOf(order))
        signature = b""
        match kind:
            case Kind.ALLOWANCE:
                approve(token, buyer, checkout, signer)
                funding = ALLOWANCE
            case Kind.PERMIT:
                funding = by_permit(token, signer, checkout, AMOUNT)
            case Kind.AUTHORIZATION | Kind.KEY_AUTHORIZATION:
                funding = by_authorization(
                    token, signer, checkout, AMOUNT, order_id, payer=buyer, kind=kind
                )
            case Kind.PERMIT2:
                approve(token, buyer, permit2, signer)
                funding = by_permit2(permit2, token, signer, checkout, AMOUNT, order_id)
        if kind in (Kind.ALLOWANCE, Kind.PERMIT):
            signature = sign_order(escrow, signer, order)
        return Sale(token, order, order_id, funding, signature)

    return sale


@pytest.fixture
def assert_empty(escrow, checkout):
    """Check that the checkout keeps no token and leaves no allowance."""

    def assert_empty(token):
        assert token.balanceOf(checkout) == 0
        assert token.allowance(checkout, escrow) == 0

    return assert_empty


def approve(token, buyer, spender, signer, amount=AMOUNT):
    """Approve as an account with a key, or as a wallet that its owner operates."""
    if hasattr(buyer, "private_key"):
        token.approve(spender, amount, sender=buyer)
    else:
        buyer.execute(token, token.approve.encode_input(spender, amount), sender=signer)
