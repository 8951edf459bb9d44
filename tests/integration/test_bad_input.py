"""Bad input ends in one clear sentence and a code above zero, with nothing sent."""

import json

import ape
import pytest

from tests.integration.conftest import ROOT, TIMEOUT, ape_run
from weilian.chain import ZERO_ADDRESS

pytestmark = pytest.mark.anvil

HEADER = "gtin,lot,serial\n"
ROW = "9521234001010,LOT1,S1\n"
PLAN = ROOT / "examples" / "season" / "plan-eth.yaml"


@pytest.fixture(scope="module")
def attempt(terminal, node):
    """Run a script that must fail and send nothing; return what it says."""

    def run(*arguments):
        before = node.w3.eth.block_number
        done = terminal.run(*arguments)
        assert done.code not in (0, None)
        assert "Traceback" not in done.err + done.out
        assert node.w3.eth.block_number == before
        return done.err

    return run


@pytest.fixture(scope="module", autouse=True)
def _deployed(terminal):
    terminal.json("deploy")


@pytest.fixture
def deployed_book(terminal, node):
    """The address of a contract that is no token."""
    record = terminal.folder / "deployments" / f"{node.w3.eth.chain_id}.json"
    return json.loads(record.read_text())["contracts"]["PlanBook"]["address"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (HEADER + "9521234001011,LOT1,S1\n", "check digit"),
        (HEADER + ROW + ROW, "occurs already in line 2"),
        ("", "is missing; begin with 'gtin,lot,serial'"),
        (HEADER, "there are no items below the header"),
        ("gtin,lot,serial\n9521234001010,LOT1,茶\n".encode("gbk"), "save the file as UTF-8"),
        (HEADER + "9521234001010,LOT1,S{1\n", "S{1"),
    ],
)
def test_register_batch__bad_csv__is_reported_by_line(attempt, terminal, content, sentence):
    path = terminal.folder / "bad.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    said = attempt("register_batch", path, "--seed", terminal.folder / "none.age")

    assert sentence in said
    assert "line" in said
    assert not (terminal.folder / "none.age").exists()


def test_register_batch__unreadable_seed__is_said(attempt, terminal):
    csv, seed = terminal.folder / "good.csv", terminal.folder / "bad.age"
    csv.write_text(HEADER + ROW)
    seed.write_bytes(b"no age file")

    said = attempt("register_batch", csv, "--seed", seed, "--out", terminal.folder / "out")

    assert "bad.age" in said
    assert "age" in said


def test_any_script__unknown_network__is_said():
    process = ape_run("deploy", "--network", "ethereum:atlantis:node")

    _, err = process.communicate(timeout=TIMEOUT)

    assert process.returncode != 0
    assert "atlantis" in err
    assert "Traceback" not in err


def test_deploy__record_of_another_chain__is_refused(terminal, node, attempt):
    folder = terminal.folder / "deployments"
    path = folder / f"{node.w3.eth.chain_id}.json"
    good = path.read_text()
    path.write_text(good.replace(f'"chainId": {node.w3.eth.chain_id}', '"chainId": 5'))
    try:
        said = attempt("fund", "--brand", node.accounts[2], "--amount", "1")
    finally:
        path.write_text(good)

    assert "chain 5" in said


def test_deploy__record_of_a_restarted_chain__is_refused(terminal, node, attempt):
    path = terminal.folder / "deployments" / f"{node.w3.eth.chain_id}.json"
    good = path.read_text()
    path.write_text(good.replace('"firstBlockHash": "0x', '"firstBlockHash": "0xdead'))
    try:
        said = attempt("fund", "--brand", node.accounts[2], "--amount", "1")
    finally:
        path.write_text(good)

    assert "restarted" in said


def test_fund__account_without_funds__is_said(terminal, node, attempt):
    poor = node.accounts[9]
    node.w3.provider.make_request("anvil_setBalance", [poor, "0x0"])
    index = node.accounts.index(poor)

    said = attempt("fund", "--amount", "1", "--account", f"TEST::{index}")

    assert poor in said
    assert "needs" in said


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("1e60", "below 2^256 units of 10^-18"),
        ("1e5000", "at most 80 digits"),
        ("0.0", "--amount 0.0 pays nothing in; it must be above zero"),
    ],
)
def test_fund__amount_that_cannot_be_paid__is_said(attempt, amount, sentence):
    assert sentence in " ".join(attempt("fund", "--keep", "--amount", amount).split())


@pytest.mark.parametrize("command", ["fund --amount 1", "statement --brand {0}", "withdraw"])
def test_any_script__currency_that_is_no_token__is_named(node, deployed_book, attempt, command):
    words = command.format(node.accounts[2]).split()
    for address in (node.accounts[7], deployed_book):
        said = " ".join(attempt(*words, "--currency", address).split())

        assert f"currency {address} has no symbol and decimals" in said
        assert "give the address of a token on this chain" in said


def test_plan__decimals_other_than_of_currency__are_said(terminal, attempt):
    path = terminal.folder / "plan.yaml"
    path.write_text(PLAN.read_text().replace("decimals: 18", "decimals: 6"))
    (terminal.folder / "agreement.md").write_text("agreement")

    said = " ".join(attempt("plan", "publish", path, "--account", "TEST::2").split())

    assert f"plan.yaml: decimals: must be 18, as ETH ({ZERO_ADDRESS}) has on this chain" in said
    assert "(got 6)" in said


def test_order__amount_above_128_bits__is_said(terminal, attempt):
    plan_id = terminal.json("plan", "publish", PLAN, "--account", "TEST::2")["planId"]

    said = attempt("order", "authorize", "--plan", plan_id, "--number", "N1", "--amount", "1e30")

    assert f"amount {10**48} of line 0 must be 0 to 2**128 - 1" in " ".join(said.split())


def test_verify__hidden_code_as_argument__is_refused(attempt):
    link = "https://id.gs1.org/01/09521234001010/10/LOT1/21/S1#0123456789ABCDEFGHJKMNPQRS"

    said = attempt("verify", link, "--batch", ROOT)

    assert "--label or --hidden" in said
    assert "0123456789ABCDEFGHJKMNPQRS" not in said


def test_deploy__bad_configuration__names_key_and_value(terminal, attempt):
    path = terminal.folder / "bad.yaml"
    text = (ROOT / "config" / "local.yaml").read_text()
    path.write_text(text.replace("maxDepth: 5", "maxDepth: 9"))

    said = attempt("deploy", "--config", path)

    assert "maxDepth" in said
    assert "9" in said


@pytest.mark.parametrize("content", ["garbage", '{"address": "00"}'])
def test_deploy__unreadable_key_file__is_named(attempt, monkeypatch, content):
    folder = ape.config.DATA_FOLDER / "accounts"
    path = folder / "weilian-damaged.json"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    monkeypatch.setenv("APE_ACCOUNTS_weilian-damaged_PASSPHRASE", "x")
    try:
        said = attempt("deploy", "--account", "weilian-damaged", "--yes")
    finally:
        path.unlink()

    assert "no key can be read from the account file weilian-damaged" in said
