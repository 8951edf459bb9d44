import pytest

from tests.python.examples import EXAMPLES
from weilian.planfile import PlanFileError, read_plan_file

GOOD = {
    "currency": "native",
    "decimals": "18",
    "platform_fee": '"2.5%"',
    "levels": '["10%", "0.01%"]',
    "refund_window_days": "7",
    "document": "agreement.md",
}


def write(tmp_path, **changes):
    path = tmp_path / "plan.yaml"
    lines = [f"{key}: {value}" for key, value in (GOOD | changes).items()]
    path.write_text("\n".join(lines))
    return path


def test_read_plan_file__good__is_in_basis_points_and_seconds(tmp_path):
    plan = read_plan_file(write(tmp_path))

    assert (plan.platform_fee, plan.levels) == (250, [1_000, 1])
    assert plan.refund_window == 7 * 86_400


@pytest.mark.parametrize("name", ["plan-usd.yaml", "plan-eth.yaml"])
def test_read_plan_file__examples__are_plans(name):
    plan = read_plan_file(EXAMPLES / "season" / name)

    assert (plan.platform_fee, plan.levels) == (200, [1_000, 200, 100])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"platform_fee": "2"}, "platform_fee: must be a percentage in quotes"),
        ({"platform_fee": '"two%"'}, "platform_fee: must be a percentage in quotes"),
        ({"levels": '["0.001%"]'}, "levels.0: must be between 0% and 100%, in steps of 0.01%"),
        ({"levels": '["101%"]'}, "levels.0: must be between"),
        ({"currency": "CNY"}, "currency: must be 'native' or the checksum address"),
        ({"discount": "1"}, "discount: Extra inputs are not permitted"),
        ({"document": "{"}, "not YAML"),
        ({"document": "a\ndocument: b"}, "line 7: key 'document' occurs already in line 6"),
        ({"decimals": "9" * 5_000}, "line 2: number '9999"),
        ({"levels": "[" * 5_000}, "line 4: it is nested deeper than"),
        ({"levels": '["NaN%"]'}, "levels.0: must be between 0% and 100%"),
        ({"levels": '["Infinity%"]'}, "levels.0: must be between 0% and 100%"),
        ({"levels": '["1e999999999%"]'}, "levels.0: must be"),
    ],
)
def test_read_plan_file__bad_value__is_named(tmp_path, changes, message):
    with pytest.raises(PlanFileError) as caught:
        read_plan_file(write(tmp_path, **changes))

    assert message in str(caught.value)


def test_read_plan_file__missing__is_said(tmp_path):
    with pytest.raises(PlanFileError, match="No such file"):
        read_plan_file(tmp_path / "plan.yaml")
