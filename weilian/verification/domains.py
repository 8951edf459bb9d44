"""Whose domain it is: the bond between a brand's domain and its contract, both ways (ERC-7529).

The domain names contract and issuer by a TXT record at
`ERC-7529.<chainId>._domaincontracts.<domain>`, and the contract says which issuer bound the domain.
Either alone proves nothing: anyone can write a record about any contract, and bind any domain to an
identity of their own.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import dns.exception
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import idna
import requests
from dns.rdata import Rdata
from web3.types import BlockIdentifier

from weilian.address import AddressError, to_address
from weilian.errors import WeilianError
from weilian.suite import Suite

Lookup = Callable[[str], list[str]]
"""Returns the TXT records of a name, none if there is no such name; raises ResolverError."""

_TIMEOUT_SECONDS = 5
_MAX_ANSWER = 1 << 16
_DNS_PORT = 53


class DomainError(WeilianError, ValueError):
    """Text that is no domain name."""

    def __init__(self, domain: str, rule: str) -> None:
        super().__init__(f"{domain!r:.80} is no domain name: {rule}")


class ResolverError(WeilianError, ConnectionError):
    """A resolver that does not answer."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"the DNS resolver gives no answer ({cause}); try another with --resolver")


class ResolverAddressError(WeilianError, ValueError):
    """What is no address of a resolver."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r:.80} is no resolver; it must be an IP address, with :PORT if it is not 53, "
            "or an https:// URL"
        )


class Bond(Enum):
    """How a domain and an issuer are bound."""

    BOUND = "bound both ways"
    ONLY_DNS = "the domain names contract and issuer, the contract does not name the domain"
    ONLY_CHAIN = "the contract names the domain, the domain does not name contract and issuer"
    NONE = "neither names the other"
    UNKNOWN = "the domain's records cannot be read"


@dataclass(frozen=True, slots=True)
class DomainReport:
    """What was found of a domain, in A-labels. `named` are the addresses in its records."""

    domain: str
    bond: Bond
    named: tuple[str, ...] = ()


def check_domain(
    suite: Suite,
    issuer: str,
    domain: str,
    lookup: Lookup,
    *,
    block: BlockIdentifier = "latest",
) -> DomainReport:
    """Say how a domain and an issuer of the suite's registry are bound.

    Anyone can bind any domain to an identity of their own on chain, and all issuers share the
    registry: so the domain's record must name the issuer, too.
    The domain goes to DNS and chain in A-labels and lower case. Raises DomainError.
    """
    name = to_a_labels(domain)
    registry = suite.provenance
    function = registry.functions.isIssuerDomain(to_address(issuer), name)
    is_on_chain = suite.chain.call(function, block=block)
    try:
        texts = lookup(f"ERC-7529.{suite.chain.chain_id}._domaincontracts.{name}")
    except ResolverError:
        return DomainReport(name, Bond.UNKNOWN)
    named = tuple(address for text in texts for address in addresses_in(text))
    bonds = {
        (True, True): Bond.BOUND,
        (True, False): Bond.ONLY_DNS,
        (False, True): Bond.ONLY_CHAIN,
        (False, False): Bond.NONE,
    }
    is_in_dns = {registry.address, to_address(issuer)} <= {*named}
    return DomainReport(name, bonds[is_in_dns, bool(is_on_chain)], named)


def to_a_labels(domain: str) -> str:
    """Return a domain as DNS has it: A-labels, lower case; raises DomainError."""
    text = domain.strip().rstrip(".")
    try:
        return idna.encode(text, uts46=True).decode().lower()
    except idna.IDNAError as error:
        raise DomainError(domain, str(error)) from error


def addresses_in(text: str) -> list[str]:
    """Read the addresses in a TXT record, separated by commas; what is none is passed over."""
    found = []
    for part in text.split(","):
        try:
            found.append(str(to_address(part.strip().strip('"'))))
        except AddressError:
            continue
    return found


def lookup_of(resolver: str | None) -> Lookup:
    """Return the lookup by a resolver: `IP[:PORT]`, an https:// URL, None for the system's.

    Raises ResolverAddressError.
    """
    if resolver is None:
        return lambda name: _ask(_system_resolver(), name)
    if resolver.startswith("https://"):
        return https_lookup(resolver)
    server = dns.resolver.Resolver(configure=False)
    host, server.port = _host_and_port(resolver)
    server.nameservers = [host]
    return lambda name: _ask(server, name)


def _host_and_port(text: str) -> tuple[str, int]:
    host, port = text, ""
    if text.startswith("[") or text.count(":") == 1:
        host, _, port = text.rpartition(":") if not text.endswith("]") else (text, "", "")
    try:
        address = str(ipaddress.ip_address(host.removeprefix("[").removesuffix("]")))
        number = int(port or _DNS_PORT)
    except ValueError as error:
        raise ResolverAddressError(text) from error
    if not 0 < number < 1 << 16:
        raise ResolverAddressError(text)
    return address, number


def _system_resolver() -> dns.resolver.Resolver:
    try:
        return dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration as error:
        raise ResolverError("the system has none") from error


def _ask(resolver: dns.resolver.Resolver, name: str) -> list[str]:
    try:
        answer = resolver.resolve(
            f"{name}.", dns.rdatatype.TXT, search=False, lifetime=_TIMEOUT_SECONDS
        )
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise ResolverError(type(error).__name__) from error
    return [_text(record) for record in answer]


def https_lookup(url: str) -> Lookup:
    """Return the lookup by DNS over HTTPS (RFC 8484) at a URL."""
    return lambda name: _ask_by_https(url, name)


def _ask_by_https(url: str, name: str) -> list[str]:
    # NOTE: the message id is 0, as caches want it.
    try:
        query = dns.message.make_query(f"{name}.", dns.rdatatype.TXT, id=0)
        answer = requests.post(
            url,
            data=query.to_wire(),
            headers={
                "content-type": "application/dns-message",
                "accept": "application/dns-message",
            },
            timeout=_TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        if answer.status_code != requests.codes.ok or len(answer.content) > _MAX_ANSWER:
            raise ResolverError(f"HTTP status {answer.status_code}")
        return _records(query, dns.message.from_wire(answer.content))
    except (requests.RequestException, dns.exception.DNSException) as error:
        raise ResolverError(type(error).__name__) from None


def _records(query: dns.message.Message, answer: dns.message.Message) -> list[str]:
    if not query.is_response(answer) or not isinstance(answer, dns.message.QueryMessage):
        raise ResolverError("an answer to another question")
    if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        raise ResolverError(dns.rcode.to_text(answer.rcode()))
    found = answer.resolve_chaining().answer
    return [_text(record) for record in found or ()]


def _text(record: Rdata) -> str:
    strings: tuple[bytes, ...] = getattr(record, "strings", ())
    return b"".join(strings).decode("ascii", "replace")
