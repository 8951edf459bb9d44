"""The splitter on a chain, spoken to in the words of the reference model."""

from dataclasses import dataclass
from typing import Any

from eth_abi import decode

from tests.support.abi import ZERO_ADDRESS, ZERO_HASH
from weilian.commission import Order, OrderState, OrderStatus, Plan

ORDER_STATE = "(uint8,uint48,uint128)"


@dataclass(frozen=True)
class World:
    """A splitter, one token, and actors with plenty of it who let the splitter take it."""

    splitter: Any
    identities: Any
    token: Any
    reader: Any
    feeder: Any
    platform: str
    actors: dict[str, Any]

    def terms_of(self, plan: Plan) -> dict[str, Any]:
        """Put a plan as the contract takes it."""
        return {
            "brand": plan.brand,
            "currency": plan.currency,
            "platformFeeBps": plan.platform_fee_bps,
            "refundWindow": plan.refund_window,
            "levelBps": list(plan.level_bps),
            "documentHash": ZERO_HASH,
        }

    def order_of(self, order: Order) -> dict[str, Any]:
        """Put an order as the contract takes it."""
        return {
            "planId": self.on_chain(order.plan),
            "payer": order.payer,
            "distributor": order.distributor,
            "amount": order.amount,
            "authorizationExpiry": order.authorization_expiry,
            "salt": order.salt,
        }

    def on_chain(self, value: Any) -> Any:
        """Put what an error names as the contract does: ids for orders and plans."""
        match value:
            case Order():
                return bytes(self.splitter.orderIdOf(self.order_of(value)))
            case Plan():
                return bytes(self.splitter.planIdOf(self.terms_of(value)))
        return value

    def read(
        self, accounts: list[tuple[str, str]], order_ids: list[bytes]
    ) -> tuple[list[int], list[OrderState]]:
        """Read credits by (account, currency), and what is kept of orders."""
        calls = [self.splitter.creditOf.encode_input(*account) for account in accounts]
        calls += [self.splitter.orderOf.encode_input(order_id) for order_id in order_ids]
        answers = list(self.reader.read(self.splitter, calls))
        owed = [int.from_bytes(answer) for answer in answers[: len(accounts)]]
        states = [decode([ORDER_STATE], answer)[0] for answer in answers[len(accounts) :]]
        return owed, [OrderState(OrderStatus(status), *rest) for status, *rest in states]

    def balance(self, currency: str) -> int:
        """Read what the splitter holds of a currency."""
        if currency == ZERO_ADDRESS:
            return int(self.splitter.balance)
        return int(self.token.balanceOf(self.splitter))

    def donate(self, currency: str, amount: int, sender: str) -> None:
        """Make the splitter hold more than anybody paid."""
        giver = self.actors[sender]
        if currency == ZERO_ADDRESS:
            giver.deploy(self.feeder, self.splitter, value=amount)
        else:
            self.token.transfer(self.splitter, amount, sender=giver)
