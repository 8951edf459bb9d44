"""The contract's answers beside those of weilian.provenance.grading, over random histories."""

from itertools import count as counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.clock import NEVER
from tests.support.delegation import delegate_all
from tests.support.grading_cases import CASES, MOST_ITEMS, Stage
from tests.support.properties import on_one_chain
from tests.support.undone import undone
from weilian.provenance.grading import condition, gravest, reasons_of, standing
from weilian.provenance.terms import Reason, Verdict

PLACES = st.integers(0, MOST_ITEMS)


@pytest.fixture
def stage(provenance, identities, issuer, manufacturer):
    """Where the issuer's delegate registers, and the issuer does the rest."""
    delegate_all(identities, issuer, manufacturer, ["batch"])
    return Stage(provenance, identities, issuer, manufacturer)


def check_item(stage, played, index):
    """Compare what the chain and the library say of an item that is in the batch."""
    batch = played.batch
    reasons = standing(played.view(stage.issuer, index), played.time)

    root, count, bits = stage.provenance.standingOf(batch.batch_id, index)
    verdict, same_bits = stage.provenance.verdictOf(batch.item(index), batch.proof(index))

    assert (root, count, frozenset(reasons_of(bits))) == (batch.root, batch.count, reasons)
    assert (Verdict(verdict), same_bits) == (gravest(reasons), bits)


def conditions_of(played, first, last):
    """Say by the library what forbids a range to be traded."""
    if first > last or last >= played.batch.count:
        return {Reason.INDEX_OUT_OF_RANGE}
    known = (played.state, played.notices, played.gtin_notice)
    return condition(*known, (first, last), played.time)


def test_grading__any_history_of_batch_is_tried__grades_each_item_as_library_does(stage):
    gtins = counter(1)

    @on_one_chain(30)
    @given(CASES)
    def check(case):
        with undone():
            played = stage.play(case, next(gtins))

            for index in range(case.count):
                check_item(stage, played, index)

    check()


def test_grading__any_ranges_of_batch_are_tried__names_conditions_that_library_does(stage):
    gtins = counter(1)

    @on_one_chain(25)
    @given(CASES, st.lists(st.tuples(PLACES, PLACES), min_size=3, max_size=6))
    def check(case, ranges):
        with undone():
            played = stage.play(case, next(gtins))

            for first, last in ranges:
                bits = stage.provenance.conditionOf(played.batch.batch_id, first, last, NEVER)
                assert set(reasons_of(bits)) == conditions_of(played, first, last)

    check()
