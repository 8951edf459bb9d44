"""Names of parties in one word: an account, or a number in a brand's programme."""

from eth_utils.address import to_checksum_address

from weilian.errors import WeilianError

PLATFORM_NUMBER = 1
"""The platform in every programme: the fees of the brand's orders."""

_NUMBER_MASK = 0xFFFF_FFFF
_BRAND_SHIFT = 96
_NAME_MASK = (1 << _BRAND_SHIFT) - 1
_ADDRESS_BITS = 160


class PartyNumberError(WeilianError, ValueError):
    """A number that no programme can have."""

    def __init__(self, number: int) -> None:
        super().__init__(f"number {number} must be 0 to 2**32 - 1")


def account_party(account: str) -> int:
    """Name an account."""
    return int(account, 16)


def member_party(brand: str, number: int) -> int:
    """Name a distributor, which stays the same whatever account holds the number.

    0 is nobody, as at a level that is vacant. Raises PartyNumberError for a number of more than 32
    bits: it would be another brand's.
    """
    if not 0 <= number <= _NUMBER_MASK:
        raise PartyNumberError(number)
    return int(brand, 16) << _BRAND_SHIFT | number


def platform_party(brand: str) -> int:
    """Name the platform as the receiver of fees of a brand's orders."""
    return member_party(brand, PLATFORM_NUMBER)


def is_member(party: int) -> bool:
    """Tell a number in a programme from an account."""
    return party >> _ADDRESS_BITS != 0


def is_platform(party: int) -> bool:
    """Tell whether a party is the platform in some programme."""
    return is_member(party) and party & _NAME_MASK == PLATFORM_NUMBER


def account_of(party: int) -> str:
    """Return the address of a party that is an account."""
    return to_checksum_address(party.to_bytes(20))


def brand_of(party: int) -> str:
    """Return the brand of a party that is a number in its programme."""
    return to_checksum_address((party >> _BRAND_SHIFT).to_bytes(20))


def number_of(party: int) -> int:
    """Return the number of a party that is one in a programme."""
    return party & _NUMBER_MASK
