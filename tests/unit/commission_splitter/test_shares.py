"""The contract's arithmetic beside the reference model's."""

from dataclasses import astuple

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS, ZERO_HASH
from tests.support.commerce import MAX_AMOUNT
from tests.support.orders import create_order, join_line
from tests.support.suite import Limits
from weilian.commission import split

LEVEL_BITS = 16
DEPTH = 5


@pytest.fixture(scope="module")
def harness(project, deployer, identities, platform):
    limits = Limits(max_depth=DEPTH, max_commission_bps=10_000, min_platform_fee_bps=0)
    return deployer.deploy(project.SplitterHarness, identities, platform, astuple(limits))


@pytest.fixture(scope="module")
def sellers(harness, brand, accounts):
    """For each length of line an account that stands at its end."""
    line = list(accounts)[10 : 10 + DEPTH]
    join_line(harness, brand, *line)
    return [ZERO_ADDRESS, *line]


def record_of(brand, fee, rates):
    """Pack a plan as PlanRegistry keeps it."""
    return {
        "brand": brand,
        "platformFeeBps": fee,
        "refundWindow": 0,
        "depth": len(rates),
        "isRetired": False,
        "currency": ZERO_ADDRESS,
        "levels": sum(bps << (LEVEL_BITS * level) for level, bps in enumerate(rates)),
    }


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    net=st.integers(1, MAX_AMOUNT) | st.integers(1, 20_000),
    fee=st.integers(0, 10_000),
    rates=st.lists(st.integers(0, 5000), max_size=DEPTH),
    length=st.integers(0, DEPTH),
    own=st.none() | st.integers(1, DEPTH),
)
@example(net=1, fee=10_000, rates=[], length=5, own=None)
@example(net=MAX_AMOUNT, fee=0, rates=[0, 0, 0, 0, 10_000], length=4, own=None)
@example(net=MAX_AMOUNT, fee=1, rates=[3333, 3333, 3333], length=3, own=2)
def test_shares__terms_are_any__equals_reference_model(
    harness, sellers, brand, platform, payer, net, fee, rates, length, own
):
    """`own` is the place of the payer, counted from the brand, if it stands in the tree."""
    assume(fee + sum(rates) <= 10_000)
    buyer = payer if own is None else sellers[own]
    order = create_order(ZERO_HASH, buyer, distributor=sellers[length])

    shares, breakage = harness.sharesOf(order, record_of(brand, fee, rates), net)

    upwards = sellers[length:0:-1][: len(rates)]
    unpaid = [level for level, account in enumerate(upwards) if account == buyer]
    model = split(net, fee, rates, length, unpaid)
    accounts, amounts = zip(*shares, strict=True)
    assert accounts == tuple(str(party) for party in (platform, *upwards, brand))
    assert amounts == (model.platform, *model.levels, model.brand)
    assert breakage == model.breakage
    assert sum(amounts) == net
