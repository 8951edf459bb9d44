"""What an inspector saw and signs for: an item on sale by a seller, at a place and a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Self

from eth_account.messages import SignableMessage
from pydantic import Field

from weilian.address import to_address
from weilian.chain.signer import MessageSigner
from weilian.errors import WeilianError
from weilian.jsonfile import JsonFile
from weilian.merkle.proof_file import Address, Node
from weilian.signing import Domain, HexBytes, signer_of

DOMAIN_NAME = "Weilian Evidence"
MAX_PLACE = 200
_FIELDS = {"itemId": "bytes32", "seller": "address", "place": "string", "seenAt": "uint48"}


class ScanError(WeilianError, ValueError):
    """A statement that nobody signed as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedScan(JsonFile):
    """A signed statement: `inspector` saw the item on sale by `seller` at `place`.

    `seen_at` in seconds since 1970. `ledger` on `chain_id` is the custody ledger that the goods are
    kept in: the statement counts nowhere else.
    """

    error: ClassVar[type[WeilianError]] = ScanError
    noun: ClassVar[str] = "scan statement"

    chain_id: Annotated[int, Field(gt=0, lt=2**53)]
    ledger: Address
    item_id: Node
    seller: Address
    place: Annotated[str, Field(min_length=1, max_length=MAX_PLACE)]
    seen_at: Annotated[int, Field(gt=0, lt=2**48)]
    inspector: Address
    signature: Annotated[HexBytes, Field(max_length=65)]

    @classmethod
    def sign(
        cls,
        chain_id: int,
        ledger: str,
        item_id: bytes,
        seller: str,
        place: str,
        seen_at: datetime,
        inspector: MessageSigner,
    ) -> Self:
        """Sign what was seen; raise ScanError for an empty or too long place."""
        if not 1 <= len(place) <= MAX_PLACE:
            raise ScanError(f"a place has 1 to {MAX_PLACE} characters, not {len(place)}")
        seconds = int(seen_at.timestamp())
        message = _message(chain_id, ledger, item_id, to_address(seller), place, seconds)
        return cls(
            chain_id=chain_id,
            ledger=ledger,
            item_id=item_id,
            seller=to_address(seller),
            place=place,
            seen_at=seconds,
            inspector=inspector.address,
            signature=inspector.sign_message(message),
        )

    def check(self) -> None:
        """Raise ScanError unless the inspector signed just this."""
        message = _message(
            self.chain_id, self.ledger, self.item_id, self.seller, self.place, self.seen_at
        )
        if signer_of(message, self.signature) != self.inspector:
            raise ScanError(
                f"the scan statement of {self.place!r} is not as {self.inspector} signed it"
            )


def _message(
    chain_id: int, ledger: str, item_id: bytes, seller: str, place: str, seen_at: int
) -> SignableMessage:
    values = {"itemId": item_id, "seller": seller, "place": place, "seenAt": seen_at}
    return Domain(DOMAIN_NAME, chain_id, ledger).message("Scan", _FIELDS, values)
