"""An escrow with its programme on a chain, and what its actors have."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.support.abi import ZERO_ADDRESS, Method
from tests.support.chains import Chain
from tests.support.escrow_pair import EscrowPair
from tests.support.programme import Programme
from weilian.commission.plan import PlanLimits

LIMITS = PlanLimits(5, 6_000, 100, 600, 86_400, allows_final_sales=True)


@dataclass(frozen=True)
class EscrowWorld:
    """The contracts, a token that all actors have plenty of, and one who refuses the coin.

    Actors are a brand, a line of three from its top to the seller, two payers and an agent.
    """

    programme: Programme
    identities: Any
    chain: Chain
    token: Any
    refuser: str
    platform: Any
    actors: dict[str, Any]

    @property
    def currencies(self) -> tuple[str, str]:
        return ZERO_ADDRESS, self.token.address

    def pair(self) -> EscrowPair:
        """Put the contracts beside a new model."""
        actors = self.actors | {self.platform.address: self.platform}
        pair = EscrowPair(self.programme, self.identities, self.chain, actors, LIMITS)
        pair.model.refusing.add(self.refuser)
        return pair

    def coin(self) -> int:
        """Read how many wei the escrow holds."""
        return self.chain.balance(self.programme.escrow.address)

    def tokens(self) -> list[int]:
        """Read what the escrow, the actors, the platform and the refuser have of the token."""
        return [int.from_bytes(answer) for answer in self.chain.read(self.token, self._balances)]

    @cached_property
    def _balances(self) -> list[bytes]:
        escrow = self.programme.escrow.address
        method = Method(self.token.balanceOf.abis[0])
        holders = [escrow, *self.actors, self.platform.address, self.refuser]
        return [method.encode([holder]) for holder in holders]
