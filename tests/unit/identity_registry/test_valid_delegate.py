import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.clock import read_at

DAY = 86_400


@pytest.fixture
def valid_to(identities, matter, issuer, manufacturer):
    """Second from which the manufacturer is no delegate any more."""
    tx = identities.addDelegate(issuer, matter, manufacturer, DAY, sender=issuer)
    return tx.timestamp + DAY


def test_valid_delegate__last_second_has_come__is_true(
    identities, matter, issuer, manufacturer, valid_to
):
    read_at(valid_to - 1)

    assert identities.validDelegate(issuer, matter, manufacturer)


def test_valid_delegate__second_after_it_has_come__is_false(
    identities, matter, issuer, manufacturer, valid_to
):
    read_at(valid_to)

    assert not identities.validDelegate(issuer, matter, manufacturer)


def test_valid_delegate__owner_is_asked_for__is_false(identities, matter, issuer):
    assert not identities.validDelegate(issuer, matter, issuer)


@pytest.mark.usefixtures("valid_to")
def test_valid_delegate__type_differs__is_false(identities, issuer, manufacturer):
    assert not identities.validDelegate(issuer, permission("trace"), manufacturer)


@pytest.mark.usefixtures("valid_to")
def test_valid_delegate__identity_is_deactivated__is_false(
    identities, matter, issuer, manufacturer
):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    assert not identities.validDelegate(issuer, matter, manufacturer)
