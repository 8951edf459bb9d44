"""The demo's story, on Anvil."""

import json

import pytest

from tests.integration.conftest import TIMEOUT, ape_run

pytestmark = pytest.mark.anvil


def test_demo__on_anvil__adds_up_and_grades_four_labels():
    process = ape_run("demo", "--json", "--network", "ethereum:local:foundry")

    out, err = process.communicate(timeout=TIMEOUT)

    assert process.returncode == 0, err
    result = json.loads(out)
    assert result["sum"] == result["captured"]
    assert result["statements"]
    assert list(result["verdicts"].values()) == [
        "CLAIMED_BY_YOU",
        "ALREADY_CLAIMED",
        "RECALLED",
        "UNKNOWN",
    ]
    assert [(lot["first"], lot["last"], lot["holder"]) for lot in result["lots"]] == [
        (0, 499, "distributor 1"),
        (500, 999, "brand"),
    ]
    assert len(result["points"]) == 6
    assert int(result["points"]["shopper"]) == 5 * 10**18
