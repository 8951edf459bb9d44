import pytest

from tests.support.batches import item_id_of, register_batch
from tests.support.campaigns import CLAIM, ORDER, open_campaign
from tests.support.claims import claim_item
from tests.support.clock import next_block_at
from tests.support.programme import Line, create_order, publish, settle_order

AMOUNT = 10_000
FEE = 200  # of AMOUNT, by the plan's platform fee of 2 %
RATE = 10
BUDGET = 5000
REFUNDS_OVER = 180 * 86_400


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
def plan_id(book, brand):
    return publish(book, brand)


@pytest.fixture
def order(escrow, plan_id, payer, brand):
    """An order that is authorised."""
    order = create_order(plan_id, payer, brand, lines=[Line(AMOUNT)])
    escrow.authorize(order, sender=payer, value=AMOUNT)
    return order


@pytest.fixture
def settled(escrow, order, payer):
    """The order, settled and past every refund."""
    settle_order(escrow, order, payer)
    wait_for_refunds(escrow, order)
    return order


def wait_for_refunds(escrow, order):
    """Let the next block be the first in which a settled order cannot be refunded."""
    next_block_at(escrow.orderOf(order).changedAt + REFUNDS_OVER)


def shared(*nets):
    """How a direct sale under a plan of 10, 2 and 1 % is shared: all levels are breakage."""
    rates = (1_000, 200, 100)
    allocation = sum(rate << 32 + 46 * level for level, rate in enumerate(rates))
    return [(net, allocation) for net in nets]


@pytest.fixture
def order_campaign(rewards, reward_manager, plan_id):
    return open_campaign(rewards, reward_manager, ORDER, plan_id, RATE, BUDGET)
