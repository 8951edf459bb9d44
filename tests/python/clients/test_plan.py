"""Plans, ladders and catalogues."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.python.chain.world import pass_time
from tests.python.clients.conftest import WINDOW
from weilian.catalogue import Catalogue
from weilian.chain import ZERO_ADDRESS, ContractRevert
from weilian.commission.ladder import Ladder
from weilian.commission.order import Line
from weilian.commission.plan import DAY, Bond, SelfPurchase
from weilian.plan import PlanNotFoundError

LADDER = Ladder(30, 0, 1_000, (2_000, 3_000, 4_000), (0, 0, 0))
PRODUCTS = Catalogue({6_901_234_567_892: (2_000, 500), 9_521_234_001_010: (100,)})


def test_plan_id__local__is_that_of_the_contract(plans, brand, create_plan):
    published = create_plan(brand)

    assert plans.id_of(published.plan) == published.plan_id


def test_get_plan__published__has_all_its_terms(plans, brand, create_plan):
    published = create_plan(
        brand,
        rates=((1_000, 0, 300),),
        self_purchase=SelfPurchase.DISCOUNT_ONLY,
        bond=Bond.WINDOWED,
        bond_days=30,
        daily_report_limit=10**6,
    )

    found = plans.get(published.plan_id)

    assert found.plan == published.plan
    assert (found.active_from, found.active_until) == (published.active_from, None)
    assert found.is_native
    assert found.takes_orders(found.active_from)
    assert not found.takes_orders(found.active_from - timedelta(seconds=1))


def test_of_brand__two_plans__lists_them_in_order(plans, brand, create_plan):
    first, second = create_plan(brand), create_plan(brand, discount_bps=1)

    found = plans.of_brand(brand.address)

    assert [each.plan_id for each in found] == [first.plan_id, second.plan_id]
    assert second.active_from - first.active_from >= timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"depth": 6, "rates": ((1,) * 6,)}, "PlanBook_DepthInvalid"),
        ({"depth": 1, "rates": ((5_001,),)}, "PlanBook_CommissionTooHigh"),
        ({"platform_fee_bps": 99}, "PlanBook_PlatformFeeTooLow"),
        ({"refund_window": WINDOW - 1}, "PlanBook_RefundWindowTooShort"),
    ],
)
def test_publish__beyond_a_limit__is_refused(brand, create_plan, changes, name):
    with pytest.raises(ContractRevert) as caught:
        create_plan(brand, **changes)

    assert caught.value.name == name


def test_get_plan__unknown__says_so(plans):
    with pytest.raises(PlanNotFoundError, match="there is no plan 0x0505"):
        plans.get(b"\5" * 32)


def test_limits__deployed__are_those_of_the_configuration(plans):
    assert plans.limits().max_depth == 5
    assert plans.limits().allows_final_sales


def test_retire__later_than_locked__stays_open_to_one_distributor(
    chain, plans, orders, brand, payer, line, create_plan, create_order
):
    published = create_plan(brand)
    number = line.numbers[0]
    until = datetime.fromtimestamp(chain.block()[1], UTC) + timedelta(days=20)

    retired = plans.retire(published.plan_id, brand)
    locked = plans.lock_terms(published.plan_id, number, until, brand)
    pass_time(chain, 8 * DAY)

    assert plans.get(published.plan_id).active_until == retired.active_until
    assert (locked.number, locked.until) == (number, until)
    orders.authorize(create_order(published, payer, number), payer)
    with pytest.raises(ContractRevert) as caught:
        orders.authorize(create_order(published, payer), payer)
    assert caught.value.name == "CommissionEscrow_PlanNotActive"


def test_list_product__in_the_catalogue__has_rates_of_its_own(
    plans, orders, brand, payer, relayer, line, create_plan, create_order, settle
):
    published = create_plan(brand, catalogue_root=PRODUCTS.root, catalogue_bps=PRODUCTS.ceiling_bps)
    gtin = 6_901_234_567_892
    rates, proof = PRODUCTS.rates(gtin), PRODUCTS.proof(gtin)
    order = create_order(published, payer, line.numbers[2], lines=(Line(10_000, gtin, rates),))

    listed = plans.list_product(published.plan_id, gtin, rates, proof, relayer)
    orders.authorize(order, payer)
    settlement = settle(order, payer)

    assert (listed.gtin, listed.rates) == (gtin, rates)
    assert plans.is_listed(plans.get(published.plan_id), gtin, rates)
    assert [entry.bps for entry in settlement.lines[0].allocation[:2]] == [2_000, 500]


def test_list_product__other_rates__is_refused(plans, brand, relayer, create_plan):
    published = create_plan(brand, catalogue_root=PRODUCTS.root, catalogue_bps=2_500)

    with pytest.raises(ContractRevert) as caught:
        plans.list_product(published.plan_id, 9_521_234_001_010, (200,), [], relayer)

    assert caught.value.name == "PlanBook_NotInCatalogue"


def test_announce_ladder__second__holds_after_the_notice(chain, plans, brand, relayer):
    higher = Ladder(30, 0, 1_000, (3_000, 3_000, 4_000), (0, 0, 0))

    first = plans.announce_ladder(brand.address, ZERO_ADDRESS, LADDER, brand)
    second = plans.announce_ladder(brand.address, ZERO_ADDRESS, higher, brand)

    assert second.active_from - first.active_from >= timedelta(days=7)
    with pytest.raises(ContractRevert, match="No ladder can take effect now"):
        plans.activate_ladder(brand.address, ZERO_ADDRESS, relayer)
    pass_time(chain, 8 * DAY)
    plans.activate_ladder(brand.address, ZERO_ADDRESS, relayer)


def test_standing__sales_of_a_period__make_a_rank(
    plans, orders, distributors, brand, payer, line, create_plan, create_order, settle
):
    plans.announce_ladder(brand.address, ZERO_ADDRESS, LADDER, brand)
    published = create_plan(brand, counts_sales=True, rates=((1_000, 0, 0), (1_500, 0, 0)))
    order = create_order(published, payer, line.numbers[0], amount=2_500)
    orders.authorize(order, payer)

    settle(order, payer)

    standing = distributors.standing(brand.address, ZERO_ADDRESS, line.numbers[0])
    assert (standing.rank, standing.is_active) == (1, True)
    assert (standing.own_sales, standing.team_sales) == (2_500, 2_500)
