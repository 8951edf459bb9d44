"""Everything that somebody who is no party can try against orders, credits and a line of others."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ape.exceptions import ContractLogicError
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import NEVER
from tests.support.disputes import COST, EVIDENCE
from tests.support.programme import (
    Part,
    Programme,
    account,
    create_invitation,
    create_terms,
    member,
)
from tests.support.sales import Sales

LADDER = {
    "periodDays": 30,
    "unitDecimals": 0,
    "activityMinimum": 1,
    "own": [1, 2, 3],
    "team": [1, 2, 3],
}
PLAN_WORD = 10_000 | 1 << 132 | 1 << 196
"""A plan that gives all to the seller."""
PAY_OUT = {"withdraw", "withdrawBatch"}
"""Anyone may send these: they pay a party what it has."""


@dataclass
class Estate:
    """Others' orders, one in each state that holds money, and what is known of the settled one."""

    programme: Programme
    sales: Sales
    plan_id: bytes
    authorized: dict[str, Any]
    captured: dict[str, Any]
    held: dict[str, Any]
    settled: dict[str, Any]
    shares: list[tuple[int, int]]

    @property
    def owners(self) -> list[int]:
        """Everyone who has a credit."""
        sales = self.sales
        members = [member(sales.brand, number) for number in (1, *sales.numbers)]
        return [account(sales.brand), account(sales.payer), *members]

    def picture(self) -> list[Any]:
        """Return every credit and debt, where it is paid to, every order, and what is held."""
        sales, escrow, currency = self.sales, self.sales.escrow, self.sales.currency
        orders = (self.authorized, self.captured, self.held, self.settled)
        network, brand = self.programme.network, sales.brand
        return [
            [escrow.creditOf(party, currency) for party in self.owners],
            [escrow.debtOf(party, currency) for party in self.owners],
            [escrow.payoutOf(party) for party in self.owners],
            [escrow.isCreditKept(each, currency) for each in (sales.brand, sales.payer)],
            [network.distributorOf(brand, number).sponsor for number in sales.numbers],
            [str(escrow.orderOf(order)) for order in orders],
            str(escrow.planStateOf(self.plan_id, brand, currency)),
            sales.held(),
        ]

    def attempts(self, actor: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
        """Name everything that can be called, and how `actor` would gain or others lose by it."""
        for contract, calls in (
            (self.programme.escrow, self._on_escrow(actor)),
            (self.programme.network, self._on_network(actor)),
            (self.programme.book, self._on_book()),
            (self.programme.disputes, self._on_disputes()),
            (self.programme.checkout, self._on_checkout()),
        ):
            for name, *arguments in calls:
                yield name, _call(contract, name, arguments, actor)

    def try_all(self, actor: Any) -> list[str]:
        """Let `actor` try everything; return what changed anything of others."""
        culprits = []
        before = self.picture()
        for name, attempt in self.attempts(actor):
            with suppress(ContractLogicError):
                attempt()
            if self.picture() != before:
                culprits.append(name)
                before = self.picture()
        return culprits

    def untried(self) -> set[str]:
        """Name what can be called on the five contracts and is not among the attempts."""
        parts = self.programme
        contracts = (parts.escrow, parts.network, parts.book, parts.disputes, parts.checkout)
        methods = [method for each in contracts for method in each.contract_type.mutable_methods]
        tried = {name for name, _ in self.attempts(self.sales.brand)}
        return {method.name for method in methods} - tried - PAY_OUT

    def _on_escrow(self, actor: Any) -> Iterator[tuple[Any, ...]]:
        sales, brand = self.sales, self.sales.brand
        currency, seller = sales.currency, sales.seller
        fresh = sales.order(self.plan_id, salt=99)
        yield "setPlan", keccak(self.plan_id), PLAN_WORD, 0, 0
        yield "setActiveUntil", keccak(self.plan_id), 1
        yield "setLadder", brand, currency, 1
        yield "setMember", brand, seller, actor, actor, 0, False
        yield "setNumber", brand, actor, seller
        yield "refreshRank", brand, currency, seller
        yield "deposit", sales.payer, currency, 0
        for victim in (brand, sales.payer):
            yield "withdrawTo", victim, currency, actor
            yield "setCreditKept", victim, currency, True
        if actor != sales.escrow.PLATFORM():  # whose the fees are
            yield "withdrawFeesTo", brand, currency, actor
        yield "authorize", fresh
        yield "charge", fresh
        yield "report", [sales.order(self.plan_id, payer=ZERO_ADDRESS)]
        yield "capture", self.authorized, []
        yield "capture", self.authorized, [Part(0, 1)]
        yield "void", self.authorized
        yield "reclaim", self.authorized
        yield "refund", self.captured, [Part(0, 1)]
        yield "settle", [self.captured]
        yield "settle", [self.held]
        yield "refundSettled", self.settled, self.shares, [Part(0, 1)]
        yield "hold", self.captured
        yield "rule", self.held, 10_000

    def _on_network(self, actor: Any) -> Iterator[tuple[Any, ...]]:
        brand, seller = self.sales.brand, self.sales.seller
        invitation = create_invitation(brand)
        yield "join", invitation, b"", actor, b""
        yield "revokeInvitation", invitation
        yield "offerAccount", brand, seller, actor
        yield "acceptAccount", brand, seller
        yield "announcePayout", brand, seller, actor
        yield "activatePayout", brand, seller
        yield "setSuspended", brand, seller, True, bytes(32)
        yield "setTerritory", brand, seller, bytes(32)
        yield "bindEscrow", actor

    def _on_book(self) -> Iterator[tuple[Any, ...]]:
        brand, currency = self.sales.brand, self.sales.currency
        yield "publish", create_terms(brand, currency=currency, rates=[[1, 1, 1]])
        yield "retire", self.plan_id
        yield "listProduct", self.plan_id, 1, 1, []
        yield "lockTerms", self.plan_id, self.sales.seller, NEVER
        yield "announceLadder", brand, currency, LADDER
        yield "activateLadder", brand, currency
        yield "bindEscrow", self.programme.escrow

    def _on_disputes(self) -> Iterator[tuple[Any, ...]]:
        yield "open", self.captured, EVIDENCE, b""
        yield "concede", self.held
        yield "agree", self.held, 10_000, NEVER, b""
        yield "escalate", self.held
        yield "rule", 1, 101
        yield "execute", self.held
        yield "lapse", self.held
        yield "bindEscrow", self.programme.escrow

    def _on_checkout(self) -> Iterator[tuple[Any, ...]]:
        fresh = self.sales.order(self.plan_id, salt=98)
        yield "authorize", fresh, (0, b""), b""
        yield "charge", fresh, (0, b""), b""
        yield "capture", self.authorized, [], NEVER, b""
        yield "bindEscrow", self.programme.escrow


def _call(contract: Any, name: str, arguments: list[Any], actor: Any) -> Callable[[], Any]:
    value = COST if name == "escalate" else 0
    return lambda: getattr(contract, name)(*arguments, sender=actor, value=value)
