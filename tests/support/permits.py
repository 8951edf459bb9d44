"""Allowances as a wallet signs them (EIP-2612)."""

from dataclasses import astuple, dataclass
from typing import Any

from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data

PERMIT_TYPES = {
    "Permit": [
        {"name": "owner", "type": "address"},
        {"name": "spender", "type": "address"},
        {"name": "value", "type": "uint256"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
    ]
}
FOREVER = 2**256 - 1


@dataclass(frozen=True)
class Permit:
    """The first arguments of `permit`; signed with the owner's next nonce."""

    owner: str
    spender: str
    value: int
    deadline: int = FOREVER

    def typed(self, token: Any, **domain: Any) -> SignableMessage:
        """Return what is signed; `domain` overrides parts of the domain."""
        full = {
            "name": token.name(),
            "version": "1",
            "chainId": token.provider.chain_id,
            "verifyingContract": token.address,
        }
        message = {
            "owner": self.owner,
            "spender": self.spender,
            "value": self.value,
            "nonce": token.nonces(self.owner),
            "deadline": self.deadline,
        }
        return encode_typed_data(full | domain, PERMIT_TYPES, message)

    def sign(self, token: Any, signer: Any, **domain: Any) -> bytes:
        """Let `signer`, a test account, sign this."""
        signable = self.typed(token, **domain)
        return bytes(Account.sign_message(signable, signer.private_key).signature)

    def signer_of(self, token: Any, signature: bytes) -> str:
        """Return whom the token takes for the signer."""
        return Account.recover_message(self.typed(token), signature=signature)

    def arguments(self, signature: bytes) -> tuple[Any, ...]:
        """Return the arguments of `permit`."""
        return (*astuple(self), signature[64], signature[:32], signature[32:64])
