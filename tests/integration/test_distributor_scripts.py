"""A distributor and its number, as the two accounts and the brand run the scripts.

The tests build on each other in the order of the file.
"""

from datetime import datetime, timedelta

import pytest

from tests.integration.conftest import ROOT, pass_time

pytestmark = pytest.mark.anvil

BRAND, DISTRIBUTOR, HEIR, STRANGER = "TEST::2", "TEST::3", "TEST::4", "TEST::5"
DAY = 86_400


@pytest.fixture(scope="module")
def brand(who):
    return who(BRAND)


@pytest.fixture(scope="module", autouse=True)
def _joined(terminal, who):
    terminal.json("deploy")
    invitation = terminal.folder / "invitation.json"
    terminal.json("join", "invite", "--account", BRAND, "--out", invitation)
    terminal.json("join", "accept", invitation, "--account", DISTRIBUTOR)


@pytest.fixture(scope="module")
def plan_id(terminal):
    plan = ROOT / "examples" / "season" / "plan-eth.yaml"
    return terminal.json("plan", "publish", plan, "--account", BRAND)["planId"]


@pytest.fixture
def show(terminal, brand):
    """What anyone learns of a number or an account."""
    return lambda *who: terminal.json("distributor", "show", *who, "--brand", brand)


def test_show__distributor_and_stranger__answers_for_both(terminal, show, who, brand):
    by_account, by_number = show(who(DISTRIBUTOR)), show("--number", 2)
    stranger = show(who(STRANGER))
    told = terminal.run("distributor", "show", who(STRANGER), "--brand", brand)

    assert by_account == by_number
    assert (by_account["isAuthorized"], by_account["number"]) == (True, 2)
    assert by_account["payout"] == by_account["account"] == who(DISTRIBUTOR)
    assert (by_account["territory"], by_account["offeredTo"]) == (None, None)
    assert (stranger["isAuthorized"], stranger["number"], stranger["since"]) == (False, None, None)
    assert told.code == 0
    assert "不是该品牌的分销商" in told.out


def test_show__both_or_neither_or_unknown__is_refused(terminal, refused, who, brand):
    both = refused("distributor", "show", who(DISTRIBUTOR), "--number", 2, "--brand", brand)
    unknown = refused("distributor", "show", "--number", 9, "--brand", brand)

    assert "either an ACCOUNT or a --number" in both
    assert "9 has not joined" in unknown


@pytest.mark.parametrize(
    "command",
    [
        "statement --brand {brand} --number {number}",
        "withdraw --brand {brand} --number {number}",
        "plan lock {plan} --number {number} --until 2090-01-01 --account TEST::2",
        "plan suspend --number {number} --account TEST::2",
        "join invite --brand {brand} --sponsor {number} --out {out} --account TEST::3",
    ],
)
def test_any_script__number_that_nobody_has__is_said(refused, brand, plan_id, tmp_path, command):
    out = tmp_path / "invitation.json"
    unknown, too_large = (
        refused(*command.format(brand=brand, plan=plan_id, out=out, number=number).split())
        for number in (9, 2**32 + 2)
    )

    assert f"9 has not joined the brand {brand}" in unknown
    assert f"{2**32 + 2} is not in the range" in too_large
    assert not out.exists()


def test_order__seller_above_32_bits__is_refused(refused, plan_id):
    terms = ("--plan", plan_id, "--number", "N1", "--amount", "1")

    assert "not in the range" in refused("order", "authorize", *terms, "--seller", 2**32)


@pytest.mark.parametrize("sponsor", [0, 2])
def test_invite__by_another_than_the_owner__is_refused(refused, who, brand, tmp_path, sponsor):
    out = tmp_path / "invitation.json"
    place = ("--brand", brand, "--sponsor", sponsor, "--out", out)

    told = refused("join", "invite", *place, "--account", STRANGER)

    owner = who(DISTRIBUTOR) if sponsor else brand
    assert f"{who(STRANGER)} cannot invite" in told
    assert f"{owner} owns {owner}" in told
    assert not out.exists()


def test_territory__by_the_brand__is_shown(thrice, show, tmp_path):
    listed = tmp_path / "counties.txt"
    listed.write_text("Wuyishan\n")
    place = ("plan", "territory", "--number", 2, "--account", BRAND)

    coded = thrice(*place, "CN-35")
    shown = show("--number", 2)
    hashed = thrice(*place, "--list", listed)

    assert coded["territory"] == shown["territory"] == "CN-35"
    assert hashed["territory"].startswith("0x")


def test_territory__no_code_or_too_long__is_refused(refused):
    place = ("plan", "territory", "--number", 2, "--account", BRAND)

    assert "name the territory's CODE" in refused(*place)
    assert "'福建' is no code of a territory" in refused(*place, "福建")


def test_payout__announced__is_in_force_two_days_later(terminal, node, thrice, show, who, brand):
    mine = ("distributor", "payout", "--brand", brand)

    announced = thrice(*mine, who(STRANGER), "--account", DISTRIBUTOR)
    early = terminal.run(*mine, "--activate", "--account", DISTRIBUTOR)
    pass_time(node, 2 * DAY)
    changed = thrice(*mine, "--number", 2, "--activate", "--account", HEIR)

    since, start = (datetime.fromisoformat(announced[key]) for key in ("since", "nextPayoutFrom"))
    assert (announced["payout"], announced["nextPayout"]) == (who(DISTRIBUTOR), who(STRANGER))
    assert start >= since + timedelta(days=2)
    assert early.code == 1
    assert "未公告" in early.err
    assert (changed["payout"], changed["nextPayout"]) == (who(STRANGER), None)


def test_payout__in_force_or_neither_or_foreign__sends_nothing(terminal, refused, who, brand):
    mine = ("distributor", "payout", "--brand", brand)

    again = terminal.json(*mine, who(STRANGER), "--account", DISTRIBUTOR)
    neither = refused(*mine, "--account", DISTRIBUTOR)
    foreign = refused(*mine, who(HEIR), "--number", 2, "--account", HEIR)

    assert (again["sent"], again["nextPayout"]) == (False, None)
    assert "name an ADDRESS to announce, or --activate" in neither
    assert f"{who(HEIR)} may not act for {who(DISTRIBUTOR)}" in foreign


def test_offer__withdrawn__cannot_be_accepted(terminal, thrice, refused, who, brand):
    place = ("--brand", brand, "--account", DISTRIBUTOR)

    offered = thrice("distributor", "offer", who(HEIR), *place)
    revoked = thrice("distributor", "revoke", *place)
    told = refused("distributor", "accept", "--number", 2, "--brand", brand, "--account", HEIR)

    assert (offered["offeredTo"], offered["account"]) == (who(HEIR), who(DISTRIBUTOR))
    assert (revoked["offeredTo"], revoked["acceptableFrom"]) == (None, None)
    assert f"not offered to {who(HEIR)}" in told


def test_accept__offered_today__is_refused_and_told_from_when(
    terminal, node, refused, show, who, brand
):
    place = ("--brand", brand, "--account", DISTRIBUTOR)
    offered = terminal.json("distributor", "offer", who(HEIR), *place)
    again = terminal.run("distributor", "offer", who(HEIR), *place)

    told = refused("distributor", "accept", "--number", 2, "--brand", brand, "--account", HEIR)

    start = datetime.fromisoformat(offered["acceptableFrom"])
    assert start.timestamp() == node.w3.eth.get_block("latest")["timestamp"] + 2 * DAY
    assert show("--number", 2)["acceptableFrom"] == offered["acceptableFrom"]
    assert f"{who(HEIR)} runs from {start} on" in " ".join(again.out.split())
    assert "can be taken over only from" in told
    assert "起才能接受" in told


def test_accept__two_days_later__moves_the_number_and_the_payout(
    terminal, node, thrice, show, who, brand
):
    pass_time(node, 2 * DAY)

    taken = thrice("distributor", "accept", "--number", 2, "--brand", brand, "--account", HEIR)

    assert (taken["account"], taken["payout"], taken["offeredTo"]) == (who(HEIR), who(HEIR), None)
    assert show(who(DISTRIBUTOR))["isAuthorized"] is False
    assert show(who(HEIR))["number"] == 2


def test_show__suspended__is_not_authorised(terminal, show, who, brand):
    terminal.json("plan", "suspend", "--number", 2, "--account", BRAND)

    shown = show(who(HEIR))
    told = terminal.run("distributor", "show", "--number", 2, "--brand", brand)

    assert (shown["isAuthorized"], shown["isSuspended"], shown["number"]) == (False, True, 2)
    assert "已暂停接单" in told.out


def test_offer__not_joined__is_refused(refused, who, brand):
    place = ("--brand", brand, "--account", STRANGER)

    assert "has not joined the brand" in refused("distributor", "offer", who(HEIR), *place)
