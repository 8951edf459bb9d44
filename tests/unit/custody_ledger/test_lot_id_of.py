import pytest

from tests.support.batches import item_id_of
from tests.support.custody import MAX_ITEMS, lot_id_of


@pytest.mark.parametrize("first", [0, 1, MAX_ITEMS])
def test_lot_id_of__any_lot__is_hash_of_batch_and_first_index(custody, lot, first):
    assert custody.lotIdOf(lot[0], first) == lot_id_of(lot[0], first)


def test_lot_id_of__any_lot__is_id_of_its_first_item(custody, lot):
    assert custody.lotIdOf(*lot) == item_id_of(*lot)


def test_lot_id_of__batch_or_index_differs__differs(custody, lot):
    batch_id, first = lot
    other_batch = batch_id[:-1] + bytes([batch_id[-1] ^ 1])

    ids = {custody.lotIdOf(*named) for named in (lot, (batch_id, first + 1), (other_batch, first))}

    assert len(ids) == 3
