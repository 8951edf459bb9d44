from tests.support.abi import ZERO_ADDRESS


def test_identity_owner__nothing_happened__is_identity(identities, issuer):
    assert identities.identityOwner(issuer) == issuer


def test_identity_owner__nothing_happened__has_no_entry_in_owners(identities, issuer):
    assert identities.owners(issuer) == ZERO_ADDRESS


def test_identity_owner__new_owner__is_new_owner(identities, issuer, brand):
    identities.changeOwner(issuer, brand, sender=issuer)

    assert identities.identityOwner(issuer) == brand


def test_identity_owner__identity_is_deactivated__is_zero(identities, issuer):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    assert identities.identityOwner(issuer) == ZERO_ADDRESS
