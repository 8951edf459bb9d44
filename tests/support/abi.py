"""Small words of the contract ABI."""

from collections.abc import Sequence
from typing import Any

from eth_abi import decode, encode
from eth_utils import keccak

ZERO_ADDRESS = "0x" + "0" * 40
ZERO_HASH = b"\0" * 32


def selector(abi: Any) -> bytes:
    """Return the first four bytes that a call of this method or a revert with this error has."""
    return keccak(text=abi.selector)[:4]


def permission(name: str) -> bytes:
    """Return the delegate type of `weilian/<name>`, as Permissions.sol has it."""
    return f"weilian/{name}".encode().ljust(32, b"\0")


class Method:
    """A method of a contract: its calldata and its answers, without ape's conversions."""

    def __init__(self, abi: Any) -> None:
        self._inputs, self._selector = abi.inputs, selector(abi)
        self._types = [part.canonical_type for part in abi.inputs]
        self._answers = [part.canonical_type for part in getattr(abi, "outputs", [])]

    def encode(self, arguments: Sequence[Any]) -> bytes:
        """Return calldata; structs may be given as dictionaries."""
        values = [_in_order(*pair) for pair in zip(self._inputs, arguments, strict=True)]
        return self._selector + encode(self._types, values)

    def decode(self, answer: bytes) -> Any:
        """Return the value of an answer, a tuple where there are many."""
        values = decode(self._answers, answer)
        return values[0] if len(values) == 1 else values


def _in_order(kind: Any, value: Any) -> Any:
    """Put structs as tuples."""
    if kind.components is None:
        return value
    if isinstance(value, list):
        return [_in_order(kind, part) for part in value]
    if isinstance(value, dict):
        value = [value[part.name] for part in kind.components]
    pairs = zip(kind.components, value, strict=True)
    return tuple(_in_order(*pair) for pair in pairs)
