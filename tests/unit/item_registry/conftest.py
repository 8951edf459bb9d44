import pytest

from tests.support.batches import register_batch


@pytest.fixture
def batch(provenance, issuer):
    """A registered batch of three items that never expires; leaf 3 is padding."""
    return register_batch(provenance, issuer, count=3)
