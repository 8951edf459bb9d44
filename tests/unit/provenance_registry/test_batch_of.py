from tests.support.abi import ZERO_HASH
from tests.support.batches import batch_id_of


def test_batch_of__no_batch__is_all_zero(provenance, issuer):
    assert tuple(provenance.batchOf(batch_id_of(issuer))) == (ZERO_HASH, 0, 0, 0, 0)
