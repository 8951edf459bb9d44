from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.python.clients.conftest import DOCUMENT, GTIN
from weilian.batch import BatchDiffersError, BatchNotFoundError, CartonError, Registration
from weilian.batchfile import BatchFile
from weilian.chain import ContractRevert
from weilian.gs1 import Lot
from weilian.identity import Permission
from weilian.serials import Serials


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

    assert (registered.registration, registered.actor) == (other, stranger.address)


def test_registration_of__file__expires_after_the_last_good_day(issuer):
    file = BatchFile(GTIN, Lot("L"), date(2026, 1, 2), date(2029, 12, 31), Serials.of(["A", "B"]))

    registration = Registration.of(issuer.address, file, b"\1" * 32, DOCUMENT)

    assert (registration.item_count, registration.carton_size) == (2, 0)
    assert registration.produced_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert registration.expires_at == datetime(2030, 1, 1, tzinfo=UTC)


def test_activate__cartons__can_be_claimed_from(batches, issuer, create_batch):
    made = create_batch(issuer, carton_size=2)

    activation = batches.activate(made.id, 1, 2, issuer)

    assert (activation.first, activation.last, activation.actor) == (1, 2, issuer.address)
    assert batches.get(made.id).carton_count == 3
    assert [batches.is_active(made.id, index) for index in range(5)] == [False] * 2 + [True] * 3
    assert batches.inactive_cartons(made.id, 0, 2) == [0]
    assert batches.inactive_cartons(made.id, 1, 2) == []


@pytest.mark.parametrize(("first", "last"), [(0, 3), (3, 3), (2, 1), (-1, 0)])
def test_activate__cartons_that_are_not_there__are_refused(
    batches, issuer, create_batch, first, last
):
    made = create_batch(issuer, carton_size=2)

    with pytest.raises(CartonError, match="has cartons 0 to 2"):
        batches.activate(made.id, first, last, issuer)


def test_activate__batch_without_cartons__says_that_all_is_active(batches, issuer, create_batch):
    with pytest.raises(CartonError, match="all its items are active"):
        batches.activate(create_batch(issuer).id, 0, 0, issuer)


def test_activate__unknown_batch__is_said(batches, issuer):
    with pytest.raises(BatchNotFoundError):
        batches.activate(b"\t" * 32, 0, 0, issuer)


def test_activate__stranger__is_told_the_permission(batches, issuer, stranger, create_batch):
    made = create_batch(issuer, carton_size=1)

    with pytest.raises(ContractRevert, match="in the matter weilian/activate"):
        batches.activate(made.id, 0, 0, stranger)


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
