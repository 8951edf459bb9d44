"""Each script once, as a brand, a distributor, a buyer and a shopper run them, on one Anvil node.

The tests build on each other in the order of the file.
"""

import json
import re
import signal
import time

import pytest

from tests.integration.conftest import PASSPHRASE, ROOT, TIMEOUT, ape_run
from weilian.batch_folder import BatchFolder
from weilian.deployments import CONTRACTS, WIRING
from weilian.epcis import EpcisDocument, cid_v1, event_hash
from weilian.keys import BrandSeed, label_key
from weilian.merkle import ItemProof
from weilian.merkle.carton_proof import CartonProof
from weilian.merkle.tiles import TileReader, folder_fetch
from weilian.sealed import open_sealed

pytestmark = pytest.mark.anvil

BRAND, SHOPPER = "TEST::2", "TEST::5"
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def brand(node):
    return node.accounts[2]


@pytest.fixture(scope="module")
def batch(terminal, node):
    name = "09521234001010-WYYC-20260425-B"
    return terminal.folder / "batches" / str(node.w3.eth.chain_id) / name


@pytest.fixture(scope="module")
def label(terminal, batch):
    """The hidden label of item 3, as a scanner would hand it over."""
    seed = BrandSeed.load(terminal.folder / "seed.age", PASSPHRASE)
    key = label_key(BatchFolder.load(batch).secret(seed))
    table = open_sealed(batch / "inner-labels" / "00001.csv.age", key).decode()
    path = terminal.folder / "label.txt"
    path.write_text(table.splitlines()[4].split(",")[3])
    return path


def test_deploy__interrupted__is_resumed(terminal):
    records = terminal.folder / "deployments"
    process = ape_run("deploy", "--deployments", records, "--network", terminal.network)
    while "3 ProvenanceRegistry  " not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    [path] = records.glob("*.json")
    before = json.loads(path.read_text())["contracts"]

    document = terminal.json("deploy")

    assert process.returncode == 130
    assert "Run the same command again" in err
    assert 3 <= len(before) < len(CONTRACTS)
    assert len(document["contracts"]) == len(CONTRACTS)
    assert {name: document["contracts"][name] for name in before} == before
    assert set(document["wiring"]) == {*WIRING}


def test_register_batch__example__writes_files_and_registers(terminal, batch, brand):
    result = register(terminal)

    assert (result["sent"], result["items"], result["issuer"]) == (True, 40, brand)
    assert result["transactions"][0]["gas"] <= 85_000
    assert len((batch / "outer-labels.csv").read_text().splitlines()) == 41


def test_register_batch__again__sends_nothing(terminal):
    assert register(terminal)["sent"] is False


def register(terminal, items=EXAMPLES / "tea" / "recalled.csv", *options):
    place = seed_and_out(terminal)
    return terminal.json("register_batch", items, "--account", BRAND, *place, *options)


def seed_and_out(terminal):
    folder = terminal.folder
    return ("--seed", folder / "seed.age", "--out", folder / "batches")


SPEC = """
gtin: "9521234001010"
lot: DRAWN-1
count: 300
expiry_date: 2029-05-19
"""


def test_register_batch__description__draws_serials_and_resumes_to_the_same(terminal, tmp_path):
    spec = tmp_path / "batch.yaml"
    spec.write_text(SPEC)

    planned = register(terminal, spec, "--dry-run")
    first = register(terminal, spec, "--code-length", "16", "--workers", "1")
    again = register(terminal, spec, "--code-length", "16")

    assert (planned["sent"], planned["items"]) == (False, 300)
    assert (first["sent"], again["sent"]) == (True, False)
    assert first["root"] == again["root"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--code-length", "12"), "has 12 characters (60 bits); it must have 16 to 51"),
        (("--code-length", "9", "--allow-short-codes"), "it must have 10 to 51"),
        (("--recipient", "age1x"), "'age1x' is no age recipient"),
        (("--recipient", "age1x", "--dry-run"), "'age1x' is no age recipient"),
        (("--domain", "bad domain", "--dry-run"), "'bad domain'"),
        (("--scheduler", "tcp://10.0.0.5:8786"), "would cross the network unencrypted"),
        (("--scheduler", "127.0.0.1"), "must look like tcp://"),
        (("--document", "none.pdf"), "none.pdf"),
    ],
)
def test_register_batch__bad_option__is_said_and_nothing_is_sent(terminal, options, message):
    items = EXAMPLES / "tea" / "items.csv"

    done = terminal.run(
        "register_batch", items, "--account", BRAND, *seed_and_out(terminal), *options
    )

    assert done.code == 1
    assert message in done.err
    assert "Traceback" not in done.err


def test_prove__item_carton_tiles_and_dump__lead_to_the_root(terminal, batch, tmp_path):
    folder, root = BatchFolder.load(batch), BatchFolder.load(batch).record.root
    serial, seed = folder.tree().serials[3], ("--seed", terminal.folder / "seed.age")

    runs = [
        terminal.offline("prove", "items", batch, serial, *seed, "--out", tmp_path),
        terminal.offline("prove", "carton", batch, "0", "23", *seed, "--out", tmp_path / "c.json"),
        terminal.offline("prove", "tiles", batch, tmp_path / "tiles"),
        terminal.offline("prove", "dump", batch, tmp_path / "dump.json", *seed),
        terminal.offline("prove", "check", batch, *seed, "--json"),
    ]

    assert [run.code for run in runs] == [0] * 5, [run.err for run in runs]
    item = ItemProof.from_json((tmp_path / "3.proof.json").read_bytes())
    carton = CartonProof.from_json((tmp_path / "c.json").read_bytes())
    item.check()
    carton.check()
    reader = TileReader(folder_fetch(tmp_path / "tiles"), root, 6)
    assert tuple(reader.proof(3)) == item.proof
    assert json.loads((tmp_path / "dump.json").read_text())["tree"][0] == f"0x{root.hex()}"
    assert (runs[-1].document["items"], runs[-1].document["leavesChecked"]) == (40, True)


def test_labels__outer_and_inner__are_written_and_the_inner_ones_sealed(terminal, batch, tmp_path):
    seed = ("--seed", terminal.folder / "seed.age")

    planned = terminal.offline("labels", batch, "--out", tmp_path / "none", "--dry-run", "--json")
    outer = terminal.offline("labels", batch, "--out", tmp_path / "outer", "--json")
    inner = terminal.offline(
        "labels", batch, "--kind", "inner", *seed, "--out", tmp_path / "inner", "--json"
    )

    assert (planned.document["written"], (tmp_path / "none").exists()) == (False, False)
    assert outer.document["files"] == ["sheets-00001.pdf"]
    assert (tmp_path / "outer" / "sheets-00001.pdf").read_bytes().startswith(b"%PDF")
    assert inner.document["files"] == ["sheets-00001.pdf.age"]
    assert (tmp_path / "inner" / "sheets-00001.pdf.age").read_bytes().startswith(b"age-encryption")


def test_register_batch_and_labels__many_items_in_a_shell__are_done_by_several_processes(
    terminal, tmp_path, monkeypatch
):
    monkeypatch.setenv("WEILIAN_PASSPHRASE", PASSPHRASE)
    spec = tmp_path / "batch.yaml"
    spec.write_text(SPEC.replace("300", "65600").replace("DRAWN-1", "MANY-1"))
    chain = ("--network", terminal.network, "--deployments", terminal.folder / "deployments")

    built = ape_run(
        *("register_batch", spec, *chain, "--account", BRAND, *seed_and_out(terminal)),
        *("--workers", "2", "--json"),
    )
    out, err = built.communicate(timeout=TIMEOUT)
    assert built.returncode == 0, err
    drawn = ape_run(
        *("labels", json.loads(out)["folder"], "--items", "0-1499", "--workers", "2"),
        *("--out", tmp_path / "labels", "--json"),
    )
    labels, err = drawn.communicate(timeout=TIMEOUT)

    assert json.loads(out)["items"] == 65_600
    assert drawn.returncode == 0, err
    assert json.loads(labels)["files"] == ["sheets-00001.pdf", "sheets-00002.pdf"]


def test_trace__again_with_more__appends_only_what_is_new(terminal, batch):
    documents = sorted((EXAMPLES / "tea" / "epcis").glob("*.jsonld"))
    options = ("--batch", batch, "--account", BRAND)

    first = terminal.json("trace", *documents[:2], *options)
    second = terminal.json("trace", *documents[:3], *options)
    third = terminal.json("trace", *documents[:3], *options)

    assert first["count"] == len(first["events"])
    assert second["count"] == len(first["events"]) + len(second["events"])
    assert (third["sent"], third["events"]) == (False, [])


def test_trace__strict_with_store__keeps_documents_under_their_address(terminal, batch, tmp_path):
    path = EXAMPLES / "tea" / "epcis" / "01-production.jsonld"
    options = ("--batch", batch, "--account", BRAND, "--strict", "--store", tmp_path)

    done = terminal.json("trace", path, *options)

    [file] = tmp_path.iterdir()
    hashes = [event_hash(event) for event in EpcisDocument.read(path).events]
    assert (done["sent"], done["stored"]) == (False, [file.stem])
    assert cid_v1(file.read_bytes()) == file.stem
    assert [event_hash(event) for event in EpcisDocument.read(file).events] == hashes


@pytest.mark.parametrize("strict", [True, False])
def test_trace__event_id_of_another_event__is_told_and_with_strict_refused(
    terminal, batch, tmp_path, strict
):
    document = json.loads((EXAMPLES / "tea" / "epcis" / "01-production.jsonld").read_text())
    claimed = f"ni:///sha-256;{'0' * 64}?ver=CBV2.0"
    document["epcisBody"]["eventList"][0]["eventID"] = claimed
    (tmp_path / "d.jsonld").write_text(json.dumps(document))
    options = ("--batch", batch, "--account", BRAND, "--dry-run", *["--strict"] * strict)

    done = terminal.run("trace", tmp_path / "d.jsonld", *options)

    assert done.code == strict
    assert claimed in " ".join((done.err + done.out).split())
    assert "must be the hash of the event" in " ".join((done.err + done.out).split())


def test_campaign_and_claim__hidden_label__makes_the_shopper_owner(
    terminal, node, batch, brand, label
):
    record = json.loads((batch / "batch.json").read_text())
    campaign = ("--kind", "claim", "--subject", record["batch_id"])
    place = ("--batch", batch, "--seed", terminal.folder / "seed.age")
    options = (*place, "--label", label, "--issuer", brand, "--account", SHOPPER)

    opened = terminal.json("campaign", "open", *campaign, "--rate", "5", "--budget", "100")
    claimed = terminal.json("claim", *options)
    again = terminal.json("claim", *options)
    closed = terminal.json("campaign", "close", *campaign)

    assert opened["sent"]
    assert closed["sent"]
    assert (claimed["sent"], claimed["owner"]) == (True, node.accounts[5])
    assert int(claimed["reward"]) == 5 * 10**18
    assert (again["sent"], again["verdict"]) == (False, "CLAIMED_BY_YOU")


def test_verify__outer_hidden_and_proof_file__agree(terminal, node, batch, brand, label):
    proof = terminal.folder / "proof.json"
    link = label.read_text().split("#")[0]

    place = ("--batch", batch, "--seed", terminal.folder / "seed.age")
    outer = terminal.json("verify", link, *place, "--save-proof", proof)
    hidden = terminal.json(
        "verify",
        "--label",
        label,
        "--proof",
        proof,
        "--issuer",
        brand,
        "--viewer",
        node.accounts[5],
    )

    assert (outer["verdict"], hidden["verdict"]) == ("ALREADY_CLAIMED", "CLAIMED_BY_YOU")
    assert outer["traceCount"] == hidden["traceCount"] > 0


def test_recall__notice__changes_the_verdict(terminal, batch, label):
    notice = terminal.folder / "notice.txt"
    notice.write_text("召回公告")

    recalled = terminal.json("recall", "--batch", batch, "--notice", notice, "--account", BRAND)
    place = ("--batch", batch, "--seed", terminal.folder / "seed.age")
    seen = terminal.json("verify", label.read_text().split("#")[0], *place)

    assert recalled["sent"]
    assert seen["verdict"] == "RECALLED"


def test_secrets__are_nowhere_in_the_clear(terminal, label):
    code = label.read_text().split("#")[1]
    label.unlink()

    for path in terminal.folder.rglob("*"):
        assert path.is_dir() or code.encode() not in path.read_bytes(), path
        assert not re.search(PASSPHRASE.encode(), path.read_bytes() if path.is_file() else b"")


def test_verify__node_gone__is_no_verdict(batch):
    started = time.monotonic()

    link = "https://id.gs1.org/01/09521234001010/10/X/21/Y"
    process = ape_run(
        "verify", link, "--batch", batch, "--network", "ethereum:local:http://127.0.0.1:9"
    )
    out, err = process.communicate(timeout=TIMEOUT)

    assert process.returncode != 0
    assert "GENUINE" not in out + err
    assert "Traceback" not in out + err
    assert time.monotonic() - started < 60
