from tests.support.clock import later, next_block_at
from tests.support.reverts import reverts

DAY = 86_400
LAST_TIME = 2**48 - 1
NAME = b"did/svc/Weilian".ljust(32, b"\0")
VALUE = b"https://example.org/\xe5\xbe\xae"


def test_set_attribute__caller_does_not_own_identity__reverts(identities, issuer, attacker):
    with reverts(
        identities.IdentityRegistry_NotOwner, identity=issuer, actor=attacker, owner=issuer
    ):
        identities.setAttribute(issuer, NAME, VALUE, DAY, sender=attacker)


def test_set_attribute__validity_is_one_second_too_long__reverts(identities, issuer):
    time = later(100)
    next_block_at(time)

    with reverts(
        identities.IdentityRegistry_ValidityTooLong,
        validity=LAST_TIME - time + 1,
        limit=LAST_TIME - time,
    ):
        identities.setAttribute(issuer, NAME, VALUE, LAST_TIME - time + 1, sender=issuer)


def test_set_attribute__validity_is_longest__emits_last_time(identities, issuer):
    time = later(100)
    next_block_at(time)

    tx = identities.setAttribute(issuer, NAME, VALUE, LAST_TIME - time, sender=issuer)

    assert [event.validTo for event in tx.events] == [LAST_TIME]


def test_set_attribute__owner_sets__emits_name_and_value(identities, issuer):
    tx = identities.setAttribute(issuer, NAME, VALUE, DAY, sender=issuer)

    assert tx.events == [
        identities.DIDAttributeChanged(
            identity=issuer,
            name=NAME,
            value=VALUE,
            validTo=tx.timestamp + DAY,
            previousChange=0,
        )
    ]


def test_set_attribute__value_is_empty__emits_empty_value(identities, issuer):
    tx = identities.setAttribute(issuer, NAME, b"", DAY, sender=issuer)

    assert [event.value for event in tx.events] == [b""]
