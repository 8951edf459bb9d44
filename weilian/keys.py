"""Everything secret in a batch, derived from one seed that the brand keeps.

    seed ── batch secret ─┬─ salt key ── salt of an item   (hides the serial in the Merkle leaf)
                          ├─ padding label                 (leaves that are no items)
                          ├─ label key                     (opens the sealed lists of codes)
                          └─ code of an item               (printed under the scratch layer)
                                └─ claim key, read key

All steps are HKDF-SHA256 (RFC 5869) with one label each. Whoever holds a code holds its two keys
and nothing else; whoever holds the salt key can make proofs and no codes; whoever holds a batch
secret can print the batch again.

A code below 80 bits could be guessed from the leaf that a proof shows. Its keys come from scrypt
(RFC 7914) with the item's own salt instead, so that a guess costs 128 MiB and a third of a second
and serves one item only.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bech32 import bech32_encode, convertbits
from coincurve import PublicKey
from eth_utils.address import to_canonical_address, to_checksum_address

from weilian.errors import WeilianError
from weilian.hashing import keccak256_rows
from weilian.sealed import SealError, read_sealed, write_sealed

SEED_LENGTH = 32
CODE_LENGTH = 26
"""Characters of a code: 26 Crockford characters are 130 bits."""

MIN_CODE_LENGTH = 16
"""80 bits: the least that may be derived from by a fast function."""

MIN_SHORT_CODE_LENGTH = 10
"""50 bits: the least that the memory-hard function protects."""

MAX_CODE_LENGTH = 51
"""255 bits, as many as one derived block has."""

_ZERO = bytes(32)
_SECP256K1_ORDER = bytes.fromhex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141")
_COUNTERS = [bytes([number]) for number in range(256)]
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DIGITS = np.frombuffer(_CROCKFORD.encode(), np.uint8)
_BITS = np.array([16, 8, 4, 2, 1], np.uint8)
_SCRYPT = {"n": 1 << 17, "r": 8, "p": 1, "maxmem": 1 << 28}
"""The parameters that OWASP's password storage cheat sheet asks for first."""

_EXTRACTION = hmac.new(b"", digestmod="sha256")
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
    return _expand(_extract(key), info)[:length]


# NOTE: a batch derives several keys for each item and the standard library's HMAC is ten times as
# fast as the HKDF of pycryptodome; one block is all that is ever needed.


def _extract(key: bytes) -> bytes:
    return _mac(_EXTRACTION, key)


def _expand(extracted: bytes, info: bytes) -> bytes:
    return hmac.digest(extracted, info + b"\x01", "sha256")


def _expand_all(extracted: bytes, label: bytes, infos: Iterable[bytes]) -> bytes:
    """Expand one key with `label` and each of the infos; return the blocks behind each other."""
    keyed = hmac.new(extracted, digestmod="sha256")
    return b"".join(_mac(keyed, label + info + b"\x01") for info in infos)


def _mac(keyed: hmac.HMAC, message: bytes) -> bytes:
    # NOTE: a copy of a keyed HMAC is a third faster than keying it again.
    copy = keyed.copy()
    copy.update(message)
    return copy.digest()


def batch_secret(seed: BrandSeed, chain_id: int, registry: str, batch_id: bytes) -> bytes:
    """Derive the 32-byte secret of one batch in one registry (an address) of one chain.

    The place is part of it, so that a rehearsal on a test network tells nothing of the labels of
    the main network.
    """
    place = chain_id.to_bytes(32) + to_canonical_address(registry)
    return hkdf_sha256(seed.value, b"weilian/batch/v2" + place + batch_id)


def salt_key(secret: bytes) -> bytes:
    """Derive from a batch secret the 32 bytes from which the salts of its items follow."""
    return hkdf_sha256(secret, b"weilian/salts/v1")


def item_salts(key: bytes, serials: Iterable[bytes]) -> npt.NDArray[np.uint8]:
    """Derive the salts (n, 32) that hide serials in their Merkle leaves; `key` is `salt_key`."""
    salts = _expand_all(_extract(key), b"weilian/salt/v1", serials)
    return np.frombuffer(salts, np.uint8).reshape(-1, 32)


def item_salt(key: bytes, serial: str) -> bytes:
    """Derive the 32-byte salt of one item; `key` is `salt_key`."""
    return item_salts(key, [serial.encode("ascii")]).tobytes()


def padding_label(secret: bytes) -> bytes:
    """Derive from a batch secret what the leaves behind the last item are made of."""
    return hkdf_sha256(secret, b"weilian/padding/v1")


def label_key(secret: bytes) -> str:
    """Derive from a batch secret the age key that opens the batch's hidden labels."""
    words = convertbits(hkdf_sha256(secret, b"weilian/labels/v1"), 8, 5) or []
    return bech32_encode("age-secret-key-", words).upper()


def random_text(secret: bytes, label: bytes, numbers: Iterable[int], length: int) -> list[str]:
    """Derive a Crockford base32 text of up to 51 characters for each number."""
    infos = (number.to_bytes(8) for number in numbers)
    return _crockford(_expand_all(_extract(secret), label, infos), length)


def item_codes(secret: bytes, serials: Iterable[bytes], length: int = CODE_LENGTH) -> list[str]:
    """Derive the hidden code of each item: Crockford base32 characters, 5 bits each.

    Raises CodeError for a length below 16, unless it is one of a short code (from 10 on), whose
    keys only the memory-hard function gives.
    """
    check_code_length(length, allow_short=True)
    return _crockford(_expand_all(_extract(secret), b"weilian/code/v1", serials), length)


def item_code(secret: bytes, serial: str, length: int = CODE_LENGTH) -> str:
    """Derive the hidden code of one item: 26 Crockford base32 characters, 130 bits."""
    return item_codes(secret, [serial.encode("ascii")], length)[0]


def _crockford(digests: bytes, length: int) -> list[str]:
    """Write the leading bits of each 32-byte digest in base32, all at once."""
    rows = np.frombuffer(digests, np.uint8).reshape(-1, 32)
    bits = np.unpackbits(rows, axis=1)[:, : 5 * length].reshape(-1, length, 5)
    text = _DIGITS[(bits * _BITS).sum(axis=2, dtype=np.uint8)].tobytes().decode("ascii")
    return [text[start : start + length] for start in range(0, len(text), length)]


def check_code_length(length: int, *, allow_short: bool = False) -> None:
    """Raise CodeError for a length that nobody may use; short ones must be asked for."""
    least = MIN_SHORT_CODE_LENGTH if allow_short else MIN_CODE_LENGTH
    if not least <= length <= MAX_CODE_LENGTH:
        raise CodeError(
            f"has {length} characters ({5 * length} bits); it must have {least} to "
            f"{MAX_CODE_LENGTH} (at least {5 * least} bits)"
        )


def read_code(text: str, *, allow_short: bool = False) -> str:
    """Bring a code as a person types it into its one spelling.

    Case, spaces and dashes do not matter; O reads as 0, I and L as 1 (Crockford base32). Raises
    CodeError for a foreign character, and for a length below 16 characters (80 bits), with
    `allow_short` below 10.
    """
    code = text.upper().translate(_READ_AS)
    for position, character in enumerate(code, start=1):
        if character not in _CROCKFORD:
            raise CodeError(
                f"has {character!r} at place {position}; only digits and the letters A-Z except U"
            )
    check_code_length(len(code), allow_short=allow_short)
    return code


def claim_key(code: str, salt: bytes | None = None) -> bytes:
    """Derive the secp256k1 private key (32 bytes) which signs the claim of an item.

    `salt` is the item's; without it a code below 80 bits is refused.
    """
    return _claim_key(_material(code, salt))


def _claim_key(material: bytes) -> bytes:
    extracted = _extract(material)
    for counter in _COUNTERS:
        key = _expand(extracted, b"weilian/claim/v1" + counter)
        if _ZERO < key < _SECP256K1_ORDER:
            return key
    raise CodeError("gives no key")  # one code in 2**32768


def claim_addresses(codes: Sequence[str], salts: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the addresses (n, 20) of the claim keys, those that the Merkle leaves hold.

    `codes` are spelt as `item_codes` spells them; `salts` (n, 32) are those of the items.
    """
    if codes and len(codes[0]) < MIN_CODE_LENGTH:
        materials: Iterable[bytes] = map(_stretched, codes, map(bytes, salts))
    else:
        materials = (code.encode("ascii") for code in codes)
    return _addresses(map(_claim_key, materials))


def claim_address(code: str, salt: bytes | None = None) -> str:
    """Return the checksum address of one claim key; `salt` as in `claim_key`."""
    return to_checksum_address(_addresses([claim_key(code, salt)]).tobytes())


def _addresses(keys: Iterable[bytes]) -> npt.NDArray[np.uint8]:
    points = b"".join(PublicKey.from_valid_secret(key).format(compressed=False)[1:] for key in keys)
    return keccak256_rows(np.frombuffer(points, np.uint8).reshape(-1, 64))[:, -20:]


def read_key(code: str, salt: bytes | None = None) -> bytes:
    """Derive the 32-byte key for data that only the holder of the item may read.

    `salt` as in `claim_key`.
    """
    return hkdf_sha256(_material(code, salt), b"weilian/read/v1")


def _material(code: str, salt: bytes | None) -> bytes:
    return _stretched(read_code(code, allow_short=salt is not None), salt or b"")


def _stretched(code: str, salt: bytes) -> bytes:
    material = code.encode("ascii")
    if len(material) >= MIN_CODE_LENGTH:
        return material
    return hashlib.scrypt(material, salt=b"weilian/short/v1" + salt, dklen=32, **_SCRYPT)
