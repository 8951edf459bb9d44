import ape
import pytest

from tests.stateful.escrow_world import LIMITS, EscrowWorld
from tests.stateful.provenance_world import ProvenanceWorld
from tests.support.anvil_chain import AnvilChain, Node
from tests.support.chains import ApeChain
from tests.support.programme import deploy_programme

PLENTY = 2**200


def chain_of(reader):
    """Ask Anvil directly where ape runs it, for long runs; ape asks for the rest."""
    provider = ape.chain.provider
    if provider.name != "foundry":
        return ApeChain(reader)
    return AnvilChain(Node(provider.uri.removeprefix("http://")), reader)


@pytest.fixture
def escrow_world(project, identities, platform, deployer, stablecoin, accounts):
    """An escrow with its programme, and seven actors who may each do everything."""
    programme = deploy_programme(project, deployer, identities, platform, LIMITS)
    reader = deployer.deploy(project.BatchReader)
    refuser = deployer.deploy(project.RevertingReceiver).address
    actors = {actor.address: actor for actor in list(accounts)[3:10]}
    for actor in actors.values():
        stablecoin.mint(actor, PLENTY, sender=deployer)
        stablecoin.approve(programme.escrow, PLENTY, sender=actor)
    chain = chain_of(reader)
    return EscrowWorld(programme, identities, chain, stablecoin, refuser, platform, actors)


@pytest.fixture
def provenance_world(project, suite, deployer, accounts):
    """The registries, and six actors who may each be an issuer, a holder and a shopper."""
    actors = {actor.address: actor for actor in list(accounts)[3:9]}
    parts = (suite.identities, suite.provenance, suite.custody, suite.items, suite.lens)
    return ProvenanceWorld(*parts, deployer.deploy(project.BatchReader), actors)
