"""Distributors: joining a brand's programme by invitation, and what happens to a number after."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from eth_utils.address import to_canonical_address

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, Signer, TxResult
from weilian.chain.signer import MessageSigner
from weilian.chain.values import to_hex, to_moment, to_seconds
from weilian.commission.parties import PLATFORM_NUMBER, member_party, platform_party
from weilian.errors import WeilianError
from weilian.invitation import NO_CAMPAIGN, Invitation
from weilian.suite import Suite

NO_REASON = bytes(32)
NO_TERRITORY = bytes(32)


class DistributorNotFoundError(WeilianError, LookupError):
    """A number or an account that a brand's programme does not have."""

    def __init__(self, brand: str, who: str | int) -> None:
        super().__init__(f"{who} has not joined the brand {brand}; let it join first")


class TerritoryError(WeilianError, ValueError):
    """A territory that the chain cannot keep as it is."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"{code!r} is no code of a territory: it must be 1 to {len(NO_TERRITORY)} letters, "
            "digits and signs of ASCII, such as CN-31; of a longer list give the hash"
        )


@dataclass(frozen=True, slots=True)
class Distributor:
    """A distributor of a brand's programme; `sponsor` 0 and depth 1 directly under the brand.

    `payout` is where withdrawals are paid. `territory` is what the brand said of where it may
    sell, zeros for nothing.
    """

    brand: str
    number: int
    account: str
    sponsor: int
    depth: int
    joined_at: datetime
    payout: str
    is_suspended: bool
    territory: bytes

    @property
    def party(self) -> int:
        """The name under which the ledger keeps its credit."""
        return member_party(self.brand, self.number)


@dataclass(frozen=True, slots=True)
class Authorization:
    """What a brand's programme answers of an account; number and time None if it never joined.

    A suspended distributor is not authorised. `territory` as that of Distributor.
    """

    is_authorized: bool
    number: int | None
    since: datetime | None
    territory: bytes


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for its second step: to whom a number is offered, where it is to be paid.

    `account_from` and `payout_from` are from when on the account can accept and the address can
    be put in force.
    """

    account: str | None = None
    account_from: datetime | None = None
    payout: str | None = None
    payout_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A distributor that has just joined."""

    brand: str
    number: int
    account: str
    sponsor: int
    depth: int
    tx: TxResult


@dataclass(frozen=True, slots=True)
class AccountOffered:
    """A number offered to an account, which can accept from `active_from` on.

    None for both: the offer is withdrawn.
    """

    brand: str
    number: int
    account: str | None
    active_from: datetime | None
    tx: TxResult


@dataclass(frozen=True, slots=True)
class PayoutAnnounced:
    """Another payout address, which can be put in force from `active_from` on."""

    brand: str
    number: int
    payout: str
    active_from: datetime
    tx: TxResult


@dataclass(frozen=True, slots=True)
class SuspensionChange:
    """A distributor that was suspended for new orders, or reinstated."""

    brand: str
    number: int
    is_suspended: bool
    tx: TxResult


@dataclass(frozen=True, slots=True)
class DistributorStanding:
    """A distributor's rank, 0 to 3, and sales of the current period in the ladder's units."""

    rank: int
    is_active: bool
    own_sales: int
    team_sales: int


@dataclass(frozen=True, slots=True)
class Distributors:
    """The distributor network."""

    suite: Suite

    def invite(
        self,
        brand: str,
        sponsor: int,
        expiry: datetime,
        signer: MessageSigner,
        *,
        invitee: str | None = None,
        campaign: bytes = NO_CAMPAIGN,
    ) -> Invitation:
        """Issue an invitation, signed by the sponsor's account; nothing is sent."""
        blank = Invitation(
            chain_id=self.suite.chain.chain_id,
            network=self.suite.network.address,
            brand=to_address(brand),
            sponsor=sponsor,
            invitee=to_address(invitee or ZERO_ADDRESS),
            campaign=campaign,
            expiry=to_seconds(expiry),
        )
        return blank.signed(signer)

    def join(self, invitation: Invitation, signer: Signer) -> Joined:
        """Make the signer a distributor, or the account whose acceptance the invitation carries.

        Free; pays nobody. Raises InvitationError, ContractRevert.
        """
        chain, contract = self.suite.chain, self.suite.network
        invitation.check(chain.chain_id, contract.address, lambda signer: bool(chain.code(signer)))
        account = invitation.account or signer.address
        function = contract.functions.join(
            invitation.terms, invitation.signature, account, invitation.acceptance
        )
        tx = chain.send(function, signer)
        args = tx.event(contract.events.DistributorJoined())
        return Joined(
            args["brand"], args["number"], args["account"], args["sponsor"], args["depth"], tx
        )

    def revoke_invitation(self, invitation: Invitation, signer: Signer) -> TxResult:
        """Withdraw an invitation, for the sponsor's account or its delegate."""
        function = self.suite.network.functions.revokeInvitation(invitation.terms)
        return self.suite.chain.send(function, signer)

    def get(self, brand: str, number: int) -> Distributor:
        """Return a distributor by its number; raise DistributorNotFoundError."""
        brand = to_address(brand)
        kept = self.suite.chain.call(self.suite.network.functions.distributorOf(brand, number))
        if kept.account == ZERO_ADDRESS:
            raise DistributorNotFoundError(brand, number)
        return Distributor(
            brand=brand,
            number=number,
            account=kept.account,
            sponsor=kept.sponsor,
            depth=kept.depth,
            joined_at=datetime.fromtimestamp(kept.joinedAt, UTC),
            payout=kept.payout,
            is_suspended=kept.isSuspended,
            territory=kept.territory,
        )

    def number_of(self, brand: str, account: str) -> int | None:
        """Return an account's number in a brand's programme, None if it has none."""
        function = self.suite.escrow.functions.customerOf(to_address(brand), to_address(account))
        return self.suite.chain.call(function)[0] or None

    def party(self, brand: str, number: int) -> int:
        """Name a number as the ledger does, 1 for the platform; raise DistributorNotFoundError."""
        if number == PLATFORM_NUMBER:
            return platform_party(to_address(brand))
        return self.get(brand, number).party

    def of_account(self, brand: str, account: str) -> Distributor:
        """Return the distributor that an account is; raise DistributorNotFoundError."""
        number = self.number_of(brand, account)
        if number is None:
            raise DistributorNotFoundError(brand, account)
        return self.get(brand, number)

    def authorization(self, brand: str, account: str) -> Authorization:
        """Tell whether an account is an authorised distributor, since when, and where."""
        function = self.suite.network.functions.authorizationOf(
            to_address(brand), to_address(account)
        )
        is_authorized, number, since, territory = self.suite.chain.call(function)
        return Authorization(is_authorized, number or None, to_moment(since), territory)

    def pending(self, brand: str, number: int) -> Pending:
        """Return what a distributor offered or announced and what is not in force yet."""
        pending = Pending()
        for log in self.suite.chain.events_of(
            self.suite.network,
            ("AccountOffered", "AccountChanged", "PayoutAnnounced", "PayoutChanged"),
            from_block=self.suite.record.first_block,
            to_block=self.suite.chain.head,
            topic=to_canonical_address(brand).rjust(32, b"\0"),
        ):
            if log["args"]["number"] == number:
                pending = _later(pending, log["event"], log["args"])
        return pending

    def bound_to(self, brand: str, buyer: str) -> int | None:
        """Return the number of the distributor that a buyer is bound to now, None for none."""
        function = self.suite.escrow.functions.customerOf(to_address(brand), to_address(buyer))
        return self.suite.chain.call(function)[1] or None

    def line(self, brand: str, number: int, depth: int) -> list[int]:
        """List a distributor's number and those above it, at most `depth`, the lowest first."""
        line: list[int] = []
        while number and len(line) < depth:
            line.append(number)
            number = self.get(brand, number).sponsor
        return line

    def programme(self, brand: str) -> tuple[int, int]:
        """Return how many distributors a programme has, and how deep its line goes."""
        members, deepest = self.suite.chain.call(
            self.suite.network.functions.programmeOf(to_address(brand))
        )
        return members, deepest

    def all(self, brand: str) -> Iterator[Distributor]:
        """Yield all distributors of a programme in the order they joined."""
        for number in range(2, self.programme(brand)[0] + 2):
            yield self.get(brand, number)

    def standing(self, brand: str, currency: str, number: int) -> DistributorStanding:
        """Return a distributor's rank and sales as of now.

        Raises ContractRevert where the programme has no ladder in the currency.
        """
        function = self.suite.escrow.functions.standingOf(
            to_address(brand), to_address(currency), number
        )
        return DistributorStanding(*self.suite.chain.call(function))

    def refresh_rank(self, brand: str, currency: str, number: int, signer: Signer) -> TxResult:
        """Bring a distributor's rank to the current period; anyone may."""
        function = self.suite.escrow.functions.refreshRank(
            to_address(brand), to_address(currency), number
        )
        return self.suite.chain.send(function, signer)

    def suspend(
        self, brand: str, number: int, signer: Signer, reason: bytes = NO_REASON
    ) -> SuspensionChange:
        """Suspend a distributor for new orders; what it earned stays. For the brand."""
        return self._set_suspended(brand, number, True, reason, signer)

    def reinstate(self, brand: str, number: int, signer: Signer) -> SuspensionChange:
        """Let a distributor sell again. For the brand."""
        return self._set_suspended(brand, number, False, NO_REASON, signer)

    def set_territory(self, brand: str, number: int, territory: bytes, signer: Signer) -> TxResult:
        """Say where a distributor may sell, as a code or a hash of 32 bytes. For the brand."""
        function = self.suite.network.functions.setTerritory(to_address(brand), number, territory)
        return self.suite.chain.send(function, signer)

    def offer_account(
        self, brand: str, number: int, account: str | None, signer: Signer
    ) -> AccountOffered:
        """Offer a number to another account, which can accept after two days. For its owner.

        None withdraws the offer; another one begins its two days anew.
        """
        contract = self.suite.network
        function = contract.functions.offerAccount(
            to_address(brand), number, to_address(account or ZERO_ADDRESS)
        )
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.AccountOffered())
        return AccountOffered(args["brand"], args["number"], *_offer(args), tx)

    def accept_account(self, brand: str, number: int, signer: Signer) -> TxResult:
        """Take over a number that was offered to the signer two days ago, with what it earned."""
        function = self.suite.network.functions.acceptAccount(to_address(brand), number)
        return self.suite.chain.send(function, signer)

    def announce_payout(
        self, brand: str, number: int, payout: str, signer: Signer
    ) -> PayoutAnnounced:
        """Announce another payout address, to be put in force after two days. For its owner."""
        contract = self.suite.network
        function = contract.functions.announcePayout(to_address(brand), number, to_address(payout))
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.PayoutAnnounced())
        start = datetime.fromtimestamp(args["activeFrom"], UTC)
        return PayoutAnnounced(args["brand"], args["number"], args["payout"], start, tx)

    def activate_payout(self, brand: str, number: int, signer: Signer) -> TxResult:
        """Put an announced payout address in force; anyone may."""
        function = self.suite.network.functions.activatePayout(to_address(brand), number)
        return self.suite.chain.send(function, signer)

    def _set_suspended(
        self, brand: str, number: int, is_suspended: bool, reason: bytes, signer: Signer
    ) -> SuspensionChange:
        function = self.suite.network.functions.setSuspended(
            to_address(brand), number, is_suspended, reason
        )
        tx = self.suite.chain.send(function, signer)
        return SuspensionChange(to_address(brand), number, is_suspended, tx)


def _later(pending: Pending, event: str, args: Any) -> Pending:
    """Return what waits after one more event about the number."""
    match event:
        case "AccountOffered":
            account, start = _offer(args)
            return replace(pending, account=account, account_from=start)
        case "AccountChanged":
            return replace(pending, account=None, account_from=None)
        case "PayoutAnnounced":
            start = to_moment(args["activeFrom"])
            return replace(pending, payout=args["payout"], payout_from=start)
        case _:
            return replace(pending, payout=None, payout_from=None)


def _offer(args: Any) -> tuple[str | None, datetime | None]:
    """Read to whom a number is offered and from when on that can accept, None for nobody."""
    account = None if args["account"] == ZERO_ADDRESS else args["account"]
    return account, to_moment(args["activeFrom"])


def territory_code(code: str) -> bytes:
    """Write a territory's code, such as one of ISO 3166-2, as the chain keeps it.

    Raises TerritoryError.
    """
    is_plain = code.isascii() and code.isprintable() and code == code.strip()
    if not is_plain or not 1 <= len(code) <= len(NO_TERRITORY):
        raise TerritoryError(code)
    return code.encode().ljust(len(NO_TERRITORY), b"\0")


def territory_text(territory: bytes) -> str | None:
    """Read a territory: its code, the hash of a list in hex, None for nothing."""
    code = territory.rstrip(b"\0")
    if not code:
        return None
    text = code.decode("ascii", "replace")
    return text if text.isascii() and text.isprintable() else to_hex(territory)
