"""What an issuer decides about its name space: operators' limits, revoked keys, domains."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from weilian.address import to_address
from weilian.chain import Signer, TxResult
from weilian.chain.values import to_moment, to_seconds
from weilian.errors import WeilianError
from weilian.identity import Delegation, Identities, Permission
from weilian.suite import Suite

MAX_DAILY_LIMIT = 2**48 - 1
MAX_DOMAIN = 253
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")


class IssuerError(WeilianError, ValueError):
    """Something that an issuer cannot decide."""


@dataclass(frozen=True, slots=True)
class Operator:
    """What an issuer says of one of its operators.

    `daily_limit` is the most items it may register in a day (UTC), None for any number; `used` how
    many it registered on `day` (days since 1970); both are counted under a limit only.
    `revoked_from` is the second from which what it recorded is not trusted.
    """

    issuer: str
    operator: str
    daily_limit: int | None
    day: int
    used: int
    revoked_from: datetime | None


@dataclass(frozen=True, slots=True)
class DailyLimit:
    """A limit that was set; None for any number of items."""

    issuer: str
    operator: str
    daily_limit: int | None
    tx: TxResult


@dataclass(frozen=True, slots=True)
class KeyRevocation:
    """A key that is not trusted from a second on, and the delegations that ended with it."""

    issuer: str
    operator: str
    revoked_from: datetime
    delegations: tuple[Delegation, ...]
    tx: TxResult


@dataclass(frozen=True, slots=True)
class DomainChange:
    """A domain that an issuer bound or released."""

    issuer: str
    domain: str
    is_bound: bool
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Issuers:
    """The issuers' part of the provenance registry."""

    suite: Suite

    def operator(self, issuer: str, operator: str) -> Operator:
        """Return what an issuer says of an operator; nothing of one it never spoke of."""
        function = self.suite.provenance.functions.operatorOf(
            to_address(issuer), to_address(operator)
        )
        kept = self.suite.chain.call(function)
        return Operator(
            issuer=to_address(issuer),
            operator=to_address(operator),
            daily_limit=kept.dailyLimit or None,
            day=kept.day,
            used=kept.used,
            revoked_from=to_moment(kept.revokedFrom),
        )

    def set_daily_limit(
        self, issuer: str, operator: str, daily_limit: int | None, signer: Signer
    ) -> DailyLimit:
        """Bound the items that an operator registers in a day; None sets it free.

        For the issuer's owner. Raises IssuerError for a limit that is not 1 to 2**48 - 1.
        """
        if daily_limit is not None and not 0 < daily_limit <= MAX_DAILY_LIMIT:
            raise IssuerError(f"daily limit {daily_limit} must be 1 to {MAX_DAILY_LIMIT}, or none")
        contract = self.suite.provenance
        function = contract.functions.setDailyLimit(
            to_address(issuer), to_address(operator), daily_limit or 0
        )
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.DailyLimitSet())
        return DailyLimit(args["issuer"], args["operator"], args["dailyLimit"] or None, tx)

    def revoke_key(
        self,
        issuer: str,
        operator: str,
        revoked_from: datetime,
        signer: Signer,
        *,
        delegations: bool = True,
    ) -> KeyRevocation:
        """Declare a key untrustworthy from a second on, and end every delegation it has.

        A batch that it registered from then on is marked for ever; what it registered before stays
        good. With `delegations` False the key may still trace and recall until its delegations end
        or `revoke_delegations` is called. Without any, one transaction; else one more for each.
        Finds what an earlier run did and does the rest. For the issuer's owner. Raises IssuerError
        for a time that is ahead, or later than an earlier revocation.
        """
        self._check_revocation(issuer, operator, revoked_from)
        contract = self.suite.provenance
        function = contract.functions.revokeKey(
            to_address(issuer), to_address(operator), to_seconds(revoked_from)
        )
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.KeyRevoked())
        ended = self.revoke_delegations(issuer, operator, signer) if delegations else ()
        return KeyRevocation(args["issuer"], args["operator"], revoked_from, ended, tx)

    def delegations(self, issuer: str, operator: str) -> dict[Permission, datetime]:
        """Return in which matters an account acts for an issuer now, and until when."""
        identities = Identities(self.suite)
        now = to_moment(self.suite.chain.block()[1])
        ends = {each: identities.delegate_until(issuer, each, operator) for each in Permission}
        return {each: end for each, end in ends.items() if end and now and end > now}

    def revoke_delegations(
        self, issuer: str, operator: str, signer: Signer
    ) -> tuple[Delegation, ...]:
        """End every delegation that an account has, one transaction each; return them."""
        identities = Identities(self.suite)
        return tuple(
            identities.revoke_delegate(issuer, each, operator, signer)
            for each in self.delegations(issuer, operator)
        )

    def add_domain(self, issuer: str, domain: str, signer: Signer) -> DomainChange:
        """Bind a domain to an issuer (ERC-7529); its TXT record must name contract and issuer."""
        check_domain(domain)
        return self._change_domain("addDomain", issuer, domain, signer)

    def remove_domain(self, issuer: str, domain: str, signer: Signer) -> DomainChange:
        """Release a domain."""
        return self._change_domain("removeDomain", issuer, domain, signer)

    def is_domain(self, issuer: str, domain: str) -> bool:
        """Tell whether this issuer has bound a domain."""
        function = self.suite.provenance.functions.isIssuerDomain(to_address(issuer), domain)
        return bool(self.suite.chain.call(function))

    def domains(self, issuer: str) -> list[str]:
        """List the domains that an issuer has bound now, in the order of their binding."""
        contract, chain = self.suite.provenance, self.suite.chain
        found = chain.events(
            contract.events.IssuerDomainSet(),
            from_block=self.suite.record.first_block,
            to_block=chain.head - chain.confirmations,
            arguments={"issuer": to_address(issuer)},
        )
        bound: dict[str, bool] = {}
        for entry in found:
            domain = entry["args"]["domain"]
            bound.pop(domain, None)
            if entry["args"]["isBound"]:
                bound[domain] = True
        return list(bound)

    def _check_revocation(self, issuer: str, operator: str, revoked_from: datetime) -> None:
        earlier = self.operator(issuer, operator).revoked_from
        latest = earlier or to_moment(self.suite.chain.block()[1])
        if latest and revoked_from > latest:
            why = "the key is revoked from then on already" if earlier else "that is now"
            raise IssuerError(
                f"a key cannot be revoked from {revoked_from:%Y-%m-%d %H:%M:%S %Z} on; give "
                f"{latest:%Y-%m-%d %H:%M:%S} UTC or earlier ({why})"
            )

    def _change_domain(self, name: str, issuer: str, domain: str, signer: Signer) -> DomainChange:
        contract = self.suite.provenance
        function = contract.functions[name](to_address(issuer), domain)
        tx = self.suite.chain.send(function, signer)
        args: Any = tx.event(contract.events.IssuerDomainSet())
        return DomainChange(args["issuer"], args["domain"], args["isBound"], tx)


def check_domain(domain: str) -> None:
    """Raise IssuerError for what is no DNS name in lower case, such as tea.example."""
    if len(domain) > MAX_DOMAIN or not _DOMAIN.fullmatch(domain):
        raise IssuerError(
            f"{domain!r:.80} is no domain; it must be labels of a-z, 0-9 and - with dots between "
            "them, such as tea.example (other scripts in their xn-- form)"
        )
