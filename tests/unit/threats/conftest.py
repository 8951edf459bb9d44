import pytest

from tests.support.printed import register_printed


@pytest.fixture
def printed(provenance, brand):
    """A batch of four items that the brand made with the library and registered."""
    return register_printed(provenance, brand)


@pytest.fixture
def proof(printed):
    """The public proof file of its first item."""
    return printed.proof()
