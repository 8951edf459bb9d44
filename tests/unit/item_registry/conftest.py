import pytest

from tests.support.batches import CHIP, item_id_of, register_batch
from tests.support.claims import claim_item

CHIP_GTIN = 6901234567908


@pytest.fixture
def batch(provenance, issuer):
    """A registered batch of three items that never expires; leaf 3 is padding."""
    return register_batch(provenance, issuer, count=3)


@pytest.fixture
def item_id(items, batch, shopper):
    """The first item of the batch, which the shopper claimed."""
    claim_item(items, batch, shopper)
    return item_id_of(batch.batch_id, 0)


@pytest.fixture
def chip_batch(provenance, issuer):
    """A registered batch of three items whose keys are in chips."""
    return register_batch(provenance, issuer, count=3, gtin=CHIP_GTIN, key_kind=CHIP)


@pytest.fixture
def chip_item_id(items, chip_batch, shopper):
    """The first item with a chip, which the shopper claimed."""
    claim_item(items, chip_batch, shopper)
    return item_id_of(chip_batch.batch_id, 0)


@pytest.fixture
def wallet(project, deployer, shopper):
    """A contract for which the shopper's key signs."""
    return deployer.deploy(project.Wallet1271, shopper)
