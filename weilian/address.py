"""Addresses: 20 bytes, written as 0x and 40 hex digits with a checksum in their case (ERC-55)."""

from eth_typing import ChecksumAddress
from eth_utils.address import (
    is_address,
    is_checksum_address,
    is_checksum_formatted_address,
    to_checksum_address,
)

from weilian.errors import WeilianError

ZERO_ADDRESS = "0x" + "0" * 40
"""As a currency: the chain's own coin. As a distributor: a direct sale. As an owner: nobody."""


class AddressError(WeilianError, ValueError):
    """Text that is no address."""

    def __init__(self, value: object) -> None:
        self.rule = "must be an address: 0x and 40 hex digits, with the right checksum if any"
        super().__init__(
            f"{value!r:.80} is not an address; it must be 0x and 40 hex digits, all in lower case "
            "or with the right checksum"
        )


def to_address(value: str) -> ChecksumAddress:
    """Return the checksum form of an address; raise AddressError.

    A checksum that is there must be right: it is what catches a mistyped recipient.
    """
    is_wrong = is_checksum_formatted_address(value) and not is_checksum_address(value)
    if not is_address(value) or is_wrong:
        raise AddressError(value)
    return to_checksum_address(value)
