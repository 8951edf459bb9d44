"""Disputes about orders: what parties sign, and what they bring about."""

from enum import IntEnum
from typing import Any

from eth_utils import keccak

from tests.support.clock import next_block_at
from tests.support.funding import sign_typed
from tests.support.programme import DAY, REFUND_WINDOW

PARTIES_PERIOD = 7 * DAY
ARBITRATION_PERIOD = 60 * DAY
COST = 10**9  # wei, what CheapArbitrator asks for
EVIDENCE = keccak(text="the tea is stale")
OPEN_TYPES = {
    "Open": [
        {"name": "orderId", "type": "bytes32"},
        {"name": "evidence", "type": "bytes32"},
    ]
}
AGREEMENT_TYPES = {
    "Agreement": [
        {"name": "orderId", "type": "bytes32"},
        {"name": "payerBps", "type": "uint16"},
        {"name": "deadline", "type": "uint48"},
    ]
}


class DisputeStatus(IntEnum):
    """DisputeStatus, spelt out again so that the tests do not follow the contract's mistakes."""

    NONE = 0
    OPEN = 1
    ESCALATED = 2
    RULED = 3


def sign_open(disputes: Any, signer: Any, order_id: bytes, **domain: str | int) -> bytes:
    """Sign the opening of a dispute as a wallet does; `domain` overrides parts of the domain."""
    message = {"orderId": order_id, "evidence": EVIDENCE}
    return sign_typed(signer, _domain(disputes) | domain, OPEN_TYPES, message)


def sign_agreement(
    disputes: Any, signer: Any, order_id: bytes, payer_bps: int, deadline: int, **domain: str | int
) -> bytes:
    """Sign on what both parties agree as a wallet does."""
    message = {"orderId": order_id, "payerBps": payer_bps, "deadline": deadline}
    return sign_typed(signer, _domain(disputes) | domain, AGREEMENT_TYPES, message)


def settle(escrow: Any, order: dict[str, Any], sender: Any) -> Any:
    """Settle a captured order in the first second in which it can be, at once if that is past."""
    matures_at = escrow.orderOf(order).changedAt + REFUND_WINDOW + DAY
    if escrow.provider.get_block("latest").timestamp < matures_at:
        next_block_at(matures_at)
    return escrow.settle([order], sender=sender)


def _domain(disputes: Any) -> dict[str, Any]:
    return {
        "name": "Weilian OrderDisputes",
        "version": "1",
        "chainId": disputes.provider.chain_id,
        "verifyingContract": disputes.address,
    }
