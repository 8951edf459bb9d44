from dataclasses import astuple

import pytest

from tests.support.programme import PlanLimits


@pytest.fixture(scope="session", autouse=True)
def _session_first(
    book,
    network,
    escrow,
    deployer,
    platform,
    brand,
    manufacturer,
    distributor,
    sponsor,
    payer,
    shopper,
    relayer,
    attacker,
    stablecoin,
):
    """Later session fixtures would make ape undo and redo the earlier ones."""


@pytest.fixture
def deploy_book(project, deployer, platform, identities):
    """Deploy a plan book of its own, bound to a recorder unless told otherwise."""

    def deploy(is_bound=True, **limits):
        book = deployer.deploy(project.PlanBook, identities, astuple(PlanLimits(**limits)))
        if is_bound:
            recorder = deployer.deploy(project.RecordingProgramme, platform, book)
            book.bindEscrow(recorder, sender=deployer)
        return book

    return deploy


@pytest.fixture
def recorded(deploy_book, project):
    """A plan book, and what stands in the escrow's place and shows what is written there."""
    book = deploy_book()
    return book, project.RecordingProgramme.at(book.ESCROW())
