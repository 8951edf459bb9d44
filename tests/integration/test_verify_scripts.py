"""`verify`, `verify_availability` and `prove linkset` as a shopper and a brand run them."""

import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from benchmarks.node import anvil
from tests.integration.conftest import ROOT
from tests.support.dns_server import answering, udp_server
from tests.support.provenance_world import DAY, DOCUMENT, DOCUMENT_TEXT, GTIN, ProvenanceWorld
from tests.support.rpc_proxy import honest, refusing, rpc_proxy
from tests.support.web_server import web_server
from weilian.batch_folder import BatchPlace, write_batch_folder
from weilian.batchfile import read_batch_file
from weilian.epcis import EpcisDocument, event_hash
from weilian.gs1 import DigitalLink, Lot, Serial
from weilian.hashing import keccak256
from weilian.keys import BrandSeed
from weilian.merkle.tiles import write_tiles
from weilian.provenance.terms import NoticeKind, OwnerAct

pytestmark = pytest.mark.anvil

NOTE = b"\6" * 32
TEA = ROOT / "examples" / "tea"
ELSEWHERE = "0x" + "66" * 20


@dataclass
class Counter:
    """A shopper's table: the world outside, and the files on it."""

    world: ProvenanceWorld
    folder: Path
    terminal: object
    stack: ExitStack

    def proof_file(self, proof=None, name="proof.json"):
        path = self.folder / name
        (proof or self.world.proof()).save(path)
        return path

    def label(self, serial="A1", code=None, name="label.txt"):
        """The hidden label of an item, with its own code or another text."""
        link = DigitalLink(GTIN, Lot(self.world.lot), Serial(serial))
        path = self.folder / name
        path.write_text(link.with_code(code or self.world.code(serial)))
        return path

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def state(self):
        """A state proof of the item as it is now, and the hash of its block."""
        path = self.folder / "state.json"
        done = self.verify("--proof", self.proof_file(), "--save-state", path)
        return path, done["stateBlock"]

    def run(self, *options):
        return self.terminal.run("verify", *options, "--json")

    def verify(self, *options):
        done = self.run(*options)
        assert done.code == 0, done.err
        return done.document

    def scan(self, *options):
        """Ask with everything that makes a good item genuine; later options win."""
        good = ("--proof", self.proof_file(), "--label", self.label(name="right.txt"))
        return self.run(*good, "--issuer", self.world.brand, *options)

    def node_behind(self, alter):
        """The URL of a second node that says something else than the first."""
        return self.stack.enter_context(rpc_proxy(self.world.node.url, alter))


@pytest.fixture(scope="module")
def deployed(node, terminal):
    return ProvenanceWorld.deploy(node, terminal.folder / "deployments")


@pytest.fixture
def counter(deployed, terminal, tmp_path):
    snapshot = deployed.snapshot()
    deployed.register()
    with ExitStack() as stack:
        yield Counter(deployed, tmp_path, terminal, stack)
    deployed.revert(snapshot)


def recall(world, kind=NoticeKind.RECALL):
    world.send("provenance", "recall", world.batch, 0, 4, kind, NOTE)


def report_lost(world):
    world.send(
        "items", "act", world.claim(), OwnerAct.REPORT_LOST, world.shopper, sender=world.shopper
    )


def deactivate(world):
    world.send("identities", "changeOwner", world.brand, "0x" + "00" * 20)


def ship(world):
    world.send("custody", "shipLot", world.batch, 0, world.distributor)


def lie_about_calls(method, params, result):
    """Change the last byte of what contracts answer at length."""
    return f"{result[:-2]}01" if method == "eth_call" and len(result) > 500 else result


def lie_about_blocks(method, params, result):
    if method != "eth_getBlockByNumber" or int(result["number"], 16) == 0:
        return result
    return result | {"hash": f"0x{'77' * 32}"}


def lag(method, params, result):
    """Give the first block for the newest one."""
    is_head = method == "eth_getBlockByNumber" and params[0] == "latest"
    return result | {"timestamp": hex(int(result["timestamp"], 16) - 700)} if is_head else result


def other_chain(counter):
    return ("--second-rpc", counter.stack.enter_context(anvil()).url)


def with_proof(**changes):
    def prepare(counter):
        changed = replace(counter.world.proof(), **changes)
        return ("--proof", counter.proof_file(changed, "changed.json"))

    return prepare


def after(happen):
    """What the chain says when something has happened."""

    def prepare(counter):
        happen(counter.world)
        return ()

    return prepare


def cut(counter):
    text = counter.world.proof().to_json()
    return ("--proof", counter.file("cut.json", text[: len(text) // 2]))


def tiles_of_another_tree(counter):
    tree, other = counter.world.tree, counter.folder / "tiles"
    counter.world.register()
    tree, mine = counter.world.tree, tree
    write_tiles(other, mine.levels.__getitem__, mine.depth, mine.count)
    return ("--proof", counter.proof_file(), "--label", counter.label(), "--tiles", other)


def by_state(*options, edit=lambda text: text, block=None):
    """Ask by a state proof of now, edited or for another block, and no node."""

    def prepare(counter):
        path, trusted = counter.state()
        path.write_text(edit(path.read_text()))
        return ("--state", path, "--trusted-block", block or trusted, *options)

    return prepare


def second(alter):
    return lambda counter: ("--second-rpc", counter.node_behind(alter))


LONG = ("--max-age", 10**7)
GENUINE = {
    "by one node": lambda _: (),
    "by two nodes": second(honest),
    "by a state proof": by_state(*LONG),
    "goods in trade": after(ship),
    "lot given": lambda _: ("--lot", 0),
}
VERDICTS = {
    "claimed": (after(lambda w: w.claim()), "ALREADY_CLAIMED"),
    "recalled": (after(recall), "RECALLED"),
    "suspended": (after(lambda w: recall(w, NoticeKind.SUSPENSION)), "SUSPENDED"),
    "expired": (after(lambda w: w.pass_time(11 * DAY)), "EXPIRED"),
    "lost": (after(report_lost), "LOST_OR_STOLEN"),
    "deactivated": (after(deactivate), "ISSUER_REVOKED"),
    "not activated": (after(lambda w: w.register(active=False)), "REGISTERED NOT_ACTIVATED"),
    "code of another item": (lambda c: ("--label", c.label(code=c.world.code("B2"))), "UNKNOWN"),
    "issuer other than the brand": (lambda _: ("--issuer", ELSEWHERE), "UNKNOWN OTHER_ISSUER"),
    "proof of another chain": (with_proof(chain_id=1), "UNKNOWN OTHER_CHAIN"),
    "proof for another registry": (with_proof(registry=ELSEWHERE), "UNKNOWN OTHER_REGISTRY"),
    "proof of another index": (with_proof(index=1), "UNKNOWN PROOF_DAMAGED"),
    "proof without its path": (with_proof(proof=()), "UNKNOWN PROOF_DAMAGED"),
    "proof with another key": (with_proof(claim_key=ELSEWHERE), "UNKNOWN PROOF_DAMAGED"),
    "old state proof": (by_state(), "REGISTERED STATE_OLD"),
}
ERRORS = {
    "no code at all": (lambda c: ("--label", c.file("l", "no link")), "no link"),
    "label without code": (
        lambda c: ("--label", c.file("l", str(DigitalLink(GTIN, serial=Serial("A1"))))),
        "the label has no hidden code",
    ),
    "code that cannot be one": (lambda c: ("--label", c.label(code="????")), "code"),
    "label of another item": (lambda c: ("--label", c.label("B2")), "proof of another item"),
    "proof file cut off": (cut, "item proof"),
    "proof file missing": (lambda c: ("--proof", c.folder / "none"), "cannot read"),
    "tiles of another tree": (tiles_of_another_tree, "does not lead to"),
    "no tiles": (lambda c: ("--tiles", c.folder / "none"), "cannot be read"),
    "second node of another chain": (other_chain, "choose"),
    "second node answers otherwise": (second(lie_about_calls), "differ in"),
    "second node has another block": (second(lie_about_blocks), "differ in the hash of block"),
    "second node lags": (second(lag), "second node is 11.7 minutes behind"),
    "second node is none": (lambda _: ("--second-rpc", "ws://x/SECRET"), "must begin with http"),
    "second node is away": (lambda _: ("--second-rpc", "http://127.0.0.1:1/SECRET"), "answer"),
    "node is stale": (lambda _: ("--max-age", 10), "more than 10 minutes apart"),
    "state proof of another block": (by_state(*LONG, block=f"0x{'11' * 32}"), "the trusted one is"),
    "state proof cut off": (by_state(*LONG, edit=lambda text: text[:999]), "state proof"),
    "state proof without a node": (
        by_state(*LONG, edit=lambda text: text.replace("0xf9", "0xf8", 2)),
        "state proof",
    ),
    "state proof without a trusted block": (
        lambda c: ("--state", c.state()[0]),
        "--state and --trusted-block go together",
    ),
}


@pytest.mark.parametrize("case", GENUINE)
def test_verify__everything_right__is_genuine(counter, case):
    options = GENUINE[case](counter)

    done = counter.scan(*options)

    assert done.code == 0, done.err
    assert done.document["verdict"] == "GENUINE_FIRST_CLAIM"


@pytest.mark.parametrize("case", VERDICTS)
def test_verify__anything_wrong__has_its_own_verdict_and_is_never_genuine(counter, case):
    prepare, expected = VERDICTS[case]
    options = prepare(counter)
    verdict, *reasons = expected.split()

    done = counter.scan(*options)

    assert done.code == 0, done.err
    assert done.document["verdict"] == verdict
    assert {*reasons} <= {*done.document["reasons"]}


@pytest.mark.parametrize("case", ERRORS)
def test_verify__what_cannot_be_asked__is_an_error_in_one_sentence(counter, case):
    prepare, message = ERRORS[case]
    options = prepare(counter)

    done = counter.scan(*options)

    assert done.code == 1
    assert message in done.err
    assert "Traceback" not in done.err + done.out
    assert "SECRET" not in done.err + done.out
    assert "GENUINE" not in done.out


def test_verify__no_issuer_named__is_not_genuine(counter):
    done = counter.verify("--proof", counter.proof_file(), "--label", counter.label())

    assert done["verdict"] == "REGISTERED"
    assert "ISSUER_NOT_CHECKED" in done["reasons"]


def test_verify__proof_file_alone__tells_all_about_the_item(counter):
    world = counter.world
    ship(world)

    done = counter.verify("--proof", counter.proof_file())

    assert (done["verdict"], done["issuer"]) == ("IN_TRADE", world.brand)
    assert done["custody"]["offeredTo"] == world.distributor
    assert (done["custody"]["first"], done["custody"]["size"]) == (0, 5)
    assert (done["batch"]["lot"], done["batch"]["itemCount"]) == (world.lot, 5)


@pytest.mark.parametrize("in_folder", [True, False])
def test_verify__path_from_tiles__is_as_good_as_the_proof_files(counter, in_folder):
    tree, folder = counter.world.tree, counter.folder / "tiles"
    write_tiles(folder, tree.levels.__getitem__, tree.depth, tree.count)
    files = {
        f"/t/{p.relative_to(folder)}": p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    site = counter.stack.enter_context(web_server(files))
    bare = counter.proof_file(replace(counter.world.proof(), proof=()), "bare.json")

    done = counter.scan("--proof", bare, "--tiles", folder if in_folder else f"{site.url}/t")

    assert done.document["verdict"] == "GENUINE_FIRST_CLAIM"


def test_verify__node_without_logs__stands_without_the_lot(counter):
    world = counter.world
    world.send("custody", "splitLot", world.batch, 0, 3)
    network = f"ethereum:local:{counter.node_behind(refusing('eth_getLogs'))}"
    quiet = replace(counter.terminal, network=network)

    done = quiet.json("verify", "--proof", counter.proof_file(world.proof("E5")))

    assert (done["verdict"], done["custody"]) == ("REGISTERED", None)
    assert done["reasons"] == ["LOT_WRONG"]


def test_verify__node_without_proofs__says_so(counter):
    network = f"ethereum:local:{counter.node_behind(refusing('eth_getProof'))}"
    quiet = replace(counter.terminal, network=network)

    done = quiet.run("verify", "--proof", counter.proof_file(), "--save-state", "never.json")

    assert done.code == 1
    assert "eth_getProof is not available" in done.err


@pytest.fixture
def documents(counter):
    """Three EPCIS documents, anchored, the third as a correction of the first event."""
    paths = sorted((TEA / "epcis").glob("*.jsonld"))[:3]
    hashes = [[event_hash(e) for e in EpcisDocument.read(path).events] for path in paths]
    world, [corrected] = counter.world, hashes[2][:1]
    anchored = hashes[0] + hashes[1]
    world.send("provenance", "appendTrace", world.batch, 0, anchored)
    place = (world.batch, len(anchored), 0, corrected)
    world.send("provenance", "correctTrace", *place)
    if hashes[2][1:]:
        world.send("provenance", "appendTrace", world.batch, len(anchored) + 1, hashes[2][1:])
    return paths


def story(counter, *options):
    return counter.verify("--proof", counter.proof_file(), *options)["story"]


@pytest.mark.parametrize("has_logs", [True, False])
def test_verify__documents__are_whole_and_show_the_correction(counter, documents, has_logs):
    alter = honest if has_logs else refusing("eth_getLogs")
    terminal = replace(counter.terminal, network=f"ethereum:local:{counter.node_behind(alter)}")
    options = [part for path in documents for part in ("--documents", path)]

    told = terminal.json("verify", "--proof", counter.proof_file(), *options)["story"]

    assert (told["isWhole"], told["isOrdered"]) == (True, True)
    assert told["events"][0]["correctedBy"] is not None
    assert told["events"][told["events"][0]["correctedBy"]]["corrects"] == 0


def test_verify__document_left_out_and_a_foreign_one__are_named(counter, documents):
    foreign = sorted((TEA / "epcis").glob("*.jsonld"))[4]

    told = story(counter, "--documents", documents[0], "--documents", foreign)

    assert not told["isWhole"]
    assert {each["document"] for each in told["foreign"]} == {foreign.name}
    assert len(told["missing"]) + len(told["events"]) > len(told["events"])


def test_verify__documents_by_a_state_proof__need_no_node(counter):
    path = sorted((TEA / "epcis").glob("*.jsonld"))[0]
    hashes = [event_hash(event) for event in EpcisDocument.read(path).events]
    counter.world.send("provenance", "appendTrace", counter.world.batch, 0, hashes)

    done = counter.scan(*by_state(*LONG)(counter), "--documents", path)

    assert done.document["story"]["isWhole"]
    assert done.document["traceCount"] == len(hashes)


def record_of(world):
    return f"erc-7529.{world.suite.chain.chain_id}._domaincontracts.tea.example"


@pytest.mark.parametrize(
    ("in_dns", "on_chain", "bond"),
    [
        (True, True, "BOUND"),
        (True, False, "ONLY_DNS"),
        (False, True, "ONLY_CHAIN"),
        (False, False, "NONE"),
    ],
)
def test_verify__domain__is_bound_only_both_ways(counter, in_dns, on_chain, bond):
    world = counter.world
    if on_chain:
        world.send("provenance", "addDomain", world.brand, "tea.example")
    named = world.suite.provenance.address if in_dns else ELSEWHERE
    resolver = counter.stack.enter_context(udp_server(answering({record_of(world): [named]})))

    done = counter.verify(
        "--proof", counter.proof_file(), "--domain", "Tea.example", "--resolver", resolver
    )

    assert done["domain"] == {"domain": "tea.example", "bond": bond, "contracts": [named]}


def test_verify__domain_bound_by_another_issuer__is_only_in_dns(counter):
    world = counter.world
    world.send(
        "provenance", "addDomain", world.distributor, "tea.example", sender=world.distributor
    )
    records = {record_of(world): [world.suite.provenance.address]}
    resolver = counter.stack.enter_context(udp_server(answering(records)))

    done = counter.verify(
        "--proof", counter.proof_file(), "--domain", "tea.example", "--resolver", resolver
    )

    assert done["domain"]["bond"] == "ONLY_DNS"


def test_verify__resolver_that_is_away__leaves_the_domain_unknown(counter):
    with udp_server(answering({})) as resolver:
        pass

    done = counter.verify(
        "--proof", counter.proof_file(), "--domain", "tea.example", "--resolver", resolver
    )

    assert done["domain"]["bond"] == "UNKNOWN"


@pytest.fixture
def published(counter):
    """A manifest of two notices, the second lifted, and where they are."""
    world, texts = counter.world, {"n0": b"recall", "n1": b"lifted"}
    first, second = (keccak256(text) for text in texts.values())
    world.send("provenance", "recall", world.batch, 0, 0, NoticeKind.RECALL, first)
    world.send("provenance", "reinstate", world.batch, 0, second)
    things = [{"kind": "notice", "number": 0, "places": [name]} for name in texts]
    things.append({"kind": "itemProof", "places": ["proof.json"]})
    for name, text in texts.items():
        counter.file(name, text)
    counter.proof_file()
    content = {"format": "weilian-availability-v1", "batchId": f"0x{world.batch.hex()}"}
    return counter.file("manifest.json", json.dumps(content | {"things": things}))


def listing(published, *things):
    """Put more things into the manifest."""
    content = json.loads(published.read_text())
    published.write_text(json.dumps(content | {"things": content["things"] + [*things]}))
    return published


def test_verify_availability__everything_at_two_places__is_backed_up(counter, published):
    files = {f"/{name}": (counter.folder / name).read_bytes() for name in ("n0", "n1")}
    site = counter.stack.enter_context(web_server(files | {"/document": DOCUMENT_TEXT}))
    counter.file("document", DOCUMENT_TEXT)
    content = json.loads(published.read_text())
    content["things"] = [
        {"kind": "batchDocument", "places": ["document", f"{site.url}/document"]},
        *({"kind": "notice", "number": 0, "places": [n, f"{site.url}/{n}"]} for n in ("n0", "n1")),
    ]
    published.write_text(json.dumps(content))

    done = counter.terminal.json(
        "verify_availability", published, "--allow-http", "--allow-private"
    )

    assert (done["isAvailable"], done["isBackedUp"], done["unlisted"]) == (True, True, [])
    assert done["things"][0]["holders"] == ["127.0.0.1", "this machine"]


@pytest.mark.parametrize(
    ("content", "state"), [(b"another text", "changed"), (None, "missing")], ids=["changed", "gone"]
)
def test_verify_availability__document_changed_or_gone__ends_with_1(
    counter, published, content, state
):
    if content is not None:
        counter.file("document", content)
    listing(published, {"kind": "batchDocument", "places": ["document"]})

    done = counter.terminal.run("verify_availability", published, "--json")

    assert done.code == 1
    assert done.document["things"][-1]["places"][0]["state"] == state
    assert done.document["unlisted"] == [f"batch document 0x{DOCUMENT.hex()}"]


def test_verify_availability__unencrypted_or_private_place__is_not_fetched(counter, published):
    site = counter.stack.enter_context(web_server({"/document": DOCUMENT_TEXT}))
    listing(published, {"kind": "batchDocument", "places": [f"{site.url}/document"]})

    for options in ((), ("--allow-http",), ("--allow-private",)):
        done = counter.terminal.run("verify_availability", published, *options, "--json")
        assert done.document["things"][-1]["places"][0]["state"] == "unreachable"

    assert site.asked == []


def test_verify_availability__unknown_batch__is_said(counter, published):
    content = json.loads(published.read_text()) | {"batchId": f"0x{'11' * 32}"}
    published.write_text(json.dumps(content))

    done = counter.terminal.run("verify_availability", published)

    assert done.code == 1
    assert "the chain's log has no batch" in done.err


@pytest.fixture(scope="module")
def batch_folder(tmp_path_factory):
    items = read_batch_file(TEA / "items.csv")
    place = BatchPlace(1, ELSEWHERE, "0x" + "11" * 20)
    folder = tmp_path_factory.mktemp("batches")
    return write_batch_folder(folder, items, place, BrandSeed(bytes(32)))


@pytest.mark.parametrize("has_serials", [True, False])
def test_prove_linkset__items_or_all__is_a_file_each(terminal, batch_folder, tmp_path, has_serials):
    serials = batch_folder.tree().serials
    chosen = [serials[1], serials[0]] if has_serials else []

    done = terminal.offline(
        *("prove", "linkset", batch_folder.path, TEA / "links.yaml", *chosen),
        *("--out", tmp_path / "sets", "--json"),
    )

    files = sorted((tmp_path / "sets").iterdir())
    assert done.document["linksets"] == len(files) == len(chosen or serials)
    anchors = {json.loads(file.read_text())["linkset"][0]["anchor"] for file in files}
    assert anchors <= {str(link) for link in batch_folder.links()}


@pytest.mark.parametrize(
    ("serial", "links", "message"),
    [("NONE", TEA / "links.yaml", "NONE"), ("", TEA / "items.csv", "items.csv")],
)
def test_prove_linkset__bad_input__is_one_sentence(
    terminal, batch_folder, tmp_path, serial, links, message
):
    place = ("--out", tmp_path / "sets")

    done = terminal.offline("prove", "linkset", batch_folder.path, links, *serial.split(), *place)

    assert done.code == 1
    assert message in done.err
    assert "Traceback" not in done.err
