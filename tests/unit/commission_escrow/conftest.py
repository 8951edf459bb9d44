import pytest

from tests.support.programme import join_line, publish
from tests.support.sales import Sales


@pytest.fixture(params=["coin", "token"])
def token(request, stablecoin):
    """The kind of money: none is the chain's coin."""
    return stablecoin if request.param == "token" else None


@pytest.fixture
def numbers(network, brand, upline, sponsor, distributor):
    """A line of three, the first under the brand."""
    return join_line(network, brand, upline, sponsor, distributor)


@pytest.fixture
def sales(escrow, brand, payer, numbers, token):
    return Sales(escrow, brand, payer, numbers, token)


@pytest.fixture
def coin_sales(escrow, brand, payer, numbers):
    """For tests in which the kind of money makes no difference."""
    return Sales(escrow, brand, payer, numbers)


@pytest.fixture
def plan_id(book, brand, sales):
    return publish(book, brand, currency=sales.currency)


@pytest.fixture
def coin_plan(book, brand):
    return publish(book, brand)


@pytest.fixture
def order(sales, plan_id):
    return sales.order(plan_id)


@pytest.fixture
def coin_order(coin_sales, coin_plan):
    return coin_sales.order(coin_plan)
