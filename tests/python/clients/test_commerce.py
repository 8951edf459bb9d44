"""Plans, distributors, orders and the ledger, in the chain's coin and in an ERC-20."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.python.chain.world import new_signer, pass_time
from weilian import abi
from weilian.address import AddressError
from weilian.chain import ZERO_ADDRESS, ContractRevert, OrderStatus
from weilian.chain.errors import InsufficientFundsError
from weilian.distributor import DistributorNotFoundError
from weilian.erc20 import Erc20, TokenBalanceError
from weilian.order import Order, OrderError
from weilian.plan import Plan, PlanError

WINDOW = 600


@pytest.fixture(scope="module")
def currency(chain, deployer):
    """An ERC-20 that the deployer can mint."""
    artifact = abi.load("RewardToken")
    tx = chain.send(chain.creation(artifact, ["Stablecoin", "USD", 10**30]), deployer)
    contract = chain.contract(artifact, tx.contract_address)
    chain.send(contract.functions.setMinter(deployer.address), deployer)
    return contract


@pytest.fixture
def give(chain, currency, deployer):
    return lambda account, units: chain.send(
        currency.functions.mint(account.address, units), deployer
    )


@pytest.fixture
def line(chain, distributors, brand):
    """Three distributors; the first stands directly under the brand."""
    accounts = [new_signer(chain) for _ in range(3)]
    sponsor = None
    for account in accounts:
        distributors.join(brand.address, sponsor, account)
        sponsor = account.address
    return accounts


def test_plan_id__local__is_that_of_the_contract(suite, plans, brand, create_plan):
    published = create_plan(brand)

    on_chain = suite.chain.call(suite.splitter.functions.planIdOf(published.plan.to_tuple()))

    assert plans.id_of(published.plan) == on_chain == published.plan_id


def test_get_plan__published__has_its_terms(plans, brand, create_plan):
    published = create_plan(brand, level_bps=(1_000, 0, 300))

    terms = plans.get(published.plan_id)

    assert terms.level_bps == (1_000, 0, 300)
    assert (terms.brand, terms.currency, terms.is_native) == (brand.address, ZERO_ADDRESS, True)
    assert (terms.platform_fee_bps, terms.refund_window) == (200, timedelta(minutes=10))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"level_bps": (1, 1, 1, 1)}, "pays 4 levels, this deployment allows 3"),
        ({"level_bps": (3_001,)}, "30.01 %, this deployment allows 30 %"),
        ({"platform_fee_bps": 99}, "0.99 %, this deployment demands at least 1 %"),
        ({"refund_window": timedelta(seconds=599)}, "0:09:59 is shorter .* 0:10:00"),
    ],
)
def test_publish__beyond_a_limit__names_it(brand, create_plan, changes, message):
    with pytest.raises(ContractRevert, match=message):
        create_plan(brand, **changes)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"level_bps": (-1,)}, PlanError, "rate -1 must be 0 to 10000"),
        ({"platform_fee_bps": 70_000}, PlanError, "rate 70000"),
        ({"refund_window": timedelta(milliseconds=1)}, PlanError, "whole seconds"),
        ({"currency": "USD"}, AddressError, "'USD' is not an address"),
    ],
)
def test_plan__impossible_terms__are_refused(brand, create_plan, changes, error, message):
    with pytest.raises(error, match=message):
        create_plan(brand, **changes)


def test_get_plan__unknown__says_so(plans):
    with pytest.raises(ContractRevert, match="There is no plan 0x0505"):
        plans.get(b"\5" * 32)


def test_join__under_a_sponsor__has_a_place(distributors, brand, line):
    third = distributors.get(brand.address, line[2].address)

    assert (third.sponsor, third.depth) == (line[1].address, 3)
    assert distributors.line(brand.address, line[2].address, 9) == [
        account.address for account in reversed(line)
    ]
    assert distributors.line(brand.address, line[2].address, 2) == [
        line[2].address,
        line[1].address,
    ]


def test_get_distributor__never_joined__says_so(distributors, brand, stranger):
    with pytest.raises(DistributorNotFoundError, match=f"{stranger.address} has not joined"):
        distributors.get(brand.address, stranger.address)


def test_join__unknown_sponsor__is_refused(distributors, brand, stranger, payer):
    with pytest.raises(ContractRevert, match=r"sponsor .* has not joined"):
        distributors.join(brand.address, payer.address, stranger)


def test_order_id__local__is_that_of_the_contract(
    suite, orders, brand, payer, create_plan, create_order, line
):
    order = create_order(create_plan(brand), payer, line[0])

    on_chain = suite.chain.call(suite.splitter.functions.orderIdOf(order.to_tuple()))

    assert orders.id_of(order) == on_chain


@pytest.mark.parametrize("is_native", [True, False], ids=["coin", "token"])
def test_order__paid_captured_settled__everyone_can_withdraw(
    chain,
    suite,
    orders,
    ledger,
    brand,
    payer,
    deployer,
    line,
    currency,
    give,
    create_plan,
    create_order,
    is_native,
):
    money = ZERO_ADDRESS if is_native else currency.address
    order = create_order(create_plan(brand, money), payer, line[2], amount=1_000_003)
    give(payer, 1_000_003)

    paid = orders.authorize(order, payer)
    captured = orders.capture(order, brand)
    pass_time(chain, WINDOW)
    settlement = orders.settle(order, payer)

    assert paid.order_id == captured.order_id == settlement.order_id == orders.id_of(order)
    assert captured.refund_expiry.timestamp() == captured_time(chain, captured) + WINDOW
    assert orders.state(paid.order_id).status is OrderStatus.SETTLED
    assert [share.account for share in settlement.shares] == [
        deployer.address,
        line[2].address,
        line[1].address,
        line[0].address,
        brand.address,
    ]
    assert [share.amount for share in settlement.shares] == [
        20_000,
        100_000,
        20_000,
        10_000,
        850_003,
    ]
    assert (settlement.net, settlement.breakage) == (1_000_003, 0)
    seller = line[2].address
    assert ledger.credit(seller, money) == 100_000
    withdrawal = ledger.withdraw(seller, money, line[2])
    assert (withdrawal.to, withdrawal.amount) == (seller, 100_000)
    assert ledger.credit(seller, money) == 0


def captured_time(chain, change):
    return chain.block(change.tx.block_number)[1]


def test_order__missing_levels__are_the_brands_breakage(
    chain, orders, brand, payer, line, create_plan, create_order
):
    order = create_order(create_plan(brand), payer, line[0], amount=10_000)
    orders.authorize(order, payer)
    orders.capture(order, payer)
    pass_time(chain, WINDOW)

    settlement = orders.settle(order, payer)

    assert settlement.breakage == 300
    assert [share.amount for share in settlement.shares] == [200, 1_000, 8_800]


def test_refund__part_then_rest__ends_refunded(
    orders, ledger, brand, payer, create_plan, create_order
):
    order = create_order(create_plan(brand), payer, amount=1_000)
    orders.authorize(order, payer)
    orders.capture(order, payer)

    part = orders.refund(order, 400, brand)
    state = orders.state(part.order_id)
    rest = orders.refund(order, 600, brand)

    assert (part.status, part.amount) == (OrderStatus.CAPTURED, 400)
    assert (state.status, state.refunded) == (OrderStatus.CAPTURED, 400)
    assert (rest.status, rest.amount) == (OrderStatus.REFUNDED, 600)
    assert ledger.credit(payer.address, ZERO_ADDRESS) == 1_000


def test_void__before_capture__credits_the_payer(
    orders, ledger, brand, payer, create_plan, create_order
):
    order = create_order(create_plan(brand), payer, amount=77)
    orders.authorize(order, payer)

    voided = orders.void(order, brand)

    assert (voided.status, voided.amount) == (OrderStatus.VOIDED, 77)
    assert ledger.credit(payer.address, ZERO_ADDRESS) == 77


def test_reclaim__after_the_expiry__credits_the_payer(
    chain, orders, ledger, brand, payer, create_plan, create_order
):
    published = create_plan(brand)
    expiry = datetime.fromtimestamp(chain.block()[1] + 100, UTC)
    order = create_order(published, payer, amount=88, expiry=expiry)
    orders.authorize(order, payer)
    with pytest.raises(ContractRevert, match="still runs"):
        orders.reclaim(order, payer)
    pass_time(chain, 100)

    reclaimed = orders.reclaim(order, payer)

    assert (reclaimed.status, reclaimed.amount) == (OrderStatus.RECLAIMED, 88)
    assert ledger.credit(payer.address, ZERO_ADDRESS) == 88


def test_authorize__too_few_tokens__is_refused_before_anything_is_sent(
    chain, orders, brand, payer, currency, give, create_plan, create_order
):
    order = create_order(create_plan(brand, currency.address), payer, amount=1_000)
    give(payer, 999)

    with pytest.raises(TokenBalanceError, match="send it 1 more"):
        orders.authorize(order, payer)

    assert chain.w3.eth.get_transaction_count(payer.address) == 0


def test_authorize__old_allowance__goes_by_way_of_zero(
    chain, suite, orders, brand, payer, currency, give, create_plan, create_order
):
    order = create_order(create_plan(brand, currency.address), payer, amount=1_000)
    give(payer, 5_000)
    token = Erc20(chain, currency.address)
    splitter = suite.splitter.address
    assert len(token.ensure_allowance(splitter, 10, payer)) == 1

    orders.authorize(order, payer)

    approvals = [
        event["args"]["value"]
        for event in chain.events(
            currency.events.Approval(), from_block=0, arguments={"owner": payer.address}
        )
    ]
    assert approvals == [10, 0, 1_000]
    assert token.allowance(payer.address, splitter) == 0
    assert token.ensure_allowance(splitter, 0, payer) == []


def test_authorize__too_little_coin__is_refused(orders, brand, payer, create_plan, create_order):
    order = create_order(create_plan(brand), payer, amount=10**30)

    with pytest.raises(InsufficientFundsError, match=payer.address):
        orders.authorize(order, payer)


def test_authorize__stranger_pays__is_refused(
    orders, brand, payer, stranger, create_plan, create_order
):
    order = create_order(create_plan(brand), payer)

    with pytest.raises(ContractRevert) as caught:
        orders.authorize(order, stranger)

    assert caught.value.name == "OrderEscrow_NotPayer"
    assert caught.value.arguments["payer"] == payer.address


@pytest.mark.parametrize(("amount", "salt"), [(-1, 0), (2**128, 0), (1, 2**256)])
def test_order__number_out_of_range__is_refused(payer, amount, salt):
    with pytest.raises(OrderError, match="must be 0 to"):
        Order(b"\1" * 32, payer.address, None, amount, datetime(2030, 1, 1, tzinfo=UTC), salt)


def test_settle_batch__more_than_a_transaction_holds__settles_each_once(
    chain, orders, brand, payer, create_plan, create_order, monkeypatch
):
    monkeypatch.setattr("weilian.order.ORDERS_PER_TRANSACTION", 2)
    published = create_plan(brand)
    many = [create_order(published, payer, amount=100) for _ in range(5)]
    for order in many:
        orders.authorize(order, payer)
        orders.capture(order, payer)
    pass_time(chain, WINDOW)
    orders.settle(many[1], payer)
    progress = []

    settlements = orders.settle_batch(many, payer, progress.append)

    assert [entry.order_id for entry in settlements] == [
        orders.id_of(order) for order in many if order is not many[1]
    ]
    assert len({entry.tx.hash for entry in settlements}) == 3
    assert progress == [2, 4, 5]


def test_settle_batch__one_not_due__names_it(orders, brand, payer, create_plan, create_order):
    order = create_order(create_plan(brand), payer)
    orders.authorize(order, payer)
    orders.capture(order, payer)

    with pytest.raises(ContractRevert, match=f"0x{orders.id_of(order).hex()} is open until"):
        orders.settle_batch([order], payer)


def test_withdraw__for_another__is_refused(ledger, brand, stranger):
    with pytest.raises(ContractRevert, match="may not withdraw for"):
        ledger.withdraw(brand.address, ZERO_ADDRESS, stranger)


def test_plan_dataclass__equal_terms__are_equal(brand):
    terms = (brand.address, ZERO_ADDRESS, 100, timedelta(days=7), (1_000,), b"\1" * 32)

    assert Plan(*terms) == Plan(brand.address.lower(), *terms[1:])
