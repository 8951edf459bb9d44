"""Who signs transactions."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from eth_account.messages import SignableMessage
from eth_account.signers.local import LocalAccount


class Signer(Protocol):
    """An account that can sign, wherever its key is."""

    @property
    def address(self) -> str:
        """Checksum address."""

    def sign(self, tx: dict[str, Any]) -> bytes:
        """Sign a transaction given by its JSON-RPC fields; return it ready to be sent."""


class MessageSigner(Protocol):
    """An account that can sign messages, which cost nothing and are sent by nobody."""

    @property
    def address(self) -> str:
        """Checksum address."""

    def sign_message(self, message: SignableMessage) -> bytes:
        """Sign a message (EIP-712); return the 65 bytes of the signature, in its lower form."""


@dataclass(frozen=True, slots=True)
class LocalSigner:
    """A Signer, of transactions and messages, whose key is in memory."""

    account: LocalAccount = field(repr=False)

    @property
    def address(self) -> str:
        """Checksum address."""
        return str(self.account.address)

    def sign(self, tx: dict[str, Any]) -> bytes:
        """Sign a transaction given by its JSON-RPC fields; return it ready to be sent."""
        return bytes(self.account.sign_transaction(tx).raw_transaction)

    def sign_message(self, message: SignableMessage) -> bytes:
        """Sign a message (EIP-712)."""
        return bytes(self.account.sign_message(message).signature)
