import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import later
from tests.support.plan_words import plan_key
from tests.support.programme import DAY, Line, account, create_order, sign_digest
from tests.support.reverts import reverts
from tests.support.sales import shares_of


@pytest.fixture
def disputed(coin_sales, coin_order, disputes, payer):
    coin_sales.captured(coin_order)
    disputes.open(coin_order, bytes(32), b"", sender=payer)
    return coin_order


def agree(disputes, sales, order, bps, brand, payer):
    deadline = later(DAY)
    digest = bytes(disputes.agreementDigestOf(sales.id_of(order), bps, deadline))
    return disputes.agree(order, bps, deadline, sign_digest(payer, digest), sender=brand)


def test_rule__caller_is_not_disputes_contract__reverts(coin_sales, disputed, escrow, brand):
    with reverts(
        escrow.CommissionEscrow_NotAuthorized,
        orderId=coin_sales.id_of(disputed),
        actor=brand.address,
    ):
        escrow.rule(disputed, 0, sender=brand)


def test_rule__buyer_gets_one_per_cent__leaves_commission_on_99(
    coin_sales, disputed, disputes, brand, payer
):
    agree(disputes, coin_sales, disputed, 100, brand, payer)
    coin_sales.mature()

    assert shares_of(coin_sales.settle(disputed))[0][0] == 9_900

    assert coin_sales.credits() == [198, 8_415, 99, 198, 990]
    assert coin_sales.credit(account(payer)) == 100


def test_rule__buyer_gets_all__leaves_nothing(coin_sales, disputed, disputes, brand, payer):
    disputes.concede(disputed, sender=brand)
    coin_sales.mature()
    coin_sales.settle(disputed)

    assert coin_sales.credits() == [0] * 5
    assert coin_sales.credit(account(payer)) == 10_000


def test_rule__buyer_gets_nothing__settles_as_if_never_disputed(
    coin_sales, disputed, disputes, payer
):
    disputes.concede(disputed, sender=payer)
    coin_sales.mature()
    coin_sales.settle(disputed)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]


def test_rule__order_has_lines__takes_part_of_each(
    coin_sales, coin_plan, escrow, disputes, brand, payer
):
    order = coin_sales.order(coin_plan, lines=[Line(333), Line(1)])
    coin_sales.captured(order)
    disputes.open(order, bytes(32), b"", sender=payer)

    agree(disputes, coin_sales, order, 5_000, brand, payer)

    assert list(escrow.orderOf(order).refunded) == [166, 0]


def test_rule__share_is_above_whole__reverts(coin_sales, disputed, escrow, disputes, brand, payer):
    with reverts(escrow.CommissionEscrow_BpsInvalid, bps=10_001):
        agree(disputes, coin_sales, disputed, 10_001, brand, payer)


def test_rule__order_is_not_held__reverts(
    project, deployer, identities, platform, escrow, brand, payer, coin_plan, attacker
):
    offices = [attacker] * 4
    own = deployer.deploy(project.CommissionEscrow, identities, platform, *offices)
    word = escrow.planStateOf(coin_plan, brand, ZERO_ADDRESS)
    own.setPlan(plan_key(coin_plan, brand, ZERO_ADDRESS), word, 0, 0, sender=attacker)
    order = create_order(coin_plan, payer, brand)
    own.authorize(order, sender=payer, value=10_000)
    own.capture(order, [], sender=payer)

    with reverts(own.CommissionEscrow_NotHeld, orderId=bytes(own.orderIdOf(order))):
        own.rule(order, 0, sender=attacker)
