"""Join a brand's distributors by invitation."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, PATH, UsageRuleError, member_number
from weilian.chain.values import to_hex
from weilian.distributor import Distributors
from weilian.hashing import keccak256
from weilian.identity import Identities
from weilian.invitation import NO_CAMPAIGN, Invitation
from weilian.suite import Suite


@click.group()
def cli() -> None:
    """Invite, join and withdraw invitations: free, and only under who invited."""


@script(writes=True, group=cli, name="invite")
@click.option("--brand", type=ADDRESS, help="The brand.  [default: the account itself]")
@click.option("--sponsor", type=member_number(0), help="Your number.  [default: looked up]")
@click.option("--invitee", type=ADDRESS, help="Who may use it.  [default: anyone]")
@click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True)
@click.option("--campaign", help="What it is counted under; the chain keeps its hash only.")
@click.option("--out", type=PATH, required=True, help="Where to write the invitation (JSON).")
def invite(
    session: Session,
    brand: str | None,
    sponsor: int | None,
    invitee: str | None,
    days: int,
    campaign: str | None,
    out: Path,
) -> None:
    """Sign an invitation and write it to a file for the newcomer; nothing is sent."""
    distributors, signer = Distributors(session.suite()), session.signer()
    owner = brand or signer.address
    number = _sponsor(distributors, owner, signer.address) if sponsor is None else sponsor
    under = f"under number {number}" if number else "directly under the brand"
    _check_inviter(session.suite(), owner, number, signer.address, under)
    expiry = datetime.fromtimestamp(session.chain.block()[1], UTC) + timedelta(days=days)
    session.out.say(
        f"{signer.address} invites {invitee or 'anyone'} to {owner}, {under}, until {expiry}"
    )
    if not session.dry_run:
        invitation = distributors.invite(
            owner,
            number,
            expiry,
            signer,
            invitee=invitee,
            campaign=keccak256(campaign.encode()) if campaign else NO_CAMPAIGN,
        )
        invitation.save(out)
        session.out.say(f"✓ {out}: 请交给新人 give it to the newcomer")
    session.finish({"brand": owner, "sponsor": number, "expiry": expiry, "file": str(out)})


@script(writes=True, group=cli, name="accept")
@click.argument("path", metavar="INVITATION", type=PATH)
@click.option("--sign", "target", type=PATH, help="Only sign; write a file that anyone can send.")
def accept(session: Session, path: Path, target: Path | None) -> None:
    """Join by an invitation, or send the signed acceptance of somebody else.

    An account that gave its number away joins again only if it sends that itself.
    """
    distributors, signer = Distributors(session.suite()), session.signer()
    invitation = Invitation.load(path)
    account = invitation.account or signer.address
    number = distributors.number_of(invitation.brand, account)
    if number is not None:
        session.out.say(f"已加入 {account} is number {number} of {invitation.brand} already")
    elif target is not None:
        if not session.dry_run:
            invitation.accepted(signer).save(target)
            session.out.say(f"✓ {target}: 任何人都可发送 anyone can send it")
    else:
        session.attempt(
            f"成为分销商？ Make {account} a distributor of {invitation.brand}?",
            "已加入 joined",
            lambda: distributors.join(invitation, signer),
        )
        number = distributors.number_of(invitation.brand, account)
    document = {"brand": invitation.brand, "account": account, "number": number}
    if number is not None:
        kept = distributors.get(invitation.brand, number)
        document |= {"sponsor": kept.sponsor, "depth": kept.depth}
    session.finish(document)


@script(writes=True, group=cli, name="revoke")
@click.argument("path", metavar="INVITATION", type=PATH)
def revoke(session: Session, path: Path) -> None:
    """Withdraw an invitation, as who signed it."""
    invitation = Invitation.load(path)
    session.attempt(
        "撤回邀请？ Withdraw the invitation?",
        "已撤回 withdrew the invitation",
        lambda: Distributors(session.suite()).revoke_invitation(invitation, session.signer()),
    )
    session.finish({"invitation": to_hex(invitation.digest)})


def _sponsor(distributors: Distributors, brand: str, account: str) -> int:
    if account == brand:
        return 0
    number = distributors.number_of(brand, account)
    if number is None:
        raise UsageRuleError(
            f"{account} is neither {brand} nor one of its distributors; only they invite"
        )
    return number


def _check_inviter(suite: Suite, brand: str, number: int, account: str, under: str) -> None:
    """Raise UsageRuleError unless invitations by the account hold, DistributorNotFoundError."""
    inviter = Distributors(suite).get(brand, number).account if number else brand
    owner = Identities(suite).owner(inviter)
    if account != owner:
        raise UsageRuleError(
            f"{account} cannot invite {under} of {brand}: {owner or 'nobody'} owns {inviter}, and "
            "an invitation must be signed by that account"
        )
