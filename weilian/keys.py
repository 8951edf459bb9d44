"""Everything secret in a batch, derived from one seed that the brand keeps.

    seed ── batch secret ─┬─ salt of an item      (hides the serial in the Merkle leaf)
                          └─ code of an item      (printed under the scratch layer)
                                └─ claim key, read key

All steps are HKDF-SHA256 (RFC 5869) with one label each. Whoever holds a code holds its two keys
and nothing else; whoever holds a batch secret can print the batch again.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from coincurve import PublicKey
from eth_utils.address import to_checksum_address

from weilian.errors import WeilianError
from weilian.hashing import keccak256
from weilian.sealed import SealError, read_sealed, write_sealed

SEED_LENGTH = 32
CODE_LENGTH = 26
"""Characters of a code: 26 Crockford characters are 130 bits."""

MIN_CODE_LENGTH = 16
MAX_CODE_LENGTH = 64
_SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011", " -")


class SeedError(WeilianError, ValueError):
    """Bytes that cannot be a brand's seed."""

    def __init__(self, length: int) -> None:
        super().__init__(f"a brand seed has {SEED_LENGTH} bytes, this one has {length}")


class CodeError(WeilianError, ValueError):
    """A hidden code that cannot be one; the message never repeats the code."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"the hidden code {rule}")


@dataclass(frozen=True, slots=True)
class BrandSeed:
    """The 32 random bytes from which all secrets of a brand follow."""

    value: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.value) != SEED_LENGTH:
            raise SeedError(len(self.value))

    @classmethod
    def generate(cls) -> "BrandSeed":
        """Draw a new seed from the operating system's random source."""
        return cls(secrets.token_bytes(SEED_LENGTH))

    def save(self, path: Path, passphrase: str) -> None:
        """Write the seed, encrypted, to a new file with mode 0600; never replaces a file."""
        write_sealed(path, self.value, passphrase, replace=False)

    @classmethod
    def load(cls, path: Path, passphrase: str) -> "BrandSeed":
        """Read a seed written by `save`.

        Raises SealedFileError or SealError, each with one sentence that says what is wrong.
        """
        try:
            return cls(read_sealed(path, passphrase))
        except SeedError as error:
            raise SealError(path, str(error)) from error


def hkdf_sha256(key: bytes, info: bytes, length: int = 32) -> bytes:
    """Derive up to 32 bytes by HKDF-SHA256 without salt (RFC 5869)."""
    # NOTE: a batch derives several keys for each item and the standard library's one-shot HMAC is
    # ten times as fast as the HKDF of pycryptodome; one block is all that is ever needed.
    extracted = hmac.digest(b"", key, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")[:length]


def batch_secret(seed: BrandSeed, batch_id: bytes) -> bytes:
    """Derive the 32-byte secret of one batch."""
    return hkdf_sha256(seed.value, b"weilian/batch/v1" + batch_id)


def item_salt(secret: bytes, serial: str) -> bytes:
    """Derive the 32-byte salt which hides a serial in its Merkle leaf."""
    return hkdf_sha256(secret, b"weilian/salt/v1" + serial.encode("ascii"))


def item_code(secret: bytes, serial: str) -> str:
    """Derive the hidden code of an item: 26 Crockford base32 characters, 130 bits."""
    bits = int.from_bytes(hkdf_sha256(secret, b"weilian/code/v1" + serial.encode("ascii"), 17))
    bits >>= 17 * 8 - 5 * CODE_LENGTH
    return "".join(_CROCKFORD[bits >> 5 * place & 31] for place in range(CODE_LENGTH - 1, -1, -1))


def read_code(text: str) -> str:
    """Bring a code as a person types it into its one spelling.

    Case, spaces and dashes do not matter; O reads as 0, I and L as 1 (Crockford base32). Raises
    CodeError for a foreign character, and below 16 characters (80 bits), which could be guessed.
    """
    code = text.upper().translate(_READ_AS)
    for position, character in enumerate(code, start=1):
        if character not in _CROCKFORD:
            raise CodeError(
                f"has {character!r} at place {position}; only digits and the letters A-Z except U"
            )
    if not MIN_CODE_LENGTH <= len(code) <= MAX_CODE_LENGTH:
        raise CodeError(
            f"has {len(code)} characters ({5 * len(code)} bits); it must have "
            f"{MIN_CODE_LENGTH} to {MAX_CODE_LENGTH} (at least {5 * MIN_CODE_LENGTH} bits)"
        )
    return code


def claim_key(code: str) -> bytes:
    """Derive the secp256k1 private key (32 bytes) which signs the claim of an item."""
    material = read_code(code).encode("ascii")
    counter = 0
    while True:
        key = hkdf_sha256(material, b"weilian/claim/v1" + bytes([counter]))
        if 0 < int.from_bytes(key) < _SECP256K1_ORDER:
            return key
        counter += 1


def claim_address(code: str) -> str:
    """Return the checksum address of the claim key, the one that the Merkle leaf holds."""
    point = PublicKey.from_valid_secret(claim_key(code)).format(compressed=False)
    return to_checksum_address(keccak256(point[1:])[-20:])


def read_key(code: str) -> bytes:
    """Derive the 32-byte key for data that only the holder of the item may read."""
    return hkdf_sha256(read_code(code).encode("ascii"), b"weilian/read/v1")
