"""P3: custody has no gap.

Whatever happens to goods, event n takes them from who got them by event n - 1, the first from their
issuer; and the versions of a lot or pallet are dense: each change adds one, none is left out or
counted twice, merging and packing included. So who follows the events knows what the chain knows.
"""

from itertools import count as counter

import pytest
from hypothesis import given

from tests.support.custody import register_goods
from tests.support.custody_events import CustodyTale
from tests.support.custody_walk import WALKS, Walk, read_lots
from tests.support.properties import on_one_chain

COUNT = 6
CHANGES = ("LotReceived", "PalletReceived", "LotSplit", "LotsMerged", "PalletUnpacked")


@pytest.fixture
def traders(issuer, brand, distributor, sponsor):
    """Two issuers and two who trade in their goods."""
    return [issuer, brand, distributor, sponsor]


@pytest.fixture
def start(custody, provenance, traders):
    """Begins a walk of two batches, one of each issuer."""
    numbers = counter(1)

    def begin():
        gtin = next(numbers)
        goods = [register_goods(provenance, trader, COUNT, gtin=gtin) for trader in traders[:2]]
        return Walk(custody, traders, dict.fromkeys(goods, COUNT))

    return begin


@pytest.fixture
def reader(project, deployer):
    return deployer.deploy(project.BatchReader)


def told(tale: CustodyTale):
    """List holder, size and version of every lot as the events tell."""
    return {lot: (tale.holders[lot], size, tale.versions[lot]) for lot, size in tale.sizes.items()}


def test_p03_custody_continuity__goods_go_from_hand_to_hand__is_told_by_events_without_gap(
    custody, reader, start
):
    @on_one_chain(12)
    @given(WALKS)
    def check(steps):
        walk = start()
        indices = [(batch_id, index) for batch_id, _ in walk.tale.sizes for index in range(COUNT)]

        for step in steps:
            walk.step(*step)

        lots = read_lots(custody, reader, indices)
        kept = {lot: (state.holder, state.size, state.version) for lot, state in lots.items()}
        assert kept == told(walk.tale)

    check()


def test_p03_custody_continuity__one_change_is_left_out_of_events__is_noticed(start):
    walk = start()
    for numbers in ((0, 0), (3, 1), (1, 2), (5, 3)):
        for kind in ("deliver", "split", "hand_over", "pack", "deliver_pallet", "unpack", "merge"):
            walk.step(kind, *numbers)
    places = [place for place, (_, name, _) in enumerate(walk.events) if name in CHANGES]

    assert len(places) > 12
    assert all(is_noticed(walk, place) for place in places)


def is_noticed(walk: Walk, place: int) -> bool:
    """Tell the walk without one event: does another not follow, or the end differ?"""
    tale = CustodyTale()
    for batch_id in {lot[0] for lot in walk.tale.sizes}:
        tale.begin(batch_id, COUNT)
    try:
        tale.tell(walk.events[:place] + walk.events[place + 1 :])
    except (AssertionError, KeyError):
        return True
    return told(tale) != told(walk.tale)
