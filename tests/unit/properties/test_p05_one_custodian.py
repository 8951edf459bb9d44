"""P5: every item has exactly one custodian.

The lots of a batch cover it without gap or overlap at any moment, whatever was split, merged, moved
or packed, and each has one holder, nobody never; lots and holders are those that the events tell.
"""

from collections import Counter
from itertools import count as counter

import pytest
from hypothesis import given

from tests.support.custody import MAX_ITEMS, cut, register_goods
from tests.support.custody_walk import WALKS, Walk, read_lots
from tests.support.properties import on_one_chain

COUNT = 9


@pytest.fixture
def start(custody, provenance, issuer, distributor, sponsor):
    """Begins a walk of one batch."""
    numbers = counter(1)

    def begin():
        batch_id = register_goods(provenance, issuer, COUNT, gtin=next(numbers))
        return Walk(custody, [issuer, distributor, sponsor], {batch_id: COUNT}), batch_id

    return begin


@pytest.fixture
def reader(project, deployer):
    return deployer.deploy(project.BatchReader)


def test_p05_one_custodian__lots_are_split_merged_and_moved__covers_batch_exactly_once_with_holders(
    custody, reader, start
):
    @on_one_chain(12)
    @given(WALKS)
    def check(steps):
        walk, batch_id = start()
        indices = [(batch_id, index) for index in range(COUNT + 1)]

        for step in steps:
            walk.step(*step)

            lots = read_lots(custody, reader, indices)
            sizes = {first: state.size for (_, first), state in lots.items()}
            assert sizes == walk.tale.partition(batch_id)
            cover = Counter(i for first, size in sizes.items() for i in range(first, first + size))
            assert cover == Counter(range(COUNT))
            assert {lot: state.holder for lot, state in lots.items()} == walk.tale.holders

    check()


def test_p05_one_custodian__batch_is_largest__is_covered_up_to_its_last_item(
    custody, provenance, reader, issuer
):
    whole = register_goods(provenance, issuer, MAX_ITEMS), 0
    parts = cut(custody, whole, issuer, 1, 2**31, MAX_ITEMS - 1)

    lots = read_lots(custody, reader, parts)

    ends = [first + state.size for (_, first), state in lots.items()]
    assert ends == [1, 2**31, MAX_ITEMS - 1, MAX_ITEMS]
