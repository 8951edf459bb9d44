import pytest

from tests.support.commerce import Currency, soon
from tests.support.orders import create_order, join_line, publish_plan


@pytest.fixture(scope="session")
def coin():
    return Currency()


@pytest.fixture(scope="session")
def dollar(stablecoin):
    return Currency(stablecoin)


@pytest.fixture(scope="session")
def parties(splitter, platform, brand, payer, distributor, sponsor, upline):
    """Everyone whose money an order can touch."""
    return splitter, platform, brand, payer, distributor, sponsor, upline


@pytest.fixture(scope="session", autouse=True)
def _session_first(identities, coin, dollar, parties, issuer, manufacturer, shopper, relayer):
    """Later session fixtures would make ape undo and redo the line."""


@pytest.fixture(params=["coin", "token"])
def currency(request, coin, dollar):
    """Each kind of money in turn; one alone for tests marked `in_coin`."""
    return coin if request.param == "coin" else dollar


@pytest.fixture(scope="module", autouse=True)
def line(splitter, brand, upline, sponsor, distributor):
    """The distributor who sells, and those above, upwards."""
    join_line(splitter, brand, upline, sponsor, distributor)
    return distributor, sponsor, upline


@pytest.fixture
def plan_id(splitter, brand, currency):
    """A plan of two levels, 10 % and 5 %, with 2 % for the platform."""
    return publish_plan(splitter, brand, currency=currency.address)


@pytest.fixture
def order(plan_id, payer, distributor):
    """10,000 units, sold by the distributor, to be captured within a day."""
    return create_order(plan_id, payer, distributor=distributor, authorizationExpiry=soon())


@pytest.fixture
def authorized(splitter, currency, order):
    currency.pay(splitter, order)
    return order


@pytest.fixture
def captured(splitter, authorized, payer):
    splitter.capture(authorized, sender=payer)
    return authorized
