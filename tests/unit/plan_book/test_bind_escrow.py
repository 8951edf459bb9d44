import ape
import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.events import event, events_of
from tests.support.programme import create_terms
from tests.support.reverts import reverts


@pytest.fixture
def unbound(deploy_book):
    return deploy_book(is_bound=False)


@pytest.fixture
def recorder(project, deployer, platform, unbound):
    """An escrow that names the unbound book."""
    return deployer.deploy(project.RecordingProgramme, platform, unbound)


def test_bind_escrow__escrow_names_book__binds_for_ever(unbound, recorder, deployer):
    tx = unbound.bindEscrow(recorder, sender=deployer)

    assert events_of(tx) == [event(unbound.EscrowBound, escrow=recorder)]
    assert unbound.ESCROW() == recorder


@pytest.mark.parametrize("caller", ["platform", "brand", "attacker"])
def test_bind_escrow__caller_did_not_deploy__reverts(unbound, recorder, deployer, caller, request):
    actor = request.getfixturevalue(caller)

    with reverts(unbound.EscrowBound_NotDeployer, actor=actor, deployer=deployer):
        unbound.bindEscrow(recorder, sender=actor)


def test_bind_escrow__escrow_names_another_book__reverts(unbound, escrow, book, deployer):
    with reverts(unbound.EscrowBound_NotNamed, escrow=escrow, named=book):
        unbound.bindEscrow(escrow, sender=deployer)


def test_bind_escrow__escrow_has_no_code__reverts(unbound, attacker, deployer):
    with ape.reverts():
        unbound.bindEscrow(attacker, sender=deployer)

    assert unbound.ESCROW() == ZERO_ADDRESS


def test_bind_escrow__it_is_bound__reverts(book, escrow, deployer):
    with reverts(book.EscrowBound_AlreadyBound, escrow=escrow):
        book.bindEscrow(escrow, sender=deployer)


def test_bind_escrow__it_is_bound__reverts_for_another_escrow_too(
    project, unbound, recorder, platform, deployer
):
    unbound.bindEscrow(recorder, sender=deployer)
    other = deployer.deploy(project.RecordingProgramme, platform, unbound)

    with reverts(unbound.EscrowBound_AlreadyBound, escrow=recorder):
        unbound.bindEscrow(other, sender=deployer)


def test_bind_escrow__it_is_not_bound__lets_nobody_publish(unbound, brand):
    with ape.reverts():
        unbound.publish(create_terms(brand), sender=brand)
