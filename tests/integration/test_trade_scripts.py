"""Plans, invitations, orders, disputes, reports and payouts, as their parties run the scripts.

The tests build on each other in the order of the file.
"""

import json
import re

import pytest

from tests.integration.conftest import ROOT, pass_time
from weilian.chain import Chain
from weilian.chain.errors import NodeRefusedError
from weilian.ledger import Ledger
from weilian.open_orders import OpenOrders

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


@pytest.fixture(scope="module")
def reporting(terminal, node):
    """The plan of orders paid elsewhere, 100 a day."""
    plan = terminal.folder / "reporting.yaml"
    example = (EXAMPLES / "season" / "plan-eth.yaml").read_text()
    plan.write_text(example + 'daily_report_limit: "100"\n')
    (terminal.folder / "agreement.md").write_text("agreement")
    plan_id = terminal.json("plan", "publish", plan, "--account", BRAND)["planId"]
    pass_time(node, 7 * DAY)
    return ("--plan", plan_id, "--account", BRAND)


@pytest.fixture
def report(terminal, reporting, tmp_path):
    """Report orders, each written as number,seller,amount."""

    def run(*rows, options=(), account=()):
        file = tmp_path / "reports.csv"
        file.write_text("\n".join(["order_no,seller,amount", *rows, ""]))
        return terminal.run("report", file, *reporting, "--json", *options, *account)

    return run


def test_report__again_with_more__reports_only_what_is_new(terminal, report):
    rows = ["W1,2,10", "W2,,5"]

    poor = report(*rows)
    funded = terminal.json("fund", "--amount", "9", "--keep", "--account", BRAND)
    assert funded["isKept"]
    first = report(*rows).document
    second, third = (report(*rows, "W3,3,2") for _ in range(2))
    other = report(rows[0], "W2,,6")

    assert poor.code == 1
    assert "pay" in poor.err
    assert [first["todo"], second.document["todo"], third.document["todo"]] == [2, 1, 0]
    assert [first["done"], second.document["done"], third.document["done"]] == [0, 2, 3]
    assert (len(first["orderIds"]), first["sent"]) == (2, True)
    assert third.document["sent"] is False
    assert "All orders of the file are reported" in third.err
    assert other.code == 1
    assert "order W2 was reported before" in other.err


def test_report__row_that_cannot_be_read__nothing_is_sent_and_all_is_said(node, report):
    before = node.w3.eth.block_number

    bad = report("X1,2,1", "X2,two,1", "X3,2,0")

    assert (bad.code, node.w3.eth.block_number) == (1, before)
    assert "two" in bad.err
    assert "above zero" in bad.err
    assert "Traceback" not in bad.err


def test_report__row_that_is_refused__loses_no_other(node, report):
    rows = [f"Y{place},{99 if place == 5 else 2},0.1" for place in range(9)]
    before = node.w3.eth.block_number

    tried = report(*rows, options=["--dry-run"])
    assert node.w3.eth.block_number == before
    done = report(*rows)
    again = report(*rows[:5], *rows[6:])

    assert "Would report 8 orders" in tried.err
    assert tried.document["sent"] is False
    for run in (tried, done):
        [left] = run.document["leftOut"]
        assert (run.code, left["orderNo"]) == (1, "Y5")
        assert "99" in left["reason"]
    assert len(done.document["orderIds"]) == 8
    assert (again.code, again.document["done"], again.document["sent"]) == (0, 8, False)


def test_report__more_than_a_day_takes__is_reported_on_the_next(terminal, node, report):
    rows = ["Z1,,60", "Z2,,70", "Z3,,101"]
    terminal.json("fund", "--amount", "60", "--account", BRAND)

    first = report(*rows)
    pass_time(node, DAY)
    second, third = (report(*rows[:2]) for _ in range(2))

    assert (first.code, len(first.document["orderIds"]), first.document["later"]) == (1, 1, 1)
    assert [each["orderNo"] for each in first.document["leftOut"]] == ["Z3"]
    assert "wait for another day" in first.err
    assert (second.code, len(second.document["orderIds"])) == (0, 1)
    assert (third.document["done"], third.document["sent"]) == (2, False)


def test_report__account_of_somebody_else__is_refused(terminal, node, report):
    before = node.w3.eth.block_number

    told = report("Q1,,1", account=["--account", SHOPPER])

    assert (told.code, node.w3.eth.block_number) == (1, before)
    assert "may not report" in told.err


def test_settle__dry_run_then_in_a_journal_of_its_own__sends_once(terminal, node, tmp_path):
    pass_time(node, MATURE)
    journal = ("--account", SHOPPER, "--journal", tmp_path / "of" / "mine.db")
    before = node.w3.eth.block_number

    planned = terminal.json("settle", *journal, "--dry-run")
    assert (node.w3.eth.block_number, list(tmp_path.iterdir())) == (before, [])
    done, again = (terminal.json("settle", *journal) for _ in range(2))

    assert (planned["sent"], planned["settled"]) == (False, [])
    assert len(planned["due"]) >= 3
    assert sorted(each["orderId"] for each in done["settled"]) == sorted(planned["due"])
    assert (again["due"], again["settled"], again["sent"]) == ([], [], False)
    assert (tmp_path / "of" / "mine.db").exists()
    assert (tmp_path / "of" / "mine.db.orders").exists()


def test_withdraw__all_below_least__pays_nobody_and_says_so(terminal, brand):
    command = ("withdraw", "--all", "--brand", brand, "--account", SHOPPER)

    kept = terminal.json(*command, "--least", "1e9")
    told = terminal.run(*command, "--least", "1e9")
    negative = terminal.run(*command, "--least", "-1")
    huge = terminal.run(*command, "--least", "1e999999999")

    assert (kept["paid"], kept["sent"]) == ([], False)
    assert [each["party"] for each in kept["unpaid"]] == list(kept["owed"])
    assert " ".join(told.out.split()).count("less than 1,000,000,000 ETH") == len(kept["owed"]) >= 3
    assert (negative.code, "'-1' is no amount" in negative.err) == (2, True)
    assert (huge.code, "at most 80 digits" in huge.err) == (2, True)


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


def test_settle__node_answers_with_an_error__tries_again_at_the_next_look(terminal, monkeypatch):
    answers = iter([NodeRefusedError("rate limit exceeded"), [], KeyboardInterrupt()])

    def read(*_):
        answer = next(answers)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(OpenOrders, "read", read)

    run = terminal.run("settle", "--loop", "--interval", 1, "--account", SHOPPER, "--json")

    looks = [json.loads(look) for look in re.split(r"\n(?={)", run.out.strip())]
    assert run.code == 130
    assert "rate limit exceeded" in run.err
    assert [look["settled"] for look in looks] == [[], []]


def test_statement__of_brand_and_platform__adds_up(terminal, brand, tmp_path):
    table = tmp_path / "brand.csv"
    own = terminal.json("statement", "--brand", brand, "--csv", table)
    fees = terminal.json("statement", "--brand", brand, "--platform")
    first = terminal.json("statement", "--brand", brand, "--number", 1)
    everywhere = terminal.json("statement", "--platform")
    shown = terminal.run("statement", "--brand", brand)

    kinds = {entry["kind"] for entry in own["entries"]}
    assert {"FUNDED", "RESERVED", "RELEASED", "SHARED_OUT", "SHARE", "TAKEN_BACK"} <= kinds
    assert (own["addsUp"], own["number"], own["total"]) == (True, None, own["credit"])
    assert len(table.read_text().splitlines()) == 1 + len(own["entries"])
    assert fees == first
    assert everywhere["statements"] == [fees]
    assert fees["addsUp"]
    assert "上报预留 · set aside" in shown.out
    assert "分毫不差 · adds up" in shown.out


@pytest.mark.parametrize("command", ["statement --csv", "audit --out"])
def test_any_script__file_is_there_or_cannot_be_made__is_kept_and_said(
    terminal, refused, brand, tmp_path, command
):
    name, option = command.split()
    kept, nowhere = tmp_path / "older", tmp_path / "none" / "newer"
    kept.write_text("older")

    there = refused(name, "--brand", brand, option, kept)
    missing = refused(name, "--brand", brand, option, nowhere)

    assert f"{kept} exists already" in there
    assert kept.read_text() == "older"
    assert f"cannot write {nowhere}" in missing
    assert list(tmp_path.iterdir()) == [kept]


def test_statement__of_nobody_or_two__is_refused(terminal, brand):
    nobody = terminal.run("statement")
    two = terminal.run("statement", "--brand", brand, "--platform", "--number", 2)

    assert (nobody.code, two.code) == (1, 1)
    assert "name a --brand" in nobody.err
    assert "give one of" in two.err


@pytest.fixture
def interrupted(terminal, monkeypatch):
    """Run a command with Ctrl-C pressed while it waits; gives what it says, and what it sent."""

    def run(*arguments):
        sent = []

        def wait(chain, transaction):
            sent.append(transaction)
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Chain, "wait", wait)
            done = terminal.run(*arguments)
        assert done.code == 130
        return " ".join(done.err.split()), sent

    return run


def test_order__interrupted_part__is_to_be_looked_up_not_done_again(terminal, interrupted, plan_id):
    options = ("--plan", plan_id, "--amount", "1", "--number", "I1")
    order = terminal.json("order", "authorize", *options, "--account", BUYER)["orderId"]
    commands = (
        ("fund", "--amount", "1", "--account", SHOPPER),
        ("order", "confirm", order, "--part", "0.5", "--account", BUYER),
        ("order", "confirm", order, "--account", BUYER),
        ("order", "refund", order, "--part", "0.5", "--account", BRAND),
    )

    for command in commands:
        said, [sent] = interrupted(*command)

        assert f"Sent {sent}: it may still be mined" in said
        assert "look it up before you run this again" in said


def test_order__interrupted_void__can_be_run_again(terminal, interrupted, plan_id):
    options = ("--plan", plan_id, "--amount", "1", "--number", "I2")
    order = terminal.json("order", "authorize", *options, "--account", BUYER)["orderId"]

    said, _ = interrupted("order", "void", order, "--account", BRAND)
    again = terminal.json("order", "void", order, "--account", BRAND)

    assert "Run the same command again" in said
    assert (again["sent"], again["status"]) == (False, "VOIDED")


def test_fund__interrupted_before_anything_is_sent__is_said(terminal, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "credit", interrupt)
        done = terminal.run("fund", "--amount", "1", "--account", SHOPPER)

    assert done.code == 130
    assert "Interrupted. Nothing was sent." in done.err


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
