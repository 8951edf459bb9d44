import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.events import event, events_of
from tests.support.reverts import reverts


@pytest.fixture(params=["Checkout", "OrderDisputes"])
def part(request, project, deployer, identities, arbitrator, permit2):
    """A contract that works for an escrow, not bound yet."""
    arguments = {
        "Checkout": [permit2],
        "OrderDisputes": [identities, arbitrator, b"court"],
    }[request.param]
    return deployer.deploy(getattr(project, request.param), *arguments)


@pytest.fixture
def naming_escrow(project, deployer, identities, platform, book, network, part):
    """An escrow that names the contract in both places."""
    return deployer.deploy(
        project.CommissionEscrow, identities, platform, book, network, part, part
    )


def test_bind_escrow__escrow_names_contract__binds_it(part, naming_escrow, deployer):
    tx = part.bindEscrow(naming_escrow, sender=deployer)

    assert events_of(tx) == [event(part.EscrowBound, escrow=naming_escrow)]
    assert part.ESCROW() == naming_escrow


def test_bind_escrow__caller_is_not_deployer__reverts(part, naming_escrow, deployer, attacker):
    with reverts(part.EscrowBound_NotDeployer, actor=attacker, deployer=deployer):
        part.bindEscrow(naming_escrow, sender=attacker)

    assert part.ESCROW() == ZERO_ADDRESS


def test_bind_escrow__it_is_bound_already__reverts(part, naming_escrow, deployer):
    part.bindEscrow(naming_escrow, sender=deployer)

    with reverts(part.EscrowBound_AlreadyBound, escrow=naming_escrow):
        part.bindEscrow(naming_escrow, sender=deployer)


def test_bind_escrow__escrow_names_another__reverts(part, escrow, checkout, disputes, deployer):
    named = checkout if part.contract_type.name == "Checkout" else disputes

    with reverts(part.EscrowBound_NotNamed, escrow=escrow, named=named):
        part.bindEscrow(escrow, sender=deployer)
