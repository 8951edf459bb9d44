from tests.support.abi import ZERO_ADDRESS
from tests.support.invitations import acceptance_digest, invitation_digest
from tests.support.programme import create_invitation


def test_acceptance_digest_of__invitation_and_account_are_given__is_what_wallets_sign(
    network, brand, distributor, payer
):
    invitation = create_invitation(brand, invitee=distributor)
    named = invitation_digest(network, invitation)

    for account in (distributor, payer, ZERO_ADDRESS):
        digest = network.acceptanceDigestOf(invitation, account)
        assert digest == acceptance_digest(network, named, account)


def test_acceptance_digest_of__invitation_is_another__is_another(network, brand, distributor):
    invitation = create_invitation(brand)

    digests = {
        bytes(network.acceptanceDigestOf(one, distributor))
        for one in (invitation, invitation | {"campaign": b"\1" * 32}, invitation | {"sponsor": 2})
    }

    assert len(digests) == 3
