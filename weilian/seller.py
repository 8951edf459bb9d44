"""Sellers: whom a brand lets sell its goods, until when, and where."""

from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Annotated, Any, ClassVar, Self

from eth_abi.abi import encode
from eth_utils.address import to_canonical_address
from pydantic import Field

from weilian.address import to_address
from weilian.chain import Signer, TxResult
from weilian.chain.values import to_moment, to_seconds
from weilian.errors import WeilianError
from weilian.hashing import keccak256
from weilian.jsonfile import JsonFile
from weilian.merkle.proof_file import Address, Node
from weilian.suite import Suite

COMMITMENT_LENGTH = 20
NO_TERRITORY = bytes(COMMITMENT_LENGTH)
MAX_TERRITORY = 200


class SellerError(WeilianError, ValueError):
    """An authorisation that cannot be given, taken back or shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory(JsonFile):
    """Where a seller may sell, and the salt that hides it on chain: the seller keeps this file.

    Whoever is shown it can check it against the chain; nobody else learns the territory.
    """

    error: ClassVar[type[WeilianError]] = SellerError
    noun: ClassVar[str] = "territory file"
    mode: ClassVar[int] = 0o600

    brand: Address
    seller: Address
    territory: Annotated[str, Field(min_length=1, max_length=MAX_TERRITORY)]
    salt: Node

    @classmethod
    def new(cls, brand: str, seller: str, territory: str) -> Self:
        """Name a territory with a new salt; raise SellerError for an empty or too long name."""
        if not 1 <= len(territory) <= MAX_TERRITORY:
            raise SellerError(
                f"a territory has 1 to {MAX_TERRITORY} characters, not {len(territory)}"
            )
        return cls(
            brand=to_address(brand),
            seller=to_address(seller),
            territory=territory,
            salt=token_bytes(32),
        )

    @property
    def commitment(self) -> bytes:
        """What stands on chain: 20 bytes of keccak256(abi.encode(bytes32 salt, string)).

        The salt keeps others from trying the names of all provinces.
        """
        words = encode(("bytes32", "string"), (self.salt, self.territory))
        return keccak256(words)[:COMMITMENT_LENGTH]


@dataclass(frozen=True, slots=True)
class Seller:
    """What a brand says of a seller: authorised since when, until when, and where.

    `since` is the first authorisation, None if there never was one; `valid_to` the first second at
    which it no longer holds; `territory` a commitment of 20 bytes, zeros for none.
    """

    brand: str
    seller: str
    since: datetime | None
    valid_to: datetime | None
    territory: bytes

    def is_authorized(self, now: datetime) -> bool:
        """Whether it may sell at that time."""
        return self.valid_to is not None and now < self.valid_to

    def check_territory(self, shown: Territory) -> None:
        """Raise SellerError unless a territory file is what stands on chain."""
        if (shown.brand, shown.seller, shown.commitment) != (
            self.brand,
            self.seller,
            self.territory,
        ):
            raise SellerError(
                f"the territory file is not what {self.brand} authorised {self.seller} with; ask "
                "the seller for its present one"
            )


@dataclass(frozen=True, slots=True)
class SellerChange:
    """An authorisation that was given, changed or ended: then `valid_to` is None."""

    brand: str
    seller: str
    valid_to: datetime | None
    territory: bytes
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Sellers:
    """The sellers' part of the custody ledger."""

    suite: Suite

    def authorize(
        self,
        brand: str,
        seller: str,
        valid_to: datetime,
        signer: Signer,
        *,
        territory: Territory | None = None,
    ) -> SellerChange:
        """Let an account sell for a brand up to `valid_to`, or change its time and territory.

        Raises SellerError for the brand itself, for a time that is past, and for a territory file
        of others.
        """
        brand, seller = to_address(brand), to_address(seller)
        self._check(brand, seller, valid_to, territory)
        contract = self.suite.custody
        commitment = territory.commitment if territory else NO_TERRITORY
        function = contract.functions.authorizeSeller(
            brand, seller, to_seconds(valid_to), commitment
        )
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.SellerAuthorized())
        return SellerChange(
            args["brand"], args["seller"], to_moment(args["validTo"]), args["territory"], tx
        )

    def revoke(self, brand: str, seller: str, signer: Signer) -> SellerChange:
        """End an authorisation in this second; raise SellerError if there is none now."""
        kept = self.get(brand, seller)
        if not kept.is_authorized(self._now()):
            raise SellerError(f"{seller} is not authorised to sell for {brand} now")
        contract = self.suite.custody
        function = contract.functions.revokeSeller(to_address(brand), to_address(seller))
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.SellerRevoked())
        return SellerChange(args["brand"], args["seller"], None, kept.territory, tx)

    def get(self, brand: str, seller: str) -> Seller:
        """Return what a brand says of a seller now."""
        brand, seller = to_address(brand), to_address(seller)
        kept = self.suite.chain.call(self.suite.custody.functions.sellerOf(brand, seller))
        since, valid_to = to_moment(kept.since), to_moment(kept.validTo)
        return Seller(brand, seller, since, valid_to, kept.territory)

    def get_at(self, brand: str, seller: str, block: int) -> Seller:
        """Return what a brand said of a seller at a block, from the chain's log alone.

        Any node answers, not only those that keep old state.
        """
        found = Seller(to_address(brand), to_address(seller), None, None, NO_TERRITORY)
        for log in self._logs(found.brand, found.seller, block):
            time = datetime.fromtimestamp(self.suite.chain.block(log["blockNumber"])[1], UTC)
            since, valid_to, territory = found.since or time, time, found.territory
            if log["event"] == "SellerAuthorized":
                valid_to = datetime.fromtimestamp(log["args"]["validTo"], UTC)
                territory = log["args"]["territory"]
            found = Seller(found.brand, found.seller, since, valid_to, territory)
        return found

    def _logs(self, brand: str, seller: str, block: int) -> list[Any]:
        found = self.suite.chain.events_of(
            self.suite.custody,
            ("SellerAuthorized", "SellerRevoked"),
            from_block=self.suite.record.first_block,
            to_block=block,
            topic=to_canonical_address(brand).rjust(32, b"\0"),
        )
        return [log for log in found if log["args"]["seller"] == seller]

    def _check(
        self, brand: str, seller: str, valid_to: datetime, territory: Territory | None
    ) -> None:
        if brand == seller:
            raise SellerError(f"{brand} is the brand itself and needs no authorisation")
        if valid_to <= self._now():
            raise SellerError(f"{valid_to:%Y-%m-%d %H:%M:%S} UTC is past; give a later end")
        if territory and (territory.brand, territory.seller) != (brand, seller):
            raise SellerError(
                f"the territory file is of brand {territory.brand} and seller {territory.seller}"
            )

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.suite.chain.block()[1], UTC)
