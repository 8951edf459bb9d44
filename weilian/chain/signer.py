"""Who signs transactions."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from eth_account.signers.local import LocalAccount


class Signer(Protocol):
    """An account that can sign, wherever its key is."""

    @property
    def address(self) -> str:
        """Checksum address."""

    def sign(self, tx: dict[str, Any]) -> bytes:
        """Sign a transaction given by its JSON-RPC fields; return it ready to be sent."""


@dataclass(frozen=True, slots=True)
class LocalSigner:
    """A Signer whose key is in memory."""

    account: LocalAccount = field(repr=False)

    @property
    def address(self) -> str:
        """Checksum address."""
        return str(self.account.address)

    def sign(self, tx: dict[str, Any]) -> bytes:
        """Sign a transaction given by its JSON-RPC fields; return it ready to be sent."""
        return bytes(self.account.sign_transaction(tx).raw_transaction)
