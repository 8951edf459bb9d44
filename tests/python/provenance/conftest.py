"""A model with one batch of six items, registered at second 1,000 by its issuer."""

import pytest

from tests.support.batches import SampleBatch
from weilian.provenance.identity_model import Call
from weilian.provenance.item_model import ClaimRequest
from weilian.provenance.lot_model import LotRef
from weilian.provenance.membership import Ground, Item
from weilian.provenance.model import ProvenanceModel
from weilian.provenance.registry_model import BatchTerms

GTIN, LOT, COUNT = 6901234567892, b"TEA".ljust(20, b"\0"), 6
REGISTERED_AT, EXPIRES_AT = 1_000, 9_000


def account(number):
    return "0x" + f"{number:040d}"


ISSUER, SHOP, SHOPPER, STRANGER = map(account, (11, 22, 33, 44))


def call(sender, time=2_000):
    return Call(sender, time)


def terms_of(count=COUNT, lot=LOT, **changes):
    return BatchTerms(ISSUER, GTIN, lot, count, **({"root": b"\1" * 32} | changes))


@pytest.fixture
def batch():
    ground = Ground(1, account(99))
    batch_id = terms_of().batch_id
    return SampleBatch(ground.chain_id, ground.registry, batch_id, COUNT)


@pytest.fixture
def model(batch):
    model = ProvenanceModel(Ground(batch.chain_id, batch.registry))
    terms = terms_of(root=batch.root, expires_at=EXPIRES_AT)
    model.registry.register(call(ISSUER, REGISTERED_AT), terms)
    return model


@pytest.fixture
def whole(batch):
    """The lot that the batch is at first."""
    return LotRef(batch.batch_id, 0)


@pytest.fixture
def halves(model, whole):
    """The batch cut into two lots of its issuer's."""
    model.custody.split_lot(call(ISSUER), whole, 3)
    return [whole, LotRef(whole.batch_id, 3)]


@pytest.fixture
def item(batch):
    made = batch.item()
    return Item(batch.batch_id, 0, made["serialCommitment"], made["claimKey"])


@pytest.fixture
def claimed(model, batch, item):
    """The model with item 0 in the shopper's hands."""
    request = ClaimRequest(SHOPPER, 5_000)
    model.items.claim(call(SHOP), item, batch.proof(), request, item.claim_key)
    return model
