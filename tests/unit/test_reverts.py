"""The helper that all tests of reverts lean on can itself fail."""

import pytest

from tests.support.reverts import reverts


def test_reverts__wrong_value__fails(identities, issuer, attacker, brand):
    with (
        pytest.raises(AssertionError, match="IdentityReg"),
        reverts(identities.IdentityRegistry_NotOwner, identity=issuer, actor=attacker, owner=brand),
    ):
        identities.changeOwner(issuer, attacker, sender=attacker)


def test_reverts__argument_left_out__fails(identities, issuer, attacker):
    with (
        pytest.raises(AssertionError, match="IdentityReg"),
        reverts(identities.IdentityRegistry_NotOwner, identity=issuer, actor=attacker),
    ):
        identities.changeOwner(issuer, attacker, sender=attacker)


def test_reverts__another_error__fails(identities, issuer, attacker):
    with (
        pytest.raises(AssertionError, match="IdentityReg"),
        reverts(identities.IdentityRegistry_ValidityTooLong, validity=1, limit=1),
    ):
        identities.changeOwner(issuer, attacker, sender=attacker)


def test_reverts__nothing_reverts__fails(identities, issuer):
    with (
        pytest.raises(AssertionError, match="did not revert"),
        reverts(identities.IdentityRegistry_ValidityTooLong, validity=1, limit=1),
    ):
        identities.changeOwner(issuer, issuer, sender=issuer)
