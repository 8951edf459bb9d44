from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.python.clients.conftest import DOCUMENT, GTIN
from weilian.batch import (
    EVENTS_PER_TRANSACTION,
    BatchDiffersError,
    BatchNotFoundError,
    Registration,
    trace_head,
)
from weilian.batchfile import BatchFile
from weilian.chain import ContractRevert
from weilian.gs1 import Lot
from weilian.hashing import keccak256
from weilian.identity import Permission
from weilian.serials import Serials


def hashes(count):
    return [keccak256(bytes([number % 256, number // 256])) for number in range(count)]


def test_register__batch__is_kept_under_the_local_id(batches, chain, issuer, create_batch):
    expiry = datetime(2080, 1, 1, tzinfo=UTC)
    made = create_batch(issuer, expiry)

    kept = batches.get(made.id)

    assert (kept.issuer, kept.root, kept.item_count) == (issuer.address, made.tree.root, 5)
    assert kept.registered_at.timestamp() == chain.block()[1]
    assert (kept.expires_at, kept.notice_count) == (expiry, 0)
    assert made.registration.batch_id == made.id


def test_register__twice__says_when_it_was_registered(batches, issuer, create_batch):
    made = create_batch(issuer)

    with pytest.raises(ContractRevert, match="registered this GTIN and lot before") as caught:
        batches.register(made.registration, issuer)

    assert caught.value.arguments["batchId"] == made.id


def test_register__stranger__is_told_the_permission(batches, issuer, stranger, create_batch):
    other = replace(create_batch(issuer).registration, lot=Lot("OTHER"))

    with pytest.raises(ContractRevert, match="in the matter weilian/batch"):
        batches.register(other, stranger)


def test_register__delegate__acts_for_the_issuer(
    batches, identities, issuer, stranger, create_batch
):
    identities.add_delegate(
        issuer.address, Permission.BATCH, stranger.address, timedelta(hours=1), issuer
    )
    other = replace(create_batch(issuer).registration, lot=Lot("DELEGATED"))

    registered = batches.register(other, stranger)

    assert registered.registration == other


def test_registration_of__file__expires_after_the_last_good_day(issuer):
    file = BatchFile(GTIN, Lot("L"), date(2026, 1, 2), date(2029, 12, 31), Serials.of(["A", "B"]))

    registration = Registration.of(issuer.address, file, b"\1" * 32, DOCUMENT)

    assert registration.item_count == 2
    assert registration.produced_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert registration.expires_at == datetime(2030, 1, 1, tzinfo=UTC)


def test_append_trace__more_than_a_transaction_holds__is_split_in_order(
    batches, issuer, create_batch
):
    made, events = create_batch(issuer), hashes(EVENTS_PER_TRANSACTION + 3)

    anchored = batches.append_trace(made.id, events, issuer)

    assert [event.event_hash for event in anchored] == events
    assert [event.sequence for event in anchored] == list(range(len(events)))
    assert len({event.block_number for event in anchored}) == 2
    trace = batches.trace(made.id)
    assert (trace.count, trace.head) == (len(events), trace_head(made.id, events))
    assert batches.trace_events(made.id) == anchored


def test_append_trace__nothing__is_refused(batches, issuer, create_batch):
    with pytest.raises(ContractRevert, match="list of events"):
        batches.append_trace(create_batch(issuer).id, [], issuer)


def test_recall__batch__is_recalled_once(batches, chain, issuer, create_batch):
    made = create_batch(issuer)

    recall = batches.recall(made.id, DOCUMENT, issuer)

    assert (recall.batch_id, recall.notice_hash, recall.actor) == (
        made.id,
        DOCUMENT,
        issuer.address,
    )
    assert batches.get(made.id).recalled_at.timestamp() == chain.block()[1]
    with pytest.raises(ContractRevert, match="recalled already"):
        batches.recall(made.id, DOCUMENT, issuer)


def test_get__unknown__names_the_id(batches):
    with pytest.raises(BatchNotFoundError, match="0x" + "09" * 32):
        batches.get(b"\t" * 32)


def test_is_registered__batch__is_told_by_its_root(batches, issuer, create_batch):
    made = create_batch(issuer)

    assert batches.is_registered(made.id, made.tree.root)
    assert not batches.is_registered(b"\t" * 32, made.tree.root)
    with pytest.raises(BatchDiffersError):
        batches.is_registered(made.id, b"\1" * 32)


def test_find__by_issuer_and_gtin__lists_what_was_registered(batches, issuer, create_batch):
    made = [create_batch(issuer), create_batch(issuer)]

    found = batches.find(issuer=issuer.address, gtin=GTIN)

    assert [entry.registration for entry in found] == [entry.registration for entry in made]
    assert [entry.batch_id for entry in found] == [entry.id for entry in made]


def test_find__other_issuer__lists_nothing(batches, issuer, stranger, create_batch):
    create_batch(issuer)

    assert batches.find(issuer=stranger.address) == []
