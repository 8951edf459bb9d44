from dataclasses import asdict, astuple

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.programme import DAY, PlanLimits
from tests.support.reverts import reverts

YEAR = 365 * DAY


def kept(book):
    return astuple(PlanLimits(*book.limits()))


@pytest.mark.parametrize(
    "profile",
    [
        PlanLimits(1, 3_000, 0, 7 * DAY, 7 * DAY, False),
        PlanLimits(2, 3_000, 0, 7 * DAY, 7 * DAY, False),
        PlanLimits(5, 5_000, 100, 14 * DAY, 7 * DAY, True),
        PlanLimits(1, 0, 0, 0, 0, False),
        PlanLimits(5, 10_000, 0, 2**24 - 1, YEAR, True),
        PlanLimits(5, 0, 10_000, 2**24 - 1, YEAR, True),
    ],
)
def test_constructor__limits_are_in_range__keeps_limits(deploy_book, profile):
    book = deploy_book(**asdict(profile))

    assert kept(book) == astuple(profile)


@pytest.mark.parametrize("depth", [0, 6, 255])
def test_constructor__depth_is_none_or_above_five__reverts(book, deploy_book, depth):
    with reverts(book.PlanBook_LimitsInvalid):
        deploy_book(max_depth=depth)


@pytest.mark.parametrize(
    ("commission", "fee"), [(10_000, 1), (9_901, 100), (0, 10_001), (65_535, 65_535)]
)
def test_constructor__commission_and_fee_are_above_whole__reverts(
    book, deploy_book, commission, fee
):
    with reverts(book.PlanBook_LimitsInvalid):
        deploy_book(max_commission_bps=commission, min_platform_fee_bps=fee)


def test_constructor__commission_and_fee_are_whole__keeps_limits(deploy_book):
    book = deploy_book(max_commission_bps=9_900, min_platform_fee_bps=100)

    assert kept(book) == astuple(PlanLimits(max_commission_bps=9_900, min_platform_fee_bps=100))


@pytest.mark.parametrize("notice", [YEAR + 1, 2**32 - 1])
def test_constructor__notice_is_longer_than_year__reverts(book, deploy_book, notice):
    with reverts(book.PlanBook_LimitsInvalid):
        deploy_book(notice_period=notice)


def test_constructor__it_is_deployed__knows_registry_and_no_escrow(deploy_book, identities):
    book = deploy_book(is_bound=False)

    assert book.IDENTITIES() == identities
    assert book.ESCROW() == ZERO_ADDRESS
