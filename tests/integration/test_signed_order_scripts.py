"""Orders and confirmations that a buyer signs and another sends, by the scripts.

The tests build on each other in the order of the file.
"""

import json

import pytest

from tests.integration.conftest import ROOT, pass_time
from tests.python.chain.mocks import deploy_mock
from tests.python.chain.world import new_signer
from weilian.chain import Chain

pytestmark = pytest.mark.anvil

BRAND, BUYER, SHOP = "TEST::2", "TEST::4", "TEST::5"
DAY = 86_400
RICH = 10**24
TOKENS = {
    "allowance": "PermitToken",
    "permit": "PermitToken",
    "authorization": "BytesAuthorizationToken",
    "permit2": "PermitToken",
    "key_authorization": "KeyAuthorizationToken",
}


@pytest.fixture(scope="module")
def chain(node):
    return Chain(node.w3, poll_seconds=0.01)


@pytest.fixture(scope="module")
def permit2(chain):
    return deploy_mock(chain, "SmallPermit2", new_signer(chain)).address


@pytest.fixture(scope="module", autouse=True)
def _deployed(terminal, permit2):
    config = (ROOT / "config" / "local.yaml").read_text()
    own = terminal.folder / "own.yaml"
    own.write_text(config.replace("0x000000000022D473030F116dDEE9F6B43aC78BA3", permit2))
    terminal.json("deploy", "--config", own)


@pytest.fixture(scope="module")
def tokens(chain, permit2, who):
    """Each mock by its name, of which the buyer has much; Permit2 may take PermitToken."""
    made = {name: deploy_mock(chain, name, new_signer(chain)) for name in set(TOKENS.values())}
    for token in made.values():
        token.functions.mint(who(BUYER), RICH).transact({"from": who(SHOP)})
    made["PermitToken"].functions.approve(permit2, RICH).transact({"from": who(BUYER)})
    return made


@pytest.fixture(scope="module")
def plan(terminal, tokens, who):
    """Publish a plan of refunds, or of final sales, in a mock; gives its id."""
    season = ROOT / "examples" / "season"
    (terminal.folder / "agreement.md").write_text((season / "agreement.md").read_text())
    lasting = (season / "plan-eth.yaml").read_text()
    final = lasting.replace("_days: 14", "_days: 0").replace("_days: 1\n", "_days: 0\n")

    def publish(name, is_final=False):
        path = terminal.folder / "plan.yaml"
        text = final + "final: true\n" if is_final else lasting
        decimals = tokens[name].functions.decimals().call()
        path.write_text(text.replace("decimals: 18", f"decimals: {decimals}"))
        options = ("--currency", tokens[name].address, "--account", BRAND)
        return terminal.json("plan", "publish", path, *options)["planId"]

    return publish


@pytest.fixture
def sign(terminal, plan):
    """Let the buyer sign an order of 100 into a file."""

    def sign(path, number, funding, *, is_final=False):
        return terminal.json(
            *("order", "authorize", "--plan", plan(TOKENS[funding], is_final), "--amount", "100"),
            *("--number", number, "--sign", path, "--funding", funding, "--account", BUYER),
        )

    return sign


@pytest.mark.parametrize("funding", TOKENS)
def test_send__order_signed_by_the_buyer__is_in_escrow_once(
    terminal, node, thrice, sign, who, tmp_path, funding
):
    path = tmp_path / "order.json"

    signed = sign(path, f"S-{funding}", funding)
    nonce = node.w3.eth.get_transaction_count(who(BUYER))
    sent = thrice("order", "send", path, "--account", SHOP)
    shown = terminal.json("order", "show", sent["orderId"])

    assert signed["sent"] is (funding == "allowance")  # the approval
    assert json.loads(path.read_text())["funding"] == funding.upper()
    assert sent["orderId"] == signed["orderId"]
    assert (shown["status"], shown["payer"]) == ("AUTHORIZED", who(BUYER))
    assert node.w3.eth.get_transaction_count(who(BUYER)) == nonce


def test_send__form_that_the_token_has_not__finds_the_other(terminal, plan, tmp_path):
    path = tmp_path / "order.json"
    terminal.json(
        *("order", "authorize", "--plan", plan("KeyAuthorizationToken"), "--amount", "100"),
        *("--number", "F1", "--sign", path, "--funding", "authorization", "--account", BUYER),
    )

    sent = terminal.json("order", "send", path, "--account", SHOP)

    assert terminal.json("order", "show", sent["orderId"])["status"] == "AUTHORIZED"


def test_send__final_sale__is_paid_once(node, thrice, plan, sign, tmp_path):
    path = tmp_path / "sale.json"
    plan("PermitToken", is_final=True)
    pass_time(node, 7 * DAY)  # the brand's second plan in this token needs a notice
    signed = sign(path, "E1", "permit", is_final=True)

    sent = thrice("order", "send", path, "--account", SHOP)

    assert sent["orderId"] == signed["orderId"]


def test_sign__dry_run_or_paid_already__writes_nothing(terminal, node, plan, tmp_path):
    path, before = tmp_path / "order.json", node.w3.eth.block_number
    place = ("order", "authorize", "--plan", plan("PermitToken"), "--amount", "100")
    by = ("--sign", path, "--account", BUYER)

    planned = terminal.json(*place, "--number", "N1", *by, "--dry-run")
    again = terminal.json(*place, "--number", "S-permit", *by)

    assert (planned["sent"], again["sent"], again["status"]) == (False, False, "AUTHORIZED")
    assert not path.exists()
    assert node.w3.eth.block_number == before


def test_send__same_number_signed_anew__is_not_paid_again(refused, node, plan, terminal, tmp_path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    place = ("order", "authorize", "--plan", plan("PermitToken"), "--amount", "100")
    by = ("--number", "T1", "--funding", "permit2", "--account", BUYER)
    terminal.json(*place, *by, "--sign", first)
    pass_time(node, 60)
    terminal.json(*place, *by, "--sign", second)

    sent = terminal.json("order", "send", first, "--account", SHOP)

    assert sent["orderId"] in refused("order", "send", second, "--account", SHOP)


def test_sign__the_chains_coin__is_refused(terminal, refused, tmp_path):
    file = ROOT / "examples" / "season" / "plan-eth.yaml"
    plan_id = terminal.json("plan", "publish", file, "--account", BRAND)["planId"]

    told = refused(
        *("order", "authorize", "--plan", plan_id, "--amount", "1", "--number", "C1"),
        *("--sign", tmp_path / "order.json", "--funding", "permit", "--account", BUYER),
    )

    assert "coin cannot be taken by signature" in told


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"operator": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"}, "did not sign this order"),
        ({"chain_id": 5}, "on chain 5, not for"),
        ({"funding": "CASH"}, "funding"),
        ({"salt": 0.5}, "salt"),
    ],
)
def test_send__changed_or_damaged_file__is_refused(refused, sign, tmp_path, change, answer):
    path = tmp_path / "order.json"
    sign(path, "D1", "permit")
    path.write_text(json.dumps(json.loads(path.read_text()) | change))

    assert answer in refused("order", "send", path, "--account", SHOP)


def test_send__no_file_or_no_order__is_refused(refused, tmp_path):
    (tmp_path / "list.json").write_text("[]")

    assert "cannot read" in refused("order", "send", tmp_path / "none", "--account", SHOP)
    assert "signed order" in refused("order", "send", tmp_path / "list.json", "--account", SHOP)


def test_confirm__signed_by_the_buyer__is_sent_by_another(
    terminal, node, thrice, sign, who, tmp_path
):
    order, path = sign(tmp_path / "order.json", "S-permit", "permit")["orderId"], tmp_path / "c"
    place = ("order", "confirm", order, "--sign", path)

    planned = terminal.json(*place, "--account", BUYER, "--dry-run")
    assert not path.exists()
    signed = terminal.json(*place, "--account", BUYER)
    sent = thrice("order", "send", path, "--account", SHOP)

    assert (planned["sent"], signed["sent"]) == (False, False)
    assert sent["orderId"] == order
    assert terminal.json("order", "show", order)["status"] == "CAPTURED"


def test_confirm__part_signed_twice__counts_once(terminal, sign, refused, tmp_path):
    order = sign(tmp_path / "order.json", "S-permit2", "permit2")["orderId"]
    path = tmp_path / "part.json"
    terminal.json("order", "confirm", order, "--part", "40", "--sign", path, "--account", BUYER)

    sent = terminal.json("order", "send", path, "--account", SHOP)

    assert sent["sent"]
    assert terminal.json("order", "show", order)["lines"][0]["captured"].startswith("40 ")
    assert "has served" in refused("order", "send", path, "--account", SHOP)


def test_confirm__signed_by_another_or_too_late__is_refused(
    terminal, node, sign, refused, tmp_path
):
    order = sign(tmp_path / "order.json", "S-allowance", "allowance")["orderId"]
    foreign, late = tmp_path / "foreign.json", tmp_path / "late.json"
    terminal.json("order", "confirm", order, "--sign", foreign, "--account", SHOP)
    place = ("--sign", late, "--days", 1, "--account", BUYER)
    terminal.json("order", "confirm", order, *place)

    told = refused("order", "send", foreign, "--account", SHOP)
    pass_time(node, DAY)

    assert "did not sign this order or capture" in told
    assert "consent ended" in refused("order", "send", late, "--account", SHOP)
