import json
from dataclasses import replace

import pytest

from tests.python.examples import TEA
from tests.support.web_server import web_server
from weilian.epcis import EpcisDocument, cid_v1, event_hash
from weilian.hashing import keccak256
from weilian.merkle import batch_id, build_batch_tree
from weilian.merkle.tiles import write_tiles
from weilian.verification.availability import (
    AvailabilityManifest,
    AvailabilityManifestError,
    BatchReferences,
    State,
    check_availability,
)
from weilian.verification.fetching import Fetcher

BATCH = batch_id("0x" + "11" * 20, 9521234001010, "L1")
TREE = build_batch_tree(1, "0x" + "22" * 20, BATCH, [f"S{n}" for n in range(300)], bytes(32))
EPCIS = (TEA / "epcis" / "01-production.jsonld").read_bytes()
EVENTS = frozenset(map(event_hash, EpcisDocument.from_json(EPCIS).events))
DOCUMENT, NOTICE = b"batch document", b"recall notice"
CHAIN = BatchReferences(
    batch_id=BATCH,
    root=TREE.root,
    item_count=TREE.count,
    document_hash=keccak256(DOCUMENT),
    event_hashes=EVENTS,
    notice_hashes={0: frozenset({keccak256(NOTICE)})},
)
PROOF = TREE.item_proof("S7", "09521234001010", "L1").to_json().encode()
FILES = {"document": DOCUMENT, "epcis": EPCIS, "notice": NOTICE, "proof": PROOF}
KINDS = {"document": "batchDocument", "epcis": "epcis", "notice": "notice", "proof": "itemProof"}
HERE = Fetcher(allow_http=True, allow_private=True, timeout_seconds=5)


def thing(name, *places, **fields):
    return (
        {"kind": KINDS.get(name, name), "places": places}
        | fields
        | ({"number": 0} if name == "notice" else {})
    )


def manifest_of(folder, things):
    path = folder / "manifest.json"
    content = {"format": "weilian-availability-v1", "batchId": f"0x{BATCH.hex()}"}
    path.write_text(json.dumps(content | {"things": things}))
    return AvailabilityManifest.load(path)


@pytest.fixture
def here(tmp_path):
    """Everything in one folder."""
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    write_tiles(tmp_path / "tiles", TREE.levels.__getitem__, TREE.depth, TREE.count)
    return tmp_path


@pytest.fixture
def there():
    """Everything but the tiles at a web server."""
    with web_server({f"/{name}": content for name, content in FILES.items()}) as site:
        yield site


def check(folder, things, chain=CHAIN):
    return check_availability(manifest_of(folder, things), chain, HERE, folder)


def test_check_availability__all_at_two_places__is_backed_up(here, there):
    things = [thing(name, name, f"{there.url}/{name}") for name in FILES]

    report = check(here, things)

    assert report.unlisted == ()
    assert [place.state for each in report.things for place in each.places] == [State.OK] * 8
    assert report.things[0].holders == {"this machine", "127.0.0.1"}
    assert report.is_backed_up


def test_check_availability__all_at_one_place__is_available_and_not_backed_up(here):
    report = check(here, [thing(name, name, name) for name in FILES])

    assert (report.is_available, report.is_backed_up) == (True, False)


@pytest.mark.parametrize("name", FILES)
def test_check_availability__changed_content__is_said(here, name):
    changed = FILES[name].replace(b"e", b"a", 1)
    (here / name).write_bytes(changed)

    report = check(here, [thing(name, name)])

    assert [place.state for place in report.things[0].places] == [State.CHANGED]
    assert not report.is_available


@pytest.mark.parametrize(
    ("place", "state"),
    [
        ("none", State.MISSING),
        ("{url}/none", State.MISSING),
        ("http://127.0.0.1:1/document", State.UNREACHABLE),
        ("ftp://tea.example/document", State.UNREACHABLE),
    ],
)
def test_check_availability__place_without_it__is_told_apart(here, there, place, state):
    report = check(here, [thing("document", place.replace("{url}", there.url))])

    assert [each.state for each in report.things[0].places] == [state]
    assert not report.is_available


def test_check_availability__what_no_thing_covers__is_named(here):
    report = check(here, [thing("proof", "proof")])

    assert report.unlisted == (
        f"batch document 0x{CHAIN.document_hash.hex()}",
        *(f"event 0x{digest.hex()}" for digest in sorted(EVENTS)),
        f"notice 0x{keccak256(NOTICE).hex()}",
    )
    assert not report.is_available


def test_check_availability__nothing_referred_to__needs_nothing(here):
    empty = replace(CHAIN, document_hash=bytes(32), event_hashes=frozenset(), notice_hashes={})

    assert check(here, [thing("proof", "proof")], empty).is_available


def test_check_availability__document_of_another_notice__is_changed(here):
    listed = thing("notice", "notice") | {"number": 1}

    assert check(here, [listed]).things[0].places[0].state is State.CHANGED


@pytest.mark.parametrize("is_right", [True, False])
def test_check_availability__cid__fills_the_gateway_and_is_checked(here, is_right):
    cid = cid_v1(EPCIS if is_right else DOCUMENT)
    with web_server({f"/ipfs/{cid}": EPCIS}) as site:
        report = check(here, [thing("epcis", f"{site.url}/ipfs/{{cid}}", cid=cid)])

    assert (report.things[0].places[0].state is State.OK) == is_right


def test_check_availability__tiles__are_sampled_up_to_the_root(here):
    report = check(here, [thing("tiles", "tiles")])

    assert report.things[0].is_available


@pytest.mark.parametrize("chain", [replace(CHAIN, root=bytes(32)), replace(CHAIN, item_count=600)])
def test_check_availability__tiles_of_another_tree__are_changed(here, chain):
    assert check(here, [thing("tiles", "tiles")], chain).things[0].places[0].state is State.CHANGED


@pytest.mark.parametrize("is_there", [True, False])
def test_check_availability__tile_damaged_or_gone__is_said(here, is_there):
    [top] = (here / "tiles" / "tile" / "1").rglob("000*")
    tile = next(path for path in (top, *top.rglob("*")) if path.is_file())
    if is_there:
        tile.write_bytes(bytes(tile.stat().st_size))
    else:
        tile.unlink()

    [place] = check(here, [thing("tiles", "tiles")]).things[0].places

    assert place.state is (State.CHANGED if is_there else State.MISSING)


def test_check_availability__progress__counts_places(here):
    seen = []
    listed = manifest_of(here, [thing("proof", "proof", "none"), thing("notice", "notice")])

    check_availability(listed, CHAIN, HERE, here, lambda *step: seen.append(step))

    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    "things",
    [
        [],
        [{"kind": "photo", "places": ["a"]}],
        [{"kind": "epcis", "places": ["a"], "cid": "../../x"}],
        [{"kind": "epcis", "places": [""]}],
        [{"kind": "epcis", "places": ["a"], "more": 1}],
    ],
)
def test_load__malformed__is_refused(tmp_path, things):
    with pytest.raises(AvailabilityManifestError, match="things"):
        manifest_of(tmp_path, things)


def test_load__no_file__is_refused(tmp_path):
    with pytest.raises(AvailabilityManifestError):
        AvailabilityManifest.load(tmp_path / "none.json")
