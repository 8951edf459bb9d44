"""Identities: who owns them, and who may act for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eth_abi.abi import encode

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, Signer, TxResult
from weilian.chain.values import to_moment
from weilian.hashing import keccak256
from weilian.suite import Suite


class Permission(StrEnum):
    """What an identity may delegate; the values are ERC-1056 delegate types."""

    BATCH = "weilian/batch"
    TRACE = "weilian/trace"
    ACTIVATE = "weilian/activate"
    RECALL = "weilian/recall"
    DOMAIN = "weilian/domain"
    CUSTODY = "weilian/custody"
    SELLER = "weilian/seller"
    INSPECT = "weilian/inspect"
    PLAN = "weilian/plan"
    ORDER = "weilian/order"
    WITHDRAW = "weilian/withdraw"
    INVITE = "weilian/invite"

    def to_bytes32(self) -> bytes:
        """Return the delegate type as it stands on chain."""
        return self.encode("ascii").ljust(32, b"\0")


@dataclass(frozen=True, slots=True)
class OwnerChange:
    """An identity's new owner; None if it is deactivated for ever."""

    identity: str
    owner: str | None
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Delegation:
    """A delegate and the first second at which it no longer is one; None if it was revoked."""

    identity: str
    permission: Permission
    delegate: str
    valid_to: datetime | None
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Identities:
    """The identity registry (ERC-1056)."""

    suite: Suite

    def did(self, identity: str) -> str:
        """Return the name by which did:ethr resolvers find an identity of this chain."""
        return f"did:ethr:{hex(self.suite.chain.chain_id)}:{to_address(identity)}"

    def owner(self, identity: str) -> str | None:
        """Return who owns an identity, None if it is deactivated."""
        function = self.suite.identities.functions.identityOwner(to_address(identity))
        owner: str = self.suite.chain.call(function)
        return None if owner == ZERO_ADDRESS else owner

    def is_authorized(self, identity: str, permission: Permission, actor: str) -> bool:
        """Tell whether an account may act for an identity, as owner or as delegate."""
        function = self.suite.identities.functions.isAuthorized(
            to_address(identity), permission.to_bytes32(), to_address(actor)
        )
        return bool(self.suite.chain.call(function))

    def delegate_until(
        self, identity: str, permission: Permission, delegate: str
    ) -> datetime | None:
        """Return until when an account is a delegate, None if it never was or was revoked."""
        # NOTE: ERC-1056 keys its map by the hash of the type.
        key = keccak256(encode(("bytes32",), (permission.to_bytes32(),)))
        function = self.suite.identities.functions.delegates(
            to_address(identity), key, to_address(delegate)
        )
        return to_moment(self.suite.chain.call(function))

    def change_owner(self, identity: str, new_owner: str | None, signer: Signer) -> OwnerChange:
        """Give an identity to a new owner; None deactivates it for ever. Delegates stay."""
        contract = self.suite.identities
        tx = self.suite.chain.send(
            contract.functions.changeOwner(
                to_address(identity), to_address(new_owner or ZERO_ADDRESS)
            ),
            signer,
        )
        owner = tx.event(contract.events.DIDOwnerChanged())["owner"]
        return OwnerChange(to_address(identity), None if owner == ZERO_ADDRESS else owner, tx)

    def add_delegate(
        self,
        identity: str,
        permission: Permission,
        delegate: str,
        validity: timedelta,
        signer: Signer,
    ) -> Delegation:
        """Let an account act for an identity in one matter, counted from the block's time."""
        function = self.suite.identities.functions.addDelegate(
            to_address(identity),
            permission.to_bytes32(),
            to_address(delegate),
            int(validity.total_seconds()),
        )
        return self._delegation(self.suite.chain.send(function, signer), permission)

    def revoke_delegate(
        self, identity: str, permission: Permission, delegate: str, signer: Signer
    ) -> Delegation:
        """End a delegation at once."""
        function = self.suite.identities.functions.revokeDelegate(
            to_address(identity), permission.to_bytes32(), to_address(delegate)
        )
        return self._delegation(self.suite.chain.send(function, signer), permission)

    def _delegation(self, tx: TxResult, permission: Permission) -> Delegation:
        args = tx.event(self.suite.identities.events.DIDDelegateChanged())
        valid_to = to_moment(args["validTo"])
        return Delegation(args["identity"], permission, args["delegate"], valid_to, tx)
