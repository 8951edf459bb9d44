"""An issuer's operators and domains: limits, revoked keys, bound domains."""

from datetime import datetime
from typing import Any

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, MOMENT
from weilian.issuer import Issuers, check_domain

issuer_option = click.option(
    "--issuer", type=ADDRESS, help="The issuer's identity.  [default: the account]"
)


@click.group()
def cli() -> None:
    """Bound operators, revoke keys, bind domains."""


@script(writes=True, group=cli, name="limit")
@click.argument("operator", type=ADDRESS)
@click.argument("items", type=click.IntRange(0))
@issuer_option
def limit(session: Session, operator: str, items: int, issuer: str | None) -> None:
    """Let OPERATOR register at most ITEMS a day (UTC), 0 for any number."""
    issuers, signer = Issuers(session.suite()), session.signer()
    owner, wanted = issuer or signer.address, items or None
    if issuers.operator(owner, operator).daily_limit == wanted:
        session.out.say("The limit is so already · 限额无需更改")
    else:
        session.attempt(
            f"Limit {operator} to {items or 'any number of'} items a day?",
            "set the limit · 已设限额",
            lambda: issuers.set_daily_limit(owner, operator, wanted, signer),
        )
    session.finish({"issuer": owner, "operator": operator, "dailyLimit": wanted})


@script(writes=True, group=cli, name="revoke-key")
@click.argument("operator", type=ADDRESS)
@click.option("--from", "moment", type=MOMENT, required=True, help="The second it was lost.")
@issuer_option
def revoke_key(session: Session, operator: str, moment: datetime, issuer: str | None) -> None:
    """Declare OPERATOR's key untrustworthy from a time on, and end its delegations.

    What it registered from then on is marked for ever, what it did before stays good. Without the
    delegations it acts no more: one transaction for the key, one for each delegation.
    """
    issuers, signer = Issuers(session.suite()), session.signer()
    owner = issuer or signer.address
    revoked = issuers.operator(owner, operator).revoked_from
    if revoked is None or moment < revoked:
        session.attempt(
            f"Trust nothing that {operator} recorded from {moment:%Y-%m-%d %H:%M:%S %Z} on?",
            "revoked the key · 已吊销密钥",
            lambda: issuers.revoke_key(owner, operator, moment, signer, delegations=False),
        )
    else:
        session.out.say(f"Revoked already, from {revoked:%Y-%m-%d %H:%M:%S} UTC on · 已吊销")
    left = issuers.delegations(owner, operator)
    if left:
        names = ", ".join(left)
        session.attempt(
            f"End its delegations ({names})?",
            "ended a delegation · 已撤销代理",
            lambda: issuers.revoke_delegations(owner, operator, signer),
        )
    session.finish({"issuer": owner, "operator": operator, "ended": [str(each) for each in left]})


@script(writes=True, group=cli, name="domain")
@click.argument("domain")
@click.option("--remove", is_flag=True, help="Release it.")
@issuer_option
def domain(session: Session, domain: str, remove: bool, issuer: str | None) -> None:
    """Bind DOMAIN to the issuer (ERC-7529), so that a shopper can tell the brand's own site.

    The bond is complete when the domain's TXT record names contract and issuer, as is shown.
    """
    check_domain(domain)
    suite, signer = session.suite(), session.signer()
    issuers, owner = Issuers(suite), issuer or signer.address
    change = issuers.remove_domain if remove else issuers.add_domain
    done = "released · 已解除" if remove else "bound · 已绑定"
    if issuers.is_domain(owner, domain) is not remove:
        session.out.say(f"{domain} is {done} already")
    else:
        session.attempt(
            f"{domain}: {'release' if remove else 'bind'}?",
            done,
            lambda: change(owner, domain, signer),
        )
    record = f"ERC-7529.{session.chain.chain_id}._domaincontracts.{domain}"
    content = f"{suite.provenance.address},{owner}"
    session.out.say(f"TXT {record}  {content}")
    session.finish({"issuer": owner, "domain": domain, "txt": record, "content": content})


@script(writes=False, group=cli, name="show")
@click.argument("issuer", type=ADDRESS)
@click.option("--operator", "operators", type=ADDRESS, multiple=True, help="Tell of it too.")
def show(session: Session, issuer: str, operators: tuple[str, ...]) -> None:
    """Show an issuer's domains, and what it says of operators."""
    issuers = Issuers(session.suite())
    domains = issuers.domains(issuer)
    session.out.say(f"Domains · 域名: {', '.join(domains) or '–'}")
    described: list[dict[str, Any]] = []
    for each in operators:
        kept = issuers.operator(issuer, each)
        acts = [str(permission) for permission in issuers.delegations(issuer, each)]
        session.out.say(
            f"{each}: limit {kept.daily_limit or '–'}, used {kept.used}, revoked from "
            f"{kept.revoked_from or '–'}, may {', '.join(acts) or '–'}"
        )
        described.append(
            {"operator": each, "dailyLimit": kept.daily_limit, "used": kept.used}
            | {"revokedFrom": kept.revoked_from, "delegations": acts}
        )
    session.finish({"issuer": issuer, "domains": domains, "operators": described})
