"""Authorise a seller for a brand, or end that."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, MOMENT, PATH, UsageRuleError
from weilian.chain.values import to_hex
from weilian.seller import NO_TERRITORY, Seller, Sellers, Territory


@script(writes=True)
@click.option("--brand", type=ADDRESS, help="The brand's identity.  [default: the account]")
@click.option("--seller", type=ADDRESS, required=True, help="Who sells.")
@click.option("--until", type=MOMENT, help="First second at which it no longer may, as 2027-12-31.")
@click.option("--territory", help="Where it may sell; the chain keeps a commitment to it only.")
@click.option(
    "--territory-file",
    type=PATH,
    help="File with the territory and its salt, for the seller to keep; made if it is not there.",
)
@click.option("--revoke", is_flag=True, help="End the authorisation now.")
def cli(
    session: Session,
    brand: str | None,
    seller: str,
    until: datetime | None,
    territory: str | None,
    territory_file: Path | None,
    revoke: bool,
) -> None:
    """Let an account sell for a brand up to a time, or end that: 经销授权.

    A scan shows whether the seller is authorised. With a territory, give the file to the seller:
    with it, and only with it, can anyone prove where the seller may sell.
    """
    sellers = Sellers(session.suite())
    owner = brand or session.signer().address
    kept = sellers.get(owner, seller)
    if revoke:
        _revoke(session, sellers, kept)
    elif until is None:
        raise UsageRuleError("say until when with --until, or end the authorisation by --revoke")
    else:
        shown = _territory(session, kept, territory, territory_file)
        _authorize(session, sellers, kept, until, shown)
    session.finish(_described(sellers.get(owner, seller)))


def _authorize(
    session: Session, sellers: Sellers, kept: Seller, until: datetime, territory: Territory | None
) -> None:
    commitment = territory.commitment if territory else NO_TERRITORY
    if (kept.valid_to, kept.territory) == (until, commitment):
        session.out.say(f"{kept.seller} is authorised already · 已授权，无需重复")
        return
    session.attempt(
        f"Let {kept.seller} sell for {kept.brand} until {until:%Y-%m-%d %H:%M:%S %Z}?",
        "authorised · 已授权",
        lambda: sellers.authorize(
            kept.brand, kept.seller, until, session.signer(), territory=territory
        ),
    )


def _revoke(session: Session, sellers: Sellers, kept: Seller) -> None:
    now = datetime.fromtimestamp(session.chain.block()[1], UTC)
    if not kept.is_authorized(now):
        session.out.say(f"{kept.seller} is not authorised · 未授权，无需撤销")
        return
    session.attempt(
        f"End the authorisation of {kept.seller} for {kept.brand}?",
        "ended · 已撤销授权",
        lambda: sellers.revoke(kept.brand, kept.seller, session.signer()),
    )


def _territory(
    session: Session, kept: Seller, name: str | None, path: Path | None
) -> Territory | None:
    """Read the territory's file, or make it: the same run again must find the same salt."""
    if path is None:
        if name is not None:
            raise UsageRuleError("a territory needs its --territory-file, for the seller to keep")
        return None
    if path.exists():
        found = Territory.load(path)
        if name not in (None, found.territory):
            raise UsageRuleError(f"{path} is of the territory {found.territory!r}, not {name!r}")
        return found
    if name is None:
        raise UsageRuleError(f"there is no {path}; name the --territory to make it")
    made = Territory.new(kept.brand, kept.seller, name)
    if not session.dry_run:
        made.save(path)
        session.out.say(f"✓ {path}: for the seller to keep and to show · 请交经销商保存、出示")
    return made


def _described(kept: Seller) -> dict[str, Any]:
    return {
        "brand": kept.brand,
        "seller": kept.seller,
        "since": kept.since,
        "validTo": kept.valid_to,
        "territory": to_hex(kept.territory),
    }
