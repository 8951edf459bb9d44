import pytest

from tests.support.batches import register_batch


@pytest.fixture
def batch(provenance, issuer):
    """A registered batch of four items that never expires."""
    return register_batch(provenance, issuer)
