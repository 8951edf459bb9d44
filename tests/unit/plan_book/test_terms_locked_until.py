from tests.support.abi import ZERO_ADDRESS
from tests.support.plan_words import plan_key
from tests.support.programme import publish


def test_terms_locked_until__nothing_was_promised__is_zero(book, brand):
    key = plan_key(publish(book, brand), brand, ZERO_ADDRESS)

    assert book.termsLockedUntil(key, 2) == 0


def test_terms_locked_until__terms_are_locked__tells_until_when_under_key_of_plan(
    book, brand, stablecoin
):
    plan_id = publish(book, brand)

    book.lockTerms(plan_id, 2**32 - 1, 77, sender=brand)

    assert book.termsLockedUntil(plan_key(plan_id, brand, ZERO_ADDRESS), 2**32 - 1) == 77
    assert book.termsLockedUntil(plan_key(plan_id, brand, stablecoin), 2**32 - 1) == 0
    assert book.termsLockedUntil(plan_id, 2**32 - 1) == 0
