"""Orders in escrow in either kind of money, brought from stage to stage."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import now, read_at
from tests.support.events import events_of
from tests.support.programme import DAY, REFUND_WINDOW, account, create_order, member, total_of

MATURITY = DAY


class Status(IntEnum):
    """OrderStatus, spelt out again so that the tests do not follow the library's mistakes."""

    NONE = 0
    AUTHORIZED = 1
    CAPTURED = 2
    SETTLED = 3
    VOIDED = 4
    RECLAIMED = 5


@dataclass(frozen=True)
class Sales:
    """An escrow with one brand's line of three distributors, the seller last."""

    escrow: Any
    brand: Any
    payer: Any
    numbers: list[int]
    token: Any = None

    @property
    def currency(self) -> str:
        """The token's address, or zero for the chain's coin."""
        return self.token.address if self.token else ZERO_ADDRESS

    @property
    def seller(self) -> int:
        """The number of the lowest distributor."""
        return self.numbers[-1]

    def order(self, plan_id: bytes, **changes: Any) -> dict[str, Any]:
        """Return an order through the seller, with `changes`."""
        terms = {"currency": self.currency, "seller": self.seller} | changes
        return create_order(plan_id, terms.pop("payer", self.payer), self.brand, **terms)

    def id_of(self, order: dict[str, Any]) -> bytes:
        """Ask the escrow for an order's id."""
        return bytes(self.escrow.orderIdOf(order))

    def provide(self, holder: Any, amount: int) -> int:
        """Let `holder` be able to pay `amount`; return what to send along, in wei."""
        if self.token is None:
            return amount
        self.token.mint(holder, amount, sender=holder)
        self.token.approve(self.escrow, amount, sender=holder)
        return 0

    def authorize(self, order: dict[str, Any]) -> Any:
        """Pay an order into escrow."""
        payer = order["payer"]
        value = self.provide(payer, total_of(order))
        return self.escrow.authorize(order, sender=payer, value=value)

    def charge(self, order: dict[str, Any]) -> Any:
        """Pay and share a final sale."""
        payer = order["payer"]
        value = self.provide(payer, total_of(order))
        return self.escrow.charge(order, sender=payer, value=value)

    def capture(self, order: dict[str, Any], *parts: Any) -> Any:
        """Capture an order as its payer."""
        return self.escrow.capture(order, list(parts), sender=order["payer"])

    def captured(self, order: dict[str, Any]) -> dict[str, Any]:
        """Bring a new order to capture."""
        self.authorize(order)
        self.capture(order)
        return order

    def mature(self, seconds: int = REFUND_WINDOW + MATURITY) -> None:
        """Let the refund window and maturity pass."""
        read_at(now() + seconds)

    def settle(self, *orders: dict[str, Any]) -> Any:
        """Settle orders whose time has come; anyone may."""
        return self.escrow.settle(list(orders), sender=self.payer)

    def settled(self, order: dict[str, Any]) -> list[tuple[int, int]]:
        """Bring a new order to settlement; return net and allocation of each line."""
        self.captured(order)
        self.mature()
        return shares_of(self.settle(order))

    def deposit(self, holder: Any, amount: int) -> None:
        """Pay into the brand's credit."""
        value = self.provide(holder, amount)
        self.escrow.deposit(self.brand, self.currency, amount, sender=holder, value=value)

    def credit(self, party: int) -> int:
        """Read what a party can withdraw."""
        return int(self.escrow.creditOf(party, self.currency))

    def credits(self) -> list[int]:
        """Read the credits of platform, brand and the line from its top to the seller."""
        members = [member(self.brand, number) for number in self.numbers]
        parties = [member(self.brand, 1), account(self.brand), *members]
        return [self.credit(party) for party in parties]

    def debt(self, number: int) -> int:
        """Read what a distributor owes."""
        return int(self.escrow.debtOf(member(self.brand, number), self.currency))

    def status(self, order: dict[str, Any]) -> Status:
        """Read an order's status."""
        return Status(self.escrow.orderOf(order).status)

    def changed_at(self, order: dict[str, Any]) -> int:
        """Read the second of an order's last capture, or of its settlement."""
        return int(self.escrow.orderOf(order).changedAt)

    def held(self) -> int:
        """Read what the escrow has of the currency."""
        if self.token is None:
            return int(self.escrow.balance)
        return int(self.token.balanceOf(self.escrow))


def shares_of(tx: Any) -> list[tuple[int, int]]:
    """Return net and allocation of each line that a transaction settled."""
    return [
        (values["net"], values["allocation"])
        for _, name, values in events_of(tx)
        if name == "OrderSettled"
    ]


def allocation(*entries: tuple[int, int]) -> int:
    """Pack (number, basis points) as the escrow does."""
    return sum((number | bps << 32) << 46 * i for i, (number, bps) in enumerate(entries))
