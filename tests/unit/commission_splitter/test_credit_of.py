from tests.support.commerce import credits_of, in_coin


@in_coin
def test_credit_of__account_was_never_credited__is_zero(splitter, currency, shopper):
    assert credits_of(splitter, currency, shopper) == [0]


def test_credit_of__account_was_credited_twice__is_sum(splitter, currency, captured, brand, payer):
    splitter.refund(captured, 1, sender=brand)
    splitter.refund(captured, 2, sender=brand)

    assert credits_of(splitter, currency, payer) == [3]


def test_credit_of__account_was_credited_after_withdrawal__is_new_credit_alone(
    splitter, currency, captured, brand, payer
):
    splitter.refund(captured, 1, sender=brand)
    splitter.withdraw(payer, currency.address, payer, sender=payer)
    after_withdrawal = credits_of(splitter, currency, payer)

    splitter.refund(captured, 2, sender=brand)

    assert after_withdrawal == [0]
    assert credits_of(splitter, currency, payer) == [2]
