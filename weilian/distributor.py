"""Distributors: joining a brand, and who stands above whom."""

from dataclasses import dataclass
from datetime import datetime

from weilian.address import to_address
from weilian.chain import Signer, TxResult
from weilian.chain.values import to_moment
from weilian.errors import WeilianError
from weilian.suite import Suite


class DistributorNotFoundError(WeilianError, LookupError):
    """An account that has not joined a brand."""

    def __init__(self, brand: str, account: str) -> None:
        super().__init__(f"{account} has not joined the brand {brand}; let it join first")


@dataclass(frozen=True, slots=True)
class Distributor:
    """A distributor's place in a brand's tree; depth 1 stands directly under the brand."""

    brand: str
    account: str
    sponsor: str
    depth: int
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Joined:
    """A distributor that has just joined."""

    brand: str
    account: str
    sponsor: str
    depth: int
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Distributors:
    """The distributor registry in the splitter."""

    suite: Suite

    def join(self, brand: str, sponsor: str | None, signer: Signer) -> Joined:
        """Make the signer a distributor for ever; without a sponsor, directly under the brand."""
        contract = self.suite.splitter
        tx = self.suite.chain.send(
            contract.functions.join(to_address(brand), to_address(sponsor or brand)), signer
        )
        args = tx.event(contract.events.DistributorJoined())
        return Joined(args["brand"], args["distributor"], args["sponsor"], args["depth"], tx)

    def get(self, brand: str, account: str) -> Distributor:
        """Return a distributor; raise DistributorNotFoundError."""
        brand, account = to_address(brand), to_address(account)
        kept = self.suite.chain.call(self.suite.splitter.functions.distributorOf(brand, account))
        joined_at = to_moment(kept.joinedAt)
        if joined_at is None:
            raise DistributorNotFoundError(brand, account)
        return Distributor(brand, account, kept.sponsor, kept.depth, joined_at)

    def line(self, brand: str, account: str, depth: int) -> list[str]:
        """List a distributor and those above it, at most `depth`, ending below the brand."""
        brand, account = to_address(brand), to_address(account)
        line: list[str] = []
        while len(line) < depth and account != brand:
            line.append(account)
            account = to_address(self.get(brand, account).sponsor)
        return line
