"""`verify_availability` and `prove linkset` as a brand runs them."""

import json

import pytest

from tests.integration.conftest import ROOT
from tests.support.provenance_world import DOCUMENT, DOCUMENT_TEXT
from tests.support.web_server import web_server
from weilian.batch_folder import BatchPlace, write_batch_folder
from weilian.batchfile import read_batch_file
from weilian.hashing import keccak256
from weilian.keys import BrandSeed
from weilian.provenance.terms import NoticeKind

pytestmark = pytest.mark.anvil

TEA = ROOT / "examples" / "tea"
ELSEWHERE = "0x" + "66" * 20


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
