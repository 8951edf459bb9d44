"""Messages that accounts and chips sign off chain (EIP-712), and checking who signed one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError
from pydantic import BeforeValidator, PlainSerializer

SIGNATURE_LENGTH = 65
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@dataclass(frozen=True, slots=True)
class Domain:
    """The contract that a message is for, on its chain; `contract` is a checksum address."""

    name: str
    chain_id: int
    contract: str
    version: str = "1"

    def message(
        self, kind: str, fields: Mapping[str, str], values: Mapping[str, Any]
    ) -> SignableMessage:
        """Return the message `kind`, whose fields have these types and values."""
        head = {
            "name": self.name,
            "version": self.version,
            "chainId": self.chain_id,
            "verifyingContract": self.contract,
        }
        types = {kind: [{"name": name, "type": type_} for name, type_ in fields.items()]}
        return encode_typed_data(head, types, dict(values))


def signer_of(message: SignableMessage, signature: bytes) -> str | None:
    """Return who signed a message, None for what is no signature in its lower form."""
    if len(signature) != SIGNATURE_LENGTH:
        return None
    if int.from_bytes(signature[32:64]) > _ORDER // 2:
        return None
    try:
        return str(Account.recover_message(message, signature=signature))
    except (BadSignature, ValidationError, ValueError):
        return None


def may_be_signed(
    message: SignableMessage, signer: str, signature: bytes, has_code: Callable[[str], bool]
) -> bool:
    """Tell whether a signer's key signed a message; True for a contract, which only the chain can
    ask."""
    return has_code(signer) or signer_of(message, signature) == signer


def _parse_bytes(value: object) -> object:
    if not isinstance(value, str):
        return value
    digits = value.removeprefix("0x")
    if len(digits) == len(value) or digits != digits.lower():
        raise ValueError("must be 0x and hex digits in lower case")
    return bytes.fromhex(digits)


HexBytes = Annotated[
    bytes, BeforeValidator(_parse_bytes), PlainSerializer(lambda data: f"0x{data.hex()}")
]
"""Bytes of any length, `0x` hex in JSON."""
