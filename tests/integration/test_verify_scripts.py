"""`verify`, `verify_availability` and `prove linkset` as a shopper and a brand run them."""

from dataclasses import replace

import pytest

from benchmarks.node import anvil
from tests.integration.conftest import ROOT
from tests.support.provenance_world import GTIN, SHELF_LIFE
from tests.support.rpc_proxy import honest, refusing
from tests.support.web_server import web_server
from weilian.gs1 import DigitalLink, Serial
from weilian.merkle.tiles import write_tiles
from weilian.provenance.terms import NoticeKind, OwnerAct

pytestmark = pytest.mark.anvil

NOTE = b"\6" * 32
TEA = ROOT / "examples" / "tea"
ELSEWHERE = "0x" + "66" * 20


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
    "expired": (after(lambda w: w.pass_time(SHELF_LIFE + 1)), "EXPIRED"),
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
