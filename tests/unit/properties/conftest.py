import pytest

from tests.support.batches import register_batch
from tests.support.clock import now, read_at
from tests.support.delegation import delegate_all
from tests.support.money_walk import MoneyWalk, open_till
from tests.support.programme import NOTICE, join_line, publish
from tests.support.registry_steps import Registry
from tests.support.sales import Sales
from tests.support.stall import MAX_DEPTH, open_stall
from tests.support.trespass import Estate

LONG = 10**9  # seconds


@pytest.fixture
def registry(provenance, identities, issuer, brand, manufacturer, attacker):
    """A registry with two issuers, a delegate of the first in all matters, and a stranger."""
    delegate_all(identities, issuer, manufacturer, validity=LONG)
    return Registry(provenance, (issuer, brand), manufacturer, attacker)


@pytest.fixture
def batch(provenance, issuer):
    """A registered batch of four items that never expires."""
    return register_batch(provenance, issuer)


# What the money properties need


@pytest.fixture
def numbers(network, brand, upline, sponsor, distributor):
    """A line of three, the first under the brand."""
    return join_line(network, brand, upline, sponsor, distributor)


@pytest.fixture
def coin_sales(escrow, brand, payer, numbers):
    """Orders in the chain's coin."""
    return Sales(escrow, brand, payer, numbers)


@pytest.fixture
def token_sales(escrow, brand, payer, numbers, stablecoin):
    """Orders in a token."""
    return Sales(escrow, brand, payer, numbers, stablecoin)


@pytest.fixture
def coin_plan(book, brand):
    """A plan in the chain's coin."""
    return publish(book, brand)


@pytest.fixture
def coin_order(coin_sales, coin_plan):
    return coin_sales.order(coin_plan)


@pytest.fixture
def reader(project, deployer):
    return deployer.deploy(project.BatchReader)


@pytest.fixture
def walk(project, book, coin_sales, token_sales, reader, relayer):
    """A random walk in two currencies, whose plans are active."""
    tills = [open_till(book, sales) for sales in (coin_sales, token_sales)]
    read_at(now() + NOTICE)
    return MoneyWalk(tills, reader, relayer, project.ForceFeeder)


@pytest.fixture
def stall(project, deployer, identities, platform, brand, stablecoin, payer, accounts):
    """Final sales under any plan, through a line two longer than any plan pays."""
    line = list(accounts)[13 : 13 + MAX_DEPTH + 2]
    return open_stall(project, deployer, identities, platform, brand, stablecoin, payer, *line)


@pytest.fixture
def estate(programme, coin_sales, coin_plan, disputes, brand, payer):
    """Orders of others in every state that holds money, and credits."""
    orders = [coin_sales.order(coin_plan, salt=salt) for salt in (11, 12, 13, 14)]
    authorized, captured, held, settled = orders
    shares = coin_sales.settled(settled)
    coin_sales.escrow.deposit(payer, coin_sales.currency, 5_000, sender=payer, value=5_000)
    coin_sales.authorize(authorized)
    for order in (captured, held):
        coin_sales.captured(order)
    disputes.open(held, bytes(32), b"", sender=payer)
    return Estate(programme, coin_sales, coin_plan, *orders, shares)
