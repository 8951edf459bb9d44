"""Plans, invitations, orders, disputes, reports and payouts, as their parties run the scripts.

The tests build on each other in the order of the file.
"""

import json

import pytest

from tests.integration.conftest import ROOT, pass_time

pytestmark = pytest.mark.anvil

BRAND, DISTRIBUTOR, BUYER, SHOPPER = "TEST::2", "TEST::3", "TEST::4", "TEST::5"
UPLINE = "TEST::6"
EXAMPLES = ROOT / "examples"
DAY = 86_400
MATURE = 15 * DAY


@pytest.fixture(scope="module")
def brand(node):
    return node.accounts[2]


@pytest.fixture(scope="module", autouse=True)
def _deployed(terminal):
    terminal.json("deploy")


@pytest.fixture(scope="module")
def plan_id(terminal):
    return json.loads((terminal.folder / "plan.json").read_text())["planId"]


def test_plan__publish__is_shown_and_sent_once(terminal, brand):
    file = EXAMPLES / "season" / "plan-eth.yaml"

    planned = terminal.json("plan", "publish", file, "--account", BRAND, "--dry-run")
    published = terminal.json("plan", "publish", file, "--account", BRAND)
    again = terminal.json("plan", "publish", file, "--account", BRAND)
    shown = terminal.json("plan", "show", published["planId"])

    (terminal.folder / "plan.json").write_text(json.dumps(published))
    assert [planned["sent"], published["sent"], again["sent"]] == [False, True, False]
    assert (shown["brand"], shown["rates"]) == (brand, [[1000, 200, 100]])
    assert shown["activeUntil"] is None
    whole = [row for row in published["samples"] if row["distributors"] == 3]
    assert whole[0]["levels"] == [str(share * 10**18) for share in (10, 2, 1)]


def test_join__by_invitation_twice__is_done_once(terminal, node, brand):
    invitation = terminal.folder / "invitation.json"
    invitee = ("--invitee", node.accounts[3])

    issued = terminal.json("join", "invite", "--account", BRAND, *invitee, "--out", invitation)
    first, second = (
        terminal.json("join", "accept", invitation, "--account", DISTRIBUTOR) for _ in range(2)
    )

    assert (issued["sent"], issued["brand"], issued["sponsor"]) == (False, brand, 0)
    assert (first["sent"], first["number"], first["depth"]) == (True, 2, 1)
    assert (second["sent"], second["number"]) == (False, 2)


def test_join__accepted_by_signature__is_sent_by_another(terminal, node, brand):
    invitation, signed = (terminal.folder / f"{name}.json" for name in ("second", "signed"))
    by_distributor = ("--brand", brand, "--account", DISTRIBUTOR)
    terminal.json("join", "invite", *by_distributor, "--out", invitation)

    terminal.json("join", "accept", invitation, "--sign", signed, "--account", UPLINE)
    joined = terminal.json("join", "accept", signed, "--account", SHOPPER)

    assert (joined["account"], joined["number"]) == (node.accounts[6], 3)
    assert (joined["sponsor"], joined["depth"]) == (2, 2)


def test_join__withdrawn_or_for_another__is_refused(terminal, brand, node, refused):
    invitation = terminal.folder / "third.json"
    invitee = ("--invitee", node.accounts[7])
    terminal.json("join", "invite", "--account", BRAND, *invitee, "--out", invitation)

    told = refused("join", "accept", invitation, "--account", SHOPPER)
    terminal.json("join", "revoke", invitation, "--account", BRAND)

    assert node.accounts[7] in told
    assert "withdrew" in refused("join", "accept", invitation, "--account", "TEST::7")


def test_plan__suspend_and_reinstate__are_done_once(terminal, brand, thrice):
    place = ("--number", 3, "--account", BRAND)

    suspended = thrice("plan", "suspend", *place)
    reinstated = thrice("plan", "reinstate", *place)

    assert [suspended["isSuspended"], reinstated["isSuspended"]] == [True, False]


def test_order__to_settlement_and_payout__adds_up(terminal, node, brand, plan_id):
    options = ("--plan", plan_id, "--amount", "1.5", "--number", "A1", "--seller", 2)

    paid = terminal.json("order", "authorize", *options, "--account", BUYER)
    again = terminal.json("order", "authorize", *options, "--account", BUYER)
    captured = terminal.json("order", "confirm", paid["orderId"], "--account", BUYER)
    refunded = terminal.json(
        "order", "refund", paid["orderId"], "--part", "0.5", "--account", BRAND
    )
    early = terminal.json("settle", "--account", SHOPPER)
    pass_time(node, MATURE)
    settled = terminal.json("settle", "--account", SHOPPER)["settled"]
    statement = terminal.json("statement", "--brand", brand, "--number", 2)
    withdrawn = terminal.json("withdraw", "--brand", brand, "--account", DISTRIBUTOR)

    assert (paid["sent"], again["sent"], captured["sent"], refunded["sent"]) == (
        True,
        False,
        True,
        True,
    )
    assert early["due"] == []
    assert [(entry["orderId"], entry["net"]) for entry in settled] == [
        (paid["orderId"], str(10**18))
    ]
    assert (statement["addsUp"], statement["earned"]) == (True, str(10**17))
    assert (withdrawn["amount"], withdrawn["to"]) == (str(10**17), node.accounts[3])


def test_order__refund_after_settlement__makes_a_debt(terminal, node, brand, plan_id):
    [order] = settled_orders(terminal, brand)

    refunded = terminal.json("order", "refund", order, "--part", "0.25", "--account", BRAND)
    statement = terminal.json("statement", "--brand", brand, "--number", 2)
    withdrawn = terminal.json("withdraw", "--account", BUYER)

    assert refunded["amount"] == str(25 * 10**16)
    assert (statement["credit"], statement["debt"]) == ("0", str(25 * 10**15))
    assert statement["addsUp"]
    assert withdrawn["amount"] == str(75 * 10**16)


def settled_orders(terminal, brand):
    entries = terminal.json("statement", "--brand", brand, "--number", 2)["entries"]
    return [entry["orderId"] for entry in entries if entry["kind"] == "SHARE"]


def test_audit__after_sale_and_refund__counts_what_stands(terminal, brand, tmp_path):
    out = tmp_path / "audit.json"

    audit = terminal.json("audit", "--brand", brand, "--out", out)

    paid = sum(int(amount) for amount in audit["payByLevel"])
    assert audit["members"] >= 2
    assert audit["refunds"] >= 1
    assert int(audit["fees"]) + paid + int(audit["brandPart"]) == int(audit["sales"])
    assert json.loads(out.read_text()) == audit


def test_order__void_and_reclaim__give_the_money_back(terminal, node, plan_id):
    ids = []
    for number in ("V1", "R1"):
        options = ("--plan", plan_id, "--amount", "1", "--number", number, "--days", 1)
        ids.append(terminal.json("order", "authorize", *options, "--account", BUYER)["orderId"])

    voided = terminal.json("order", "void", ids[0], "--account", BRAND)
    pass_time(node, DAY)
    reclaimed = terminal.json("order", "reclaim", ids[1], "--account", SHOPPER)
    withdrawn = terminal.json("withdraw", "--account", BUYER)

    assert (voided["status"], reclaimed["status"]) == ("VOIDED", "RECLAIMED")
    assert withdrawn["amount"] == str(2 * 10**18)


def test_order__disputed__ends_by_agreement(terminal, plan_id):
    options = ("--plan", plan_id, "--amount", "1", "--number", "D1", "--seller", 2)
    order = terminal.json("order", "authorize", *options, "--account", BUYER)["orderId"]
    terminal.json("order", "confirm", order, "--account", BUYER)
    agreement = terminal.folder / "agreement.json"

    opened = terminal.json("order", "dispute", "open", order, "--account", BUYER)
    no_court = terminal.run("order", "dispute", "escalate", order, "--account", BUYER)
    offered = terminal.json(
        *("order", "dispute", "offer", order, "--percent", "30", "--out", agreement),
        *("--account", BRAND),
    )
    ended = terminal.json("order", "dispute", "agree", order, agreement, "--account", BUYER)

    assert (opened["dispute"], opened["isHeld"]) == ("OPEN", True)
    assert no_court.code == 1
    assert "no arbitrator" in no_court.err
    assert (offered["sent"], offered["payerBps"]) == (False, 3_000)
    assert (ended["dispute"], ended["isHeld"]) == (None, False)
    assert ended["lines"][0]["refunded"].startswith("0.3 ")


def test_report__again_with_more__reports_only_what_is_new(terminal, node, brand, tmp_path):
    plan = tmp_path / "plan.yaml"
    example = (EXAMPLES / "season" / "plan-eth.yaml").read_text()
    plan.write_text(example + 'daily_report_limit: "100"\n')
    (tmp_path / "agreement.md").write_text("agreement")
    plan_id = terminal.json("plan", "publish", plan, "--account", BRAND)["planId"]
    pass_time(node, 7 * DAY)
    rows = ["order_no,seller,amount", "W1,2,10", "W2,,5"]
    (tmp_path / "reports.csv").write_text("\n".join([*rows, ""]))
    options = ("report", tmp_path / "reports.csv", "--plan", plan_id, "--account", BRAND)

    poor = terminal.run(*options)
    terminal.json("fund", "--amount", "3", "--account", BRAND)
    first = terminal.json(*options)
    (tmp_path / "reports.csv").write_text("\n".join([*rows, "W3,3,2", ""]))
    second = terminal.json(*options)
    third = terminal.json(*options)
    (tmp_path / "reports.csv").write_text("\n".join([*rows[:2], "W2,,6", ""]))
    other = terminal.run(*options)

    assert poor.code == 1
    assert "pay" in poor.err
    assert [first["todo"], second["todo"], third["todo"]] == [2, 1, 0]
    assert [first["done"], second["done"], third["done"]] == [0, 2, 3]
    assert third["sent"] is False
    assert other.code == 1
    assert "order W2 was reported before" in other.err


def test_settle__dry_run_then_in_a_journal_of_its_own__sends_once(terminal, node, tmp_path):
    pass_time(node, MATURE)
    journal = ("--account", SHOPPER, "--journal", tmp_path / "of" / "mine.db")
    before = node.w3.eth.block_number

    planned = terminal.json("settle", *journal, "--dry-run")
    assert node.w3.eth.block_number == before
    done, again = (terminal.json("settle", *journal) for _ in range(2))

    assert (planned["sent"], planned["settled"]) == (False, [])
    assert len(planned["due"]) >= 3
    assert sorted(each["orderId"] for each in done["settled"]) == sorted(planned["due"])
    assert (again["due"], again["settled"], again["sent"]) == ([], [], False)
    assert (tmp_path / "of" / "mine.db").exists()


def test_withdraw__all_of_a_brand__pays_each_once(terminal, node, brand):
    paid = terminal.json("withdraw", "--all", "--brand", brand, "--account", SHOPPER)
    again = terminal.json("withdraw", "--all", "--brand", brand, "--account", SHOPPER)

    assert len(paid["paid"]) == len(paid["owed"]) >= 3
    assert paid["failed"] == []
    assert (again["owed"], again["sent"]) == ({}, False)


def test_settle__with_pay__pays_distributors_and_platform(terminal, node, brand, plan_id):
    options = ("--plan", plan_id, "--amount", "1", "--number", "P1", "--seller", 2)
    order = terminal.json("order", "authorize", *options, "--account", BUYER)["orderId"]
    terminal.json("order", "confirm", order, "--account", BUYER)
    pass_time(node, MATURE)
    journal = next((terminal.folder / "deployments" / "journals").glob("*.db"))

    other = terminal.run("settle", "--pay", "--account", BUYER, "--journal", journal)
    paid = terminal.json("settle", "--pay", "--account", SHOPPER)
    again = terminal.json("settle", "--pay", "--account", SHOPPER)

    assert other.code == 1
    assert "belongs to the account" in " ".join(other.err.split())
    assert [each["orderId"] for each in paid["settled"]] == [order]
    assert {each["to"] for each in paid["paid"]} == {node.accounts[0], node.accounts[3]}
    assert (paid["failed"], again["paid"], again["sent"]) == ([], [], False)


def test_plan__retire__takes_no_more_orders_after_the_notice(terminal, node, plan_id):
    first, second = (terminal.json("plan", "retire", plan_id, "--account", BRAND) for _ in range(2))
    pass_time(node, 7 * DAY)

    refused = terminal.run(
        *("order", "authorize", "--plan", plan_id, "--amount", "1", "--number", "B1"),
        *("--account", BUYER),
    )

    assert [first["sent"], second["sent"]] == [True, False]
    assert refused.code == 1
    assert "takes orders from" in refused.err
