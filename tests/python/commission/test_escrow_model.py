"""The escrow's model by hand: who gets what of an order, along every path it can take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.python.commission.shop import AGENT, BRAND, LADDER, OTHER, PAYER, PLATFORM, Shop
from weilian.address import ZERO_ADDRESS
from weilian.commission.allocation import split
from weilian.commission.order import Line, OrderStatus, Part
from weilian.commission.parties import PLATFORM_NUMBER, account_party, member_party, platform_party
from weilian.commission.party_ledger import NATIVE
from weilian.commission.plan import DAY, Bond, SelfPurchase
from weilian.refusal import RefusedError

SHARES = st.integers(0, 100)  # per cent


@pytest.fixture
def shop():
    shop = Shop()
    yield shop
    shop.escrow.check()


def refused(operate, *arguments):
    """Run what must be refused; return the error's name."""
    with pytest.raises(RefusedError) as info:
        operate(*arguments)
    return info.value.error


# Worked examples


def test_settle__sale_of_100_at_10_2_and_1_percent__gives_10_2_and_1(shop):
    seller = shop.hire(3)
    order = shop.capture(shop.order(shop.publish(1_000, 200, 100), 100, seller=seller))

    shop.settle(order)

    assert [shop.credit(number) for number in (4, 3, 2)] == [10, 2, 1]
    assert (shop.fees, shop.credit(BRAND)) == (2, 85)


def test_refund__40_of_100_at_25_percent__leaves_15(shop):
    seller = shop.hire(1)
    order = shop.capture(shop.order(shop.publish(2_500), 100, seller=seller))
    shop.escrow.refund(order, [Part(0, 40)], BRAND)

    shop.settle(order)

    assert (shop.credit(seller), shop.credit(PAYER)) == (15, 40)


def test_refund_settled__40_of_100_at_25_percent__leaves_15(shop):
    seller = shop.hire(1)
    order = shop.capture(shop.order(shop.publish(2_500), 100, seller=seller))
    shop.settle(order)

    shop.refund(order, (0, 40))

    assert (shop.credit(seller), shop.credit(PAYER)) == (15, 40)


def test_refund_settled__25_of_30_earned_are_withdrawn__leaves_debt_of_25(shop):
    seller = shop.hire(1)
    plan_id = shop.publish(1_000)
    first, second = (shop.order(plan_id, amount, seller=seller) for amount in (250, 50))
    shop.settle(shop.capture(first))
    shop.escrow.withdraw(member_party(BRAND, seller), NATIVE)
    shop.settle(shop.capture(second))

    shop.refund(first, (0, 250))
    shop.refund(second, (0, 50))

    assert (shop.credit(seller), shop.debt(seller)) == (0, 25)


def test_settle__distributor_owes_25__gives_next_commission_to_brand(shop):
    seller = shop.hire(1)
    plan_id = shop.publish(1_000)
    first, second = (shop.order(plan_id, amount, seller=seller) for amount in (250, 400))
    shop.settle(shop.capture(first))
    shop.escrow.withdraw(member_party(BRAND, seller), NATIVE)
    shop.refund(first, (0, 250))
    before = shop.credit(BRAND)

    shop.settle(shop.capture(second))

    assert (shop.credit(seller), shop.debt(seller)) == (15, 0)
    assert shop.credit(BRAND) - before == 400 - 8 - 40 + 25


def test_rule__1_percent_for_payer__leaves_commission_on_99_percent(shop):
    seller = shop.hire(1)
    order = shop.capture(shop.order(shop.publish(1_000), 10_000, seller=seller))
    shop.escrow.hold(order)

    shop.escrow.rule(order, 100)

    shop.settle(order)
    assert (shop.credit(PAYER), shop.credit(seller)) == (100, 990)


@pytest.mark.parametrize("price", [1, 2**128 - 1])
def test_settle__extreme_price_at_full_depth__shares_all_of_it(shop, price):
    seller = shop.hire(5)
    order = shop.capture(shop.order(shop.publish(*[1_900] * 5), price, seller=seller))

    shop.settle(order)

    earned = [shop.credit(number) for number in range(2, 7)]
    fees = shop.fees + shop.credit(PLATFORM)
    assert sum(earned) + fees + shop.credit(BRAND) == price
    assert sum(earned) + fees == price * 9_700 // 10_000


# Reversal


@given(
    st.lists(st.integers(1, 2**120), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), SHARES, st.booleans()), max_size=8),
)
def test_refund_settled__any_path_of_partial_refunds__leaves_shares_of_what_stands(
    amounts, refunds
):
    shop = Shop()
    seller = shop.hire(3)
    order = shop.capture(shop.order(shop.publish(1_033, 207, 99), *amounts, seller=seller))
    nets = list(amounts)
    paths = sorted(((i % len(nets), share, late) for i, share, late in refunds), key=lambda r: r[2])
    is_settled = False
    for line, share, is_late in paths:
        amount = nets[line] * share // 100
        if not amount:
            continue
        nets[line] -= amount
        if not is_late:
            shop.escrow.refund(order, [Part(line, amount)], BRAND)
            continue
        if not is_settled:
            shop.settle(order)
            is_settled = True
        shop.refund(order, (line, amount))
    if not is_settled:
        shop.settle(order)

    shop.escrow.check()
    settlement = shop.escrow.state_of(order).settlement
    shares = [split(line.net, 200, line.allocation) for line in settlement]
    assert [line.net for line in settlement] == nets
    for level, number in enumerate((4, 3, 2)):
        assert shop.credit(number) == sum(share.amounts[level] for share in shares)
    # Fees beyond 96 bits are the platform's own already; what goes off them is a debt.
    fees = shop.fees + shop.credit(PLATFORM) - shop.debt(PLATFORM_NUMBER)
    assert fees == sum(share.fee for share in shares)
    assert shop.credit(PAYER) == sum(amounts) - sum(nets)


# The paths of an order


def test_capture__parts_then_rest_voided__settles_what_was_captured(shop):
    seller = shop.hire(1)
    order = shop.capture(shop.order(shop.publish(1_000), 500, 500, seller=seller), (0, 300))
    assert shop.escrow.state_of(order).status == OrderStatus.AUTHORIZED

    shop.escrow.void(order, BRAND, shop.now)

    assert shop.credit(PAYER) == 700
    shop.settle(order)
    assert shop.credit(seller) == 30


def test_reclaim__nothing_captured__gives_all_back(shop):
    order = shop.authorize(shop.order(shop.publish(1_000), 500))
    assert refused(shop.escrow.reclaim, order, order.authorization_expiry - 1) == (
        "CommissionEscrow_AuthorizationNotExpired"
    )

    shop.escrow.reclaim(order, order.authorization_expiry)

    assert shop.credit(PAYER) == 500
    assert shop.escrow.state_of(order).status == OrderStatus.RECLAIMED


def test_report__paid_elsewhere__sets_aside_and_returns_the_rest(shop):
    seller = shop.hire(1)
    plan_id = shop.publish(1_000, 500, daily_report_limit=10**6)
    shop.escrow.deposit(BRAND, NATIVE, 2_000, OTHER, 2_000)
    order = shop.order(plan_id, 10_000, payer=ZERO_ADDRESS, seller=seller)

    shop.escrow.report([order], BRAND, shop.now)

    assert shop.credit(BRAND) == 2_000 - 1_700
    shop.settle(order)
    assert (shop.credit(seller), shop.fees, shop.credit(BRAND)) == (1_000, 200, 800)


def test_charge__final_sale__is_shared_at_once_and_uses_salt(shop):
    seller = shop.hire(1)
    plan_id = shop.publish(1_000, refund_window=0, is_final=True)
    order = shop.order(plan_id, 1_000, seller=seller)

    shop.escrow.charge(order, PAYER, 1_000, shop.now)

    assert (shop.credit(seller), shop.credit(BRAND)) == (100, 880)
    assert refused(shop.escrow.charge, order, PAYER, 1_000, shop.now) == "CommissionEscrow_SaltUsed"


def test_settle__one_of_batch_is_too_early__changes_nothing(shop):
    plan_id = shop.publish(1_000)
    early = shop.capture(shop.order(plan_id, 100))
    shop.now += 7 * DAY
    late = shop.capture(shop.order(plan_id, 100))

    error = refused(shop.escrow.settle, [early, late], shop.now)

    assert error == "CommissionEscrow_NotMature"
    assert shop.escrow.state_of(early).status == OrderStatus.CAPTURED
    assert shop.credit(BRAND) == 0


# Ranks, bonds, and what else is asked


def test_settle__own_sales_reach_threshold__promotes_at_once(shop):
    shop.announce_ladder()
    seller = shop.hire(1)
    plan_id = shop.publish(1_000, rates=((1_000,), (1_500,)), counts_sales=True)
    first, second = (shop.order(plan_id, amount, seller=seller) for amount in (999, 1_000))

    shop.settle(shop.capture(first))

    assert shop.credit(seller) == 100
    shop.settle(shop.capture(second))
    assert shop.credit(seller) == 100 + 150


def test_standing_of__period_without_sales__loses_rank(shop):
    shop.announce_ladder()
    seller = shop.hire(1)
    plan_id = shop.publish(1_000, counts_sales=True)
    shop.settle(shop.capture(shop.order(plan_id, 1_000, seller=seller)))
    period = LADDER.period_days * DAY

    standings = [
        shop.escrow.standing_of(BRAND, NATIVE, seller, shop.now + n * period) for n in range(3)
    ]

    assert standings == [(1, True, 1_000, 1_000), (1, True, 0, 0), (0, False, 0, 0)]


def test_authorize__payer_is_bound_elsewhere__is_refused_until_bond_ends(shop):
    first = shop.hire(1)
    second = shop.escrow.join(BRAND, 0, OTHER)
    plan_id = shop.publish(1_000, bond=Bond.WINDOWED, bond_days=10)
    shop.authorize(shop.order(plan_id, 10, seller=first))
    order = shop.order(plan_id, 10, seller=second)
    assert refused(shop.authorize, order) == "CommissionEscrow_PayerBound"

    shop.now += 10 * DAY
    shop.authorize(order)

    assert shop.escrow.tie_of(BRAND, PAYER, shop.now) == second


@pytest.mark.parametrize(
    ("self_purchase", "expected"),
    [(SelfPurchase.DISCOUNT_ONLY, 0), (SelfPurchase.ALLOW, 10)],
)
def test_settle__payer_sold_to_itself__earns_as_plan_says(shop, self_purchase, expected):
    shop.hire(1)
    number = shop.escrow.join(BRAND, 2, PAYER)
    plan_id = shop.publish(1_000, self_purchase=self_purchase)

    shop.settle(shop.capture(shop.order(plan_id, 100, seller=number)))

    assert shop.credit(number) == expected


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"seller": 9}, "CommissionEscrow_SellerUnknown"),
        ({"receiver": OTHER}, "CommissionEscrow_PlanUnknown"),
        ({"authorization_expiry": 0}, "CommissionEscrow_ExpiryInvalid"),
        ({"lines": ()}, "CommissionEscrow_LinesInvalid"),
        ({"lines": (Line(0),)}, "CommissionEscrow_AmountZero"),
        ({"lines": (Line(5, 1, (100,)),)}, "CommissionEscrow_RatesNotListed"),
        ({"lines": (Line(2**127), Line(2**127))}, "CommissionEscrow_AmountTooHigh"),
    ],
)
def test_authorize__wrong_terms__names_what_is_wrong(shop, changes, error):
    order = shop.order(shop.publish(1_000), 5, **changes)

    assert refused(shop.authorize, order) == error


def test_authorize__other_value_sent__changes_nothing(shop):
    order = shop.order(shop.publish(1_000), 5)

    assert refused(shop.escrow.authorize, order, PAYER, 4, shop.now) == "PartyLedger_WrongValue"

    assert shop.escrow.state_of(order).status == OrderStatus.NONE


def test_void__stranger__is_refused_and_operator_is_not(shop):
    order = shop.authorize(shop.order(shop.publish(1_000), 5, operator=AGENT))
    assert refused(shop.escrow.void, order, OTHER, shop.now) == "CommissionEscrow_NotAuthorized"

    shop.escrow.void(order, AGENT, shop.now)

    assert shop.credit(PAYER) == 5


def test_withdraw_batch__one_takes_no_coin__pays_the_others(shop):
    shop.escrow.refusing.add(OTHER)
    for holder in (OTHER, PAYER):
        shop.escrow.deposit(holder, NATIVE, 7, holder, 7)
    payees = [(account_party(holder), NATIVE) for holder in (OTHER, PAYER, AGENT)]

    assert shop.escrow.withdraw_batch(payees) == 1

    assert (shop.credit(OTHER), shop.credit(PAYER)) == (7, 0)
    assert refused(shop.escrow.withdraw, *payees[0]) == "PartyLedger_PaymentRefused"


def test_refund_settled__platform_withdrew_its_fees__owes_them(shop):
    order = shop.capture(shop.order(shop.publish(1_000), 100))
    shop.settle(order)
    shop.escrow.withdraw(platform_party(BRAND), NATIVE)

    shop.refund(order, (0, 100))

    assert shop.escrow.debt_of(platform_party(BRAND), NATIVE) == 2
