"""IdentityRegistry without a chain: who owns an identity, and who may act for it."""

from dataclasses import dataclass, field

from weilian.address import ZERO_ADDRESS
from weilian.refusal import RefusedError

MAX_TIME = 2**48 - 1
"""Seconds since 1970; the last that the contracts can keep."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls a contract, in which second since 1970, and in which block where it matters."""

    sender: str
    time: int
    block: int = 0


def permission(name: str) -> bytes:
    """Return the delegate type `weilian/<name>` as it stands on chain."""
    return f"weilian/{name}".encode("ascii").ljust(32, b"\0")


@dataclass
class IdentityModel:
    """Owners and delegates. Raises RefusedError, and changes nothing then, like all models here."""

    owners: dict[str, str] = field(default_factory=dict)
    """Of identities whose owner ever changed; the zero address once deactivated."""

    delegates: dict[tuple[str, bytes, str], int] = field(default_factory=dict)
    """First second at which (identity, delegate type, delegate) no longer is one."""

    def owner(self, identity: str) -> str:
        """Return the owner of an identity: itself at first, the zero address at the end."""
        return self.owners.get(identity, identity)

    def is_active(self, identity: str) -> bool:
        """Tell whether an identity is not deactivated."""
        return self.owner(identity) != ZERO_ADDRESS

    def is_authorized(self, identity: str, kind: bytes, actor: str, now: int) -> bool:
        """Tell whether `actor` may act for `identity` in this matter now."""
        if not self.is_active(identity):
            return False
        valid_to = self.delegates.get((identity, kind, actor), 0)
        return actor == self.owner(identity) or now < valid_to

    def change_owner(self, call: Call, identity: str, new_owner: str) -> None:
        """Give an identity away, to the zero address for ever."""
        self._check_owner(call, identity)
        self.owners[identity] = new_owner

    def add_delegate(
        self, call: Call, identity: str, kind: bytes, delegate: str, validity: int
    ) -> None:
        """Let `delegate` act in a matter for `validity` seconds."""
        self._check_owner(call, identity)
        if validity > (limit := MAX_TIME - call.time):
            raise RefusedError("IdentityRegistry_ValidityTooLong", validity=validity, limit=limit)
        self.delegates[identity, kind, delegate] = call.time + validity

    def revoke_delegate(self, call: Call, identity: str, kind: bytes, delegate: str) -> None:
        """Let a delegate act no longer."""
        self._check_owner(call, identity)
        self.delegates.pop((identity, kind, delegate), None)

    def _check_owner(self, call: Call, identity: str) -> None:
        owner = self.owner(identity)
        if call.sender != owner:
            raise RefusedError(
                "IdentityRegistry_NotOwner", identity=identity, actor=call.sender, owner=owner
            )
