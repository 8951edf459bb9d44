import pytest

from tests.python.examples import EXAMPLES
from weilian.address import ZERO_ADDRESS
from weilian.catalogue import Catalogue
from weilian.commission.ladder import Ladder
from weilian.commission.plan import Bond, Plan, SelfPurchase
from weilian.planfile import PlanFileError, read_ladder_file, read_plan_file

BRAND = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
DOCUMENT = b"\7" * 32

GOOD = {
    "currency": "native",
    "decimals": "18",
    "platform_fee": '"2.5%"',
    "rates": '[["10%", "0.01%"]]',
    "refund_window_days": "7",
    "document": "agreement.md",
}


def write(tmp_path, **changes):
    path = tmp_path / "plan.yaml"
    lines = [f"{key}: {value}" for key, value in (GOOD | changes).items()]
    path.write_text("\n".join(lines))
    return path


def test_read_plan_file__good__is_in_basis_points_and_seconds(tmp_path):
    plan = read_plan_file(write(tmp_path)).to_plan(BRAND, ZERO_ADDRESS, DOCUMENT)

    assert (plan.platform_fee_bps, plan.rates, plan.depth) == (250, ((1_000, 1),), 2)
    assert (plan.refund_window, plan.maturity) == (7 * 86_400, 0)
    assert plan == Plan(BRAND, ZERO_ADDRESS, 2, ((1_000, 1),), 250, terms_hash=DOCUMENT)


def test_read_plan_file__all_keys__make_the_plan_they_say(tmp_path):
    changes = {
        "rates": '[["10%"], ["15%"]]',
        "depth": "3",
        "discount": '"5%"',
        "maturity_days": "1",
        "differential": "true",
        "compress": "true",
        "gated": "true",
        "count_sales": "true",
        "self_purchase": "discount-only",
        "bond": "windowed",
        "bond_days": "90",
        "daily_report_limit": '"1.5"',
    }

    plan = read_plan_file(write(tmp_path, **changes)).to_plan(BRAND, ZERO_ADDRESS, DOCUMENT)

    assert (plan.rates, plan.depth, plan.is_differential) == (((1_000,), (1_500,)), 3, True)
    assert (plan.discount_bps, plan.maturity) == (500, 86_400)
    assert (plan.compresses, plan.is_gated, plan.counts_sales) == (True, True, True)
    assert plan.self_purchase is SelfPurchase.DISCOUNT_ONLY
    assert (plan.bond, plan.bond_days) == (Bond.WINDOWED, 90)
    assert plan.daily_report_limit == 15 * 10**17


@pytest.mark.parametrize(("decimals", "limit"), [(0, 2**128 - 1), (36, 300)])
def test_read_plan_file__limit_of_128_bits__is_taken(tmp_path, decimals, limit):
    path = write(tmp_path, decimals=str(decimals), daily_report_limit=f'"{limit}"')

    plan = read_plan_file(path).to_plan(BRAND, ZERO_ADDRESS, DOCUMENT)

    assert plan.daily_report_limit == limit * 10**decimals


@pytest.mark.parametrize(("most", "bound"), [({}, 700), ({"catalogue_max": '"20%"'}, 2_000)])
def test_to_plan__catalogue__commits_to_its_root(tmp_path, most, bound):
    catalogue = Catalogue({6_901_234_567_892: (500, 200)})
    file = read_plan_file(write(tmp_path, catalogue="products.csv", **most))

    plan = file.to_plan(BRAND, ZERO_ADDRESS, DOCUMENT, catalogue)

    assert (plan.catalogue_root, plan.catalogue_bps) == (catalogue.root, bound)


@pytest.mark.parametrize("name", ["plan-usd.yaml", "plan-eth.yaml"])
def test_read_plan_file__examples__are_plans(name):
    plan = read_plan_file(EXAMPLES / "season" / name)

    assert (plan.platform_fee, plan.rates) == (200, [[1_000, 200, 100]])
    assert (plan.refund_window_days, plan.maturity_days) == (14, 1)


LADDER = """
period_days: 30
unit_decimals: 6
activity_minimum: 100
own: [500, 2000, 8000]
team: [0, 0, 50000]
"""


def test_read_ladder_file__good__is_a_ladder(tmp_path):
    path = tmp_path / "ladder.yaml"
    path.write_text(LADDER)

    ladder = read_ladder_file(path).to_ladder()

    assert ladder == Ladder(30, 6, 100, (500, 2_000, 8_000), (0, 0, 50_000))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("period_days: 30", "period_days: 0", "period_days: Input should be greater"),
        ("[500, 2000, 8000]", "[500]", "own: List should have at least 3 items"),
        ("unit_decimals: 6", "unit_decimals: 31", "unit_decimals: "),
    ],
)
def test_read_ladder_file__bad_value__is_named(tmp_path, old, new, message):
    path = tmp_path / "ladder.yaml"
    path.write_text(LADDER.replace(old, new))

    with pytest.raises(PlanFileError) as caught:
        read_ladder_file(path)

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"platform_fee": "2"}, "platform_fee: must be a percentage in quotes"),
        ({"platform_fee": '"two%"'}, "platform_fee: must be a percentage in quotes"),
        ({"rates": '[["0.001%"]]'}, "rates.0.0: must be between 0% and 100%, in steps of 0.01%"),
        ({"rates": '[["101%"]]'}, "rates.0.0: must be between"),
        ({"rates": "[]"}, "rates: List should have at least 1 item"),
        ({"rates": '[["1%"],["1%"],["1%"],["1%"],["1%"]]'}, "rates: List should have at most 4"),
        ({"rates": '[["1%","1%","1%","1%","1%","1%"]]'}, "rates.0: List should have at most 5"),
        ({"bond": "forever"}, "bond: Input should be 'last-touch', 'windowed' or 'permanent'"),
        ({"daily_report_limit": "5"}, "daily_report_limit: must be an amount in quotes"),
        (
            {"daily_report_limit": '"1e40"'},
            "daily_report_limit: must be below 2^128 units of 10^-18",
        ),
        ({"daily_report_limit": '"1e5000"'}, "daily_report_limit: amount '1e5000': it must have"),
        ({"daily_report_limit": '"1.5"', "decimals": "0"}, "at most 0 digits behind the point"),
        ({"currency": "CNY"}, "currency: must be 'native' or the checksum address"),
        ({"discounts": "1"}, "discounts: Extra inputs are not permitted"),
        ({"document": "{"}, "not YAML"),
        ({"document": "a\ndocument: b"}, "line 7: key 'document' occurs already in line 6"),
        ({"decimals": "9" * 5_000}, "line 2: number '9999"),
        ({"rates": "[" * 5_000}, "line 4: it is nested deeper than"),
        ({"rates": '[["NaN%"]]'}, "rates.0.0: must be between 0% and 100%"),
        ({"rates": '[["Infinity%"]]'}, "rates.0.0: must be between 0% and 100%"),
        ({"rates": '[["1e999999999%"]]'}, "rates.0.0: must be"),
    ],
)
def test_read_plan_file__bad_value__is_named(tmp_path, changes, message):
    with pytest.raises(PlanFileError) as caught:
        read_plan_file(write(tmp_path, **changes))

    assert message in str(caught.value)


def test_read_plan_file__missing__is_said(tmp_path):
    with pytest.raises(PlanFileError, match="No such file"):
        read_plan_file(tmp_path / "plan.yaml")
