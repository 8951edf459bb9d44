"""Check digits and check character pairs of GS1 keys (General Specifications, 7.9)."""

from biip.checksums import gs1_standard_check_digit

from weilian.gs1.charsets import SET_82
from weilian.gs1.errors import Flaw

_SET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_VALUES = {character: value for value, character in enumerate(SET_82.characters)}
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_MODULUS = 1021


def with_check_digit(digits: str) -> str:
    """Append the check digit to digits that lack it."""
    return f"{digits}{gs1_standard_check_digit(digits)}"


def check_digit_flaw(digits: str) -> Flaw | None:
    """Say which check digit would be right where the last of the digits is another (7.9.1)."""
    right = gs1_standard_check_digit(digits[:-1])
    if int(digits[-1]) == right:
        return None
    return Flaw(len(digits) - 1, f"check digit {digits[-1]} is wrong, it should be {right}")


def check_pair(text: str) -> str:
    """Return the pair of check characters for up to 23 characters of set 82 (7.9.5)."""
    weights = reversed(_PRIMES[: len(text)])
    total = sum(_VALUES[c] * weight for c, weight in zip(text, weights, strict=True)) % _MODULUS
    return _SET_32[total >> 5] + _SET_32[total & 31]


def check_pair_flaw(text: str) -> Flaw | None:
    """Say which pair of check characters would be right where the last two are others."""
    if len(text) < 3:
        return Flaw(len(text), "it is too short to end in a pair of check characters")
    start = len(text) - 2
    right = check_pair(text[:start])
    if text[start:] == right:
        return None
    return Flaw(start, f"check characters {text[start:]} are wrong, they should be {right}")
