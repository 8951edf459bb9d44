"""Plans and orders as the ledger knows them."""

from dataclasses import dataclass
from enum import IntEnum

from weilian.address import ZERO_ADDRESS

NATIVE_CURRENCY = ZERO_ADDRESS


class OrderStatus(IntEnum):
    """Where an order stands. From AUTHORIZED also VOIDED or RECLAIMED, from CAPTURED REFUNDED."""

    NONE = 0
    AUTHORIZED = 1
    CAPTURED = 2
    VOIDED = 3
    RECLAIMED = 4
    REFUNDED = 5
    SETTLED = 6


@dataclass(frozen=True)
class Limits:
    """What a deployment is bound to for ever."""

    max_depth: int
    max_commission_bps: int
    min_platform_fee_bps: int
    min_refund_window: int


@dataclass(frozen=True)
class Plan:
    """A distribution agreement. Equal terms are the same plan, as on chain equal hashes."""

    brand: str
    currency: str
    platform_fee_bps: int
    refund_window: int
    level_bps: tuple[int, ...]


@dataclass(frozen=True)
class Order:
    """The terms of an order. Equal terms are the same order."""

    plan: Plan
    payer: str
    distributor: str
    amount: int
    authorization_expiry: int
    salt: int = 0


@dataclass(frozen=True)
class OrderState:
    """What is kept of an order."""

    status: OrderStatus = OrderStatus.NONE
    captured_at: int = 0
    refunded: int = 0
