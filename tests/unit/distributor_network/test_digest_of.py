import pytest

from tests.support.clock import NEVER
from tests.support.invitations import invitation_digest
from tests.support.programme import create_invitation

OTHERS = {
    "brand": "0x" + "11" * 20,
    "sponsor": 2**32 - 1,
    "invitee": "0x" + "22" * 20,
    "campaign": b"\xff" * 32,
    "expiry": NEVER,
}


@pytest.mark.parametrize("changes", [{}, OTHERS, *({name: OTHERS[name]} for name in OTHERS)])
def test_digest_of__invitation_is_given__is_what_wallets_sign(network, brand, changes):
    invitation = create_invitation(brand.address) | changes

    assert network.digestOf(invitation) == invitation_digest(network, invitation)


def test_digest_of__network_is_another__is_another(project, network, deployer, identities, brand):
    other = deployer.deploy(project.DistributorNetwork, identities)
    invitation = create_invitation(brand)

    assert other.digestOf(invitation) == invitation_digest(other, invitation)
    assert other.digestOf(invitation) != network.digestOf(invitation)
