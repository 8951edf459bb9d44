"""A batch as one would first write it: csv.DictReader, Account.from_key, eth_abi, Web3.keccak.

It makes the same leaves from the same secrets. Derivations that no library has (HKDF in one block,
base32) are written as fast as plain Python goes, so that they do not decide the comparison.
"""

import csv
import hmac
from collections.abc import Sequence
from pathlib import Path

from eth_abi import encode
from eth_account import Account
from web3 import Web3

from weilian.keys import CODE_LENGTH, salt_key
from weilian.merkle.items import LEAF_TYPES

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def extract(key: bytes) -> bytes:
    """The first half of HKDF-SHA256 without salt."""
    return hmac.digest(b"", key, "sha256")


def expand(extracted: bytes, info: bytes) -> bytes:
    """The first block of its second half."""
    return hmac.digest(extracted, info + b"\1", "sha256")


def code_of(digest: bytes) -> str:
    """Write the first 130 bits in base32."""
    bits = int.from_bytes(digest) >> 256 - 5 * CODE_LENGTH
    return "".join(CROCKFORD[bits >> 5 * place & 31] for place in range(CODE_LENGTH - 1, -1, -1))


def leaves_of(path: Path, head: tuple[int, str, bytes], secret: bytes) -> list[bytes]:
    """Read the rows of a CSV and return their leaves."""
    salts, codes = extract(salt_key(secret)), extract(secret)
    leaves = []
    with path.open(encoding="utf-8", newline="") as stream:
        for index, row in enumerate(csv.DictReader(stream)):
            serial = row["serial"].encode("ascii")
            salt = expand(salts, b"weilian/salt/v1" + serial)
            code = code_of(expand(codes, b"weilian/code/v1" + serial))
            key = expand(extract(code.encode("ascii")), b"weilian/claim/v1\0")
            address = Account.from_key(key).address
            commitment = Web3.keccak(encode(["bytes32", "string"], [salt, row["serial"]]))
            value = (*head, index, commitment, address)
            leaves.append(bytes(Web3.keccak(Web3.keccak(encode(LEAF_TYPES, value)))))
    return leaves


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Hash the pairs of each level, lower first, an odd one out going up as it is."""
    level = list(leaves)
    while len(level) > 1:
        level = [
            bytes(Web3.keccak(b"".join(sorted(level[place : place + 2]))))
            if place + 1 < len(level)
            else level[place]
            for place in range(0, len(level), 2)
        ]
    return level[0]
