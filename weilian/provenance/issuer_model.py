"""IssuerRegistry without a chain: what an issuer decides about its operators."""

from dataclasses import dataclass, field, replace

from eth_utils.address import to_canonical_address, to_checksum_address

from weilian.provenance.identity_model import Call, IdentityModel, permission
from weilian.refusal import RefusedError

DAY = 86_400
"""Seconds."""

_ISSUER_LENGTH = 20
_TAG_LENGTH = 7


@dataclass(frozen=True, slots=True)
class OperatorState:
    """What an issuer keeps of an operator; all zero if it never said anything of it."""

    revoked_from: int = 0
    daily_limit: int = 0
    day: int = 0
    used: int = 0

    def used_on(self, day: int) -> int:
        """Return the items registered on a day, in days since 1970."""
        return self.used if day == self.day else 0


def issuer_of(batch_id: bytes) -> str:
    """Return the issuer in whose name space a batch lies."""
    return str(to_checksum_address(batch_id[:_ISSUER_LENGTH]))


def tag_of(operator: str) -> int:
    """Return by what an operator is kept: the last 7 bytes of its account."""
    return int.from_bytes(to_canonical_address(operator)[-_TAG_LENGTH:])


@dataclass(kw_only=True)
class IssuerModel:
    """Limits and revocations of operators, by issuer and tag. Domains are not part of it."""

    identities: IdentityModel
    operators: dict[tuple[str, int], OperatorState] = field(default_factory=dict)

    def operator(self, issuer: str, tag: int) -> OperatorState:
        """Return what is kept of an operator."""
        return self.operators.get((issuer, tag), OperatorState())

    def set_daily_limit(self, call: Call, issuer: str, operator: str, daily_limit: int) -> None:
        """Bound the items that an operator registers in a day, 0 for any number."""
        self._check_owner(call, issuer)
        kept = self.operator(issuer, tag_of(operator))
        self.operators[issuer, tag_of(operator)] = replace(kept, daily_limit=daily_limit)

    def revoke_key(self, call: Call, issuer: str, operator: str, revoked_from: int) -> None:
        """Mark what an operator registered from a second on."""
        self._check_owner(call, issuer)
        kept = self.operator(issuer, tag_of(operator))
        if revoked_from == 0:
            raise RefusedError("IssuerRegistry_RevocationZero", issuer=issuer, operator=operator)
        if revoked_from > (latest := kept.revoked_from or call.time):
            raise RefusedError(
                "IssuerRegistry_RevocationTooLate",
                issuer=issuer,
                operator=operator,
                revokedFrom=revoked_from,
                latest=latest,
            )
        self.operators[issuer, tag_of(operator)] = replace(kept, revoked_from=revoked_from)

    def _allowance(self, call: Call, issuer: str, item_count: int) -> OperatorState:
        """Return the caller with the items counted to its day; raise if it may not have them."""
        kept = self.operator(issuer, tag_of(call.sender))
        if kept.revoked_from:
            raise RefusedError(
                "IssuerRegistry_KeyRevoked",
                issuer=issuer,
                operator=call.sender,
                revokedFrom=kept.revoked_from,
            )
        if not kept.daily_limit:
            return kept
        today = call.time // DAY
        if (used := kept.used_on(today) + item_count) > kept.daily_limit:
            raise RefusedError(
                "IssuerRegistry_DailyLimitExceeded",
                issuer=issuer,
                operator=call.sender,
                used=used,
                dailyLimit=kept.daily_limit,
            )
        return replace(kept, day=today, used=used)

    def _check_authorized(self, call: Call, issuer: str, matter: str) -> None:
        kind = permission(matter)
        if not self.identities.is_authorized(issuer, kind, call.sender, call.time):
            raise RefusedError(
                "IssuerRegistry_NotAuthorized", issuer=issuer, permission=kind, actor=call.sender
            )

    def _check_owner(self, call: Call, issuer: str) -> None:
        owner = self.identities.owner(issuer)
        if call.sender != owner:
            raise RefusedError(
                "IssuerRegistry_NotOwner", issuer=issuer, actor=call.sender, owner=owner
            )
