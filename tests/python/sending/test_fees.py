from hypothesis import given
from hypothesis import strategies as st

from weilian.sending.envelope import Fees
from weilian.sending.fees import first_offer, higher_offer

wei = st.integers(0, 10**12)


@given(wei, wei, wei)
def test_first_offer__any_market__stays_within_the_ceiling(base, priority, ceiling):
    fees = first_offer(base, priority, ceiling)

    assert fees.priority_fee <= fees.max_fee <= ceiling
    assert fees.max_fee == min(2 * base + priority, ceiling)


@given(wei, wei, wei, wei, wei)
def test_higher_offer__any_market__is_an_eighth_more_or_none(a, b, c, d, ceiling):
    old, market = Fees(max(a, b), min(a, b)), Fees(max(c, d), min(c, d))

    new = higher_offer(old, market, ceiling)

    if new is None:
        assert max(old.max_fee * 9, old.max_fee * 8 + 1) > ceiling * 8
        return
    assert new.max_fee * 8 >= old.max_fee * 9
    assert new.priority_fee * 8 >= old.priority_fee * 9
    assert new.max_fee > old.max_fee
    assert new.priority_fee > old.priority_fee
    assert new.priority_fee <= new.max_fee <= ceiling
    assert new.max_fee >= min(market.max_fee, ceiling)
