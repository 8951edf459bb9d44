"""Invitations: what a sponsor signs for a newcomer, as a JSON file that the two hand on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Self

from eth_account.messages import SignableMessage
from pydantic import Field

from weilian.chain import ZERO_ADDRESS
from weilian.chain.signer import MessageSigner
from weilian.errors import WeilianError
from weilian.hashing import keccak256
from weilian.jsonfile import JsonFile
from weilian.merkle.proof_file import Address, Node
from weilian.signing import Domain, HexBytes, may_be_signed

NETWORK_NAME = "Weilian DistributorNetwork"
NO_CAMPAIGN = bytes(32)
_FIELDS = {
    "brand": "address",
    "sponsor": "uint32",
    "invitee": "address",
    "campaign": "bytes32",
    "expiry": "uint48",
}
_ACCEPTANCE = {"invitation": "bytes32", "account": "address"}


class InvitationError(WeilianError, ValueError):
    """An invitation that nobody can join by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(JsonFile):
    """An invitation to a brand's programme by the distributor `sponsor`, 0 for the brand itself.

    `invitee` is who may use it, the zero address for anyone; `expiry` the first second at which it
    no longer holds. Where `account` joins through somebody else who sends it, `acceptance` is the
    signature of the account.
    """

    error: ClassVar[type[WeilianError]] = InvitationError
    noun: ClassVar[str] = "invitation"

    chain_id: Annotated[int, Field(gt=0, lt=2**64)]
    network: Address
    brand: Address
    sponsor: Annotated[int, Field(ge=0, lt=2**32)]
    invitee: Address = ZERO_ADDRESS
    campaign: Node = NO_CAMPAIGN
    expiry: Annotated[int, Field(gt=0, lt=2**48)]
    signer: Address | None = None
    signature: Annotated[HexBytes, Field(max_length=4096)] = b""
    account: Address | None = None
    acceptance: Annotated[HexBytes, Field(max_length=4096)] = b""

    @property
    def message(self) -> SignableMessage:
        """What the sponsor signs, bound to the network and its chain."""
        values = dict(zip(_FIELDS, self.terms, strict=True))
        return self._domain.message("Invitation", _FIELDS, values)

    @property
    def digest(self) -> bytes:
        """The hash that names the invitation on chain."""
        message = self.message
        return keccak256(b"\x19" + message.version + message.header + message.body)

    @property
    def terms(self) -> tuple[Any, ...]:
        """The struct that the contract takes."""
        return (self.brand, self.sponsor, self.invitee, self.campaign, self.expiry)

    def signed(self, signer: MessageSigner) -> Self:
        """Return the same invitation, signed by the sponsor's account."""
        return replace(self, signer=signer.address, signature=signer.sign_message(self.message))

    def accepted(self, account: MessageSigner) -> Self:
        """Return the same invitation with an account's consent, for another to send."""
        values = {"invitation": self.digest, "account": account.address}
        message = self._domain.message("Acceptance", _ACCEPTANCE, values)
        return replace(self, account=account.address, acceptance=account.sign_message(message))

    def check(
        self, chain_id: int, network: str, has_code: Callable[[str], bool] = lambda _: False
    ) -> None:
        """Raise InvitationError unless it is for this network and signed by its signer.

        A signer that `has_code` is a contract: only the chain can tell whether it signed.
        """
        if (self.chain_id, self.network) != (chain_id, network):
            raise InvitationError(
                f"the invitation is for the network {self.network} on chain {self.chain_id}, not "
                f"for {network} on chain {chain_id}"
            )
        if self.signer is None:
            raise InvitationError("the invitation is not signed; let the sponsor sign it")
        if not may_be_signed(self.message, self.signer, self.signature, has_code):
            raise InvitationError(
                f"the invitation is not as {self.signer} signed it; ask for a new one"
            )

    @property
    def _domain(self) -> Domain:
        return Domain(NETWORK_NAME, self.chain_id, self.network)
