"""An attacker guesses short hidden codes off line, against the key address that a leaf shows.

What remains open: a code of 50 bits behind the memory-hard function costs much and can be paid
for; the label printer knows all codes anyway.
"""

import hashlib
import time

import pytest
from eth_account import Account

from tests.support.printed import print_batch
from weilian.keys import CodeError, claim_address, claim_key, hkdf_sha256, read_code

DIGITS = "493817264051"  # twelve digits: 40 bits
SALTS = bytes(32), b"\1" * 32
LEAST_GUESS = 0.05  # seconds; a fast function takes a thousandth of that


@pytest.fixture(scope="module")
def short_code():
    """A code of ten characters, the shortest that the library allows with a salt."""
    return "7ZKQ0M4XTB"


def fast_address(code):
    """Derive a key as the library does from long codes, which is fast."""
    key = hkdf_sha256(code.encode(), b"weilian/claim/v1\0")
    return Account.from_key(key).address


def test_t03_short_codes_guessed__brand_wants_twelve_digits__is_refused():
    with pytest.raises(CodeError, match=r"12 characters \(60 bits\).*at least 80 bits"):
        claim_key(DIGITS)


@pytest.mark.parametrize("length", [4, 8, 9])
def test_t03_short_codes_guessed__brand_wants_batch_of_shorter_codes__is_refused(
    provenance, brand, length
):
    with pytest.raises(CodeError, match="at least 50 bits"):
        print_batch(provenance, brand, code_length=length)


def test_t03_short_codes_guessed__shopper_types_short_code__is_refused_without_salt(short_code):
    with pytest.raises(CodeError, match="at least 80 bits"):
        read_code(short_code)


def test_t03_short_codes_guessed__attacker_derives_fast__never_meets_right_code(short_code):
    # Even with the right code in hand the fast function tells nothing.
    assert claim_address(short_code, SALTS[0]) != fast_address(short_code)


def test_t03_short_codes_guessed__attacker_guesses_code_of_sixteen__is_same_as_fast_function():
    # So the test above compares with what the library really does from 80 bits on.
    code = "7ZKQ0M4XTB7ZKQ0M"

    assert claim_address(code, SALTS[0]) == fast_address(code)


def test_t03_short_codes_guessed__attacker_makes_table_of_codes__serves_one_item_only(short_code):
    addresses = {claim_address(short_code, salt) for salt in SALTS}

    assert len(addresses) == len(SALTS)


def test_t03_short_codes_guessed__attacker_tries_one_guess__costs_time_and_memory(short_code):
    start = time.process_time()

    claim_address(short_code, SALTS[0])

    assert time.process_time() - start > LEAST_GUESS
    with pytest.raises(ValueError, match="memory limit"):
        hashlib.scrypt(b"guess", salt=b"salt", n=1 << 17, r=8, p=1, maxmem=1 << 26, dklen=32)


def test_t03_short_codes_guessed__batch_has_short_codes__means_only_salted_key_claims(
    provenance, brand
):
    printed = print_batch(provenance, brand, count=1, code_length=10)
    proof, code = printed.proof(), printed.code()

    assert len(code) == 10
    assert proof.claim_key == claim_address(code, proof.salt) != fast_address(code)
