import pytest

from tests.support.batches import register_batch
from tests.support.clock import later


@pytest.fixture
def batch(provenance, issuer):
    """A registered batch of four items that never expires."""
    return register_batch(provenance, issuer)


@pytest.fixture
def other(provenance, issuer):
    """Another batch of the same issuer, of another GTIN."""
    return register_batch(provenance, issuer, gtin=1)


@pytest.fixture
def expiring(provenance, issuer):
    """A batch that expires in a while, and when."""
    expires_at = later(1000)
    return register_batch(provenance, issuer, expires_at=expires_at), expires_at


@pytest.fixture
def cartons(provenance, issuer):
    """A batch of 1000 items in cartons of one, none active."""
    return register_batch(provenance, issuer, count=1000, carton_size=1)
