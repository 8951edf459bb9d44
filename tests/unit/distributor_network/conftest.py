import pytest

from tests.support.programme import join_line


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
    upline,
    payer,
    shopper,
    relayer,
    attacker,
    stablecoin,
):
    """Later session fixtures would make ape undo and redo the earlier ones."""


@pytest.fixture
def number(network, brand, distributor):
    """The distributor joined under the brand; its number."""
    (number,) = join_line(network, brand, distributor)
    return number


@pytest.fixture
def wallet(project, deployer, shopper):
    """A contract wallet of the shopper's (ERC-1271)."""
    return deployer.deploy(project.Wallet1271, shopper)
