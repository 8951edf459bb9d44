"""Small words of the contract ABI."""

from typing import Any

from eth_utils import keccak

ZERO_ADDRESS = "0x" + "0" * 40
ZERO_HASH = b"\0" * 32


def selector(abi: Any) -> bytes:
    """Return the first four bytes that a call of this method or a revert with this error has."""
    return keccak(text=abi.selector)[:4]


def permission(name: str) -> bytes:
    """Return the delegate type of `weilian/<name>`, as Permissions.sol has it."""
    return f"weilian/{name}".encode().ljust(32, b"\0")
