"""Who takes part, and the suite they share. Accounts get their roles here and nowhere else."""

import pytest
from ape_ethereum.transactions import Receipt

from tests.support.suite import deploy_suite

ORDER = ("tests/unit", "tests/python", "tests/integration", "tests/stateful")


def pytest_configure():
    """Spare ape to run each transaction again to print its console.log, of which there is none."""
    Receipt.show_debug_logs = lambda _: None


def pytest_collection_modifyitems(items):
    """Run the unit tests first.

    Of all tests those that ask for the most session fixtures must come first: ape undoes and
    redoes its isolation for each fixture that appears later, and loses what was deployed.
    """
    items.sort(key=lambda item: [not item.nodeid.startswith(folder) for folder in ORDER])


def role(index):
    """One of ape's funded accounts, known by its part in the story."""

    @pytest.fixture(scope="session")
    def account(accounts):
        return accounts[index]

    return account


deployer = role(0)
platform = role(1)  # administers the manager, gets the platform fees
issuer = role(2)  # registers batches
brand = role(3)  # publishes plans, sells
manufacturer = role(4)  # acts for others as a delegate
distributor = role(5)  # sells for the brand
sponsor = role(6)  # invited the distributor
payer = role(7)
shopper = role(8)
relayer = role(9)  # sends what others signed
upline = role(10)  # invited the sponsor
reward_manager = role(11)
attacker = role(12)


@pytest.fixture(scope="session")
def suite(project, deployer, platform, reward_manager):
    return deploy_suite(project, deployer, platform, reward_manager)


def part(name):
    """One contract of the suite."""

    @pytest.fixture(scope="session")
    def contract(suite):
        return getattr(suite, name)

    return contract


identities = part("identities")
provenance = part("provenance")
items = part("items")
custody = part("custody")
lens = part("lens")
token = part("token")
manager = part("manager")
distributor_rewards = part("distributor_rewards")
stablecoin = part("stablecoin")


programme = part("programme")


def programme_part(name):
    """One contract of the programme."""

    @pytest.fixture(scope="session")
    def contract(programme):
        return getattr(programme, name)

    return contract


book = programme_part("book")
network = programme_part("network")
escrow = programme_part("escrow")
checkout = programme_part("checkout")
disputes = programme_part("disputes")
arbitrator = programme_part("arbitrator")


@pytest.fixture(scope="session")
def permit2(project, checkout):
    return project.SmallPermit2.at(checkout.PERMIT2())
