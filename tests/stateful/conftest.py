import pytest

from tests.stateful.provenance_world import ProvenanceWorld
from tests.stateful.world import World

PLENTY = 2**200


@pytest.fixture
def world(project, splitter, identities, stablecoin, platform, deployer, accounts):
    """The suite, and six actors who may each play every part."""
    reader = deployer.deploy(project.BatchReader)
    actors = {actor.address: actor for actor in list(accounts)[3:9]}
    for actor in actors.values():
        stablecoin.mint(actor, PLENTY, sender=deployer)
        stablecoin.approve(splitter, PLENTY, sender=actor)
    return World(
        splitter, identities, stablecoin, reader, project.ForceFeeder, platform.address, actors
    )


@pytest.fixture
def provenance_world(project, suite, deployer, accounts):
    """The registries, and six actors who may each be an issuer, a holder and a shopper."""
    actors = {actor.address: actor for actor in list(accounts)[3:9]}
    parts = (suite.identities, suite.provenance, suite.custody, suite.items, suite.lens)
    return ProvenanceWorld(*parts, deployer.deploy(project.BatchReader), actors)
