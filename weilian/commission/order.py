"""Orders of the escrow, and what is kept of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import IntEnum
from functools import lru_cache

from eth_account.messages import SignableMessage, encode_typed_data

from weilian.address import ZERO_ADDRESS
from weilian.commission.allocation import Allocation, packed, packed_rates
from weilian.hashing import keccak256

_DOMAIN_NAME = "Weilian CommissionEscrow"
_FIELDS = {
    "Order": {
        "planId": "bytes32",
        "payer": "address",
        "receiver": "address",
        "operator": "address",
        "currency": "address",
        "seller": "uint32",
        "authorizationExpiry": "uint48",
        "receiptExpiry": "uint48",
        "salt": "uint256",
        "lines": "Line[]",
    },
    "Line": {"amount": "uint128", "gtin": "uint64", "rates": "uint256"},
}
_TYPES = {
    kind: [{"name": name, "type": type_} for name, type_ in fields.items()]
    for kind, fields in _FIELDS.items()
}


class OrderStatus(IntEnum):
    """Where an order stands; as in EscrowTypes.sol."""

    NONE = 0
    AUTHORIZED = 1
    CAPTURED = 2
    SETTLED = 3
    VOIDED = 4
    RECLAIMED = 5


@dataclass(frozen=True)
class Line:
    """One line of an order: an amount in the currency's smallest unit, and what it is for.

    `rates` are the product's own, in basis points by level; none (or all zero): the plan's.
    """

    amount: int
    gtin: int = 0
    rates: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """An amount of one line, counted from 0, in the currency's smallest unit."""

    line: int
    amount: int


@dataclass(frozen=True)
class Order:
    """The terms of an order; see EscrowTypes.sol. Times are in seconds, `seller` is a number.

    A zero `payer` is an order that was paid outside the chain. Equal terms are the same order.
    """

    plan_id: bytes
    payer: str
    receiver: str
    currency: str
    lines: tuple[Line, ...]
    authorization_expiry: int
    operator: str = ZERO_ADDRESS
    seller: int = 0
    receipt_expiry: int = 0
    salt: int = 0

    @property
    def amount(self) -> int:
        """What all lines cost."""
        return sum(line.amount for line in self.lines)

    @property
    def is_reported(self) -> bool:
        """Whether the order was paid outside the chain."""
        return self.payer == ZERO_ADDRESS


@dataclass(frozen=True)
class SettledLine:
    """How one line was shared: what was captured and not refunded, and who got which rate."""

    net: int
    allocation: Allocation


@dataclass(frozen=True)
class OrderState:
    """What is kept of an order. `changed_at` is the second of the last capture or of settlement."""

    status: OrderStatus = OrderStatus.NONE
    changed_at: int = 0
    captured: tuple[int, ...] = ()
    refunded: tuple[int, ...] = ()
    is_held: bool = False
    was_ruled: bool = False
    settlement: tuple[SettledLine, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether something was captured."""
        return any(self.captured)

    @property
    def digest(self) -> int:
        """The kept 160 bits of the hash of how a settled order stands shared, 0 before."""
        if self.status != OrderStatus.SETTLED:
            return 0
        words = [(line.net, packed(line.allocation)) for line in self.settlement]
        data = b"".join(word.to_bytes(32) for pair in words for word in pair)
        return int.from_bytes(keccak256(data)[:20])

    def net(self, line: int) -> int:
        """What was captured and not refunded of a line."""
        return self.captured[line] - self.refunded[line]


def struct_of(order: Order) -> dict[str, object]:
    """Return an order as the contract takes it, lines as tuples in the fields' order."""
    lines = [(line.amount, line.gtin, packed_rates(line.rates)) for line in order.lines]
    values = asdict(order) | {"lines": lines}
    return {_camel_case(name): value for name, value in values.items()}


def order_message(order: Order, chain_id: int, escrow: str) -> SignableMessage:
    """Return what a payer signs of an order (EIP-712)."""
    head = {
        "name": _DOMAIN_NAME,
        "version": "1",
        "chainId": chain_id,
        "verifyingContract": escrow,
    }
    message = struct_of(order)
    message["lines"] = [
        {"amount": line.amount, "gtin": line.gtin, "rates": packed_rates(line.rates)}
        for line in order.lines
    ]
    return encode_typed_data(head, _TYPES, message)


@lru_cache(maxsize=4096)
def order_id(order: Order, chain_id: int, escrow: str) -> bytes:
    """Return an order's id, its EIP-712 digest: what escrow.orderIdOf answers."""
    signable = order_message(order, chain_id, escrow)
    return keccak256(b"\x19" + signable.version + signable.header + signable.body)


def added(amounts: Sequence[int], line: int, amount: int) -> tuple[int, ...]:
    """Return amounts by line, that of one line greater by `amount`."""
    return tuple(before + amount * (i == line) for i, before in enumerate(amounts))


def _camel_case(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
