import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.reverts import reverts
from tests.support.suite import Limits, deploy_splitter


@pytest.fixture
def deploy(project, deployer, identities, platform):
    def deploy(platform=platform, **limits):
        return deploy_splitter(project, deployer, identities, platform, Limits(**limits))

    return deploy


def kept(splitter):
    return Limits(
        splitter.MAX_DEPTH(),
        splitter.MAX_COMMISSION_BPS(),
        splitter.MIN_PLATFORM_FEE_BPS(),
        splitter.MIN_REFUND_WINDOW(),
    )


def test_constructor__depth_is_six__reverts(splitter, deploy):
    with reverts(splitter.PlanRegistry_LimitOutOfRange, limit=6, most=5):
        deploy(max_depth=6)


@pytest.mark.parametrize("depth", [0, 1, 5])
def test_constructor__depth_is_up_to_five__keeps_limits(deploy, depth):
    splitter = deploy(max_depth=depth)

    assert kept(splitter) == Limits(max_depth=depth)


def test_constructor__commission_and_fee_are_above_whole__reverts(splitter, deploy):
    with reverts(splitter.PlanRegistry_LimitOutOfRange, limit=10_001, most=10_000):
        deploy(max_commission_bps=9000, min_platform_fee_bps=1001)


def test_constructor__commission_and_fee_are_whole__keeps_limits(deploy):
    splitter = deploy(max_commission_bps=9000, min_platform_fee_bps=1000)

    assert kept(splitter) == Limits(max_commission_bps=9000, min_platform_fee_bps=1000)


def test_constructor__rates_are_largest_numbers__reverts(splitter, deploy):
    with reverts(splitter.PlanRegistry_LimitOutOfRange, limit=131_070, most=10_000):
        deploy(max_commission_bps=65_535, min_platform_fee_bps=65_535)


def test_constructor__refund_window_is_above_year__reverts(splitter, deploy):
    year = 365 * 86_400

    with reverts(splitter.PlanRegistry_LimitOutOfRange, limit=year + 1, most=year):
        deploy(min_refund_window=year + 1)


def test_constructor__refund_window_is_year__keeps_limits(deploy):
    splitter = deploy(min_refund_window=365 * 86_400)

    assert kept(splitter) == Limits(min_refund_window=365 * 86_400)


def test_constructor__platform_is_zero__reverts(splitter, deploy):
    with reverts(splitter.CommissionSplitter_PlatformZero):
        deploy(platform=ZERO_ADDRESS)


def test_constructor__all_is_in_range__keeps_platform_and_registry(splitter, platform, identities):
    assert splitter.PLATFORM() == platform
    assert splitter.IDENTITIES() == identities
