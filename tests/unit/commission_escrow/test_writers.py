"""Plan book and network alone write what the escrow knows of them."""

import pytest

from tests.support.reverts import reverts

ZERO = "0x" + "00" * 20


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("setPlan", (bytes(32), 1, 0, 0)),
        ("setActiveUntil", (bytes(32), 1)),
        ("setLadder", (ZERO, ZERO, 1)),
    ],
)
def test_writers__caller_is_not_plan_book__reverts(
    escrow, deployer, platform, network, brand, name, arguments
):
    for sender in (deployer, platform, brand):
        with reverts(escrow.Programme_NotPlanBook, actor=sender.address):
            getattr(escrow, name)(*arguments, sender=sender)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("setMember", (ZERO, 2, ZERO, ZERO, 0, False)), ("setNumber", (ZERO, ZERO, 2))],
)
def test_writers__caller_is_not_network__reverts(
    escrow, deployer, platform, brand, name, arguments
):
    for sender in (deployer, platform, brand):
        with reverts(escrow.Programme_NotNetwork, actor=sender.address):
            getattr(escrow, name)(*arguments, sender=sender)


def test_writers__platform_is_zero__is_not_deployed(project, deployer, identities, escrow):
    with reverts(escrow.CommissionEscrow_PlatformZero):
        deployer.deploy(project.CommissionEscrow, identities, ZERO, ZERO, ZERO, ZERO, ZERO)
