"""Who sells for a brand, and what standing it has; as Programme.sol and DistributorNetwork.sol."""

from abc import ABC
from dataclasses import dataclass, replace

from weilian.address import ZERO_ADDRESS
from weilian.commission.ladder import Ladder, Standing, at_period, is_active
from weilian.commission.parties import (
    PLATFORM_NUMBER,
    account_of,
    brand_of,
    is_member,
    is_platform,
    number_of,
)
from weilian.commission.party_ledger import Authority, Site, itself
from weilian.commission.plan_book import PlanBook
from weilian.refusal import RefusedError

FOR_EVER = 2**48 - 1
"""The last second of a bond that does not end."""


@dataclass(frozen=True)
class Member:
    """A distributor: account, sponsor's number (0: the brand), where it is paid."""

    account: str
    sponsor: int
    payout: str
    is_suspended: bool = False


@dataclass(frozen=True)
class Tie:
    """To which number a payer is bound, and the second that this ends."""

    number: int = 0
    until: int = 0


class Programme(PlanBook, ABC):
    """The distributors of all brands and their standings."""

    def __init__(self, site: Site, may: Authority = itself) -> None:
        super().__init__(site, may)
        self.members: dict[tuple[str, int], Member] = {}
        self.numbers: dict[tuple[str, str], int] = {}
        self.ties: dict[tuple[str, str], Tie] = {}
        self.standings: dict[tuple[str, str, int], Standing] = {}

    def join(self, brand: str, sponsor: int, account: str) -> int:
        """Make an account a distributor under a sponsor's number (0: the brand); return its own."""
        if sponsor:
            self._member(brand, sponsor)
        if account in (brand, ZERO_ADDRESS):
            raise RefusedError("DistributorNetwork_AccountInvalid", brand=brand, account=account)
        if number := self.numbers.get((brand, account)):
            raise RefusedError(
                "DistributorNetwork_AlreadyJoined", brand=brand, account=account, number=number
            )
        number = PLATFORM_NUMBER + 1 + sum(of == brand for of, _ in self.members)
        self.members[brand, number] = Member(account, sponsor, account)
        self.numbers[brand, account] = number
        return number

    def suspend(self, brand: str, number: int, actor: str, *, is_suspended: bool = True) -> None:
        """Take no new orders through a distributor, or take them again."""
        if not self.may(brand, "plan", actor):
            raise RefusedError("DistributorNetwork_NotAuthorized", account=brand, actor=actor)
        member = self._member(brand, number)
        if member.is_suspended == is_suspended:
            raise RefusedError(
                "DistributorNetwork_SuspensionUnchanged",
                brand=brand,
                number=number,
                isSuspended=is_suspended,
            )
        self.members[brand, number] = replace(member, is_suspended=is_suspended)

    def refresh_rank(self, brand: str, currency: str, number: int, now: int) -> None:
        """Bring a distributor's standing to the current period."""
        ladder = self.ladder_of(brand, currency)
        standing = self.standing(brand, currency, number)
        self.standings[brand, currency, number] = at_period(ladder, standing, now)

    def standing_of(
        self, brand: str, currency: str, number: int, now: int
    ) -> tuple[int, bool, int, int]:
        """Return rank, activity, and own and team sales in the ladder's units, as of now."""
        ladder = self.ladder_of(brand, currency)
        standing = at_period(ladder, self.standing(brand, currency, number), now)
        active = is_active(ladder, standing)
        return standing.rank, active, standing.own_sales, standing.team_sales

    def payout_of(self, party: int) -> str:
        """Return where a party is paid, zero for an unknown distributor."""
        if not is_member(party):
            return account_of(party)
        if is_platform(party):
            return self.site.platform
        member = self.members.get((brand_of(party), number_of(party)))
        return member.payout if member else ZERO_ADDRESS

    def line_of(self, brand: str, seller: int, limit: int) -> list[int]:
        """Return the numbers from a seller upwards, at most `limit`."""
        line: list[int] = []
        while seller and len(line) < limit:
            line.append(seller)
            seller = self.members[brand, seller].sponsor
        return line

    def tie_of(self, brand: str, payer: str, now: int) -> int:
        """Return the number that a payer is bound to now, 0 for none."""
        tie = self.ties.get((brand, payer), Tie())
        return tie.number if now < tie.until else 0

    def tie(self, brand: str, payer: str, number: int, until: int) -> None:
        """Bind a payer to a distributor; a longer bond to the same one stays."""
        before = self.ties.get((brand, payer), Tie())
        if before.number == number:
            until = max(until, before.until)
        self.ties[brand, payer] = Tie(number, until)

    def standing(self, brand: str, currency: str, number: int) -> Standing:
        """Return a distributor's standing as it was kept last."""
        return self.standings.get((brand, currency, number), Standing())

    def ladder_of(self, brand: str, currency: str) -> Ladder:
        """Return the ladder in force; raise RefusedError where a programme has none."""
        if (brand, currency) not in self.ladders:
            raise RefusedError("Programme_LadderMissing", brand=brand, currency=currency)
        return self.ladders[brand, currency]

    def _member(self, brand: str, number: int) -> Member:
        if (brand, number) not in self.members:
            raise RefusedError("DistributorNetwork_Unknown", brand=brand, number=number)
        return self.members[brand, number]
