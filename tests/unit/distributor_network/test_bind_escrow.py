import ape
import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.events import event, events_of
from tests.support.invitations import invite
from tests.support.reverts import reverts


@pytest.fixture
def unbound(project, deployer, identities):
    return deployer.deploy(project.DistributorNetwork, identities)


@pytest.fixture
def naming(project, deployer, identities, platform, book, checkout, disputes):
    """Deploy an escrow that names a network; the other contracts stay with the first escrow."""

    def naming(network):
        others = checkout, disputes
        return deployer.deploy(
            project.CommissionEscrow, identities, platform, book, network, *others
        )

    return naming


def test_bind_escrow__escrow_names_network__binds_for_ever(unbound, naming, deployer):
    escrow = naming(unbound)

    tx = unbound.bindEscrow(escrow, sender=deployer)

    assert events_of(tx) == [event(unbound.EscrowBound, escrow=escrow)]
    assert unbound.ESCROW() == escrow


@pytest.mark.parametrize("caller", ["platform", "brand", "attacker"])
def test_bind_escrow__caller_did_not_deploy__reverts(unbound, naming, deployer, caller, request):
    actor = request.getfixturevalue(caller)
    escrow = naming(unbound)

    with reverts(unbound.EscrowBound_NotDeployer, actor=actor, deployer=deployer):
        unbound.bindEscrow(escrow, sender=actor)


def test_bind_escrow__escrow_names_another_network__reverts(unbound, escrow, network, deployer):
    with reverts(unbound.EscrowBound_NotNamed, escrow=escrow, named=network):
        unbound.bindEscrow(escrow, sender=deployer)


def test_bind_escrow__escrow_has_no_code__reverts(unbound, attacker, deployer):
    with ape.reverts():
        unbound.bindEscrow(attacker, sender=deployer)

    assert unbound.ESCROW() == ZERO_ADDRESS


def test_bind_escrow__it_is_bound__reverts(network, naming, escrow, deployer):
    with reverts(network.EscrowBound_AlreadyBound, escrow=escrow):
        network.bindEscrow(naming(network), sender=deployer)


def test_bind_escrow__it_is_not_bound__lets_nobody_join(unbound, brand, distributor):
    invitation, signature = invite(unbound, brand)

    with ape.reverts():
        unbound.join(invitation, signature, distributor, b"", sender=distributor)
