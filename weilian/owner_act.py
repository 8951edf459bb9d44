"""What the owner of an item signs for a relayer to send: a JSON file that is good once."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field

from weilian.chain.enums import OwnerAct
from weilian.chain.signer import MessageSigner
from weilian.errors import WeilianError
from weilian.jsonfile import JsonFile
from weilian.merkle.proof_file import Address, Node
from weilian.signing import Domain, HexBytes

REGISTRY_NAME = "Weilian ItemRegistry"
_FIELDS = {
    "itemId": "bytes32",
    "act": "uint8",
    "to": "address",
    "nonce": "uint32",
    "deadline": "uint48",
}


class SignedActError(WeilianError, ValueError):
    """A file that is no signed act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAct(JsonFile):
    """An act of an item's owner. `deadline` is its last second, in seconds since 1970."""

    error: ClassVar[type[WeilianError]] = SignedActError
    noun: ClassVar[str] = "signed act"

    chain_id: Annotated[int, Field(gt=0, lt=2**64)]
    registry: Address
    item_id: Node
    act: Literal["TRANSFER", "REPORT_LOST", "REPORT_STOLEN", "REPORT_FOUND", "DESTROY"]
    to: Address
    nonce: Annotated[int, Field(ge=0, lt=2**32)]
    deadline: Annotated[int, Field(gt=0, lt=2**48)]
    owner: Address
    signature: Annotated[HexBytes, Field(max_length=4096)]

    @classmethod
    def sign(
        cls,
        domain: Domain,
        *,
        item_id: bytes,
        act: OwnerAct,
        to: str,
        nonce: int,
        deadline: int,
        owner: MessageSigner,
    ) -> Self:
        """Let the owner sign (EIP-712)."""
        values = {"itemId": item_id, "act": act, "to": to, "nonce": nonce, "deadline": deadline}
        return cls(
            chain_id=domain.chain_id,
            registry=domain.contract,
            item_id=item_id,
            act=act.name,  # type: ignore[arg-type]
            to=to,
            nonce=nonce,
            deadline=deadline,
            owner=owner.address,
            signature=owner.sign_message(domain.message("Act", _FIELDS, values)),
        )

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What the contract's `actFor` takes."""
        return (self.item_id, OwnerAct[self.act], self.to, self.deadline, self.signature)
