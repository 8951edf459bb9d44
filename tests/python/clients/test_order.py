"""Orders and the ledger, in the chain's coin and in an ERC-20."""

import pytest

from tests.python.chain.world import pass_time
from tests.python.clients.conftest import MATURITY, WINDOW
from weilian.chain import ZERO_ADDRESS, ContractRevert
from weilian.chain.errors import InsufficientFundsError
from weilian.commission.order import Line, OrderStatus, Part
from weilian.commission.parties import account_party, member_party, platform_party
from weilian.commission.plan import DAY
from weilian.erc20 import Erc20, TokenBalanceError
from weilian.order import OrderError, shares_of
from weilian.order_book import NotSettledError, OrderNotFoundError


def test_order_id__local__is_that_of_the_contract(
    suite, orders, brand, payer, create_plan, create_order, line
):
    order = create_order(create_plan(brand), payer, line.numbers[0])

    authorized = orders.authorize(order, payer)

    assert orders.id_of(order) == authorized.order_id


@pytest.mark.parametrize("is_native", [True, False], ids=["coin", "token"])
def test_order__paid_captured_settled__everyone_can_withdraw(
    orders,
    ledger,
    order_book,
    brand,
    payer,
    relayer,
    line,
    currency,
    give,
    create_plan,
    create_order,
    settle,
    is_native,
):
    money = ZERO_ADDRESS if is_native else currency.address
    order = create_order(create_plan(brand, money), payer, line.numbers[2], amount=1_000_003)
    give(payer, 1_000_003)

    paid = orders.authorize(order, payer)
    settlement = settle(order, brand)

    assert paid.order_id == settlement.order_id == orders.id_of(order)
    assert orders.state(order).status is OrderStatus.SETTLED
    members = [member_party(brand.address, number) for number in reversed(line.numbers)]
    parties = [platform_party(brand.address), *members, account_party(brand.address)]
    assert [ledger.credit(party, money) for party in parties] == [
        20_000,
        100_000,
        20_000,
        10_000,
        850_003,
    ]
    assert shares_of(brand.address, 200, settlement.lines) == {
        party: ledger.credit(party, money) for party in parties
    }
    assert settlement.net == 1_000_003
    withdrawal = ledger.withdraw(members[0], money, relayer)
    assert (withdrawal.to, withdrawal.amount) == (line.accounts[2].address, 100_000)
    assert ledger.credit(members[0], money) == 0
    assert order_book.settled_lines(paid.order_id) == settlement.lines


def test_capture__parts__leave_the_rest_authorised(orders, brand, payer, create_plan, create_order):
    order = create_order(create_plan(brand), payer, lines=(Line(600), Line(400)))
    orders.authorize(order, payer)

    part = orders.capture(order, payer, [Part(0, 250)])
    state = orders.state(order)
    rest = orders.capture(order, payer)

    assert (part.status, part.amount) == (OrderStatus.AUTHORIZED, 250)
    assert (state.captured, state.refunded) == ((250, 0), (0, 0))
    assert (rest.status, rest.amount) == (OrderStatus.CAPTURED, 750)


def test_void__after_a_part__captures_what_stands(
    orders, ledger, brand, payer, create_plan, create_order
):
    order = create_order(create_plan(brand), payer, amount=77)
    orders.authorize(order, payer)
    orders.capture(order, payer, [Part(0, 7)])

    voided = orders.void(order, brand)

    assert (voided.status, voided.amount) == (OrderStatus.CAPTURED, 70)
    assert ledger.credit(payer.address, ZERO_ADDRESS) == 70


def test_reclaim__after_the_expiry__credits_the_payer(
    chain, orders, ledger, brand, payer, create_plan, create_order
):
    published = create_plan(brand)
    expiry = chain.block()[1] + 100
    order = create_order(published, payer, amount=88, authorization_expiry=expiry)
    orders.authorize(order, payer)
    with pytest.raises(ContractRevert) as caught:
        orders.reclaim(order, payer)
    pass_time(chain, 100)

    reclaimed = orders.reclaim(order, payer)

    assert caught.value.name == "CommissionEscrow_AuthorizationNotExpired"
    assert (reclaimed.status, reclaimed.amount) == (OrderStatus.RECLAIMED, 88)
    assert ledger.credit(payer.address, ZERO_ADDRESS) == 88


def test_refund__part__is_not_shared(
    chain, orders, ledger, brand, payer, create_plan, create_order
):
    order = create_order(create_plan(brand), payer, amount=1_000)
    orders.authorize(order, payer)
    orders.capture(order, payer)

    refunded = orders.refund(order, [Part(0, 400)], brand)
    pass_time(chain, WINDOW + MATURITY)
    [settlement] = orders.settle([order], payer)

    assert (refunded.status, refunded.amount) == (OrderStatus.CAPTURED, 400)
    assert settlement.net == 600
    assert ledger.credit(payer.address, ZERO_ADDRESS) == 400


@pytest.mark.parametrize("is_native", [True, False], ids=["coin", "token"])
@pytest.mark.parametrize("has_withdrawn", [True, False])
def test_refund_settled__part__takes_every_share_back(
    orders,
    ledger,
    order_book,
    brand,
    payer,
    line,
    currency,
    give,
    create_plan,
    create_order,
    settle,
    is_native,
    has_withdrawn,
):
    money = ZERO_ADDRESS if is_native else currency.address
    published = create_plan(brand, money)
    order = create_order(published, payer, line.numbers[0], lines=(Line(999), Line(501)))
    seller = member_party(brand.address, line.numbers[0])
    give(payer, 1_500)
    give(brand, 1_500)
    orders.authorize(order, payer)
    lines = settle(order, brand).lines
    if has_withdrawn:
        ledger.withdraw(seller, money, payer)

    first = orders.refund_settled(order, lines, [Part(0, 7), Part(1, 501)], brand)
    left = order_book.settled_lines(first.order_id)
    orders.refund_settled(order, left, [Part(0, 992)], brand)

    assert [part.net for part in left] == [992, 0]
    assert ledger.credit(payer.address, money) == 1_500
    earned = 100 + 50
    assert ledger.debt(seller, money) == (earned if has_withdrawn else 0)
    assert ledger.credit(seller, money) == 0


def test_refund_settled__more_than_is_left__is_refused_at_once(
    orders, brand, payer, create_plan, create_order, settle
):
    order = create_order(create_plan(brand), payer, amount=100)
    orders.authorize(order, payer)
    lines = settle(order, brand).lines

    with pytest.raises(OrderError, match="line 0 has no 101 left"):
        orders.refund_settled(order, lines, [Part(0, 101)], brand)


def test_charge__final_sale__is_shared_at_once(
    orders, ledger, order_book, brand, payer, line, create_plan, create_order
):
    published = create_plan(brand, is_final=True, refund_window=0, maturity=0)
    order = create_order(published, payer, line.numbers[0], amount=10_000)

    settlement = orders.charge(order, payer)

    seller = member_party(brand.address, line.numbers[0])
    assert settlement.order_id == orders.id_of(order)
    assert ledger.credit(seller, ZERO_ADDRESS) == 1_000
    [sale] = order_book.final_sales(payer=payer.address)
    assert (sale.order_id, sale.salt, sale.seller) == (settlement.order_id, order.salt, 2)
    assert sale.lines == settlement.lines
    assert order_book.is_known(sale.order_id)
    assert list(order_book.find(order_id=sale.order_id)) == []


def test_report__paid_elsewhere__shares_what_was_set_aside(
    chain, orders, ledger, order_book, brand, relayer, line, create_plan, create_order
):
    published = create_plan(brand, daily_report_limit=100_000)
    reports = [
        create_order(published, None, line.numbers[0], amount=10_000, authorization_expiry=0)
        for _ in range(3)
    ]
    deposit = ledger.deposit(brand.address, ZERO_ADDRESS, 4_500, brand)

    changes = orders.report(reports, brand)
    pass_time(chain, WINDOW + MATURITY)
    due = order_book.due(published.plan_id)
    orders.settle([booked.order for booked in due], relayer)

    assert deposit.amount == 4_500
    assert [change.order_id for change in changes] == [orders.id_of(order) for order in reports]
    assert [each.order for each in order_book.reports(brand.address)] == reports
    seller = member_party(brand.address, line.numbers[0])
    assert ledger.credit(seller, ZERO_ADDRESS) == 3_000
    assert ledger.credit(brand.address, ZERO_ADDRESS) == 4_500 - 3_000 - 600


def test_find__by_plan_and_payer__yields_those(
    orders, order_book, brand, payer, stranger, create_plan, create_order
):
    published = create_plan(brand)
    mine, other = create_order(published, payer), create_order(published, stranger)
    orders.authorize(mine, payer)
    orders.authorize(other, stranger)

    found = list(order_book.find(plan_id=published.plan_id, payer=payer.address))

    assert [booked.order for booked in found] == [mine]
    assert order_book.get(orders.id_of(other)).order == other
    assert found[0].matures_at is None


def test_get_order__unknown__says_so(order_book):
    with pytest.raises(OrderNotFoundError, match="0x0707"):
        order_book.get(b"\7" * 32)
    with pytest.raises(NotSettledError, match="settle it first"):
        order_book.settled_lines(b"\7" * 32)


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
    escrow = suite.escrow.address
    assert len(token.ensure_allowance(escrow, 10, payer)) == 1

    orders.authorize(order, payer)

    approvals = [
        event["args"]["value"]
        for event in chain.events(
            currency.events.Approval(), from_block=0, arguments={"owner": payer.address}
        )
    ]
    assert approvals == [10, 0, 1_000]
    assert token.allowance(payer.address, escrow) == 0
    assert token.ensure_allowance(escrow, 0, payer) == []


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

    assert caught.value.name == "CommissionEscrow_NotAuthorized"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lines": ()}, "has 1 to 32 lines, not 0"),
        ({"lines": (Line(1),) * 33}, "not 33"),
        ({"lines": (Line(-1),)}, "amount -1 of line 0 must be 0 to"),
        ({"lines": (Line(2**128),)}, "amount .* must be 0 to"),
        ({"lines": (Line(1, 2**64),)}, "gtin .* must be 0 to"),
        ({"lines": (Line(1, 1, (1,) * 6),)}, "must be five at most"),
        ({"salt": 2**256}, "salt .* must be 0 to"),
        ({"seller": 2**32}, "seller .* must be 0 to"),
    ],
)
def test_authorize__number_out_of_range__is_refused(
    orders, brand, payer, create_plan, create_order, changes, message
):
    order = create_order(create_plan(brand), payer, **changes)

    with pytest.raises(OrderError, match=message):
        orders.authorize(order, payer)


def test_due__held_or_young__is_left_out(
    chain, orders, order_book, disputes, brand, payer, create_plan, create_order
):
    published = create_plan(brand)
    held, ripe, young = (create_order(published, payer) for _ in range(3))
    for order in (held, ripe):
        orders.authorize(order, payer)
        orders.capture(order, payer)
    disputes.open(held, bytes(32), payer)
    pass_time(chain, WINDOW + MATURITY - 1)
    late = chain.block()[1] + 5 * DAY
    young = create_order(published, payer, authorization_expiry=late)
    orders.authorize(young, payer)
    orders.capture(young, payer)

    due = order_book.due()

    assert [booked.order for booked in due] == [ripe]
