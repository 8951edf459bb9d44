import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of, create_registration, register_batch
from tests.support.clock import later, next_block_at
from tests.support.notices import issue_notice
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts

HUGE = 2**256 - 1
EDGES = [
    (0, 0),
    (0, 255),
    (254, 254),
    (255, 255),
    (256, 256),
    (257, 257),
    (255, 256),
    (254, 257),
    (256, 511),
    (0, 767),
    (200, 600),
    (255, 512),
    (0, 999),
    (999, 999),
]


def active_among(provenance, batch, indexes):
    """Return which of these items are active."""
    return {index for index in indexes if provenance.isActive(batch.batch_id, index)}


def beside(first, last):
    """Return the items at and just beside the ends of a range, and at the edges of words."""
    ends = {first - 1, first, first + 1, last - 1, last, last + 1}
    return {index for index in ends | {0, 255, 256, 511, 512, 767, 768, 999} if 0 <= index < 1000}


@pytest.mark.parametrize("prepare", ALLOWED)
def test_activate__caller_may_act_for_issuer__activates(
    provenance, identities, cartons, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("activate"), manufacturer)

    provenance.activate(cartons.batch_id, 0, 0, sender=manufacturer)

    assert provenance.isActive(cartons.batch_id, 0)


@pytest.mark.parametrize("prepare", REFUSED)
def test_activate__caller_may_not_act_for_issuer__reverts(
    provenance, identities, cartons, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("activate"), attacker)

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("activate"),
        actor=attacker,
    ):
        provenance.activate(cartons.batch_id, 0, 0, sender=attacker)


def test_activate__batch_is_unknown__reverts(provenance, issuer):
    batch_id = batch_id_of(issuer)

    with reverts(provenance.ProvenanceRegistry_BatchUnknown, batchId=batch_id):
        provenance.activate(batch_id, 0, 0, sender=issuer)


def test_activate__items_are_active_from_registration_on__reverts(provenance, batch, issuer):
    with reverts(provenance.ProvenanceRegistry_NothingToActivate, batchId=batch.batch_id):
        provenance.activate(batch.batch_id, 0, 0, sender=issuer)


@pytest.mark.parametrize(("first", "last"), [(1, 0), (999, 998), (HUGE, 0)])
def test_activate__first_carton_is_after_last__reverts(provenance, cartons, issuer, first, last):
    with reverts(
        provenance.ProvenanceRegistry_RangeWrong,
        batchId=cartons.batch_id,
        first=first,
        last=last,
        count=1000,
    ):
        provenance.activate(cartons.batch_id, first, last, sender=issuer)


@pytest.mark.parametrize(("first", "last"), [(0, 1000), (1000, 1000), (0, HUGE), (HUGE, HUGE)])
def test_activate__last_carton_is_beyond_batch__reverts(provenance, cartons, issuer, first, last):
    with reverts(
        provenance.ProvenanceRegistry_RangeWrong,
        batchId=cartons.batch_id,
        first=first,
        last=last,
        count=1000,
    ):
        provenance.activate(cartons.batch_id, first, last, sender=issuer)


def test_activate__cartons_that_do_not_divide_batch__activates_last_one_which_is_not_full(
    provenance, issuer
):
    batch = register_batch(provenance, issuer, count=10, carton_size=4)

    provenance.activate(batch.batch_id, 2, 2, sender=issuer)

    assert active_among(provenance, batch, range(12)) == {8, 9}


def test_activate__cartons_that_do_not_divide_batch__reverts_for_one_more(provenance, issuer):
    batch = register_batch(provenance, issuer, count=10, carton_size=4)

    with reverts(
        provenance.ProvenanceRegistry_RangeWrong,
        batchId=batch.batch_id,
        first=3,
        last=3,
        count=3,
    ):
        provenance.activate(batch.batch_id, 3, 3, sender=issuer)


@pytest.mark.parametrize("size", [1, 65_535])
@pytest.mark.parametrize("count", [1, 2, 2**32 - 1])
def test_activate__smallest_or_largest_batch_or_carton__activates_last_carton(
    provenance, issuer, count, size
):
    terms = create_registration(issuer, itemCount=count, cartonSize=size)
    provenance.registerBatch(terms, sender=issuer)
    batch_id, last = batch_id_of(issuer), (count - 1) // size

    provenance.activate(batch_id, last, last, sender=issuer)

    assert provenance.isActive(batch_id, count - 1)
    assert provenance.isActive(batch_id, last * size)
    assert last == 0 or not provenance.isActive(batch_id, last * size - 1)


def test_activate__it_is_one_carton__activates_all_of_its_items_and_no_other(provenance, issuer):
    batch = register_batch(provenance, issuer, count=12, carton_size=3)

    provenance.activate(batch.batch_id, 1, 1, sender=issuer)

    assert active_among(provenance, batch, range(12)) == {3, 4, 5}


@pytest.mark.parametrize(("first", "last"), EDGES)
def test_activate__range_is_at_edge_of_word__activates_range_and_nothing_beside_it(
    provenance, cartons, issuer, first, last
):
    provenance.activate(cartons.batch_id, first, last, sender=issuer)

    probes = beside(first, last)
    expected = {index for index in probes if first <= index <= last}
    assert active_among(provenance, cartons, probes) == expected


def test_activate__ranges_of_any_length_are_tried__activates_what_set_of_numbers_holds(
    provenance, cartons, issuer
):
    model = set()

    @on_one_chain(15)
    @given(st.integers(0, 999), st.integers(0, 300), st.lists(st.integers(0, 999), max_size=8))
    def check(first, length, elsewhere):
        last = min(first + length, 999)
        provenance.activate(cartons.batch_id, first, last, sender=issuer)
        model.update(range(first, last + 1))

        probes = {max(first - 1, 0), first, last, min(last + 1, 999), *elsewhere}
        assert active_among(provenance, cartons, probes) == probes & model

    check()


def test_activate__cartons_that_are_active__emits_same_again(provenance, cartons, issuer):
    first = provenance.activate(cartons.batch_id, 3, 5, sender=issuer)

    second = provenance.activate(cartons.batch_id, 3, 5, sender=issuer)

    assert second.events == first.events


def test_activate__cartons_that_are_active__leaves_them_active(provenance, cartons, issuer):
    provenance.activate(cartons.batch_id, 3, 5, sender=issuer)

    provenance.activate(cartons.batch_id, 3, 5, sender=issuer)

    assert active_among(provenance, cartons, range(2, 7)) == {3, 4, 5}


def test_activate__cartons_that_are_active__adds_those_beside_them(provenance, cartons, issuer):
    provenance.activate(cartons.batch_id, 3, 5, sender=issuer)

    provenance.activate(cartons.batch_id, 5, 7, sender=issuer)

    assert active_among(provenance, cartons, range(2, 9)) == {3, 4, 5, 6, 7}


def test_activate__issuer_activates__emits_range_and_actor(provenance, cartons, issuer):
    tx = provenance.activate(cartons.batch_id, 254, 700, sender=issuer)

    assert tx.events == [
        provenance.CartonsActivated(batchId=cartons.batch_id, first=254, last=700, actor=issuer)
    ]


def test_activate__issuer_activates__changes_nothing_else_of_batch(provenance, cartons, issuer):
    before = provenance.batchOf(cartons.batch_id)

    provenance.activate(cartons.batch_id, 0, 999, sender=issuer)

    assert provenance.batchOf(cartons.batch_id) == before


def test_activate__two_batches__activates_none_of_other(provenance, cartons, issuer):
    other = register_batch(provenance, issuer, gtin=1, count=3, carton_size=1)

    provenance.activate(cartons.batch_id, 0, 2, sender=issuer)

    assert active_among(provenance, other, range(3)) == set()


def test_activate__batch_is_recalled_and_expired__still_activates(provenance, issuer):
    expires_at = later(1000)
    batch = register_batch(provenance, issuer, expires_at=expires_at, carton_size=2)
    issue_notice(provenance, batch, issuer)
    next_block_at(expires_at)

    provenance.activate(batch.batch_id, 1, 1, sender=issuer)

    assert active_among(provenance, batch, range(4)) == {2, 3}
