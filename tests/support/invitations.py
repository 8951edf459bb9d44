"""Invitations to a brand's programme and acceptances, as wallets sign them (EIP-712)."""

from typing import Any, NamedTuple

from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS
from tests.support.programme import create_invitation

INVITATION = {
    "Invitation": [
        {"name": "brand", "type": "address"},
        {"name": "sponsor", "type": "uint32"},
        {"name": "invitee", "type": "address"},
        {"name": "campaign", "type": "bytes32"},
        {"name": "expiry", "type": "uint48"},
    ]
}
ACCEPTANCE = {
    "Acceptance": [
        {"name": "invitation", "type": "bytes32"},
        {"name": "account", "type": "address"},
    ]
}


class Member(NamedTuple):
    """A distributor as the network answers it."""

    account: Any
    sponsor: int
    joinedAt: int  # noqa: N815 -- the name in the contract
    depth: int
    payout: Any
    isSuspended: bool = False  # noqa: N815
    territory: bytes = bytes(32)


def member_of(network: Any, brand: Any, number: int) -> Member:
    """Read a distributor."""
    return Member(*network.distributorOf(brand, number))


NOBODY = Member(ZERO_ADDRESS, 0, 0, 0, ZERO_ADDRESS)


def network_domain(network: Any) -> dict[str, Any]:
    """Return the domain that invitations are signed for."""
    return {
        "name": "Weilian DistributorNetwork",
        "version": "1",
        "chainId": network.provider.chain_id,
        "verifyingContract": network.address,
    }


def invitation_digest(network: Any, invitation: dict[str, Any], **domain: Any) -> bytes:
    """Hash an invitation as a wallet does; `domain` overrides parts of the domain."""
    plain = {name: getattr(value, "address", value) for name, value in invitation.items()}
    return _digest(encode_typed_data(network_domain(network) | domain, INVITATION, plain))


def acceptance_digest(network: Any, invitation: bytes, account: Any, **domain: Any) -> bytes:
    """Hash the acceptance of an invitation, named by its digest, as a wallet does."""
    message = {"invitation": invitation, "account": getattr(account, "address", account)}
    return _digest(encode_typed_data(network_domain(network) | domain, ACCEPTANCE, message))


def sign(signer: Any, digest: bytes) -> bytes:
    """Sign a digest with an account's key."""
    return bytes(Account.unsafe_sign_hash(digest, signer.private_key).signature)


def sign_invitation(network: Any, signer: Any, invitation: dict[str, Any], **domain: Any) -> bytes:
    """Sign an invitation; `domain` overrides parts of the domain."""
    return sign(signer, invitation_digest(network, invitation, **domain))


def sign_acceptance(
    network: Any, signer: Any, invitation: dict[str, Any], account: Any = None, **domain: Any
) -> bytes:
    """Sign that `account`, by default the signer, accepts an invitation."""
    digest = invitation_digest(network, invitation)
    return sign(signer, acceptance_digest(network, digest, account or signer, **domain))


def invite(network: Any, brand: Any, number: int = 0, signer: Any = None, **changes: Any) -> Any:
    """Return an invitation and its signature, of the brand or of `signer` for its number."""
    invitation = create_invitation(brand, number, **changes)
    return invitation, sign_invitation(network, signer or brand, invitation)


def _digest(message: SignableMessage) -> bytes:
    return keccak(b"\x19" + message.version + message.header + message.body)
