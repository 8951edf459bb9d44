import pytest

from tests.support.abi import permission


@pytest.fixture(scope="session")
def matter():
    """What is delegated in these tests."""
    return permission("batch")
