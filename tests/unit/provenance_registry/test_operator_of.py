import pytest

from tests.support.clock import later, next_block_at, now, read_at
from tests.support.operators import DAY, midnight, register_items, twin_of

LARGEST = 2**48 - 1


def test_operator_of__its_issuer_never_said_anything_of_it__is_all_zero(
    provenance, batch, issuer, brand
):
    assert tuple(provenance.operatorOf(issuer, issuer)) == (0, 0, 0, 0)
    assert tuple(provenance.operatorOf(brand, issuer)) == (0, 0, 0, 0)


def test_operator_of__largest_of_every_number__keeps_each_apart(provenance, issuer):
    provenance.setDailyLimit(issuer, issuer, LARGEST, sender=issuer)
    next_block_at(LARGEST - 1)
    register_items(provenance, issuer, 2**32 - 1)
    next_block_at(LARGEST)

    provenance.revokeKey(issuer, issuer, LARGEST, sender=issuer)

    operator = tuple(provenance.operatorOf(issuer, issuer))
    assert operator == (LARGEST, LARGEST, LARGEST // DAY, 2**32 - 1)


def test_operator_of__another_account_has_same_last_7_bytes__is_same_operator(provenance, issuer):
    provenance.setDailyLimit(issuer, issuer, 5, sender=issuer)

    assert tuple(provenance.operatorOf(issuer, twin_of(issuer))) == (0, 5, 0, 0)


@pytest.mark.parametrize("bit", [48, 55])
def test_operator_of__another_account_differs_in_seventh_byte_from_end__is_another_operator(
    provenance, issuer, bit
):
    provenance.setDailyLimit(issuer, issuer, 5, sender=issuer)
    stranger = int(str(issuer), 16) ^ 1 << bit

    assert tuple(provenance.operatorOf(issuer, f"0x{stranger:040x}")) == (0, 0, 0, 0)


def test_operator_of__day_that_is_over__still_shows_last_day_with_items(provenance, issuer):
    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)
    tx = register_items(provenance, issuer, 7)
    read_at(later(5 * DAY))

    operator = tuple(provenance.operatorOf(issuer, issuer))

    assert operator == (0, 10, tx.timestamp // DAY, 7)


def test_operator_of__days_with_and_without_items__shows_what_last_one_used(provenance, issuer):
    start = midnight()
    next_block_at(start)
    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)

    for day, items in [(0, 3), (0, 4), (1, 5), (4, 2), (4, 1)]:
        next_block_at(max(start + day * DAY, now() + 1))
        register_items(provenance, issuer, items)

    assert tuple(provenance.operatorOf(issuer, issuer)) == (0, 10, start // DAY + 4, 3)
