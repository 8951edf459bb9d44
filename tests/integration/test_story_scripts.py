"""Documents and domains of an item, as `verify` tells of them."""

from dataclasses import replace

import pytest

from tests.integration.conftest import ROOT
from tests.support.dns_server import answering, udp_server
from tests.support.rpc_proxy import honest, refusing
from weilian.epcis import EpcisDocument, event_hash

pytestmark = pytest.mark.anvil

TEA = ROOT / "examples" / "tea"
ELSEWHERE = "0x" + "66" * 20


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
    state, block = counter.state()
    options = ("--state", state, "--trusted-block", block, "--max-age", 10**7)

    done = counter.scan(*options, "--documents", path)

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
    named = [world.suite.provenance.address, world.brand if in_dns else ELSEWHERE]
    records = {record_of(world): [",".join(named)]}
    resolver = counter.stack.enter_context(udp_server(answering(records)))

    done = counter.verify(
        "--proof", counter.proof_file(), "--domain", "Tea.example", "--resolver", resolver
    )

    assert done["domain"] == {"domain": "tea.example", "bond": bond, "named": named}


def test_verify__domain_bound_by_another_issuer__is_only_in_dns(counter):
    world = counter.world
    world.send(
        "provenance", "addDomain", world.distributor, "tea.example", sender=world.distributor
    )
    records = {record_of(world): [f"{world.suite.provenance.address},{world.brand}"]}
    resolver = counter.stack.enter_context(udp_server(answering(records)))

    done = counter.verify(
        "--proof", counter.proof_file(), "--domain", "tea.example", "--resolver", resolver
    )

    assert done["domain"]["bond"] == "ONLY_DNS"


def test_verify__impostor_binds_the_brands_domain__is_not_bound(counter):
    world = counter.world
    world.send("provenance", "addDomain", world.brand, "tea.example")
    records = {record_of(world): [f"{world.suite.provenance.address},{ELSEWHERE}"]}
    resolver = counter.stack.enter_context(udp_server(answering(records)))

    done = counter.verify(
        "--proof", counter.proof_file(), "--domain", "tea.example", "--resolver", resolver
    )

    assert done["domain"]["bond"] == "ONLY_CHAIN"


def test_verify__resolver_that_is_away__leaves_the_domain_unknown(counter):
    with udp_server(answering({})) as resolver:
        pass

    done = counter.verify(
        "--proof", counter.proof_file(), "--domain", "tea.example", "--resolver", resolver
    )

    assert done["domain"]["bond"] == "UNKNOWN"
