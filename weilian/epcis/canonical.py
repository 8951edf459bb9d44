"""The bytes that are stored for a document, and the address that they have there."""

from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

import rfc8785
from cid import make_cid

from weilian.errors import WeilianError

_SHA2_256 = b"\x12\x20"
"""How a multihash begins: the code of SHA2-256 and the length of its digest."""

_MAX_DEPTH = 128


class CanonicalJsonError(WeilianError, ValueError):
    """A value that has no canonical JSON text."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"the value has no canonical JSON text: {rule}")


def canonical_bytes(value: Any) -> bytes:
    """Write JSON in its one canonical form (RFC 8785, JCS): equal content gives equal bytes.

    Raise CanonicalJsonError for what a double cannot hold, that is integers beyond 2**53 - 1 and
    decimals that would lose digits, and for anything that is not JSON.
    """
    try:
        return rfc8785.dumps(_plain(value, 0))
    except rfc8785.CanonicalizationError as error:
        raise CanonicalJsonError(str(error)) from error


def cid_v1(data: bytes) -> str:
    """Return the CIDv1 of bytes: base32, codec raw, SHA2-256, as IPFS names a block of them."""
    cid = make_cid(1, "raw", _SHA2_256 + sha256(data).digest())
    return str(cid.encode("base32"), "ascii")


def _plain(value: Any, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise CanonicalJsonError(f"it is nested deeper than {_MAX_DEPTH} levels")
    if isinstance(value, Decimal):
        return _double(value)
    if isinstance(value, Mapping):
        return {name: _plain(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    return value


def _double(value: Decimal) -> float:
    double = float(value) if value.is_finite() else 0.0
    if not value.is_finite() or Decimal(repr(double)) != value:
        raise CanonicalJsonError(
            f"number {value} has more digits than JSON numbers keep; write it as text"
        )
    return double
