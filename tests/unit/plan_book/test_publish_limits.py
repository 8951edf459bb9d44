import ape
import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.plan_words import create_ladder
from tests.support.programme import DAY, create_terms, publish
from tests.support.reverts import reverts

ROOT = b"\1" * 32
LONGEST = 2**24 - 1
WINDOWED, PERMANENT = 1, 2

PASSED = [
    ({"depth": 0, "rates": [[]]}, "DepthInvalid", {"depth": 0, "limit": 5}),
    ({"depth": 6, "rates": [[1] * 6]}, "DepthInvalid", {"depth": 6, "limit": 5}),
    ({"depth": 255}, "DepthInvalid", {"depth": 255, "limit": 5}),
    ({"rates": []}, "RatesInvalid", {"rank": 0, "levels": 0, "expected": 3}),
    ({"rates": [[1] * 3] * 5}, "RatesInvalid", {"rank": 5, "levels": 0, "expected": 3}),
    ({"rates": [[1] * 2]}, "RatesInvalid", {"rank": 0, "levels": 2, "expected": 3}),
    ({"rates": [[1] * 4]}, "RatesInvalid", {"rank": 0, "levels": 4, "expected": 3}),
    ({"rates": [[]]}, "RatesInvalid", {"rank": 0, "levels": 0, "expected": 3}),
    ({"rates": [[1] * 3, [1] * 4]}, "RatesInvalid", {"rank": 1, "levels": 4, "expected": 3}),
    (
        {"rates": [[1] * 3, [1] * 3, [1] * 3, []]},
        "RatesInvalid",
        {"rank": 3, "levels": 0, "expected": 3},
    ),
    ({"isDifferential": True}, "RatesInvalid", {"rank": 0, "levels": 3, "expected": 1}),
    ({"platformFeeBps": 99}, "PlatformFeeTooLow", {"bps": 99, "limit": 100}),
    ({"platformFeeBps": 0}, "PlatformFeeTooLow", {"bps": 0, "limit": 100}),
    ({"rates": [[2_000, 1_000, 1_001]]}, "CommissionTooHigh", {"bps": 4_001, "limit": 4_000}),
    ({"rates": [[65_535] * 3]}, "CommissionTooHigh", {"bps": 196_605, "limit": 4_000}),
    # The best rank of each level counts, not the best rank.
    (
        {"rates": [[3_000, 0, 0], [0, 1_000, 0], [0, 0, 1]]},
        "CommissionTooHigh",
        {"bps": 4_001, "limit": 4_000},
    ),
    (
        {"isDifferential": True, "rates": [[1], [4_001], [2]]},
        "CommissionTooHigh",
        {"bps": 4_001, "limit": 4_000},
    ),
    (
        {"catalogueRoot": ROOT, "catalogueBps": 4_001},
        "CommissionTooHigh",
        {"bps": 4_001, "limit": 4_000},
    ),
    (
        {"rates": [[2_000, 1_000, 1_000]], "platformFeeBps": 6_001},
        "ShareTooHigh",
        {"bps": 10_001, "limit": 10_000},
    ),
    ({"platformFeeBps": 65_535}, "ShareTooHigh", {"bps": 66_835, "limit": 10_000}),
    ({"discountBps": 10_001}, "ShareTooHigh", {"bps": 10_001, "limit": 10_000}),
    ({"discountBps": 65_535}, "ShareTooHigh", {"bps": 65_535, "limit": 10_000}),
    ({"refundWindow": 599}, "RefundWindowTooShort", {"window": 599, "limit": 600}),
    ({"refundWindow": 0}, "RefundWindowTooShort", {"window": 0, "limit": 600}),
    ({"isFinal": True, "refundWindow": 600, "maturity": 0}, "FinalNotAllowed", {}),
    ({"isFinal": True, "refundWindow": 1, "maturity": 0}, "FinalNotAllowed", {}),
    ({"isFinal": True, "refundWindow": 0, "maturity": 1}, "FinalNotAllowed", {}),
    (
        {"isFinal": True, "refundWindow": 0, "maturity": 0, "dailyReportLimit": 1},
        "FinalNotAllowed",
        {},
    ),
    ({"bond": WINDOWED}, "BondInvalid", {"bondDays": 0}),
    ({"bond": WINDOWED, "bondDays": 4_096}, "BondInvalid", {"bondDays": 4_096}),
    ({"bond": WINDOWED, "bondDays": 65_535}, "BondInvalid", {"bondDays": 65_535}),
    ({"bondDays": 1}, "BondInvalid", {"bondDays": 1}),
    ({"bond": PERMANENT, "bondDays": 1}, "BondInvalid", {"bondDays": 1}),
    ({"catalogueRoot": ROOT}, "CatalogueInvalid", {"root": ROOT, "bps": 0}),
    ({"catalogueBps": 1}, "CatalogueInvalid", {"root": bytes(32), "bps": 1}),
]
REACHED = [
    {"depth": 1, "rates": [[0]]},
    {"depth": 5, "rates": [[1_000, 1_000, 1_000, 500, 500]]},
    {"rates": [[0, 0, 0]]},
    {"rates": [[1, 2, 3]] * 4},
    {"rates": [[3_000, 0, 0], [0, 1_000, 0], [0, 0, 0]]},
    {"isDifferential": True, "depth": 5, "rates": [[1_000], [2_000], [3_000], [4_000]]},
    {"platformFeeBps": 100},
    {"platformFeeBps": 10_000, "rates": [[0, 0, 0]]},
    {"platformFeeBps": 6_000, "rates": [[2_000, 1_000, 1_000]]},
    {"catalogueRoot": ROOT, "catalogueBps": 1},
    {"catalogueRoot": ROOT, "catalogueBps": 4_000},
    {"discountBps": 0},
    {"discountBps": 10_000},
    {"refundWindow": 600, "maturity": 0},
    {"refundWindow": LONGEST, "maturity": LONGEST},
    {"isFinal": True, "refundWindow": 0, "maturity": 0},
    {"bond": WINDOWED, "bondDays": 1},
    {"bond": WINDOWED, "bondDays": 4_095},
    {"bond": PERMANENT},
    {"selfPurchase": 2},
    {"dailyReportLimit": 2**128 - 1},
]

# The profiles that a deployment may choose: levels and commission in basis points.
CN_STRICT = {"max_depth": 1, "max_commission_bps": 3_000, "allows_final_sales": False}
CN_MARKET = {"max_depth": 2, "max_commission_bps": 3_000, "allows_final_sales": False}
INTERNATIONAL = {"max_depth": 5, "max_commission_bps": 5_000, "min_refund_window": 14 * DAY}
PROFILES = [
    pytest.param(CN_STRICT | {"min_refund_window": 7 * DAY}, id="CN-strict"),
    pytest.param(CN_MARKET | {"min_refund_window": 7 * DAY}, id="CN-market"),
    pytest.param(INTERNATIONAL, id="international"),
]


def equal_rates(depth, total):
    """Rates of one rank that sum to `total`."""
    return [[total - total // depth * (depth - 1), *[total // depth] * (depth - 1)]]


def widest(profile):
    """The terms that use all that a profile allows."""
    depth = profile["max_depth"]
    return {
        "depth": depth,
        "rates": equal_rates(depth, profile["max_commission_bps"]),
        "refundWindow": profile["min_refund_window"],
    }


@pytest.fixture
def ladder(book, brand):
    """What plans of several ranks need."""
    book.announceLadder(brand, ZERO_ADDRESS, create_ladder(), sender=brand)


@pytest.mark.parametrize(("changes", "error", "inputs"), PASSED)
def test_publish__terms_pass_limit__reverts(book, brand, ladder, changes, error, inputs):
    with reverts(getattr(book, f"PlanBook_{error}"), **inputs):
        publish(book, brand, **changes)


@pytest.mark.parametrize("changes", REACHED)
def test_publish__terms_reach_limit__publishes(book, brand, ladder, changes):
    plan_id = publish(book, brand, **changes)

    assert book.planOf(plan_id).brand == brand


@pytest.mark.parametrize("changes", [{"selfPurchase": 3}, {"bond": 3}])
def test_publish__choice_is_none_of_list__reverts(book, brand, changes):
    with ape.reverts():
        publish(book, brand, **changes)


def test_publish__deployment_leaves_all_to_levels__publishes_whole(deploy_book, brand):
    book = deploy_book(max_commission_bps=10_000, min_platform_fee_bps=0)

    plan_id = publish(book, brand, depth=1, rates=[[10_000]], platformFeeBps=0)

    assert book.planOf(plan_id).brand == brand


def test_publish__deployment_leaves_all_to_levels__reverts_above_whole(deploy_book, brand):
    book = deploy_book(max_commission_bps=10_000, min_platform_fee_bps=0)

    with reverts(book.PlanBook_ShareTooHigh, bps=10_001, limit=10_000):
        publish(book, brand, depth=1, rates=[[10_000]], platformFeeBps=1)


def test_publish__deployment_allows_no_final_sales__reverts(deploy_book, brand):
    book = deploy_book(allows_final_sales=False)

    with reverts(book.PlanBook_FinalNotAllowed):
        publish(book, brand, isFinal=True, refundWindow=0, maturity=0)


@pytest.mark.parametrize("profile", PROFILES)
def test_publish__profile_is_used_to_its_limits__publishes(deploy_book, brand, profile):
    book = deploy_book(**profile)

    plan_id = publish(book, brand, **widest(profile))

    assert book.planOf(plan_id).brand == brand


@pytest.mark.parametrize("profile", PROFILES)
def test_publish__plan_is_one_level_deeper_than_profile__reverts(deploy_book, brand, profile):
    book = deploy_book(**profile)
    depth = profile["max_depth"] + 1
    terms = create_terms(brand, **widest(profile)) | {"depth": depth, "rates": [[0] * depth]}

    with reverts(book.PlanBook_DepthInvalid, depth=depth, limit=depth - 1):
        book.publish(terms, sender=brand)


@pytest.mark.parametrize("profile", PROFILES)
def test_publish__plan_pays_one_point_more_than_profile__reverts(deploy_book, brand, profile):
    book = deploy_book(**profile)
    most = profile["max_commission_bps"]
    changes = widest(profile) | {"rates": equal_rates(profile["max_depth"], most + 1)}

    with reverts(book.PlanBook_CommissionTooHigh, bps=most + 1, limit=most):
        publish(book, brand, **changes)


@pytest.mark.parametrize("profile", PROFILES)
def test_publish__window_is_one_second_shorter_than_profile__reverts(deploy_book, brand, profile):
    book = deploy_book(**profile)
    least = profile["min_refund_window"]

    with reverts(book.PlanBook_RefundWindowTooShort, window=least - 1, limit=least):
        publish(book, brand, **widest(profile) | {"refundWindow": least - 1})
