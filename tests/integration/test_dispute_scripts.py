"""Disputes as buyer, brand, arbitrator and bystanders run the scripts, each on its own order."""

from itertools import count

import pytest

from tests.integration.conftest import ROOT, pass_time
from tests.python.chain.mocks import deploy_mock
from tests.python.chain.world import new_signer
from weilian.chain import Chain

pytestmark = pytest.mark.anvil

BRAND, BUYER, STRANGER = "TEST::2", "TEST::4", "TEST::5"
DAY = 86_400
NUMBERS = count(1)


@pytest.fixture(scope="module")
def arbitrator(node):
    chain = Chain(node.w3, poll_seconds=0.01)
    return deploy_mock(chain, "CheapArbitrator", new_signer(chain))


@pytest.fixture(scope="module", autouse=True)
def _deployed(terminal, arbitrator):
    config = (ROOT / "config" / "local.yaml").read_text()
    own = terminal.folder / "own.yaml"
    own.write_text(config.replace("arbitrator: none", f'arbitrator: "{arbitrator.address}"'))
    terminal.json("deploy", "--config", own)


@pytest.fixture(scope="module")
def plan_id(terminal, _deployed):
    file = ROOT / "examples" / "season" / "plan-eth.yaml"
    return terminal.json("plan", "publish", file, "--account", BRAND)["planId"]


@pytest.fixture
def order(terminal, plan_id):
    """A captured order of 1 of the buyer's."""
    number = ("--number", f"D{next(NUMBERS)}", "--amount", "1", "--account", BUYER)
    paid = terminal.json("order", "authorize", "--plan", plan_id, *number)
    terminal.json("order", "confirm", paid["orderId"], "--account", BUYER)
    return paid["orderId"]


@pytest.fixture
def dispute(terminal, node, order):
    """Plan a step in the order's dispute, then take it; gives where the order stands after."""

    def dispute(step, *arguments):
        before = node.w3.eth.block_number
        planned = terminal.json("order", "dispute", step, order, *arguments, "--dry-run")
        assert (planned["sent"], node.w3.eth.block_number) == (False, before)
        return terminal.json("order", "dispute", step, order, *arguments)

    return dispute


@pytest.fixture
def disputed(dispute):
    return dispute("open", "--account", BUYER)


def refunded(shown):
    """What went back of the order's only line."""
    return shown["lines"][0]["refunded"].partition(" ")[0]


def test_open__with_evidence__holds_the_order(dispute, refused, order, tmp_path):
    evidence = tmp_path / "evidence.txt"
    evidence.write_text("the seal was broken")

    opened = dispute("open", "--evidence", evidence, "--account", BRAND)

    assert (opened["dispute"], opened["isHeld"]) == ("OPEN", True)
    assert opened["disputeUntil"].endswith(" UTC")
    told = refused("order", "dispute", "open", order, "--account", BUYER)
    assert "end the dispute first" in told


def test_open__stranger_or_no_file__is_refused(refused, order, tmp_path):
    by = ("--account", STRANGER)

    assert "neither the payer nor the brand" in refused("order", "dispute", "open", order, *by)
    missing = ("--evidence", tmp_path / "none")
    assert "cannot read" in refused("order", "dispute", "open", order, *missing, *by)


@pytest.mark.parametrize(("who", "returned"), [(BUYER, "0"), (BRAND, "1")])
def test_concede__either_party__ends_for_the_other(dispute, disputed, who, returned):
    ended = dispute("concede", "--account", who)

    assert (ended["dispute"], ended["isHeld"], refunded(ended)) == (None, False, returned)


def test_agree__to_what_the_other_signed__splits(
    terminal, dispute, disputed, refused, order, tmp_path
):
    path = tmp_path / "agreement.json"
    offer = ("order", "dispute", "offer", order, "--percent", "12.5", "--out", path)

    planned = terminal.json(*offer, "--account", BUYER, "--dry-run")
    assert not path.exists()
    terminal.json(*offer, "--account", BUYER)
    own = refused("order", "dispute", "agree", order, path, "--account", BUYER)
    ended = dispute("agree", path, "--account", BRAND)

    assert (planned["sent"], planned["payerBps"]) == (False, 1_250)
    assert "sign" in own
    assert (ended["isHeld"], refunded(ended)) == (False, "0.125")


@pytest.mark.parametrize("percent", ["101", "-1", "much", "0.001"])
def test_offer__no_percentage__is_refused(refused, disputed, order, tmp_path, percent):
    place = ("--out", tmp_path / "agreement.json", "--account", BRAND)

    told = refused("order", "dispute", "offer", order, "--percent", percent, *place)

    assert repr(percent) in told
    assert not (tmp_path / "agreement.json").exists()


def test_agree__of_another_order_or_damaged__is_refused(
    terminal, refused, disputed, order, tmp_path
):
    path = tmp_path / "agreement.json"
    place = ("--percent", "50", "--out", path, "--account", BUYER)
    terminal.json("order", "dispute", "offer", order, *place)
    text = path.read_text()
    by = ("order", "dispute", "agree", order, path, "--account", BRAND)

    path.write_text(text.replace(order, "0x" + "11" * 32))
    other = refused(*by)
    path.write_text(text.replace('"payer_bps": 5000', '"payer_bps": 5001'))
    changed = refused(*by)

    assert "another order" in other
    assert "did not sign" in changed


def test_execute__ruled__goes_by_the_ruling(dispute, disputed, refused, order, arbitrator, who):
    escalated = dispute("escalate", "--account", BUYER)
    early = refused("order", "dispute", "execute", order, "--account", STRANGER)
    arbitrator.functions.giveRuling(arbitrator.functions.count().call(), 31).transact(
        {"from": who(STRANGER)}
    )

    ended = dispute("execute", "--account", STRANGER)

    assert escalated["dispute"] == "ESCALATED"
    assert "not ruled" in early
    assert (ended["dispute"], ended["isHeld"], refunded(ended)) == (None, False, "0.3")


def test_lapse__nobody_pursued_it__gives_nothing_back(node, dispute, disputed, refused, order):
    by = ("--account", STRANGER)

    early = refused("order", "dispute", "lapse", order, *by)
    pass_time(node, 22 * DAY)
    late = refused("order", "dispute", "escalate", order, "--account", BUYER)
    ended = dispute("lapse", *by)

    assert "wait until then" in early
    assert "could ask the arbitrator until" in late
    assert (ended["dispute"], ended["isHeld"], refunded(ended)) == (None, False, "0")


def test_concede__no_dispute_or_order__is_refused(refused, order):
    assert "no dispute" in refused("order", "dispute", "concede", order, "--account", BUYER)
    unknown = "0x" + "11" * 32
    assert "there is no order" in refused(
        "order", "dispute", "concede", unknown, "--account", BUYER
    )
