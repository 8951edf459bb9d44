from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import item_id_of
from tests.support.claims import claim_item
from tests.support.items import DESTROYED, FLAGGED, LOST, ON_CHIP, STOLEN, act, flag
from tests.support.verdicts import OwnerAct


def test_item_of__no_claim__is_all_zero(items, batch):
    assert tuple(items.itemOf(item_id_of(batch.batch_id, 0))) == (ZERO_ADDRESS, 0, 0, 0)


def test_item_of__item_went_through_much__tells_all_of_it(items, chip_batch, issuer, shopper):
    tx = claim_item(items, chip_batch, shopper)
    item_id = item_id_of(chip_batch.batch_id, 0)
    act(items, item_id, OwnerAct.REPORT_LOST, shopper)
    act(items, item_id, OwnerAct.REPORT_STOLEN, shopper)
    flag(items, chip_batch, issuer)

    act(items, item_id, OwnerAct.DESTROY, shopper)

    flags = LOST | STOLEN | FLAGGED | DESTROYED | ON_CHIP
    assert tuple(items.itemOf(item_id)) == (shopper, tx.timestamp, 3, flags)
