import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import CHIP, HIDDEN_CODE, claim_key, item_id_of
from tests.support.claims import claim_item
from tests.support.items import act, chip_transfer
from tests.support.two_leaves import register_two_leaves
from tests.support.verdicts import OwnerAct


def test_chip_of__no_claim__is_zero(items, chip_batch):
    assert items.chipOf(item_id_of(chip_batch.batch_id, 0)) == ZERO_ADDRESS


def test_chip_of__item_has_hidden_code__is_zero(items, item_id):
    assert items.chipOf(item_id) == ZERO_ADDRESS


@pytest.mark.parametrize("index", [0, 1, 2])
def test_chip_of__item_has_chip__is_its_address(items, chip_batch, shopper, index):
    claim_item(items, chip_batch, shopper, index)

    chips = [items.chipOf(item_id_of(chip_batch.batch_id, one)) for one in range(3)]
    expected = [ZERO_ADDRESS] * 3
    expected[index] = claim_key(index).address
    assert chips == expected


def test_chip_of__item_changed_hands__is_same(items, chip_batch, chip_item_id, payer):
    items.transferWithChip(*chip_transfer(items, chip_batch, payer), sender=payer)

    assert items.chipOf(chip_item_id) == claim_key(0).address


def test_chip_of__item_was_destroyed__is_same(items, chip_item_id, shopper):
    act(items, chip_item_id, OwnerAct.DESTROY, shopper)

    assert items.chipOf(chip_item_id) == claim_key(0).address


@pytest.mark.parametrize("claimed", [0, 1])
def test_chip_of__item_has_leaves_of_both_kinds__is_what_claim_showed(
    items, provenance, brand, shopper, claimed
):
    batch = register_two_leaves(provenance, brand, HIDDEN_CODE, CHIP)

    claim_item(items, batch, shopper, claimed)

    chip = claim_key(1).address if claimed else ZERO_ADDRESS
    assert items.chipOf(item_id_of(batch.batch_id, 0)) == chip


@pytest.mark.parametrize("claimed", [0, 1])
def test_chip_of__item_has_two_chips__is_claimed_one(items, provenance, brand, shopper, claimed):
    batch = register_two_leaves(provenance, brand, CHIP, CHIP)

    claim_item(items, batch, shopper, claimed)

    assert items.chipOf(item_id_of(batch.batch_id, 0)) == claim_key(claimed).address
