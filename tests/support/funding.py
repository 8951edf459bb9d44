"""How orders are paid by signature, as a wallet signs; spelt out apart from the contracts."""

from enum import IntEnum
from typing import Any

from eth_abi import encode
from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.support.clock import NEVER
from tests.support.permits import FOREVER, Permit

Funding = tuple[int, bytes]

RECEIVE_TYPES = {
    "ReceiveWithAuthorization": [
        {"name": "from", "type": "address"},
        {"name": "to", "type": "address"},
        {"name": "value", "type": "uint256"},
        {"name": "validAfter", "type": "uint256"},
        {"name": "validBefore", "type": "uint256"},
        {"name": "nonce", "type": "bytes32"},
    ]
}
WITNESS_TYPES = {
    "PermitWitnessTransferFrom": [
        {"name": "permitted", "type": "TokenPermissions"},
        {"name": "spender", "type": "address"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
        {"name": "witness", "type": "OrderWitness"},
    ],
    "OrderWitness": [{"name": "orderId", "type": "bytes32"}],
    "TokenPermissions": [
        {"name": "token", "type": "address"},
        {"name": "amount", "type": "uint256"},
    ],
}
ORDER_TYPES = {
    "Order": [
        {"name": "planId", "type": "bytes32"},
        {"name": "payer", "type": "address"},
        {"name": "receiver", "type": "address"},
        {"name": "operator", "type": "address"},
        {"name": "currency", "type": "address"},
        {"name": "seller", "type": "uint32"},
        {"name": "authorizationExpiry", "type": "uint48"},
        {"name": "receiptExpiry", "type": "uint48"},
        {"name": "salt", "type": "uint256"},
        {"name": "lines", "type": "Line[]"},
    ],
    "Line": [
        {"name": "amount", "type": "uint128"},
        {"name": "gtin", "type": "uint64"},
        {"name": "rates", "type": "uint256"},
    ],
}


class Kind(IntEnum):
    """FundingKind, spelt out again so that the tests do not follow the contract's mistakes."""

    ALLOWANCE = 0
    PERMIT = 1
    AUTHORIZATION = 2
    PERMIT2 = 3
    KEY_AUTHORIZATION = 4


ALLOWANCE: Funding = (Kind.ALLOWANCE, b"")


def by_permit(
    token: Any, signer: Any, spender: Any, value: int, deadline: int = FOREVER
) -> Funding:
    """Sign an allowance (EIP-2612)."""
    permit = Permit(signer.address, spender.address, value, deadline)
    signature = permit.sign(token, signer)
    return permit_data(value, deadline, signature)


def permit_data(value: int, deadline: int, signature: bytes) -> Funding:
    """Pack an allowance that was signed."""
    r, s, v = signature[:32], signature[32:64], signature[64]
    types = ["uint256", "uint256", "uint8", "bytes32", "bytes32"]
    return Kind.PERMIT, encode(types, [value, deadline, v, r, s])


def by_authorization(
    token: Any,
    signer: Any,
    to: Any,
    value: int,
    nonce: bytes,
    *,
    after: int = 0,
    before: int = NEVER,
    payer: Any = None,
    kind: Kind = Kind.AUTHORIZATION,
    **domain: Any,
) -> Funding:
    """Sign a payment (ERC-3009), for `payer` where the signer owns a wallet."""
    full = _domain(token, name="Test Stablecoin", version="2") | domain
    message = {
        "from": (payer or signer).address,
        "to": to.address,
        "value": value,
        "validAfter": after,
        "validBefore": before,
        "nonce": nonce,
    }
    signature = sign_typed(signer, full, RECEIVE_TYPES, message)
    return kind, encode(["uint256", "uint256", "bytes"], [after, before, signature])


def by_permit2(
    permit2: Any,
    token: Any,
    signer: Any,
    spender: Any,
    value: int,
    order_id: bytes,
    *,
    nonce: int = 0,
    deadline: int = NEVER,
    types: dict[str, Any] = WITNESS_TYPES,
    **domain: Any,
) -> Funding:
    """Sign a payment through Permit2, with the order's id as witness."""
    message = {
        "permitted": {"token": token.address, "amount": value},
        "spender": spender.address,
        "nonce": nonce,
        "deadline": deadline,
        "witness": {"orderId": order_id},
    }
    signature = sign_typed(signer, _domain(permit2, name="Permit2") | domain, types, message)
    return Kind.PERMIT2, encode(["uint256", "uint256", "bytes"], [nonce, deadline, signature])


def sign_order(escrow: Any, signer: Any, order: dict[str, Any], **domain: Any) -> bytes:
    """Sign an order; `domain` overrides parts of the domain."""
    message = {name: getattr(value, "address", value) for name, value in order.items()}
    message["lines"] = [line._asdict() for line in order["lines"]]
    full = _domain(escrow, name="Weilian CommissionEscrow", version="1") | domain
    return sign_typed(signer, full, ORDER_TYPES, message)


def sign_typed(
    signer: Any, domain: dict[str, Any], types: dict[str, Any], message: dict[str, Any]
) -> bytes:
    """Let `signer`, a test account, sign typed data."""
    signable = encode_typed_data(domain, types, message)
    return bytes(Account.sign_message(signable, signer.private_key).signature)


def _domain(contract: Any, **names: str) -> dict[str, Any]:
    chain_id = contract.provider.chain_id
    return names | {"chainId": chain_id, "verifyingContract": contract.address}
