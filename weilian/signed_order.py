"""What a payer signs for a shop or a relayer to send: JSON files, each good once."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from eth_abi.abi import encode
from eth_account.messages import SignableMessage
from pydantic import BeforeValidator, Field, PlainSerializer

from weilian.commission.order import Line, Order, Part, order_id
from weilian.errors import WeilianError
from weilian.hashing import keccak256
from weilian.jsonfile import JsonFile
from weilian.merkle.proof_file import Address, Node
from weilian.signing import Domain, HexBytes

CHECKOUT_NAME = "Weilian Checkout"
_CAPTURE_FIELDS = {"orderId": "bytes32", "parts": "bytes32", "deadline": "uint48"}


class SignedOrderError(WeilianError, ValueError):
    """A file that pays or confirms no order here."""


def _units(value: object) -> object:
    if isinstance(value, str):
        if not value.isascii() or not value.isdigit() or len(value) > 78:
            raise ValueError("must be a whole number as text")
        return int(value)
    return value


Units = Annotated[
    int, BeforeValidator(_units), Field(ge=0, lt=2**256), PlainSerializer(str, when_used="json")
]
"""A whole number, text in JSON, whose readers lose digits."""

Seconds = Annotated[int, Field(ge=0, lt=2**48)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTerms:
    """One line of an order; `rates` in basis points by level, none for the plan's."""

    amount: Units
    gtin: Annotated[int, Field(ge=0, lt=2**64)] = 0
    rates: list[Annotated[int, Field(ge=0, lt=2**14)]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTerms(JsonFile):
    """The terms of an order as a file: what a shop offers and a payer signs."""

    error: ClassVar[type[WeilianError]] = SignedOrderError
    noun: ClassVar[str] = "order file"

    chain_id: Annotated[int, Field(gt=0, lt=2**64)]
    escrow: Address
    plan_id: Node
    payer: Address
    receiver: Address
    operator: Address
    currency: Address
    seller: Annotated[int, Field(ge=0, lt=2**32)]
    authorization_expiry: Seconds
    receipt_expiry: Seconds
    salt: Units
    lines: Annotated[list[LineTerms], Field(min_length=1, max_length=32)]

    @property
    def order(self) -> Order:
        """The terms as a value."""
        return Order(
            plan_id=self.plan_id,
            payer=self.payer,
            receiver=self.receiver,
            operator=self.operator,
            currency=self.currency,
            seller=self.seller,
            authorization_expiry=self.authorization_expiry,
            receipt_expiry=self.receipt_expiry,
            salt=self.salt,
            lines=tuple(Line(line.amount, line.gtin, tuple(line.rates)) for line in self.lines),
        )

    @property
    def order_id(self) -> bytes:
        """The order's id."""
        return order_id(self.order, self.chain_id, self.escrow)

    def check(self, chain_id: int, escrow: str) -> None:
        """Raise SignedOrderError unless the file is for this escrow."""
        if (self.chain_id, self.escrow) != (chain_id, escrow):
            raise SignedOrderError(
                f"the file is for the escrow {self.escrow} on chain {self.chain_id}, not for "
                f"{escrow} on chain {chain_id}"
            )

    @classmethod
    def of(cls, order: Order, chain_id: int, escrow: str, **more: Any) -> Self:
        """Write an order down; `more` are the fields of a subclass."""
        return cls(
            chain_id=chain_id,
            escrow=escrow,
            plan_id=order.plan_id,
            payer=order.payer,
            receiver=order.receiver,
            operator=order.operator,
            currency=order.currency,
            seller=order.seller,
            authorization_expiry=order.authorization_expiry,
            receipt_expiry=order.receipt_expiry,
            salt=order.salt,
            lines=[
                LineTerms(amount=line.amount, gtin=line.gtin, rates=list(line.rates))
                for line in order.lines
            ],
            **more,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOrder(OrderTerms):
    """An order with its payer's consent and the way it is paid; anyone may send it."""

    noun: ClassVar[str] = "signed order"

    funding: Literal["ALLOWANCE", "PERMIT", "AUTHORIZATION", "PERMIT2", "KEY_AUTHORIZATION"]
    funding_data: Annotated[HexBytes, Field(max_length=8192)] = b""
    signature: Annotated[HexBytes, Field(max_length=4096)] = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCapture(OrderTerms):
    """A payer's consent to capture parts of an order, or with no parts all that is left of it.

    `deadline` is the first second at which it no longer holds.
    """

    noun: ClassVar[str] = "signed confirmation"

    checkout: Address
    parts: list[tuple[int, Units]]
    deadline: Annotated[int, Field(gt=0, lt=2**48)]
    signature: Annotated[HexBytes, Field(max_length=4096)] = b""

    @property
    def message(self) -> SignableMessage:
        """What the payer signs."""
        words = encode(("(uint16,uint128)[]",), (list(self.parts),))
        values = {
            "orderId": self.order_id,
            "parts": keccak256(words),
            "deadline": self.deadline,
        }
        domain = Domain(CHECKOUT_NAME, self.chain_id, self.checkout)
        return domain.message("Capture", _CAPTURE_FIELDS, values)

    @property
    def amounts(self) -> tuple[Part, ...]:
        """The parts as values."""
        return tuple(Part(line, amount) for line, amount in self.parts)


def is_confirmation(path: Path) -> bool:
    """Tell a signed confirmation from a signed order; whether it is a good one shows its loading.

    Raises SignedOrderError for what is no JSON object.
    """
    try:
        kept = json.loads(path.read_bytes())
    except OSError as error:
        raise SignedOrderError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise SignedOrderError(f"{path} is no JSON file") from error
    return isinstance(kept, dict) and "deadline" in kept
