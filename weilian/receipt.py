"""Signed receipts: with one, the holder of a lot hands it over in one transaction.

A receipt is a JSON file that the receiver signs (EIP-712) and gives to the holder. It names the lot
as it is, its holder, size and version, so it is good for one hand-over only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Self

from eth_account.messages import SignableMessage
from pydantic import Field

from weilian.chain.signer import MessageSigner
from weilian.errors import WeilianError
from weilian.jsonfile import JsonFile
from weilian.merkle.proof_file import Address, Index, Node
from weilian.signing import Domain, HexBytes, may_be_signed

LEDGER_NAME = "Weilian CustodyLedger"
_FIELDS = {
    "batchId": "bytes32",
    "first": "uint32",
    "size": "uint32",
    "from": "address",
    "to": "address",
    "version": "uint32",
    "deadline": "uint48",
}


class ReceiptError(WeilianError, ValueError):
    """A receipt that hands nothing over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(JsonFile):
    """The receipt of a lot by `to`, which `signer` signed for it.

    `sender` holds the lot, in its `version`; `deadline` is the last second at which the chain takes
    it, in seconds since 1970. Unsigned it has neither signer nor signature.
    """

    error: ClassVar[type[WeilianError]] = ReceiptError
    noun: ClassVar[str] = "receipt"

    chain_id: Annotated[int, Field(gt=0, lt=2**64)]
    ledger: Address
    batch_id: Node
    first: Index
    size: Annotated[int, Field(gt=0, lt=2**32)]
    sender: Address
    to: Address
    version: Annotated[int, Field(ge=0, lt=2**32)]
    deadline: Annotated[int, Field(gt=0, lt=2**48)]
    signer: Address | None = None
    signature: Annotated[HexBytes, Field(max_length=4096)] = b""

    @property
    def message(self) -> SignableMessage:
        """What is signed, bound to the ledger and its chain."""
        values = {
            "batchId": self.batch_id,
            "first": self.first,
            "size": self.size,
            "from": self.sender,
            "to": self.to,
            "version": self.version,
            "deadline": self.deadline,
        }
        domain = Domain(LEDGER_NAME, self.chain_id, self.ledger)
        return domain.message("Receipt", _FIELDS, values)

    @property
    def terms(self) -> tuple[Any, ...]:
        """The struct that the contract takes."""
        return (self.batch_id, self.first, self.to, self.signer, self.deadline)

    def signed(self, signer: MessageSigner) -> Self:
        """Return the same receipt, signed."""
        return replace(self, signer=signer.address, signature=signer.sign_message(self.message))

    def check(
        self, chain_id: int, ledger: str, has_code: Callable[[str], bool] = lambda _: False
    ) -> None:
        """Raise ReceiptError unless the receipt is for this ledger and signed by its signer.

        A signer that `has_code` is a contract: only the chain can tell whether it signed.
        """
        if (self.chain_id, self.ledger) != (chain_id, ledger):
            raise ReceiptError(
                f"the receipt is for the ledger {self.ledger} on chain {self.chain_id}, not for "
                f"{ledger} on chain {chain_id}"
            )
        if self.signer is None:
            raise ReceiptError("the receipt is not signed; let its receiver sign it")
        if not may_be_signed(self.message, self.signer, self.signature, has_code):
            raise ReceiptError(
                f"the receipt is not as {self.signer} signed it; let its receiver sign a new one"
            )
