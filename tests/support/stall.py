"""Final sales in a token under any plan, and what every party gets of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

from tests.support.programme import (
    BPS,
    Line,
    PlanLimits,
    Programme,
    account,
    create_order,
    deploy_programme,
    join_line,
    member,
    publish,
)

MAX_DEPTH = 5
MIN_FEE = 100
MAX_PRICE = 2**128 - 1
PRICES = (1, 2, 9, 9_999, 10_001, MAX_PRICE)
LIMITS = PlanLimits(MAX_DEPTH, BPS - MIN_FEE, MIN_FEE, 600, 0, True)
"""A profile that lets plans be as deep and as generous as any, at once."""


@dataclass
class Stall:
    """A brand with a line of distributors, the lowest last; a payer with a token."""

    programme: Programme
    brand: Any
    payer: Any
    token: Any
    numbers: list[int] = field(default_factory=list)
    _salts: Any = field(default_factory=count)

    @property
    def parties(self) -> list[int]:
        """Platform, brand, and the line from its lowest distributor upwards."""
        uplines = [member(self.brand, number) for number in reversed(self.numbers)]
        return [member(self.brand, 1), account(self.brand), *uplines]

    def publish(self, fee: int, rates: Sequence[int], **terms: Any) -> bytes:
        """Publish a plan of final sales, unless `terms` say otherwise."""
        plan = {
            "currency": self.token.address,
            "depth": len(rates),
            "rates": [list(rates)],
            "platformFeeBps": fee,
            "isFinal": True,
            "refundWindow": 0,
            "maturity": 0,
            "termsHash": next(self._salts).to_bytes(32),
        }
        return publish(self.programme.book, self.brand, **(plan | terms))

    def order(self, plan_id: bytes, length: int, *amounts: int) -> dict[str, Any]:
        """Return an order through the top `length` distributors of the line."""
        seller = self.numbers[length - 1] if length else 0
        terms = {"seller": seller, "salt": next(self._salts), "currency": self.token.address}
        lines = [Line(amount) for amount in amounts]
        return create_order(plan_id, self.payer, self.brand, lines=lines, **terms)

    def provide(self, amount: int) -> None:
        """Let the payer be able to pay."""
        self.token.mint(self.payer, amount, sender=self.payer)
        self.token.approve(self.programme.escrow, amount, sender=self.payer)

    def shares(self, plan_id: bytes, length: int, *amounts: int) -> list[int]:
        """Sell at these amounts; return what platform, brand and each upline got."""
        self.provide(sum(amounts))
        before = self.credits(length)
        order = self.order(plan_id, length, *amounts)
        self.programme.escrow.charge(order, sender=self.payer)
        return [late - early for late, early in zip(self.credits(length), before, strict=True)]

    def credits(self, length: int) -> list[int]:
        """Read the credits of platform, brand and the top `length` of the line.

        Fees that are too high to wait in the brand's word are credited to the platform's account.
        """
        escrow = self.programme.escrow
        platform, brand, *uplines = self.parties
        earners = [platform, brand, *uplines[len(uplines) - length :]]
        fees, *others = [escrow.creditOf(party, self.token) for party in earners]
        return [fees + escrow.creditOf(account(escrow.PLATFORM()), self.token), *others]


def open_stall(
    project: Any,
    deployer: Any,
    identities: Any,
    platform: Any,
    brand: Any,
    token: Any,
    *others: Any,
) -> Stall:
    """Deploy a programme; the first of `others` pays, the rest join one under the other."""
    payer, *line = others
    programme = deploy_programme(project, deployer, identities, platform, LIMITS)
    stall = Stall(programme, brand, payer, token)
    stall.numbers = join_line(programme.network, brand, *line)
    return stall


def expected_shares(price: int, fee: int, rates: Sequence[int], length: int) -> list[int]:
    """Share a price by the written rule.

    Platform and first n uplines together get floor(price x their summed rates / 10,000), the brand
    all that is left, with it what levels would have got that nobody stands on.
    """
    upto = [price * (fee + sum(rates[:n])) // BPS for n in range(len(rates) + 1)]
    earned = [late - early for early, late in pairwise(upto)]
    uplines = (earned + [0] * length)[:length]
    return [upto[0], price - upto[0] - sum(uplines), *uplines]
