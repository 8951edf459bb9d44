"""Reading state by its proofs, over states that a test wrote; against a node: tests/integration."""

from datetime import UTC, datetime, timedelta

import pytest
import rlp

from tests.support.synthetic_state import (
    ADDRESSES,
    BATCH,
    GTIN,
    ISSUER,
    LOT,
    RECORD,
    REGISTRY,
    TAG,
    TIME,
    TREE,
    batch_slots,
    header_parts,
    state_of,
)
from weilian.hashing import keccak256
from weilian.keys import item_code
from weilian.merkle.items import ItemRecord
from weilian.provenance.terms import Reason, Verdict
from weilian.verification.block_state import (
    HEADER_FIELDS,
    BlockState,
    Header,
    StateProofError,
    encode_header,
)
from weilian.verification.layout import slot_of
from weilian.verification.state_proof import StateProof, verify_offline

PROOF = TREE.item_proof("B2", GTIN, LOT)
OTHER = "0x" + "22" * 20
PRAGUE = len(HEADER_FIELDS)
FORKS = {"Berlin": 15, "London": 16, "Shanghai": 17, "Cancun": 20, "Prague": PRAGUE}


def look(words, proof=PROOF, **question):
    state, block = state_of(words)
    return verify_offline(state, proof, RECORD, block, **question)


def put(contract, name, *keys, word):
    return {(contract, slot_of(contract, name, *keys)): word}


def lot_id(first):
    return keccak256(BATCH + first.to_bytes(32))


def test_verify_offline__registered_batch__is_registered_and_its_issuers_lot():
    report = look(batch_slots())

    assert (report.verdict, report.reasons) == (Verdict.REGISTERED, ())
    assert (report.block_number, report.block_time) == (9, datetime.fromtimestamp(TIME, UTC))
    assert (report.issuer, report.custody.holder, report.custody.size) == (ISSUER, ISSUER, 3)


@pytest.mark.parametrize(("expires_at", "is_expired"), [(TIME, True), (TIME + 1, False)])
def test_verify_offline__expiry__is_by_the_time_in_the_header(expires_at, is_expired):
    report = look(batch_slots(expires_at=expires_at))

    assert (report.verdict is Verdict.EXPIRED) == is_expired


@pytest.mark.parametrize(("late", "is_expired"), [(59, False), (60, True), (-600, False)])
def test_verify_offline__shelf_life_that_ended_since_the_block__is_seen(late, is_expired):
    now = datetime.fromtimestamp(TIME + late, UTC)

    report = look(batch_slots(expires_at=TIME + 60), now=now)

    assert (report.verdict is Verdict.EXPIRED) == is_expired


@pytest.mark.parametrize(("first", "last", "touches"), [(0, 0, False), (1, 1, True), (0, 2, True)])
def test_verify_offline__recall_of_a_range__reaches_the_items_in_it(first, last, touches):
    notice = first | last << 32 | TIME << 64 | 1 << 160
    words = batch_slots(notices=1) | put(REGISTRY, "_notices", BATCH, 0, word=notice)

    assert (look(words).verdict is Verdict.RECALLED) == touches


@pytest.mark.parametrize(("bit", "is_active"), [(0, False), (1, True)])
def test_verify_offline__carton__is_active_by_its_bit(bit, is_active):
    words = batch_slots(carton_size=1) | put(REGISTRY, "_activations", BATCH, 0, word=1 << bit)

    assert (Reason.NOT_ACTIVATED not in look(words).reasons) == is_active


@pytest.mark.parametrize(("since", "is_marked"), [(TIME - 100, True), (TIME - 99, False)])
def test_verify_offline__key_revoked__marks_what_it_registered_from_then_on(since, is_marked):
    words = batch_slots() | put(REGISTRY, "_operators", ISSUER, TAG, word=since)

    assert (Reason.KEY_REVOKED in look(words).reasons) == is_marked


def test_verify_offline__lot_on_a_pallet__is_with_the_pallets_holder():
    lot = int(OTHER, 16) | 3 << 160 | 1 << 192 | 1 << 224
    words = (
        batch_slots()
        | put("CustodyLedger", "_lots", lot_id(0), word=lot)
        | put("CustodyLedger", "_pallets", OTHER, word=int("33" * 20, 16) | 4 << 160 | 1 << 192)
    )

    report = look(words)

    assert report.verdict is Verdict.IN_TRADE
    assert (report.custody.holder, report.custody.pallet) == ("0x" + "33" * 20, OTHER)


@pytest.mark.parametrize(("version", "stands"), [(4, True), (5, False)])
def test_verify_offline__offer__stands_for_its_version_only(version, stands):
    lot = int(ISSUER, 16) | 3 << 160 | version << 192
    offer = int(OTHER, 16) | 4 << 160 | (TIME - 5) << 192
    words = (
        batch_slots()
        | put("CustodyLedger", "_lots", lot_id(0), word=lot)
        | put("CustodyLedger", "_offers", lot_id(0), word=offer)
    )

    assert look(words).custody.offered_to == (OTHER if stands else None)


def test_verify_offline__claimed__has_an_owner():
    item_id = keccak256(BATCH + PROOF.index.to_bytes(32))
    word = int(OTHER, 16) | (TIME - 1) << 160
    words = batch_slots() | put("ItemRegistry", "_items", item_id, word=word)

    by_owner, by_other = look(words, viewer=OTHER), look(words)

    assert (by_owner.verdict, by_owner.owner) == (Verdict.CLAIMED_BY_YOU, OTHER)
    assert by_other.verdict is Verdict.ALREADY_CLAIMED


def test_verify_offline__code__is_genuine_by_a_fresh_state_only():
    code, block_time = item_code(bytes(32), "B2"), datetime.fromtimestamp(TIME, UTC)
    limit = timedelta(minutes=10)
    question = {"hidden_code": code, "issuer": ISSUER, "max_age": limit}

    fresh = look(batch_slots(), now=block_time + limit, **question)
    old = look(batch_slots(), now=block_time + limit + timedelta(seconds=1), **question)

    assert fresh.verdict is Verdict.GENUINE_FIRST_CLAIM
    assert old.verdict is Verdict.REGISTERED
    assert old.reasons == (Reason.STATE_OLD, Reason.HIDDEN_CODE_RIGHT)


@pytest.mark.parametrize(
    ("count", "reason"),
    [(0, Reason.BATCH_UNKNOWN), (1, Reason.INDEX_OUT_OF_RANGE), (5, Reason.PROOF_LENGTH)],
)
def test_verify_offline__batch_of_another_size__is_unknown(count, reason):
    report = look(batch_slots(count=count))

    assert (report.verdict, report.reasons) == (Verdict.UNKNOWN, (reason,))


def test_verify_offline__another_root__is_unknown():
    words = batch_slots()
    slot = slot_of(REGISTRY, "_batches", BATCH)

    report = look(words | {(REGISTRY, slot): 1})

    assert (report.verdict, report.reasons) == (Verdict.UNKNOWN, (Reason.PROOF_INVALID,))


def test_verify_offline__lot_that_has_not_the_item__is_refused():
    state, block = state_of(batch_slots(), lot_first=2)

    with pytest.raises(StateProofError, match="not in the lot that begins at 2"):
        verify_offline(state, PROOF, RECORD, block)


def test_verify_offline__custody_left_out__is_said():
    state, block = state_of(batch_slots(), lot_first=None)

    report = verify_offline(state, PROOF, RECORD, block)

    assert (report.reasons, report.custody) == ((Reason.LOT_WRONG,), None)


@pytest.mark.parametrize("name", ADDRESSES)
def test_verify_offline__contract_that_is_not_there__is_refused(name):
    state, block = state_of(batch_slots(), accounts=[each for each in ADDRESSES if each != name])

    with pytest.raises(StateProofError, match=f"there is no {name}"):
        verify_offline(state, PROOF, RECORD, block)


@pytest.mark.parametrize("name", ADDRESSES)
def test_verify_offline__other_code_at_an_address__is_refused(name):
    state, block = state_of(batch_slots(), codes={name: b"\0"})

    with pytest.raises(StateProofError, match=f"is not the {name} of this library"):
        verify_offline(state, PROOF, RECORD, block)


def test_verify_offline__code_left_out__is_refused():
    state, block = state_of(batch_slots())
    preimages = tuple(text for text in state.preimages if len(text) < 5_000)

    with pytest.raises(StateProofError, match="lacks the code"):
        verify_offline(state.model_copy(update={"preimages": preimages}), PROOF, RECORD, block)


@pytest.mark.parametrize("node", [b"\1", rlp.encode([b"\1"] * 3), b"\xf8", rlp.encode([[], []])])
def test_slot__malformed_tree__is_refused(node):
    state = BlockState(Header(keccak256(node), 1, 1), [node], ADDRESSES)

    with pytest.raises(StateProofError):
        state.slot(REGISTRY, 0)


@pytest.mark.parametrize("data", [b"", b"\1", rlp.encode([b""] * 14), rlp.encode([[]] * 15)])
def test_decode__no_header__is_refused(data):
    with pytest.raises(StateProofError, match="no block header"):
        Header.decode(data)


def as_json(count=PRAGUE):
    """A block as a node gives it, with so many header fields, and its header in RLP."""
    parts = header_parts(b"\2" * 32)[:count]
    names = HEADER_FIELDS[:count]
    block = {
        name: hex(part) if is_number else f"0x{part.hex()}"
        for (name, is_number), part in zip(names, parts, strict=True)
    }
    header = rlp.encode(parts)
    return block | {"hash": f"0x{keccak256(header).hex()}"}, header


@pytest.mark.parametrize(
    "count", [15, 16, 17, 20, 21], ids=["Paris", "London", "Shanghai", "Cancun", "Prague"]
)
def test_encode_header__fields_of_each_fork__give_the_blocks_hash(count):
    block, header = as_json(count)

    assert encode_header(block) == header
    assert Header.decode(header) == Header(b"\2" * 32, 9, TIME)


def test_encode_header__field_that_is_not_known__is_refused():
    block, _ = as_json()

    with pytest.raises(StateProofError, match="fields that are not known here"):
        encode_header(block | {"hash": f"0x{'11' * 32}"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"format": "weilian-state-proof-v2", "header": "0x00", "lot_first": 0, "preimages": []}',
        '{"format": "weilian-state-proof-v1", "header": "0x0", "lot_first": 0, "preimages": []}',
        '{"format": "weilian-state-proof-v1", "header": "0xgg", "lot_first": 0, "preimages": []}',
        '{"format": "weilian-state-proof-v1", "header": "0x00", "lot_first": -1, "preimages": []}',
        '{"format": "weilian-state-proof-v1", "header": "0x00", "lot_first": 0, "preimages": [1]}',
        '{"header": "0x00", "lot_first": 0, "preimages": [], "more": 1}',
    ],
)
def test_from_json__malformed__is_refused(text):
    with pytest.raises(StateProofError):
        StateProof.from_json(text)


def test_from_json__too_large__is_refused():
    with pytest.raises(StateProofError, match="at most"):
        StateProof.from_json(" " * ((16 << 20) + 1))


def test_load__no_file__is_refused(tmp_path):
    with pytest.raises(StateProofError, match="cannot read"):
        StateProof.load(tmp_path / "none")


def test_save__and_load__give_the_same(tmp_path):
    state, _ = state_of(batch_slots())

    state.save(tmp_path / "state.json")

    assert StateProof.load(tmp_path / "state.json") == state
    assert isinstance(TREE.item("B2"), ItemRecord)
