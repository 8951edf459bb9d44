import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED


@pytest.mark.parametrize("name", ["batch", "withdraw", "unheard of"])
def test_is_authorized__actor_is_owner__is_true_for_every_matter(identities, issuer, name):
    assert identities.isAuthorized(issuer, permission(name), issuer)


@pytest.mark.parametrize("prepare", ALLOWED)
def test_is_authorized__actor_may_act__is_true(
    identities, matter, issuer, manufacturer, prepare, chain
):
    prepare(identities, issuer, matter, manufacturer)
    chain.mine()

    assert identities.isAuthorized(issuer, matter, manufacturer)


@pytest.mark.parametrize("prepare", REFUSED)
def test_is_authorized__actor_may_not_act__is_false(
    identities, matter, issuer, manufacturer, prepare, chain
):
    prepare(identities, issuer, matter, manufacturer)
    chain.mine()

    assert not identities.isAuthorized(issuer, matter, manufacturer)


def test_is_authorized__identity_gave_itself_away__is_false_for_identity(
    identities, matter, issuer, brand
):
    identities.changeOwner(issuer, brand, sender=issuer)

    assert not identities.isAuthorized(issuer, matter, issuer)


def test_is_authorized__new_owner__stays_true_for_delegates(
    identities, matter, issuer, brand, manufacturer
):
    identities.addDelegate(issuer, matter, manufacturer, 86_400, sender=issuer)

    identities.changeOwner(issuer, brand, sender=issuer)

    assert identities.isAuthorized(issuer, matter, manufacturer)


def test_is_authorized__actor_is_zero__is_false_even_if_deactivated(identities, matter, issuer):
    before = identities.isAuthorized(issuer, matter, ZERO_ADDRESS)
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    after = identities.isAuthorized(issuer, matter, ZERO_ADDRESS)

    assert (before, after) == (False, False)
