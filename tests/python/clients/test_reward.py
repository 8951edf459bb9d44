import pytest

from tests.python.chain.world import pass_time
from tests.python.clients.conftest import FAR, MATURITY, WINDOW
from weilian.chain import CampaignKind, ContractRevert
from weilian.commission.order import Part
from weilian.commission.plan import DAY
from weilian.item import item_id
from weilian.reward import campaign_id


@pytest.fixture
def claimed(items, issuer, shopper, create_batch):
    """A batch whose first item the shopper owns."""
    batch = create_batch(issuer)
    items.claim(items.sign_claim(batch.proof(), batch.code(), shopper.address, FAR), shopper)
    return batch


def test_reward_claim__open_campaign__mints_once(
    rewards, issuer, shopper, relayer, deployer, claimed
):
    opened = rewards.open_campaign(CampaignKind.CLAIM, claimed.id, 50, 120, deployer)

    reward = rewards.reward_claim(claimed.id, 0, relayer)

    assert (reward.account, reward.amount, reward.act_id) == (
        shopper.address,
        50,
        item_id(claimed.id, 0),
    )
    assert rewards.balance(shopper.address) == 50
    assert rewards.get(opened.campaign_id).remaining == 70
    assert rewards.is_rewarded(reward.act_id)
    with pytest.raises(ContractRevert, match="rewarded before"):
        rewards.reward_claim(claimed.id, 0, relayer)


def test_reward_order__past_every_refund__grows_with_the_fee(
    chain, rewards, orders, order_book, brand, payer, relayer, deployer, create_plan, create_order
):
    published = create_plan(brand)
    order = create_order(published, payer, amount=10_000)
    rewards.open_campaign(CampaignKind.ORDER, published.plan_id, 3, 10_000, deployer)
    orders.authorize(order, payer)
    orders.capture(order, payer)
    orders.refund(order, [Part(0, 5_000)], brand)
    pass_time(chain, WINDOW + MATURITY)
    [settlement] = orders.settle([order], relayer)
    with pytest.raises(ContractRevert, match="can be refunded until"):
        rewards.reward_order(order, settlement.lines, relayer)
    pass_time(chain, 180 * DAY)

    reward = rewards.reward_order(order, order_book.settled_lines(orders.id_of(order)), relayer)

    # 2 % platform fee of the 5,000 that were not refunded, three units for each.
    assert (reward.account, reward.amount) == (payer.address, 300)
    assert reward.act_id == orders.id_of(order)


def test_close_campaign__open__frees_the_rest(rewards, deployer):
    subject = b"\2" * 32
    opened = rewards.open_campaign(CampaignKind.CLAIM, subject, 1, 99, deployer)

    closed = rewards.close_campaign(opened.campaign_id, deployer)

    assert opened.campaign_id == campaign_id(CampaignKind.CLAIM, subject)
    assert (opened.kind, opened.subject) == (CampaignKind.CLAIM, subject)
    assert (opened.rate, opened.budget) == (1, 99)
    assert closed.released == 99
    assert rewards.get(opened.campaign_id).remaining == 0


def test_open_campaign__without_the_role__is_refused(rewards, stranger):
    with pytest.raises(ContractRevert) as caught:
        rewards.open_campaign(CampaignKind.ORDER, b"\1" * 32, 1, 1, stranger)

    assert caught.value.name == "AccessManagedUnauthorized"
    assert stranger.address in caught.value.en


def test_reward_claim__no_campaign__says_so(rewards, relayer, claimed):
    with pytest.raises(ContractRevert, match="earns nothing"):
        rewards.reward_claim(claimed.id, 0, relayer)
