from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import item_id_of
from tests.support.properties import on_one_chain


@on_one_chain(30)
@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**32 - 1))
def test_item_id_of__any_batch_and_index_are_tried__is_their_hash(items, batch_id, index):
    assert items.itemIdOf(batch_id, index) == item_id_of(batch_id, index)
