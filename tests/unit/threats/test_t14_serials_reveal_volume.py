"""A rival reads from serials, positions and proofs how much a brand makes, or guesses serials.

What remains open: the chain tells a batch's item count, and a proof the item's position in it;
both can be hidden only by making batches of one fixed size.
"""

from itertools import pairwise

import pytest

from tests.support.printed import print_batch
from weilian.merkle.items import serial_commitment
from weilian.serials import SerialRule, SerialRuleError

SECRET = bytes(range(32))
COUNT = 1000
ALPHABET = set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def steps_up(serials):
    """Count how often the next serial is greater than the one before."""
    return sum(a < b for a, b in pairwise(serials))


def test_t14_serials_reveal_volume__rival_compares_serials__finds_no_order():
    serials = list(SerialRule(COUNT).draw(SECRET))

    # Of 999 steps half go up; 16 is one standard deviation at most, so 80 is five.
    assert abs(steps_up(serials) - COUNT / 2) < 80
    assert len(set(serials)) == COUNT


def test_t14_serials_reveal_volume__rival_reads_one_serial__meets_80_random_bits():
    serials = list(SerialRule(COUNT).draw(SECRET))

    assert {len(serial) for serial in serials} == {16}
    assert set("".join(serials)) == ALPHABET


@pytest.mark.parametrize("length", [1, 8, 11])
def test_t14_serials_reveal_volume__brand_wants_guessable_random_serials__is_refused(length):
    with pytest.raises(SerialRuleError, match="12 to 20"):
        SerialRule(COUNT, length=length)


def test_t14_serials_reveal_volume__rival_compares_two_batches__shares_no_serial():
    batches = [set(SerialRule(COUNT).draw(bytes([number]) * 32)) for number in (1, 2)]

    assert not batches[0] & batches[1]


def test_t14_serials_reveal_volume__rival_counts_leaves_of_tree__sees_powers_of_two(
    provenance, brand
):
    printed = [print_batch(provenance, brand, count) for count in (5, 6, 7, 8)]

    assert {len(one.proof().proof) for one in printed} == {3}


def test_t14_serials_reveal_volume__rival_looks_for_padding__finds_no_leaf_that_repeats(
    provenance, brand
):
    leaves = print_batch(provenance, brand, 5).tree.levels[0]
    rows = [bytes(leaf) for leaf in leaves]

    assert len(set(rows)) == len(rows) == 8
    assert bytes(32) not in rows


def test_t14_serials_reveal_volume__rival_guesses_serials_from_proof__needs_salt(provenance, brand):
    # Even a brand that counts up: who has one proof cannot test guesses of the others' serials.
    printed = print_batch(provenance, brand, 4, digits=6)
    known, wanted = printed.proof(0), printed.proof(1)
    guesses = [f"{number:06d}" for number in range(50)]

    assert wanted.serial in guesses
    assert wanted.serial_commitment == serial_commitment(wanted.salt, wanted.serial)
    assert wanted.serial_commitment not in {
        serial_commitment(salt, guess) for guess in guesses for salt in (known.salt, bytes(32))
    }
