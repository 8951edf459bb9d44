"""What an issuer does by the scripts on one Anvil node: notices, operators, domains, traces.

Each step is planned by --dry-run, which sends nothing, then done, then run again, which finds it
done.
"""

import json

import pytest

pytestmark = pytest.mark.anvil

BRAND, RETAILER, SHOPPER, RELAYER = (f"TEST::{number}" for number in (2, 4, 5, 6))


@pytest.fixture(scope="module")
def notice(terminal):
    path = terminal.folder / "notice.txt"
    path.write_text("召回公告 Recall notice")
    return path


def test_recall__item_range_and_product__are_lifted_again(thrice, goods, notice):
    common = ("--notice", notice, "--account", BRAND)

    item = thrice("recall", "--batch", goods["B"], "--item", "9", "--suspend", *common)
    span = thrice("recall", "--batch", goods["B"], "--first", "0", "--last", "1", *common)
    thrice("recall", "--gtin", "9521234001010", "--suspend", *common)
    thrice("recall", "--gtin", "9521234001010", "--lift", *common)
    lifted = thrice("recall", "--batch", goods["B"], "--lift", item["number"], *common)

    assert (item["kind"], item["first"], item["last"]) == ("SUSPENSION", 9, 9)
    assert (span["kind"], span["first"], span["last"]) == ("RECALL", 0, 1)
    assert (item["number"], span["number"], lifted["number"]) == (0, 1, 0)


def test_ship__recalled_goods__are_refused(refused, goods, who):
    said = refused("ship", "--batch", goods["B"], "--to", who(RETAILER), "--account", BRAND)

    assert "may not be traded (RECALLED)" in said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "either a --batch or a --gtin"),
        (("--batch", "B", "--gtin", "9521234001010"), "either a --batch or a --gtin"),
        (("--batch", "B", "--item", "1", "--first", "1"), "either one --item or a range"),
        (("--batch", "B", "--first", "3", "--last", "12"), "has items 0 to 11"),
        (("--batch", "B", "--lift", "7"), "has no notice 7; its notices: 0, 1"),
        (("--gtin", "9521234001011"), "check digit"),
        (("--batch", "B", "--notice", "none.txt"), "none.txt"),
    ],
)
def test_recall__bad_input__is_said(refused, goods, notice, options, sentence):
    named = [goods.get(each, each) for each in options]

    said = refused("recall", "--notice", notice, "--account", BRAND, *named)

    assert sentence in said


def test_issuer__limit_domain_and_key__are_set_once(thrice, terminal, who):
    account, operator = ("--account", BRAND), who(RELAYER)

    thrice("issuer", "limit", operator, "100", *account)
    bound = thrice("issuer", "domain", "tea.example", *account)
    thrice("issuer", "revoke-key", operator, "--from", "2020-01-01", *account)
    shown = terminal.json("issuer", "show", who(BRAND), "--operator", operator)
    thrice("issuer", "domain", "tea.example", "--remove", *account)

    assert bound["txt"].endswith("._domaincontracts.tea.example")
    assert shown["domains"] == ["tea.example"]
    assert shown["operators"][0]["dailyLimit"] == 100
    assert shown["operators"][0]["revokedFrom"].startswith("2020-01-01")


def test_issuer__bad_input__is_said(refused, who):
    account = ("--account", BRAND)

    assert "is no domain" in refused("issuer", "domain", "Tea", *account)
    late = ("--from", "2090-01-01")
    assert "that is now" in refused("issuer", "revoke-key", who(SHOPPER), *late, *account)
    said = refused(
        "issuer", "limit", who(SHOPPER), "1", "--issuer", who(BRAND), "--account", SHOPPER
    )
    assert "own" in said


def event(lot, number, **fields):
    """An EPCIS event about a lot."""
    content = {
        "type": "ObjectEvent",
        "eventTime": f"2026-05-{number:02d}T08:00:00.000Z",
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "quantityList": [{"epcClass": f"urn:epc:class:lgtin:9521234.000101.LOT-{lot}"}],
    }
    return content | fields


def write_events(path, *events):
    context = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
    document = {
        "@context": [context],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-05-20T08:00:00.000Z",
        "epcisBody": {"eventList": list(events)},
    }
    path.write_text(json.dumps(document))
    return path


def test_trace__several_batches__each_event_goes_where_it_names(thrice, tmp_path, goods):
    serial = event("A", 3, quantityList=[], epcList=["urn:epc:id:sgtin:9521234.000101.B005"])
    link = event(
        "A", 4, quantityList=[], epcList=["https://id.gs1.org/01/09521234001010/10/LOT-A/21/A1"]
    )
    both = event("A", 5)
    both["quantityList"] += event("B", 5)["quantityList"]
    documents = [
        write_events(tmp_path / "1.jsonld", event("A", 1), event("B", 2), serial),
        write_events(tmp_path / "2.jsonld", link, both),
    ]
    batches = ("--batch", goods["A"], "--batch", goods["B"])

    done = thrice("trace", *documents, *batches, "--account", BRAND)

    assert [(len(each["events"]), each["count"]) for each in done["batches"]] == [(3, 3), (3, 3)]


def test_trace__event_of_no_batch__is_refused(refused, tmp_path, goods):
    document = write_events(tmp_path / "1.jsonld", event("A", 6), event("C", 7))
    batches = ("--batch", goods["A"], "--batch", goods["B"])

    said = refused("trace", document, *batches, "--account", BRAND)

    assert "event 2 names none of the batches" in said


def test_trace__correction__stands_for_the_event(thrice, refused, tmp_path, goods):
    better = write_events(tmp_path / "1.jsonld", event("A", 8))
    other = write_events(tmp_path / "2.jsonld", event("A", 9))
    batch = ("--batch", goods["A"], "--account", BRAND)

    done = thrice("trace", better, *batch, "--correct", "1")

    assert done["count"] == 4
    assert "correct event 3" in refused("trace", other, *batch, "--correct", "1")
    assert "no event 4; it has 4" in refused("trace", other, *batch, "--correct", "4")
    assert "takes one batch" in refused("trace", better, other, *batch, "--correct", "1")
