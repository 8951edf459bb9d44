from dataclasses import replace

import pytest
from hypothesis import given

from tests.support.commission import BRAND, NATIVE, plans
from weilian.commission.plan import Bond, Plan, PlanLimits, check_plan
from weilian.refusal import RefusedError

LIMITS = PlanLimits(5, 4_000, 100, 600, 0, allows_final_sales=True)
PLAN = Plan(BRAND, NATIVE, 2, ((1_000, 200),), 200)
ROOT = b"\1" * 32


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"depth": 0, "rates": ((),)}, "PlanBook_DepthInvalid"),
        ({"depth": 6, "rates": ((0,) * 6,)}, "PlanBook_DepthInvalid"),
        ({"rates": ()}, "PlanBook_RatesInvalid"),
        ({"rates": ((1, 1),) * 5}, "PlanBook_RatesInvalid"),
        ({"rates": ((1, 1), (1,))}, "PlanBook_RatesInvalid"),
        ({"is_differential": True}, "PlanBook_RatesInvalid"),
        ({"platform_fee_bps": 99}, "PlanBook_PlatformFeeTooLow"),
        ({"rates": ((2_000, 1), (1, 2_001))}, "PlanBook_CommissionTooHigh"),
        ({"platform_fee_bps": 8_801}, "PlanBook_ShareTooHigh"),
        ({"discount_bps": 10_001}, "PlanBook_ShareTooHigh"),
        ({"refund_window": 599}, "PlanBook_RefundWindowTooShort"),
        ({"is_final": True}, "PlanBook_FinalNotAllowed"),
        ({"bond": Bond.WINDOWED}, "PlanBook_BondInvalid"),
        ({"bond_days": 1}, "PlanBook_BondInvalid"),
        ({"bond": Bond.WINDOWED, "bond_days": 4_096}, "PlanBook_BondInvalid"),
        ({"catalogue_bps": 1}, "PlanBook_CatalogueInvalid"),
        ({"catalogue_root": ROOT}, "PlanBook_CatalogueInvalid"),
    ],
)
def test_check_plan__beyond_limits__is_refused(changes, error):
    with pytest.raises(RefusedError) as info:
        check_plan(replace(PLAN, **changes), LIMITS)

    assert info.value.error == error


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"rates": ((2_000, 2_000),) * 4},
        {"is_differential": True, "rates": ((4_000,), (10,))},
        {"bond": Bond.WINDOWED, "bond_days": 4_095},
        {"is_final": True, "refund_window": 0},
        {"catalogue_root": ROOT, "catalogue_bps": 4_000},
        {"platform_fee_bps": 8_800},
    ],
)
def test_check_plan__at_limits__passes(changes):
    check_plan(replace(PLAN, **changes), LIMITS)


@given(plans())
def test_ceiling_bps__any_plan__is_reached_by_best_ranks(plan):
    best = max(sum(rates) for rates in plan.rates)

    assert best <= plan.ceiling_bps <= sum(map(sum, plan.rates))


def test_plan_id__other_chain_book_or_terms__is_another():
    ids = {
        PLAN.plan_id(1, BRAND),
        PLAN.plan_id(2, BRAND),
        PLAN.plan_id(1, NATIVE),
        replace(PLAN, maturity=1).plan_id(1, BRAND),
    }

    assert len(ids) == 4


@pytest.mark.parametrize(
    "changes", [{"max_depth": 6}, {"max_depth": 0}, {"max_commission_bps": 9_901}]
)
def test_check__limits_contradict_themselves__is_refused(changes):
    with pytest.raises(RefusedError, match="PlanBook_LimitsInvalid"):
        replace(LIMITS, **changes).check()
