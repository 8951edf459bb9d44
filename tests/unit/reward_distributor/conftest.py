import pytest

from tests.support.batches import item_id_of, register_batch
from tests.support.campaigns import CLAIM, ORDER, open_campaign
from tests.support.claims import claim_item
from tests.support.orders import authorize, create_order, publish_plan, settle_order

AMOUNT = 10_000
FEE = 200  # of AMOUNT, by the plan's platform fee of 2 %
RATE = 10
BUDGET = 5000


@pytest.fixture
def rewards(distributor_rewards):
    return distributor_rewards


@pytest.fixture
def subject(batch):
    """What a campaign for the batch's items is opened for."""
    return batch.batch_id


@pytest.fixture
def batch(provenance, items, issuer, shopper):
    """A batch of three items, of which the shopper claimed the first."""
    batch = register_batch(provenance, issuer, count=3)
    claim_item(items, batch, shopper)
    return batch


@pytest.fixture
def item_id(batch):
    return item_id_of(batch.batch_id, 0)


@pytest.fixture
def claim_campaign(rewards, reward_manager, subject):
    return open_campaign(rewards, reward_manager, CLAIM, subject, RATE, BUDGET)


@pytest.fixture
def plan_id(splitter, brand):
    return publish_plan(splitter, brand)


@pytest.fixture
def order(splitter, plan_id, payer):
    """An order that is authorised."""
    order = create_order(plan_id, payer, amount=AMOUNT)
    authorize(splitter, order, payer)
    return order


@pytest.fixture
def settled(splitter, order, payer):
    """The order, settled."""
    settle_order(splitter, order, payer)
    return order


@pytest.fixture
def order_campaign(rewards, reward_manager, plan_id):
    return open_campaign(rewards, reward_manager, ORDER, plan_id, RATE, BUDGET)
