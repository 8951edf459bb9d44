import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import now
from tests.support.plan_words import create_ladder, higher_rates_word, plan_key, plan_word
from tests.support.programme import NOTICE, create_terms
from tests.support.properties import on_one_chain

FLAGS = ["isFinal", "isDifferential", "compresses", "isGated", "countsSales"]
ROOT = b"\1" * 32
FINAL = {"isFinal": True, "refundWindow": 0, "maturity": 0}
FOUR_RANKS = [[500, 0, 3, 4, 5], [900, 7, 0, 9, 10], [1, 12, 13, 0, 2_000], [16, 17, 18, 19, 0]]
VARIANTS = [
    {},
    {"depth": 1, "rates": [[0]], "refundWindow": 600, "maturity": 0, "platformFeeBps": 100},
    {"depth": 5, "rates": [[4_000, 0, 0, 0, 0]], "refundWindow": 2**24 - 1, "maturity": 2**24 - 1},
    {"depth": 5, "rates": [[0, 0, 0, 0, 4_000]], "platformFeeBps": 6_000},
    {"platformFeeBps": 10_000, "rates": [[0, 0, 0]]},
    {"depth": 5, "rates": FOUR_RANKS},
    {"isDifferential": True, "depth": 5, "rates": [[100], [4_000], [200], [300]]},
    {"bond": 1, "bondDays": 4_095, "selfPurchase": 1},
    {"bond": 2, "selfPurchase": 2},
    {"catalogueRoot": ROOT, "catalogueBps": 4_000},
    {"catalogueRoot": ROOT, "catalogueBps": 1},
    FINAL,
    {"compresses": True},
    {"isGated": True},
    {"countsSales": True},
    {"dailyReportLimit": 2**128 - 1, "discountBps": 10_000, "termsHash": b"\xff" * 32},
]


@st.composite
def random_terms(draw, brand):
    """Terms within the limits of PlanLimits, whatever they mean together."""
    depth = draw(st.integers(1, 5))
    terms = {name: draw(st.booleans()) for name in FLAGS}
    levels = 1 if terms["isDifferential"] else depth
    rate = st.integers(0, 4_000 // levels)
    ranks = st.lists(st.lists(rate, min_size=levels, max_size=levels), min_size=1, max_size=4)
    bond = draw(st.integers(0, 2))
    window = st.just(0) if terms["isFinal"] else st.integers(600, 2**24 - 1)
    maturity = st.just(0) if terms["isFinal"] else st.integers(0, 2**24 - 1)
    reports = st.just(0) if terms["isFinal"] else st.integers(0, 2**128 - 1)
    catalogue = draw(st.integers(0, 4_000))
    return create_terms(brand) | terms | {
        "depth": depth,
        "rates": draw(ranks),
        "platformFeeBps": draw(st.integers(100, 6_000)),
        "refundWindow": draw(window),
        "maturity": draw(maturity),
        "selfPurchase": draw(st.integers(0, 2)),
        "bond": bond,
        "bondDays": draw(st.integers(1, 4_095)) if bond == 1 else 0,
        "catalogueRoot": ROOT if catalogue else bytes(32),
        "catalogueBps": catalogue,
        "dailyReportLimit": draw(reports),
        "termsHash": draw(st.binary(min_size=32, max_size=32)),
    }  # fmt: skip


def written(tx, recorder):
    """What the plan book wrote: key, word, rates of higher ranks, limit of reports."""
    (log,) = recorder.PlanWritten.from_receipt(tx)
    return bytes(log.planKey), log.plan, log.higherRates, log.dailyReportLimit


@pytest.mark.parametrize("changes", VARIANTS)
def test_publish__escrow_is_asked__keeps_plan_in_one_word(book, escrow, brand, changes):
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)
    terms = create_terms(brand, **changes)

    book.publish(terms, sender=brand)

    word = escrow.planStateOf(book.planIdOf(terms), brand, ZERO_ADDRESS)
    assert word == plan_word(terms, now())


def test_publish__escrow_is_asked_for_another_brand_or_currency__knows_none(
    book, escrow, brand, manufacturer, stablecoin
):
    terms = create_terms(brand)

    book.publish(terms, sender=brand)

    assert escrow.planStateOf(book.planIdOf(terms), manufacturer, ZERO_ADDRESS) == 0
    assert escrow.planStateOf(book.planIdOf(terms), brand, stablecoin) == 0


@pytest.mark.parametrize("changes", VARIANTS)
def test_publish__plan_is_packed__writes_word_and_higher_rates_and_report_limit(
    recorded, brand, changes
):
    book, recorder = recorded
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)
    terms = create_terms(brand, **changes)

    tx = book.publish(terms, sender=brand)

    assert written(tx, recorder) == (
        plan_key(bytes(book.planIdOf(terms)), brand, ZERO_ADDRESS),
        plan_word(terms, now()),
        higher_rates_word(terms),
        terms["dailyReportLimit"],
    )


def test_publish__terms_are_random__writes_them_as_packed_in_python(recorded, brand):
    book, recorder = recorded
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)
    book.publish(create_terms(brand), sender=brand)

    @on_one_chain(25)
    @given(random_terms(brand))
    def check(terms):
        tx = book.publish(terms, sender=brand)

        _, word, higher, limit = written(tx, recorder)
        assert word == plan_word(terms, now() + NOTICE)
        assert (higher, limit) == (higher_rates_word(terms), terms["dailyReportLimit"])

    check()
