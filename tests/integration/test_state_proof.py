"""A state proof must give what `ProvenanceLens.inspect` answers at its block, and nothing else."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.provenance_world import DAY, DOCUMENT, GTIN, SHELF_LIFE
from weilian.errors import WeilianError
from weilian.provenance.terms import NoticeKind, OwnerAct, Reason, Verdict
from weilian.verification.block_state import StateProofError
from weilian.verification.state_fetch import fetch_state_proof
from weilian.verification.state_proof import StateProof, verify_offline
from weilian.verify import verify

pytestmark = pytest.mark.anvil

SUSPENSION, RECALL = NoticeKind.SUSPENSION, NoticeKind.RECALL
NOTE = b"\6" * 32
BATCH_PERMISSION = b"weilian/batch".ljust(32, b"\0")


@pytest.fixture
def world(deployed):
    """The world with a fresh batch, whose chain is as before when the test is over."""
    snapshot = deployed.snapshot()
    deployed.register()
    yield deployed
    deployed.revert(snapshot)


def trusted(world):
    return bytes(world.node.w3.eth.get_block("latest")["hash"])


def offline(world, state, proof, **question):
    return verify_offline(state, proof, world.suite.record, trusted(world), **question)


def recall(world, first, last, kind=RECALL):
    world.send("provenance", "recall", world.batch, first, last, kind, NOTE)


def lift(world, number):
    world.send("provenance", "reinstate", world.batch, number, NOTE)


def on_gtin(world, kind=RECALL):
    world.send("provenance", "recallGtin", world.brand, int(GTIN), kind, NOTE)


def act(world, what):
    item_id = world.claim()
    world.send("items", "act", item_id, what, world.shopper, sender=world.shopper)


def flag(world):
    world.claim()
    world.send("items", "flagStolen", world.batch, 0, True, NOTE)


def ship(world, first=0):
    world.send("custody", "shipLot", world.batch, first, world.distributor)


def receive(world, counted=5):
    ship(world)
    world.send("custody", "receiveLot", world.batch, 0, counted, NOTE, sender=world.distributor)


def split(world, *seconds):
    first = 0
    for second in seconds:
        world.send("custody", "splitLot", world.batch, first, second)
        first = second


def pack(world):
    split(world, 3)
    lots = [(world.batch, 0), (world.batch, 3)]
    world.send("custody", "packPallet", 12, lots)
    return lots, world.suite.custody.functions.palletAddressOf(world.brand, 12).call()


def pack_and_ship(world, is_received=False):
    lots, pallet = pack(world)
    world.send("custody", "shipPallet", pallet, world.distributor)
    if is_received:
        world.send("custody", "receivePallet", pallet, lots, sender=world.distributor)


def merge(world):
    split(world, 2, 4)
    world.send("custody", "mergeLots", world.batch, 0, 2)


def authorize(world, days):
    receive(world)
    until = world.node.time + days * DAY
    terms = (world.brand, world.distributor, until, bytes(20))
    world.send("custody", "authorizeSeller", *terms)


def lapse(world):
    authorize(world, 1)
    world.send("custody", "revokeSeller", world.brand, world.distributor)


def by_operator(world, *, is_before):
    """Register by a delegate whose key is revoked from before, or only from after that."""
    before = world.node.time
    delegation = (world.brand, BATCH_PERMISSION, world.operator, DAY)
    world.send("identities", "addDelegate", *delegation)
    world.register(sender=world.operator)
    since = before if is_before else world.node.time
    world.send("provenance", "revokeKey", world.brand, world.operator, since)


def deactivate(world):
    world.send("identities", "changeOwner", world.brand, "0x" + "00" * 20)


def anchor(world):
    world.send("provenance", "appendTrace", world.batch, 0, [NOTE, DOCUMENT])


V = Verdict
SCENES = {
    "registered": (lambda _: None, V.REGISTERED),
    "not activated": (lambda w: w.register(active=False), V.REGISTERED),
    "one carton active": (
        lambda w: (w.register(active=False), w.send("provenance", "activate", w.batch, 1, 1)),
        V.REGISTERED,
    ),
    "no cartons": (lambda w: w.register(carton_size=0), V.REGISTERED),
    "traced": (anchor, V.REGISTERED),
    "claimed": (lambda w: w.claim(), V.ALREADY_CLAIMED),
    "lost": (lambda w: act(w, OwnerAct.REPORT_LOST), V.LOST_OR_STOLEN),
    "stolen": (lambda w: act(w, OwnerAct.REPORT_STOLEN), V.LOST_OR_STOLEN),
    "flagged": (flag, V.LOST_OR_STOLEN),
    "destroyed": (lambda w: act(w, OwnerAct.DESTROY), V.ALREADY_CLAIMED),
    "recalled alone": (lambda w: recall(w, 0, 0), V.RECALLED),
    "range before it": (lambda w: recall(w, 1, 4), V.REGISTERED),
    "whole batch": (lambda w: recall(w, 0, 4), V.RECALLED),
    "suspended": (lambda w: recall(w, 0, 3, SUSPENSION), V.SUSPENDED),
    "lifted": (lambda w: (recall(w, 0, 3), lift(w, 0)), V.REGISTERED),
    "one of two lifted": (
        lambda w: (recall(w, 0, 0), recall(w, 0, 4, SUSPENSION), lift(w, 0)),
        V.SUSPENDED,
    ),
    "gtin recalled": (on_gtin, V.RECALLED),
    "gtin suspended": (lambda w: on_gtin(w, SUSPENSION), V.SUSPENDED),
    "gtin before it": (lambda w: (on_gtin(w), w.register()), V.REGISTERED),
    "gtin lifted": (
        lambda w: (on_gtin(w), w.send("provenance", "reinstateGtin", w.brand, int(GTIN), NOTE)),
        V.REGISTERED,
    ),
    "expired": (lambda w: w.pass_time(SHELF_LIFE + 1), V.EXPIRED),
    "claimed, then recalled": (lambda w: (w.claim(), recall(w, 0, 4)), V.RECALLED),
    "on its way": (ship, V.IN_TRADE),
    "received": (receive, V.IN_TRADE),
    "counted short": (lambda w: receive(w, 4), V.IN_TRADE),
    "split": (lambda w: split(w, 3), V.REGISTERED),
    "merged": (merge, V.REGISTERED),
    "other part shipped": (lambda w: (split(w, 3), ship(w, 3)), V.REGISTERED),
    "on a pallet": (pack, V.REGISTERED),
    "pallet on its way": (pack_and_ship, V.IN_TRADE),
    "pallet received": (lambda w: pack_and_ship(w, is_received=True), V.IN_TRADE),
    "seller authorised": (lambda w: authorize(w, 1), V.IN_TRADE),
    "seller lapsed": (lapse, V.IN_TRADE),
    "key revoked from before": (lambda w: by_operator(w, is_before=True), V.ISSUER_REVOKED),
    "key revoked from after": (lambda w: by_operator(w, is_before=False), V.REGISTERED),
    "deactivated": (deactivate, V.ISSUER_REVOKED),
}


@pytest.mark.parametrize("scene", SCENES)
def test_verify_offline__each_state__is_what_the_lens_answers(world, scene):
    happen, expected = SCENES[scene]
    happen(world)
    questions = [{}, {"viewer": world.shopper}, {"seller": world.distributor}]

    for serial in ("A1", "E5"):
        proof = world.proof(serial)
        for question in questions:
            state = fetch_state_proof(world.suite, proof, seller=question.get("seller"))
            online = verify(world.suite, proof, **question)
            assert offline(world, state, proof, **question) == online

    assert verify(world.suite, world.proof()).verdict is expected


@pytest.fixture(scope="module")
def settled(deployed):
    """An item on its way to a distributor, recalled once and reinstated, and its state proof."""
    deployed.register()
    split(deployed, 3)
    ship(deployed, 3)
    recall(deployed, 3, 3)
    lift(deployed, 0)
    return deployed, deployed.proof("D4"), fetch_state_proof(deployed.suite, deployed.proof("D4"))


def test_verify_offline__right_code__is_genuine_and_wrong_one_unknown(settled):
    world, proof, state = settled

    right = offline(world, state, proof, hidden_code=world.code("D4"), issuer=world.brand)
    wrong = offline(world, state, proof, hidden_code=world.code("A1"), issuer=world.brand)

    assert right.verdict is Verdict.GENUINE_FIRST_CLAIM
    assert wrong.verdict is Verdict.UNKNOWN


def test_verify_offline__older_than_allowed__is_not_genuine(settled):
    world, proof, state = settled
    block = datetime.fromtimestamp(world.suite.chain.block()[1], UTC)
    limit = {"max_age": timedelta(hours=1), "hidden_code": world.code("D4"), "issuer": world.brand}

    in_time = offline(world, state, proof, now=block + timedelta(hours=1), **limit)
    late = offline(world, state, proof, now=block + timedelta(hours=1, seconds=1), **limit)

    assert in_time.verdict is Verdict.GENUINE_FIRST_CLAIM
    assert late.verdict is Verdict.IN_TRADE
    assert Reason.STATE_OLD in late.reasons


def test_verify_offline__batch_that_is_not_registered__is_proven_to_be_none(settled):
    world, _, _ = settled
    forged = world.forged_proof()

    state = fetch_state_proof(world.suite, forged)
    report = offline(world, state, forged)

    assert (report.verdict, report.reasons) == (Verdict.UNKNOWN, (Reason.BATCH_UNKNOWN,))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"chain_id": 1}, Reason.OTHER_CHAIN),
        ({"registry": "0x" + "66" * 20}, Reason.OTHER_REGISTRY),
        ({"serial": "A1"}, Reason.PROOF_DAMAGED),
        ({"proof": ()}, Reason.PROOF_DAMAGED),
    ],
)
def test_verify_offline__changed_item_proof__is_unknown(settled, changes, reason):
    world, proof, state = settled

    report = offline(world, state, replace(proof, **changes))

    assert (report.verdict, report.reasons) == (Verdict.UNKNOWN, (reason,))


def test_verify_offline__another_block__is_refused(settled):
    world, proof, state = settled
    other = bytes(world.node.w3.eth.get_block(1)["hash"])

    with pytest.raises(StateProofError, match="the trusted one is"):
        verify_offline(state, proof, world.suite.record, other)


def test_verify_offline__another_item__is_refused(settled):
    world, _, state = settled

    with pytest.raises(StateProofError):
        offline(world, state, world.proof("A1"))


def test_verify_offline__other_addresses__are_refused(settled):
    world, proof, state = settled
    contracts = dict(world.suite.record.contracts)
    contracts["CustodyLedger"] = contracts["RewardToken"]
    record = world.suite.record.model_copy(update={"contracts": contracts})

    with pytest.raises(StateProofError):
        verify_offline(state, proof, record, trusted(world))


@pytest.mark.parametrize("position", [2, 3, -1])
def test_verify_offline__any_preimage_changed__is_refused(settled, position):
    world, proof, state = settled

    for place, text in enumerate(state.preimages):
        digit = "0" if text[position] != "0" else "1"
        changed = list(text)
        changed[position] = digit
        preimages = list(state.preimages)
        preimages[place] = "".join(changed)
        with pytest.raises(StateProofError):
            offline(world, state.model_copy(update={"preimages": tuple(preimages)}), proof)


def test_verify_offline__any_preimage_missing__is_refused(settled):
    world, proof, state = settled

    for place in range(len(state.preimages)):
        preimages = state.preimages[:place] + state.preimages[place + 1 :]
        with pytest.raises(StateProofError):
            offline(world, state.model_copy(update={"preimages": preimages}), proof)


def test_verify_offline__any_byte_of_the_header_changed__is_refused(settled):
    world, proof, state = settled
    header = bytes.fromhex(state.header[2:])

    for place in range(len(header)):
        changed = header[:place] + bytes([header[place] ^ 1]) + header[place + 1 :]
        with pytest.raises(StateProofError):
            offline(world, state.model_copy(update={"header": f"0x{changed.hex()}"}), proof)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_verify_offline__any_byte_of_the_file_changed__never_says_more(settled, data):
    world, proof, state = settled
    text = bytearray(state.model_dump_json().encode())
    honest = offline(world, state, proof)
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] = data.draw(st.integers(0, 255))

    try:
        report = offline(world, StateProof.from_json(bytes(text)), proof)
    except WeilianError:
        return

    assert report == honest


@pytest.mark.parametrize("length", [0, 1, 100, 5_000])
def test_from_json__truncated__is_refused(settled, length):
    text = settled[2].model_dump_json()[:length]

    with pytest.raises(StateProofError):
        StateProof.from_json(text)


def test_save__and_load__give_the_same(settled, tmp_path):
    path = tmp_path / "state.json"

    settled[2].save(path)

    assert StateProof.load(path) == settled[2]
    assert json.loads(path.read_text())["format"] == "weilian-state-proof-v1"
