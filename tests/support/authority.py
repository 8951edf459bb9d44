"""Every way in which an account may or may not act for an identity.

Each preparation brings the chain there; the transaction that follows at once is allowed or refused.
`identity` owns itself before.
"""

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.clock import next_block_at, now

VALIDITY = 1000  # seconds


def delegate(identities, identity, matter, actor):
    identities.addDelegate(identity, matter, actor, VALIDITY, sender=identity)


def delegate_in_last_second(identities, identity, matter, actor):
    delegate(identities, identity, matter, actor)
    next_block_at(now() + VALIDITY - 1)


def new_owner(identities, identity, matter, actor):
    identities.changeOwner(identity, actor, sender=identity)


def stranger(identities, identity, matter, actor):
    pass


def delegate_in_another_matter(identities, identity, matter, actor):
    identities.addDelegate(identity, permission("other"), actor, VALIDITY, sender=identity)


def delegate_of_another_identity(identities, identity, matter, actor):
    identities.addDelegate(actor, matter, actor, VALIDITY, sender=actor)


def delegate_expired_this_second(identities, identity, matter, actor):
    delegate(identities, identity, matter, actor)
    next_block_at(now() + VALIDITY)


def delegate_revoked(identities, identity, matter, actor):
    delegate(identities, identity, matter, actor)
    identities.revokeDelegate(identity, matter, actor, sender=identity)


def former_owner(identities, identity, matter, actor):
    identities.changeOwner(identity, actor, sender=identity)
    identities.changeOwner(identity, identity, sender=actor)


def owner_of_deactivated_identity(identities, identity, matter, actor):
    identities.changeOwner(identity, actor, sender=identity)
    identities.changeOwner(identity, ZERO_ADDRESS, sender=actor)


def delegate_of_deactivated_identity(identities, identity, matter, actor):
    delegate(identities, identity, matter, actor)
    identities.changeOwner(identity, ZERO_ADDRESS, sender=identity)


ALLOWED = [delegate, delegate_in_last_second, new_owner]
REFUSED = [
    stranger,
    delegate_in_another_matter,
    delegate_of_another_identity,
    delegate_expired_this_second,
    delegate_revoked,
    former_owner,
    owner_of_deactivated_identity,
    delegate_of_deactivated_identity,
]
