"""An escrow with its programme on a chain, and what its actors have."""

from dataclasses import dataclass
from typing import Any

from eth_abi import encode

from tests.support.abi import ZERO_ADDRESS, selector
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
    reader: Any
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
        return EscrowPair(self.programme, self.identities, self.reader, actors, LIMITS)

    def held(self, currency: str) -> int:
        """Read what the escrow holds of a currency."""
        if currency == ZERO_ADDRESS:
            return int(self.programme.escrow.balance)
        return int(self.token.balanceOf(self.programme.escrow))

    def tokens(self) -> list[int]:
        """Read what the actors, the platform and the refuser have of the token."""
        holders = [*self.actors, self.platform.address, self.refuser]
        method = selector(self.token.balanceOf.abis[0])
        calls = [method + encode(("address",), (holder,)) for holder in holders]
        return [int.from_bytes(answer) for answer in self.reader.read(self.token, calls)]
