from tests.support.reverts import reverts

NAME = b"did/svc/Weilian".ljust(32, b"\0")
VALUE = b"https://example.org"


def test_revoke_attribute__caller_does_not_own_identity__reverts(identities, issuer, attacker):
    with reverts(
        identities.IdentityRegistry_NotOwner, identity=issuer, actor=attacker, owner=issuer
    ):
        identities.revokeAttribute(issuer, NAME, VALUE, sender=attacker)


def test_revoke_attribute__owner_revokes__emits_zero(identities, issuer):
    added = identities.setAttribute(issuer, NAME, VALUE, 86_400, sender=issuer)

    tx = identities.revokeAttribute(issuer, NAME, VALUE, sender=issuer)

    assert tx.events == [
        identities.DIDAttributeChanged(
            identity=issuer,
            name=NAME,
            value=VALUE,
            validTo=0,
            previousChange=added.block_number,
        )
    ]
