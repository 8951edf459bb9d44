import pytest

from tests.support.batches import batch_id_of, create_registration, register_batch
from tests.support.clock import later, read_at
from tests.support.notices import issue_notice

LAST = 2**32 - 2


@pytest.mark.parametrize("index", [0, 2**32 - 1])
def test_is_active__batch_is_unknown__is_false(provenance, issuer, index):
    assert not provenance.isActive(batch_id_of(issuer), index)


@pytest.mark.parametrize("index", range(4))
def test_is_active__no_carton_size__is_true_for_every_item(provenance, batch, index):
    assert provenance.isActive(batch.batch_id, index)


@pytest.mark.parametrize("index", [4, 2**32 - 1])
def test_is_active__no_carton_size__is_false_beyond_batch(provenance, batch, index):
    assert not provenance.isActive(batch.batch_id, index)


@pytest.mark.parametrize("index", [0, 255, 256, 999])
def test_is_active__no_carton_is_active__is_false_for_every_item(provenance, cartons, index):
    assert not provenance.isActive(cartons.batch_id, index)


@pytest.mark.parametrize(("index", "is_active"), [(3, False), (4, True), (5, False), (7, False)])
def test_is_active__active_carton_that_is_not_full__is_false_beyond_batch(
    provenance, issuer, index, is_active
):
    batch = register_batch(provenance, issuer, count=5, carton_size=4)
    provenance.activate(batch.batch_id, 1, 1, sender=issuer)

    assert provenance.isActive(batch.batch_id, index) is is_active


def test_is_active__items_are_recalled_and_expired__is_still_true(provenance, issuer):
    expires_at = later(1000)
    batch = register_batch(provenance, issuer, expires_at=expires_at, carton_size=4)
    provenance.activate(batch.batch_id, 0, 0, sender=issuer)
    issue_notice(provenance, batch, issuer)
    read_at(expires_at)

    assert provenance.isActive(batch.batch_id, 3)


def test_is_active__largest_batch__is_true_for_last_item_alone(provenance, issuer):
    terms = create_registration(issuer, itemCount=LAST + 1, cartonSize=1)
    provenance.registerBatch(terms, sender=issuer)
    provenance.activate(batch_id_of(issuer), LAST, LAST, sender=issuer)

    active = [provenance.isActive(batch_id_of(issuer), LAST + offset) for offset in (-1, 0, 1)]

    assert active == [False, True, False]
