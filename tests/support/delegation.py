"""Everything that an identity can delegate."""

from tests.support.abi import permission
from tests.support.authority import VALIDITY

PERMISSIONS = (
    "batch",
    "trace",
    "activate",
    "recall",
    "domain",
    "custody",
    "seller",
    "inspect",
    "plan",
    "order",
    "withdraw",
)


def delegate_all(identities, identity, actor, names=PERMISSIONS, validity=VALIDITY):
    """Make `actor` a delegate of a self-owned identity in all matters, or in those named."""
    for name in names:
        identities.addDelegate(identity, permission(name), actor, validity, sender=identity)
