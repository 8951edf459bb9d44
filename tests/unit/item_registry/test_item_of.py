from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import item_id_of


def test_item_of__no_claim__is_all_zero(items, batch):
    assert tuple(items.itemOf(item_id_of(batch.batch_id, 0))) == (ZERO_ADDRESS, 0)
