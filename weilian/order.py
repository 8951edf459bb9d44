"""Orders: from payment into escrow to the split."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eth_abi.abi import encode

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, OrderStatus, Signer, TxResult
from weilian.chain.values import to_moment, to_seconds
from weilian.erc20 import Erc20
from weilian.errors import WeilianError
from weilian.hashing import keccak256
from weilian.plan import Plans
from weilian.suite import Suite

_ORDER_TYPE = "(bytes32,address,address,uint128,uint48,uint256)"

ORDERS_PER_TRANSACTION = 50
"""An order takes at most some 190,000 gas (five levels, seven new ledger slots, measured): 9.5
million together, below the 16.7 million that a transaction may take (EIP-7825)."""


class OrderError(WeilianError, ValueError):
    """An order that the contracts cannot hold."""


@dataclass(frozen=True, slots=True)
class Order:
    """The terms of an order; `amount` in the currency's smallest unit, no distributor for a direct
    sale, `authorization_expiry` the second from which it can be reclaimed."""

    plan_id: bytes
    payer: str
    distributor: str | None
    amount: int
    authorization_expiry: datetime
    salt: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "payer", to_address(self.payer))
        if self.distributor is not None:
            object.__setattr__(self, "distributor", to_address(self.distributor))
        for name, bits in (("amount", 128), ("salt", 256)):
            if not 0 <= getattr(self, name) < 2**bits:
                raise OrderError(f"{name} {getattr(self, name)} must be 0 to 2**{bits} - 1")

    def to_tuple(self) -> tuple[Any, ...]:
        """Return the struct that the contract takes."""
        return (
            self.plan_id,
            self.payer,
            self.distributor or ZERO_ADDRESS,
            self.amount,
            to_seconds(self.authorization_expiry),
            self.salt,
        )


@dataclass(frozen=True, slots=True)
class OrderState:
    """What the chain keeps of an order; `refunded` in the currency's smallest unit."""

    status: OrderStatus
    captured_at: datetime | None
    refunded: int


@dataclass(frozen=True, slots=True)
class OrderChange:
    """What a step did to an order; `amount` is what it moved, in the smallest unit.

    `refund_expiry` is set by a capture: the second from which the order can be settled.
    """

    order_id: bytes
    status: OrderStatus
    amount: int
    refund_expiry: datetime | None
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Share:
    """One party's part of a settled order, in the currency's smallest unit."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settled order: platform first, then the distributor and its uplines, the brand last.

    The shares sum to `net`; `breakage`, the part of levels with nobody on them, is the brand's.
    """

    order_id: bytes
    plan_id: bytes
    net: int
    breakage: int
    shares: tuple[Share, ...]
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Orders:
    """The escrow in the splitter."""

    suite: Suite

    def id_of(self, order: Order) -> bytes:
        """Return the id that an order has or would have here, without asking the chain."""
        return order_id(order, self.suite.chain.chain_id, self.suite.splitter.address)

    def state(self, identifier: bytes) -> OrderState:
        """Return where an order stands; its status is NONE if there is no such order."""
        kept = self.suite.chain.call(self.suite.splitter.functions.orderOf(identifier))
        return OrderState(OrderStatus(kept.status), to_moment(kept.capturedAt), kept.refunded)

    def authorize(self, order: Order, signer: Signer) -> OrderChange:
        """Pay an order into escrow; the signer is the payer.

        For a token, the splitter is first allowed to take the amount, in a transaction of its own.
        Raises InsufficientFundsError, TokenBalanceError, ContractRevert.
        """
        contract = self.suite.splitter
        terms = Plans(self.suite).get(order.plan_id)
        if not terms.is_native:
            token = Erc20(self.suite.chain, terms.currency)
            token.ensure_allowance(contract.address, order.amount, signer)
        tx = self.suite.chain.send(
            contract.functions.authorize(order.to_tuple()),
            signer,
            value=order.amount if terms.is_native else 0,
        )
        args = tx.event(contract.events.OrderAuthorized())
        return OrderChange(args["orderId"], OrderStatus.AUTHORIZED, order.amount, None, tx)

    def capture(self, order: Order, signer: Signer) -> OrderChange:
        """Confirm an order, for its payer or for the brand; the refund window begins."""
        contract = self.suite.splitter
        tx = self.suite.chain.send(contract.functions.capture(order.to_tuple()), signer)
        args = tx.event(contract.events.OrderCaptured())
        return OrderChange(
            args["orderId"],
            OrderStatus.CAPTURED,
            0,
            to_moment(args["refundExpiry"]),
            tx,
        )

    def void(self, order: Order, signer: Signer) -> OrderChange:
        """Give up an order before capture, for the brand; the payer is credited."""
        contract = self.suite.splitter
        tx = self.suite.chain.send(contract.functions.void(order.to_tuple()), signer)
        args = tx.event(contract.events.OrderVoided())
        return OrderChange(args["orderId"], OrderStatus.VOIDED, args["amount"], None, tx)

    def reclaim(self, order: Order, signer: Signer) -> OrderChange:
        """Give an order that was not captured in time back to its payer, as credit; anyone may."""
        contract = self.suite.splitter
        tx = self.suite.chain.send(contract.functions.reclaim(order.to_tuple()), signer)
        args = tx.event(contract.events.OrderReclaimed())
        return OrderChange(args["orderId"], OrderStatus.RECLAIMED, args["amount"], None, tx)

    def refund(self, order: Order, amount: int, signer: Signer) -> OrderChange:
        """Refund a part or all within the window, for the brand; the payer is credited."""
        contract = self.suite.splitter
        tx = self.suite.chain.send(contract.functions.refund(order.to_tuple(), amount), signer)
        args = tx.event(contract.events.OrderRefunded())
        is_whole = args["totalRefunded"] == order.amount
        status = OrderStatus.REFUNDED if is_whole else OrderStatus.CAPTURED
        return OrderChange(args["orderId"], status, args["amount"], None, tx)

    def settle(self, order: Order, signer: Signer) -> Settlement:
        """Split a captured order after its refund window; anyone may."""
        tx = self.suite.chain.send(self.suite.splitter.functions.settle(order.to_tuple()), signer)
        (settlement,) = self._settlements(tx)
        return settlement

    def settle_batch(
        self,
        orders: Sequence[Order],
        signer: Signer,
        on_done: Callable[[int], None] | None = None,
    ) -> list[Settlement]:
        """Settle many orders, 50 in a transaction; those settled before are passed over.

        `on_done` gets the number of orders gone through after each transaction. If one order
        cannot be settled, its transaction does nothing and ContractRevert names the order.
        """
        settlements: list[Settlement] = []
        for start in range(0, len(orders), ORDERS_PER_TRANSACTION):
            part = orders[start : start + ORDERS_PER_TRANSACTION]
            function = self.suite.splitter.functions.settleBatch([o.to_tuple() for o in part])
            settlements += self._settlements(self.suite.chain.send(function, signer))
            if on_done:
                on_done(start + len(part))
        return settlements

    def _settlements(self, tx: TxResult) -> Iterator[Settlement]:
        for found in tx.events(self.suite.splitter.events.OrderSettled()):
            args = found["args"]
            yield Settlement(
                order_id=args["orderId"],
                plan_id=args["planId"],
                net=args["net"],
                breakage=args["breakage"],
                shares=tuple(Share(share["account"], share["amount"]) for share in args["shares"]),
                tx=tx,
            )


def order_id(order: Order, chain_id: int, splitter: str) -> bytes:
    """Return keccak256(abi.encode(chainId, splitter, order)), the id of an order."""
    return keccak256(
        encode(("uint256", "address", _ORDER_TYPE), (chain_id, splitter, order.to_tuple()))
    )
