"""Goods on their way from brand to shopper by the scripts, on one Anvil node.

The tests build on each other in the order of the file. Each step is planned by --dry-run, which
sends nothing, then done, then run again, which finds it done.
"""

import json

import pytest

from tests.integration.conftest import COUNT, PASSPHRASE
from weilian.batch_folder import BatchFolder
from weilian.chain import Chain
from weilian.custody import Custody
from weilian.keys import BrandSeed, item_code
from weilian.suite import Suite

pytestmark = pytest.mark.anvil

BRAND, DISTRIBUTOR, RETAILER, SHOPPER, RELAYER = (f"TEST::{number}" for number in range(2, 7))
SSCC = "106141412345678908"


def spans(terminal, batch):
    lots = terminal.json("lot", "show", "--batch", batch)["lots"]
    return [(lot["first"], lot["last"], lot["holder"]) for lot in lots]


def batch_id(goods, lot):
    return json.loads((goods[lot] / "batch.json").read_text())["batch_id"]


def test_activate__cartons__are_activated_once(thrice, terminal, goods):
    first = thrice("activate", "--batch", goods["A"], "--last", "0", "--account", BRAND)
    rest = thrice("activate", "--batch", goods["A"], "--account", BRAND)

    assert (first["ranges"], rest["ranges"]) == ([[0, 0]], [[1, 2]])


def test_activate__batch_without_cartons__is_refused(refused, goods):
    said = refused("activate", "--batch", goods["B"], "--account", BRAND)

    assert "which has 0 cartons" in said


def test_lot_split__twice__is_done_once(thrice, terminal, goods, who):
    done = thrice("lot", "split", "--batch", goods["A"], "--at", "4", "--account", BRAND)

    assert done["at"] == [4]
    assert spans(terminal, goods["A"]) == [(0, 3, who(BRAND)), (4, 11, who(BRAND))]


def test_ship_and_receive__lot__changes_hands(thrice, terminal, goods, who):
    lot = ("--batch", goods["A"], "--first", "4")

    shipped = thrice("ship", *lot, "--to", who(DISTRIBUTOR), "--account", BRAND)
    received = thrice("receive", *lot, "--account", DISTRIBUTOR)

    assert (shipped["to"], received["to"]) == (who(DISTRIBUTOR), who(DISTRIBUTOR))
    assert spans(terminal, goods["A"])[1] == (4, 11, who(DISTRIBUTOR))


def test_ship__by_the_batches_id__needs_no_folder(terminal, goods, who):
    planned = terminal.run(
        *("ship", "--batch", batch_id(goods, "A"), "--to", who(DISTRIBUTOR)),
        *("--account", BRAND, "--dry-run"),
    )

    assert planned.code == 0, planned.err
    assert "Nothing was sent" in planned.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--first", "5", "--to", RETAILER), "no lot of batch"),
        (("--first", "4", "--to", RETAILER, "--account", BRAND), "may not act"),
        (("--first", "4"), "name who receives"),
        (("--first", "4", "--receipt", "none.json"), "cannot read the receipt none.json"),
    ],
)
def test_ship__bad_input__is_said(refused, goods, who, arguments, sentence):
    named = [who(each) if each == RETAILER else each for each in arguments]
    account = [] if "--account" in named else ["--account", DISTRIBUTOR]

    assert sentence in refused("ship", "--batch", goods["A"], *named, *account)


def test_ship__no_batch__is_said(refused, terminal, who):
    receiver = ("--to", who(RETAILER), "--account", DISTRIBUTOR)

    assert "name a batch's folder or its id" in refused("ship", "--batch", "none", *receiver)
    assert "64 hex digits" in refused("ship", "--batch", "0x12", *receiver)
    assert "name what is shipped" in refused("ship", *receiver)
    unknown = f"0x{'12' * 32}"
    assert "there is no batch" in refused("ship", "--batch", unknown, *receiver)


def test_receive__not_offered__is_said(refused, goods):
    said = refused("receive", "--batch", goods["A"], "--first", "4", "--account", RETAILER)

    assert "is not offered to anybody" in said


def test_ship__cancelled__is_no_longer_offered(thrice, terminal, goods, who, refused):
    lot = ("--batch", goods["A"], "--first", "4")
    terminal.json("ship", *lot, "--to", who(RETAILER), "--account", DISTRIBUTOR)

    thrice("ship", *lot, "--cancel", "--account", RETAILER)

    assert "is not offered" in refused("receive", *lot, "--account", RETAILER)


def test_receive__signed_receipt__is_handed_over_at_once(thrice, terminal, goods, who, node):
    path = terminal.folder / "receipt.json"
    lot = ("--batch", goods["A"], "--first", "4")
    before = node.w3.eth.block_number

    planned = terminal.json("receive", *lot, "--sign", path, "--account", RETAILER, "--dry-run")
    missing = not path.exists()
    signed = terminal.json("receive", *lot, "--sign", path, "--account", RETAILER)
    quiet = node.w3.eth.block_number == before
    handed = thrice("ship", "--receipt", path, "--account", DISTRIBUTOR)

    assert (planned["sent"], missing, signed["sent"], quiet) == (False, True, False, True)
    assert handed["to"] == who(RETAILER)
    assert spans(terminal, goods["A"])[1] == (4, 11, who(RETAILER))


def test_ship__receipt_that_was_changed__is_refused(refused, terminal, goods):
    path = terminal.folder / "changed.json"
    lot = ("--batch", goods["A"], "--first", "4")
    terminal.json("receive", *lot, "--sign", path, "--account", SHOPPER)
    path.write_text(path.read_text().replace('"size": 8', '"size": 7'))

    said = refused("ship", "--receipt", path, "--account", RETAILER)

    assert "is not as" in said


def test_receive__fewer_items__records_the_discrepancy(terminal, goods, who):
    lot, note = ("--batch", goods["A"], "--first", "0"), terminal.folder / "note.txt"
    note.write_text("一件破损")
    terminal.json("ship", *lot, "--to", who(DISTRIBUTOR), "--account", BRAND)

    received = terminal.run(
        *("receive", *lot, "--counted", "3", "--note", note, "--account", DISTRIBUTOR)
    )

    assert received.code == 0, received.err
    assert "应收 4，实收 3" in " ".join(received.out.split())
    shown = terminal.json("lot", "show", "--batch", goods["A"])["lots"]
    assert [lot["hasDiscrepancy"] for lot in shown] == [True, False]


def test_lot_history__item__is_told_in_order(terminal, goods, who):
    told = terminal.json("lot", "history", "--batch", goods["A"], "--item", "5")

    assert [step["step"] for step in told["steps"]] == [
        *("split", "shipped", "received", "shipped", "cancelled", "received")
    ]
    assert told["steps"][-1]["to"] == who(RETAILER)


def test_pallet__packed_shipped_received_unpacked__moves_its_lots(thrice, terminal, goods, who):
    terminal.json(
        "lot", "split", "--batch", goods["B"], "--at", "4", "--at", "8", "--account", BRAND
    )
    lots = [f"{goods['B']}:{first}" for first in (0, 8)]

    thrice("lot", "pack", *lots, "--sscc", SSCC, "--account", BRAND)
    thrice("ship", "--sscc", SSCC, "--to", who(DISTRIBUTOR), "--account", BRAND)
    received = thrice("receive", "--sscc", SSCC, "--account", DISTRIBUTOR)
    thrice(*("lot", "unpack", "--sscc", SSCC, "--packer", who(BRAND), "--account", DISTRIBUTOR))

    assert [lot["first"] for lot in received["lots"]] == [0, 8]
    assert [holder for _, _, holder in spans(terminal, goods["B"])] == [
        *(who(DISTRIBUTOR), who(BRAND), who(DISTRIBUTOR))
    ]


def test_pallet__bad_input__is_said(refused, goods, who):
    account = ("--account", BRAND)

    assert "check digit" in refused("ship", "--sscc", SSCC[:-1] + "9", "--cancel", *account)
    assert "no packed pallet" in refused("ship", "--sscc", SSCC, "--cancel", *account)
    assert "0 pallets" in refused("receive", "--sscc", SSCC, *account)
    assert "names no lot" in refused("lot", "pack", goods["B"], "--sscc", SSCC, *account)


def test_lot_merge__neighbours__become_one(thrice, terminal, goods, who):
    lot = ("--batch", goods["B"])
    for first in ("0", "8"):
        terminal.json("ship", *lot, "--first", first, "--to", who(BRAND), "--account", DISTRIBUTOR)
        terminal.json("receive", *lot, "--first", first, "--account", BRAND)

    thrice("lot", "merge", *lot, "--first", "0", "--second", "4", "--account", BRAND)

    assert spans(terminal, goods["B"]) == [(0, 7, who(BRAND)), (8, 11, who(BRAND))]


def test_authorize_seller__territory__is_committed_to_and_revoked(thrice, terminal, who):
    path = terminal.folder / "territory.json"
    seller = ("--seller", who(RETAILER), "--account", BRAND)
    terms = ("--until", "2090-01-01", "--territory", "福建省", "--territory-file", path)

    given = thrice("authorize_seller", *seller, *terms)
    plain = thrice(
        "authorize_seller", "--seller", who(SHOPPER), "--until", "2090-01-01", *seller[2:]
    )
    ended = thrice("authorize_seller", "--seller", who(SHOPPER), "--revoke", *seller[2:])

    assert json.loads(path.read_text())["territory"] == "福建省"
    assert given["validTo"] == "2090-01-01 00:00:00+00:00"
    assert int(given["territory"], 16) != 0 == int(plain["territory"], 16)
    assert ended["validTo"] != plain["validTo"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "say until when"),
        (("--until", "soon"), "is no time"),
        (("--until", "2020-01-01"), "is past"),
        (("--until", "2090-01-01", "--territory", "浙江省"), "needs its --territory-file"),
    ],
)
def test_authorize_seller__bad_input__is_said(refused, who, options, sentence):
    said = refused("authorize_seller", "--seller", who(RETAILER), "--account", BRAND, *options)

    assert sentence in said


def test_report_diversion__scans__become_anchored_evidence(thrice, terminal, goods, proof, who):
    file, folder = proof("A"), terminal.folder
    seen = ("--proof", file, "--seller", who(RETAILER), "--account", BRAND)
    terminal.json("report_diversion", "scan", *seen, "--place", "杭州", "--out", folder / "1.json")
    terminal.json("report_diversion", "scan", *seen, "--place", "上海", "--out", folder / "2.json")
    bundle = folder / "evidence.json"

    built = terminal.json(
        *("report_diversion", "build", folder / "1.json", folder / "2.json", "--proof", file),
        *("--territory-file", folder / "territory.json", "--out", bundle, "--account", BRAND),
    )
    before = terminal.json("report_diversion", "check", bundle)
    thrice("report_diversion", "anchor", bundle, "--account", BRAND)
    after = terminal.json("report_diversion", "check", bundle)

    assert (built["scans"], built["steps"], built["sent"]) == (2, 6, False)
    assert before["anchored"] == []
    assert len(after["anchored"]) == 1


def test_report_diversion__changed_evidence__is_refused(refused, terminal):
    bundle, changed = terminal.folder / "evidence.json", terminal.folder / "changed.json"
    text = bundle.read_text()

    changed.write_text(text.replace("杭州", "北京"))
    assert "北京" in refused("report_diversion", "anchor", changed, "--account", BRAND)
    changed.write_text(json.dumps(json.loads(text)))
    assert "RFC 8785" in refused("report_diversion", "check", changed)
    assert "cannot read" in refused("report_diversion", "check", terminal.folder / "no.json")


def test_report_diversion__not_the_brand__is_refused(refused, terminal, proof, who):
    seen = ("--proof", proof("A"), "--seller", who(RETAILER), "--account", SHOPPER)
    one, bundle = terminal.folder / "3.json", terminal.folder / "other.json"
    terminal.json("report_diversion", "scan", *seen, "--place", "x", "--out", one)
    terminal.json(
        *("report_diversion", "build", one, *seen[:2], "--out", bundle, "--account", SHOPPER)
    )

    said = refused("report_diversion", "anchor", bundle, "--account", SHOPPER)

    assert "weilian/inspect" in said


def claim(terminal, goods, lot, who, *options):
    folder = BatchFolder.load(goods[lot])
    seed = BrandSeed.load(terminal.folder / "seed.age", PASSPHRASE)
    code = item_code(folder.secret(seed), f"{lot}005")
    label = terminal.folder / "label.txt"
    label.write_text(f"https://id.gs1.org/01/09521234001010/10/LOT-{lot}/21/{lot}005#{code}")
    place = ("--batch", goods[lot], "--seed", terminal.folder / "seed.age", "--label", label)
    return terminal.json("claim", *place, "--issuer", who(BRAND), "--account", SHOPPER, *options)


def test_claim__item_from_the_trade__is_the_shoppers(terminal, goods, who):
    planned = claim(terminal, goods, "A", who, "--dry-run")
    claimed = claim(terminal, goods, "A", who)
    again = claim(terminal, goods, "A", who)

    assert (planned["sent"], claimed["sent"], again["sent"]) == (False, True, False)
    assert (claimed["owner"], again["verdict"]) == (who(SHOPPER), "CLAIMED_BY_YOU")


def test_transfer_item__reported__changes_hands_when_it_is_found(
    thrice, terminal, proof, who, refused
):
    item = ("--proof", proof("A"), "--account", SHOPPER)

    lost = thrice("transfer_item", *item, "--report", "lost")
    said = refused("transfer_item", *item, "--to", who(RELAYER))
    found = terminal.json("transfer_item", *item, "--report", "found")
    given = thrice("transfer_item", *item, "--to", who(RELAYER))

    assert (lost["flags"], found["flags"]) == (["LOST"], [])
    assert "is reported lost or stolen" in said
    assert given["owner"] == who(RELAYER)


def test_transfer_item__signed__is_sent_by_another(thrice, terminal, goods, who):
    path = terminal.folder / "act.json"
    item = ("--batch", goods["A"], "--index", "5", "--report", "destroyed")

    planned = terminal.json(
        "transfer_item", *item, "--sign", path, "--account", RELAYER, "--dry-run"
    )
    missing = not path.exists()
    signed = terminal.json("transfer_item", *item, "--sign", path, "--account", RELAYER)
    done = thrice("transfer_item", "--send", path, "--account", BRAND)

    assert (planned["sent"], missing, signed["sent"]) == (False, True, False)
    assert (done["owner"], done["flags"]) == (who(RELAYER), ["DESTROYED"])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--report", "lost"), "name the item"),
        (("--index", "5"), "either --to ADDRESS or --report"),
        (("--index", "6", "--report", "lost"), "is not claimed"),
        (("--index", "5", "--report", "lost"), "was destroyed"),
        (("--send", "none.json"), "cannot read the signed act"),
    ],
)
def test_transfer_item__bad_input__is_said(refused, goods, options, sentence):
    said = refused("transfer_item", "--batch", goods["A"], *options, "--account", SHOPPER)

    assert sentence in said


def test_lots__all_over__cover_their_batches(terminal, goods, node):
    suite = Suite.load(Chain(node.w3), terminal.folder / "deployments")
    custody = Custody(suite)

    for lot in goods:
        identifier = bytes.fromhex(batch_id(goods, lot)[2:])
        covered = [range(each.first, each.last + 1) for each in custody.lots(identifier)]
        assert [index for part in covered for index in part] == list(range(COUNT))
