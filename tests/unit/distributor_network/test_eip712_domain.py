from tests.support.abi import ZERO_HASH
from tests.support.invitations import network_domain

# EIP-5267: name, version, chain and contract are used, salt is not.
NAME_VERSION_CHAIN_CONTRACT = b"\x0f"


def test_eip712_domain__it_is_asked_for__is_what_invitations_are_signed_for(network):
    domain = network.eip712Domain()

    assert domain.fields == NAME_VERSION_CHAIN_CONTRACT
    assert network_domain(network) == {
        "name": domain.name,
        "version": domain.version,
        "chainId": domain.chainId,
        "verifyingContract": domain.verifyingContract,
    }
    assert (domain.salt, domain.extensions) == (ZERO_HASH, [])
