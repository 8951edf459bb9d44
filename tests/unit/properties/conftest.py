import pytest

from tests.support.batches import register_batch
from tests.support.delegation import delegate_all
from tests.support.registry_steps import Registry

LONG = 10**9  # seconds


@pytest.fixture
def registry(provenance, identities, issuer, brand, manufacturer, attacker):
    """A registry with two issuers, a delegate of the first in all matters, and a stranger."""
    delegate_all(identities, issuer, manufacturer, validity=LONG)
    return Registry(provenance, (issuer, brand), manufacturer, attacker)


@pytest.fixture
def batch(provenance, issuer):
    """A registered batch of four items that never expires."""
    return register_batch(provenance, issuer)
