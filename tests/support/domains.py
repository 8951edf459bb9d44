"""Domains that issuers bind, and what binding emits."""

from typing import Any

from eth_utils import keccak

DOMAIN = "tea.example.com"


def issuer_domain_set(provenance: Any, issuer: Any, is_bound: bool, domain: str = DOMAIN) -> Any:
    """Return the event of an issuer that bound or released a domain."""
    return provenance.IssuerDomainSet(
        issuer=issuer, domainHash=keccak(text=domain), domain=domain, isBound=is_bound
    )
