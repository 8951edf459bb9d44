"""The demo's story, on Anvil."""

import json
import subprocess

import pytest

from tests.integration.conftest import APE, ROOT, TIMEOUT

pytestmark = pytest.mark.anvil


def test_demo__on_anvil__adds_up_and_grades_four_labels():
    command = [APE, "run", "demo", "--json", "--network", "ethereum:local:foundry"]

    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT, check=True
    )

    result = json.loads(done.stdout)
    assert result["sum"] == result["captured"]
    assert list(result["verdicts"].values()) == [
        "CLAIMED_BY_YOU",
        "ALREADY_CLAIMED",
        "RECALLED",
        "UNKNOWN",
    ]
    assert len(result["points"]) == 6
    assert int(result["points"]["shopper"]) == 5 * 10**18
